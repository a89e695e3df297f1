"""A notebook version in summary; its cells and outputs lie in the content store under `content`."""

from dataclasses import dataclass

from indexers.vocabulary.facets.base import Facet, facet


@facet("notebook", version=1)
@dataclass(frozen=True, slots=True, kw_only=True)
class Notebook(Facet):
    """What can be said of a notebook without showing it.

    `content` is the digest of the parsed notebook in the content store (JSON, see
    `indexers.parsers.notebook.document`), empty when nothing could be read. `outputs` are (kind,
    count) pairs of text, table, picture, plot, html, widget, error. `order` is one of `top-to-bottom`,
    `out-of-order`, `not-run`. `reads` and `writes` are datasets as the code names them.
    `thumbnails` are (cell id, digest of a small picture) of the first picture of each cell.
    """

    format: str
    content: str = ""
    language: str = ""
    kernel: str = ""
    title: str = ""
    headings: tuple[str, ...] = ()
    cells: int = 0
    code_cells: int = 0
    outputs: tuple[tuple[str, int], ...] = ()
    order: str = "not-run"
    imports: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    bytes: int = 0
    thumbnails: tuple[tuple[str, str], ...] = ()
