"""The notebook's page, made from its stored cells."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hub.catalogue.models import Edge, Version
from hub.catalogue.pages import groups_of, head_of, url_of, version_rows
from hub.ingestion.models import RunFault
from hub.notebooks.queries import EnvironmentRead, NotebookRead
from hub.notebooks.versions import agree
from hub.web.pages import (
    Badge,
    Banner,
    Cell,
    Empty,
    Environment,
    Fact,
    FaultRow,
    Head,
    HistoryPage,
    Link,
    NotebookPage,
    OutlineEntry,
    Output,
    PackageRow,
    Pagination,
    Picture,
    Signal,
    Touch,
    Withheld,
)
from hub.web.rendering import ansi, code, fragment, markdown, table
from indexers.parsers.notebook.document import Cell as StoredCell
from indexers.parsers.notebook.document import Output as StoredOutput
from indexers.vocabulary.facets import Notebook

CELLS: Final = 200
"""Cells on one page: a longer notebook is read page by page."""
_OUTPUT_CHARACTERS: Final = 20_000
_TABLES: Final = 4
_ORDERS: Final = {
    "top-to-bottom": Signal(text="Ran top to bottom", icon="circle-check"),
    "out-of-order": Signal(text="Ran out of order", icon="triangle-alert"),
    "not-run": Signal(text="No run was saved", icon="circle-dashed"),
}


def fault_rows(faults: Iterable[RunFault]) -> list[FaultRow]:
    """What a crawl could not read here, as rows."""
    return [FaultRow(code=one.code, place=one.place, message=one.message) for one in faults]


def cells_page(found: NotebookRead, *, number: int = 1, faults: Sequence[FaultRow] = ()) -> NotebookPage:
    """The cells, `CELLS` a page, with their outline and what they read and write."""
    document = found.document
    stored = document.cells if document else ()
    first = (number - 1) * CELLS
    shown = stored[first : first + CELLS]
    touches = {} if _is_past(found) else _touches(found.edges)  # edges know the cells of today
    cells = [
        replace(cell, touches=touches.get(cell.number - 1, ()))
        for cell in _rendered(_Look.of(found, number), shown)
    ]
    url = url_of(found.read.entity)
    pages = (
        Pagination(
            first=first + 1,
            last=first + len(shown),
            total=len(stored),
            previous_url=f"{url}?page={number - 1}" if number > 1 else "",
            next_url=f"{url}?page={number + 1}" if first + CELLS < len(stored) else "",
        )
        if len(stored) > CELLS
        else None
    )
    return NotebookPage(
        head=notebook_head(found, "Cells"),
        outline=list(_outline(shown)),
        cells=cells,
        pages=pages,
        faults=faults,
        related=groups_of((edge for edge in found.edges if edge.relation != "contains"), "out"),
    )


def environment_page(found: NotebookRead, files: Sequence[EnvironmentRead]) -> NotebookPage:
    """What the notebook imports beside what the repository's environment files ask for."""
    summary = found.summary
    imported = list(dict.fromkeys(name.split(".")[0] for name in summary.imports)) if summary else []
    asked = [{package.name.lower(): package for package in one.environment.packages} for one in files]
    names = [*imported, *sorted({name for packages in asked for name in packages} - set(imported))]
    rows = []
    for name in names[:300]:
        found_in = [packages.get(name.lower()) for packages in asked]
        versions = [
            (package.pinned or package.constraint or "any") if package else "" for package in found_in
        ]
        stated = {version for version in versions if version}
        rows.append(
            PackageRow(
                name=name,
                versions=["imported" if name in imported else "", *versions],
                note="Named by no environment file" if name in imported and not stated else "",
                differs=not agree(stated),
            )
        )
    facts = [
        Fact(term="Kernel", text=summary.kernel if summary else ""),
        Fact(term="Language", text=summary.language if summary else ""),
    ]
    columns = ["This notebook", *(one.entity.path or one.entity.name for one in files)]
    return NotebookPage(
        head=notebook_head(found, "Environment"),
        view="environment",
        environment=Environment(columns=columns, rows=rows, facts=facts),
    )


def raw_page(found: NotebookRead) -> NotebookPage:
    """The cells as plain text, in order, outputs left out."""
    cells = found.document.cells if found.document else ()
    text = "\n\n".join(f"# %% [{cell.kind}] cell {cell.index + 1}\n{cell.source}" for cell in cells)
    return NotebookPage(
        head=notebook_head(found, "Raw"),
        view="raw",
        raw=code(text, found.summary.language if found.summary else ""),
        raw_note="The sources of all cells as text. Outputs are on the page of cells.",
    )


