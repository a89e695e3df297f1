"""The small pictures of a notebook that a search hit shows."""

from dataclasses import replace
from typing import Final

from indexers.facts import Blob, Fault
from indexers.parsers.notebook.parsing import ParsedNotebook
from indexers.parsers.notebook.pictures import RASTER
from indexers.parsers.notebook.thumbnail import MAX_PIXELS, thumbnail

LIMIT: Final = 200
"""Cells of one notebook that get a thumbnail."""


def with_thumbnails(path: str, parsed: ParsedNotebook, *, max_pixels: int = MAX_PIXELS) -> ParsedNotebook:
    """`parsed` with a thumbnail of the first raster picture of each cell, named in `summary.thumbnails`.

    A picture that cannot be drawn is a fault; drawings (SVG) have no thumbnail and are none.
    """
    if parsed.document is None:
        return parsed
    pictures = {blob.digest: blob for blob in parsed.blobs if blob.media_type in RASTER}
    made: dict[str, Blob | Fault] = {}
    named: list[tuple[str, str]] = []
    for cell in parsed.document.cells:
        digest = next((output.digest for output in cell.outputs if output.digest in pictures), "")
        if not digest or len(named) == LIMIT:
            continue
        if digest not in made:
            large, place = pictures[digest], f"{path} cell {cell.index + 1}"
            made[digest] = thumbnail(large.data, large.media_type, place=place, max_pixels=max_pixels)
        small = made[digest]
        if isinstance(small, Blob):
            named.append((cell.id, small.digest))
    small_blobs = {blob.digest: blob for blob in made.values() if isinstance(blob, Blob)}
    return replace(
        parsed,
        summary=replace(parsed.summary, thumbnails=tuple(named)),
        blobs=(*parsed.blobs, *small_blobs.values()),
        faults=(*parsed.faults, *(fault for fault in made.values() if isinstance(fault, Fault))),
    )
