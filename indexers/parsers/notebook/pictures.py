"""Pictures in outputs: their bytes out of base64, their size out of the header."""

import re
from typing import Final

try:
    import pybase64 as base64  # about eight times faster: a third of a notebook's reading time is base64
except ImportError:
    import base64  # type: ignore[no-redef]  # the same function under the same name

RASTER: Final = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")
SVG: Final = "image/svg+xml"

_SVG = re.compile(rb"<svg\b[^>]{0,2000}")
_SVG_SIZE = re.compile(rb"""\s(width|height)=["'](\d{1,5})(?:\.\d+)?(?:px|pt)?["']""")
_JPEG_FRAMES = frozenset((*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)))


class PictureInvalid(ValueError):
    """The text is not base64 of anything."""


def decode(text: str) -> bytes:
    """The bytes of a picture in base64, line breaks allowed. Raises PictureInvalid."""
    try:
        packed = text.encode("ascii").replace(b"\n", b"")
        if b"\r" in packed:
            packed = packed.replace(b"\r", b"")
        data = base64.b64decode(packed.strip(), validate=True)
    except ValueError as error:  # binascii.Error is one; so is what text beyond ASCII raises
        raise PictureInvalid(str(error)) from error
    if not data:
        raise PictureInvalid("there is nothing in it")
    return data


def dimensions(data: bytes, media_type: str) -> tuple[int, int] | None:
    """Width and height in pixels as the header says, None where it does not say so at once."""
    match media_type:
        case "image/png" if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
            size = _big(data, 16, 4), _big(data, 20, 4)
        case "image/gif" if data[:4] == b"GIF8" and len(data) >= 10:
            size = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
        case "image/jpeg" if data[:2] == b"\xff\xd8":
            return _jpeg_dimensions(data)
        case "image/svg+xml":
            tag = _SVG.search(data[:4000])
            found = {name: int(number) for name, number in _SVG_SIZE.findall(tag[0] if tag else b"")}
            size = found.get(b"width", 0), found.get(b"height", 0)
        case _:
            return None
    return size if all(size) else None


def _big(data: bytes, at: int, count: int) -> int:
    return int.from_bytes(data[at : at + count], "big")


def _jpeg_dimensions(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        if data[at + 1] in _JPEG_FRAMES:
            return _big(data, at + 7, 2), _big(data, at + 5, 2)
        at += 2 + max(_big(data, at + 2, 2), 2)
    return None