def history_page(found: NotebookRead, versions: Sequence[Version], pages: Pagination | None) -> HistoryPage:
    """Who changed the notebook, when and why; each row opens it as it was."""
    current = found.version.source_version if found.version else ""
    return HistoryPage(
        head=notebook_head(found, "History"),
        versions=version_rows(versions, url_of(found.read.entity), current=current),
        pages=pages,
        empty=None
        if versions
        else Empty(title="No history is known", text="It appears with the next crawl of the repository."),
    )


def notebook_head(found: NotebookRead, tab: str) -> Head:
    """The head with its four tabs."""
    summary, version, entity = found.summary, found.version, found.read.entity
    url = url_of(entity)
    at = f"?commit={version.source_version[:12]}" if version and _is_past(found) else ""
    signals = []
    if version is not None:
        signals += [
            Signal(text=version.author.name or "Somebody", icon="user"),
            Signal(text=version.source_version[:7], icon="git-commit-horizontal"),
            Signal(text="Changed", icon="clock", moment=version.source_time),
        ]
    if summary is not None:
        signals.append(_ORDERS[summary.order])
        signals.append(
            Signal(text=f"Reads {len(summary.reads)}, writes {len(summary.writes)}", icon="table-2")
        )
    tabs = [
        Link(label="Cells", url=f"{url}{at}", current=tab == "Cells"),
        Link(label="History", url=f"{url}?view=history", current=tab == "History"),
        Link(label="Environment", url=f"{url}?view=environment", current=tab == "Environment"),
        Link(label="Raw", url=f"{url}?view=raw", current=tab == "Raw"),
    ]
    past = (
        [
            Banner(
                text=f"This is the version of commit {version.source_version[:7]}, not the newest.",
                tone="info",
                link=Link(label="See the newest", url=url),
            )
        ]
        if version and _is_past(found)
        else []
    )
    return head_of(
        found.read,
        signals=signals,
        tabs=tabs if found.read.describable else [],
        summary=summary.title if summary and summary.title != entity.name else "",
        badges=_state_badges(found),
        banners=past,
    )


def _is_past(found: NotebookRead) -> bool:
    today = found.read.facet(Notebook)
    return found.summary is not None and found.summary != today


def _state_badges(found: NotebookRead) -> list[Badge]:
    if found.summary is not None and dict(found.summary.outputs).get("error"):
        return [Badge(label="Ends in an error", tone="warn", icon="triangle-alert")]
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """All that decides how a page of stored cells looks: equal looks are rendered once."""

    content: str
    entity: str
    team: str
    derivable: bool
    number: int
    reads: tuple[str, ...]

    @classmethod
    def of(cls, found: NotebookRead, number: int) -> "_Look":
        entity = found.read.entity
        return cls(
            content=found.summary.content if found.summary else "",
            entity=str(entity.pk),
            team=entity.space.name if entity.space else "",
            derivable=found.read.derivable,
            number=number,
            reads=tuple(dict.fromkeys(edge.target.name for edge in found.edges if edge.relation == "reads")),
        )


_KEPT: Final = 32
_kept: OrderedDict[_Look, tuple[Cell, ...]] = OrderedDict()


def _rendered(look: _Look, shown: Sequence[StoredCell]) -> tuple[Cell, ...]:
    """The cells as they look; the last pages that somebody opened are kept."""
    if look not in _kept:
        builder = _CellBuilder(look)
        _kept[look] = tuple(builder.cell(cell) for cell in shown)
        if len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return _kept[look]


