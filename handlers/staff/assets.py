"""The stylesheet, the small script and the mark."""

from aiohttp import web

from handlers.staff.visit import Visit, not_found


async def show(visit: Visit) -> web.Response:
    file = visit.pages.files.get(visit.request.match_info["name"])
    if file is None:
        raise not_found()
    kept = visit.request.query.get("v") == file.version
    headers = {"Cache-Control": "public, max-age=31536000, immutable" if kept else "no-cache"}
    answer = web.Response(body=file.body, content_type=file.content_type, charset="utf-8", headers=headers)
    answer.enable_compression()
    return answer
