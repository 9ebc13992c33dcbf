"""The photos that citizens send: small real JPEGs, with the traces a phone leaves in them."""

from io import BytesIO

from aiohttp import web
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base


def photo(number: int) -> bytes:
    """A JPEG that differs with `number` and tells (in its EXIF) where it was taken."""
    colour = (number * 37 % 256, number * 91 % 256, 120)
    exif = Image.Exif()
    exif[Base.Model] = "Phone"
    exif.get_ifd(IFD.GPSInfo).update({GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (13.0, 24.0, 0.0)})
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


async def serve(request: web.Request) -> web.Response:
    number = int(request.match_info["number"])
    return web.Response(body=photo(number), content_type="image/jpeg")