class _CellBuilder:
    """Cells in order: headings keep one outline over the whole page."""

    def __init__(self, look: _Look) -> None:
        self._look = look
        self._level = 1

    def cell(self, stored: StoredCell) -> Cell:
        """One cell, rendered; outputs only for those who may see them."""
        if stored.kind == "markdown":
            prose = markdown(
                stored.source,
                anchor=stored.id,
                after_level=self._level,
                pictures=lambda address: self._attachment(stored, address),
            )
            self._level = prose.last_level
            source = prose.html
        else:
            source = code(stored.source, stored.language)
        return Cell(
            id=stored.id,
            number=stored.index + 1,
            kind=stored.kind,
            source=source,
            title=stored.title,
            language="" if stored.kind == "markdown" else stored.language,
            run=str(stored.execution_count) if stored.execution_count is not None else "",
            outputs=self._outputs(stored),
        )

    def _outputs(self, stored: StoredCell) -> list[Output]:
        if not stored.outputs:
            return []
        if not self._look.derivable:
            whose = f"the {self._look.team} team" if self._look.team else "its owner"
            text = f"It is for {whose} until what the run read is known.{_reads(self._look.reads)}"
            return [Output(kind="withheld", withheld=Withheld(text=text))]
        return [self._output(stored, output, at) for at, output in enumerate(stored.outputs)]

    def _output(self, cell: StoredCell, output: StoredOutput, at: int) -> Output:
        more = "The rest was not kept" if output.truncated else ""
        if output.kind == "picture" and output.digest:
            return Output(kind="picture", picture=self._picture(cell, output))
        if output.data_digest:
            return Output(
                kind="fault",
                plain=f"This {output.kind} is too large to be drawn on a page.",
                download_url=f"/content/{self._look.entity}/{output.data_digest}",
            )
        if output.kind == "table":
            made = table(output.data)
            if made is not None:
                note = f"First {made.shown:,} of {made.rows:,} rows" if made.shown < made.rows else ""
                return Output(kind="table", body=made.html, note=note)
        if output.kind == "html" and output.data:
            prose = fragment(output.data, anchor=f"{cell.id}-{at}", after_level=self._level)
            return Output(kind="html", body=prose.html)
        if output.kind in ("plot", "widget"):
            return Output(kind=output.kind, plain=output.text[:400])
        if output.kind == "error":
            body = output.traceback or f"{output.name}: {output.value}"
            return Output(kind="error", label=output.name, body=ansi(body[:_OUTPUT_CHARACTERS]))
        if not output.text:
            return Output(kind="fault", plain="No part of this output can be shown here.")
        return Output(
            kind="stderr" if output.name == "stderr" else "text",
            body=ansi(output.text[:_OUTPUT_CHARACTERS]),
            note=more or ("Shortened" if len(output.text) > _OUTPUT_CHARACTERS else ""),
        )

    def _picture(self, cell: StoredCell, output: StoredOutput) -> Picture:
        size = f", {output.width} × {output.height}" if output.width and output.height else ""
        return Picture(
            url=f"/content/{self._look.entity}/{output.digest}",
            alt=f"Output of cell {cell.index + 1}, picture{size}",
            width=output.width or 0,
            height=output.height or 0,
        )

    def _attachment(self, stored: StoredCell, address: str) -> str:
        name = address.removeprefix("attachment:")
        digest = next((one.digest for one in stored.attachments if one.name == name), "")
        return f"/content/{self._look.entity}/{digest}" if digest and self._look.derivable else ""


def _reads(tables: Sequence[str]) -> str:
    """A sentence that names the tables which the code reads, of those that the reader may know of."""
    if not tables:
        return ""
    named = ", ".join(tables[:_TABLES])
    more = f" and {len(tables) - _TABLES} more" if len(tables) > _TABLES else ""
    return f" The code of this notebook reads {named}{more}."


def _outline(cells: Sequence[StoredCell]) -> Iterator[OutlineEntry]:
    for cell in cells:
        if cell.kind != "markdown":
            continue
        for line in cell.source.split("\n"):
            hashes = len(line) - len(line.lstrip("#"))
            if 1 <= hashes <= 4 and line[hashes : hashes + 1] == " ":
                label = line[hashes:].strip(" #*_`")[:80]
                if label:
                    yield OutlineEntry(
                        label=label, anchor=f"cell-{cell.id}", depth=hashes, number=str(cell.index + 1)
                    )


def _touches(edges: Sequence[Edge]) -> dict[int, list[Touch]]:
    """What each cell reads and writes, from the edges that the reader may follow."""
    touched: dict[int, list[Touch]] = defaultdict(list)
    for edge in edges:
        cell = edge.anchor.get("cell") if edge.anchor else None
        if cell is not None and edge.relation in ("reads", "writes"):
            touched[cell].append(
                Touch(
                    label=edge.target.name,
                    direction="reads" if edge.relation == "reads" else "writes",
                    url=url_of(edge.target),
                )
            )
    return touched
