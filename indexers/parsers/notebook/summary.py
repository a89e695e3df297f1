"""What a notebook's facet says: its document in brief."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, get_args

from indexers.parsers.notebook.document import Cell, NotebookDocument, OutputKind
from indexers.parsers.notebook.headings import LIMIT, headings
from indexers.parsers.notebook.usage import Usage
from indexers.vocabulary.facets import Notebook

_OUTPUT_KINDS: Final[tuple[str, ...]] = get_args(OutputKind)


def usage_of(document: NotebookDocument) -> Usage:
    """What the code cells of a document use, together."""
    usage = Usage()
    for cell in document.cells:
        if cell.kind == "code":
            usage.scan(cell.index, cell.language, cell.source)
    return usage


def summarise(document: NotebookDocument, usage: Usage, *, size: int, content: str) -> Notebook:
    """The facet of a document; `size` is the file's in bytes, `content` the digest of the document's JSON."""
    outputs = Counter[str]()
    found: list[str] = []
    counts: list[int] = []
    code_cells = 0
    for cell in document.cells:
        if cell.kind == "code":
            code_cells += 1
            outputs.update(output.kind for output in cell.outputs)
            if cell.execution_count is not None:
                counts.append(cell.execution_count)
        found += _headings(cell)
    return Notebook(
        format=document.format,
        content=content,
        language=document.language,
        kernel=document.kernel,
        title=document.title or next(iter(found), ""),
        headings=tuple(found[:LIMIT]),
        cells=len(document.cells),
        code_cells=code_cells,
        outputs=tuple((kind, outputs[kind]) for kind in _OUTPUT_KINDS if outputs[kind]),
        order=run_order(counts),
        imports=tuple(usage.imports),
        calls=usage.calls(),
        reads=usage.names("read"),
        writes=usage.names("write"),
        bytes=size,
    )


def run_order(counts: Sequence[int]) -> str:
    """How the cells were run, by their execution counts from top to bottom."""
    if not counts:
        return "not-run"
    rising = all(before < after for before, after in pairwise(counts))
    return "top-to-bottom" if rising else "out-of-order"


def _headings(cell: Cell) -> tuple[str, ...]:
    if cell.kind == "markdown" or cell.language == "markdown":
        return headings(cell.source)
    return ()
