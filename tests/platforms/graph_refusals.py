"""How the Graph API says no."""

from tests.platforms.wire import Json


class GraphRefusal(Exception):
    def __init__(self, code: int, message: str, subcode: int | None = None) -> None:
        super().__init__(code, message)
        self.body = graph_error(code, message, subcode)


def graph_error(code: int, message: str, subcode: int | None = None) -> Json:
    error: Json = {"message": message, "type": "OAuthException", "code": code}
    if subcode is not None:
        error["error_subcode"] = subcode
    return {"error": error | {"fbtrace_id": "BLBz/WZt8dN"}}


def invalid(message: str) -> GraphRefusal:
    return GraphRefusal(100, f"(#100) {message}")
