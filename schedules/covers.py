"""The picture above a publication, drawn from its title when there is no other: platforms want one."""

import io
from pathlib import Path

import fontpkg_be_vietnam_pro
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, MARGIN = 1280, 720, 96
GREEN, CREAM, GOLD = "#0b5d4b", "#fffdf6", "#f2c14e"
_FONTS = Path(fontpkg_be_vietnam_pro.ROOT)


def draw(title: str, unit: str, month: str) -> bytes:
    """A JPEG of 1280 x 720: the unit, the title as large as it fits, the month."""
    image = Image.new("RGB", (WIDTH, HEIGHT), GREEN)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, HEIGHT - 14, WIDTH, HEIGHT), fill=GOLD)
    pen.text((MARGIN, 72), unit, font=_font("SemiBold", 38), fill=GOLD)
    lines, font = _fitting(title)
    pen.multiline_text((MARGIN, 180), "\n".join(lines), font=font, fill=CREAM, spacing=16)
    pen.text((MARGIN, HEIGHT - 104), month, font=_font("Regular", 34), fill=CREAM)
    written = io.BytesIO()
    image.save(written, "JPEG", quality=88)
    return written.getvalue()


def _fitting(title: str) -> tuple[list[str], ImageFont.FreeTypeFont]:
    """The title in lines, in the largest letters that leave room below."""
    for size in (76, 64, 54, 46, 38):
        font = _font("Bold", size)
        lines = _wrapped(title, font)
        if len(lines) * (size + 24) <= HEIGHT - 300:
            break
    return lines, font


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= WIDTH - 2 * MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line for line in lines if line]


def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    [path] = _FONTS.rglob(f"BeVietnamPro-{weight}.ttf")
    return ImageFont.truetype(path, size)
