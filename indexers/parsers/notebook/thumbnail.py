"""Thumbnails of pictures in outputs."""

import io
from typing import Final

from PIL import Image, ImageOps

from indexers.facts import Blob, Fault
from indexers.parsers.notebook import pictures
from indexers.parsers.notebook.reading import Reading

WIDTH: Final = 304
"""Pixels: twice the 152 that a search hit shows."""

HEIGHT: Final = 608
MAX_PIXELS: Final = 40_000_000
MAX_BYTES: Final = 32 * 2**20
MEDIA_TYPE: Final = "image/webp"
_FORMATS: Final = ("PNG", "JPEG", "GIF", "WEBP", "BMP")


def thumbnail(data: bytes, media_type: str, *, place: str, max_pixels: int = MAX_PIXELS) -> Blob | Fault:
    """A WebP that fits `WIDTH` by `HEIGHT` and never enlarges; of an animation, the first frame.

    A Fault at `place` for what is too large, broken, or drawn by code (SVG): nothing is raised.
    """
    reading = Reading(place)
    fault = _fault_by_header(data, media_type, max_pixels)
    if fault is not None:
        return Fault(code=fault[0], place=place, message=fault[1])
    try:
        small = _shrunk(data, max_pixels)
    except Exception as error:  # noqa: BLE001  # Pillow raises what its decoders raise: OSError, SyntaxError, struct.error …
        return Fault(
            code="picture_unreadable",
            place=place,
            message=f"The picture could not be drawn ({type(error).__name__}: {str(error)[:100]}); "
            "run the cell again.",
        )
    digest = reading.keep(small, MEDIA_TYPE)
    return Blob(digest=digest, media_type=MEDIA_TYPE, data=small)


def _fault_by_header(data: bytes, media_type: str, max_pixels: int) -> tuple[str, str] | None:
    if media_type not in pictures.RASTER:
        return (
            "picture_not_raster",
            f"A thumbnail cannot be made of {media_type[:60] or 'a file of no type'}; the picture is kept.",
        )
    if len(data) > MAX_BYTES:
        return (
            "picture_too_large",
            f"The picture has {len(data) // 2**20} MB, more than {MAX_BYTES // 2**20}; save it smaller.",
        )
    size = pictures.dimensions(data, media_type)
    if size is not None and size[0] * size[1] > max_pixels:
        return (
            "picture_too_large",
            f"The picture has {size[0]} x {size[1]} pixels, more than {max_pixels:,}; save it smaller.",
        )
    return None


def _shrunk(data: bytes, max_pixels: int) -> bytes:
    with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
        if picture.width * picture.height > max_pixels:
            raise ValueError(f"{picture.width} x {picture.height} pixels")
        picture.draft("RGB", (2 * WIDTH, 2 * HEIGHT))
        upright = ImageOps.exif_transpose(picture)
        shown = upright.convert("RGBA" if _has_alpha(upright) else "RGB")
    if shown.mode == "RGBA" and shown.getchannel("A").getextrema() == (255, 255):
        shown = shown.convert("RGB")  # most plots carry an alpha channel and do not use it
    shown.thumbnail((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    out = io.BytesIO()
    shown.save(out, "WEBP", quality=82, method=2)
    return out.getvalue()


def _has_alpha(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
