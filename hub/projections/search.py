"""The search index as a projection: what a document holds of an entity, and of each cell of a notebook."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from hub.catalogue import queries
from hub.catalogue.queries import EntityState
from hub.core.digests import digest_of
from hub.core.errors import HubError
from hub.projections.words import names_of, words_of
from hub.search.engine import engine
from hub.search.port import Deletion, Document
from hub.web.addresses import address_of
from indexers.parsers.notebook.document import Cell, DocumentInvalid, NotebookDocument, from_json
from indexers.vocabulary.facets import (
    Notebook,
)

CHUNK: Final = 100
_PROSE_LIMIT: Final = 20_000
_CELL_LIMIT: Final = 8_000
_OUTPUT_LIMIT: Final = 4_000


class SearchProjection:
    """Follows the change log into the search engine."""

    name = "search"

    def apply(self, changed: queries.Changed) -> None:
        """Write the documents of these entities as the catalogue has them now; what is gone is deleted."""
        for start in range(0, len(changed.entity_ids), CHUNK):
            ids = changed.entity_ids[start : start + CHUNK]
            documents = [
                document
                for state in queries.states(ids)
                for document in documents_of(state, changed.sequence)
            ]
            earlier = {str(one) for one in ids} | set(_earlier_cells(ids, changed.since))
            gone = sorted(earlier - {document.id for document in documents})
            engine().write(documents, [Deletion(id=one, sequence=changed.sequence) for one in gone])

    def rebuild(self, sequence: int) -> int:
        """A new index from the whole catalogue, swapped in at the end; returns the documents."""
        return engine().rebuild(self._all(sequence))

    def verify(self) -> list[str]:
        """What differs between the catalogue and the index, one sentence each."""
        expected = {document.id: document.version for document in self._all(0)}
        held = dict(engine().entries())
        return [
            *(
                f"{one} is in the catalogue but not in the index"
                for one in sorted(expected.keys() - held.keys())
            ),
            *(
                f"{one} is in the index but not in the catalogue"
                for one in sorted(held.keys() - expected.keys())
            ),
            *(
                f"{one} differs between catalogue and index"
                for one in sorted(expected.keys() & held.keys())
                if expected[one] != held[one]
            ),
        ]

    def _all(self, sequence: int) -> Iterator[Document]:
        for ids in queries.all_ids(CHUNK):
            for state in queries.states(ids):
                yield from documents_of(state, sequence)


def documents_of(state: EntityState, sequence: int) -> Iterator[Document]:
    """The document of an entity, and one for each cell of a notebook that holds something."""
    notebook = _notebook_document(state)
    entity = _entity_document(state, notebook, sequence)
    yield _versioned(entity)
    if notebook is not None:
        for cell in notebook.cells:
            if cell.source.strip():
                yield _versioned(_cell_document(state, entity, cell))


def _versioned(document: Document) -> Document:
    fields = asdict(document)
    del fields["sequence"]
    return replace(document, version=digest_of(fields))


def _earlier_cells(ids: Sequence[UUID], since: int) -> Iterator[str]:
    """Ids of the documents of cells that the index may still hold from before."""
    for entity_id, content in queries.superseded_contents(ids, since):
        document = _stored(content)
        yield from (f"{entity_id}#{cell.id}" for cell in (document.cells if document else ()))


def _notebook_document(state: EntityState) -> NotebookDocument | None:
    summary = state.facet(Notebook)
    return _stored(summary.content) if summary and summary.content else None


def _stored(digest: str) -> NotebookDocument | None:
    try:
        return from_json(queries.content(digest)[0])
    except (DocumentInvalid, HubError):
        return None


def _entity_document(state: EntityState, notebook: NotebookDocument | None, sequence: int) -> Document:
    entity = state.entity
    words = words_of(state, notebook)
    summary = words.description.strip().split("\n")[0][:240]
    return Document(
        id=str(entity.pk),
        entity=str(entity.pk),
        kind=entity.kind,
        name=entity.name,
        path=_place(state),
        names=names_of(state),
        title=words.title,
        description=words.description[:_PROSE_LIMIT],
        headings=words.headings,
        columns=words.columns,
        code=words.code,
        symbols=words.symbols,
        team=entity.space.name if entity.space else "",
        platform=entity.platform,
        language=words.language,
        owner=state.owners,
        licence=words.licence or state.licence,
        freshness=_seconds(state.changed_at),
        uses=words.uses,
        popularity=state.popularity,
        audience=entity.audience_id,
        output_audience=entity.audience_id,
        version="",
        sequence=sequence,
        payload=_json({"url": address_of(entity.urn, str(entity.pk)), "place": _place(state)}),
        details=_json(
            {
                "summary": summary if summary != words.title else "",
                "title": words.title,
                "owners": list(state.owners[:2]),
                "changed": state.changed_at.isoformat() if state.changed_at else "",
                "used_by": state.popularity,
                "language": words.language,
                "columns": [[column.name, column.type] for column in words.schema[:6]],
                "rows": words.rows,
                "unresolved": entity.kind == "dataset" and not entity.platform,
            }
        ),
    )


def _cell_document(state: EntityState, entity: Document, cell: Cell) -> Document:
    summary = state.facet(Notebook)
    thumbnails = dict(summary.thumbnails) if summary else {}
    outputs = "\n".join(output.text or output.value for output in cell.outputs)[:_OUTPUT_LIMIT]
    return Document(
        id=f"{entity.entity}#{cell.id}",
        entity=entity.entity,
        kind="cell",
        name="",
        title=cell.source.strip().split("\n")[0].lstrip("# ")[:120] if cell.kind == "markdown" else "",
        description=cell.source[:_CELL_LIMIT] if cell.kind == "markdown" else "",
        code=cell.source[:_CELL_LIMIT] if cell.kind == "code" else "",
        outputs=outputs,
        team=entity.team,
        language="" if cell.kind == "markdown" else cell.language,
        owner=entity.owner,
        licence=entity.licence,
        freshness=entity.freshness,
        popularity=entity.popularity,
        audience=entity.audience,
        output_audience=entity.output_audience,
        version="",
        sequence=entity.sequence,
        payload=_json({"url": f"{address_of(state.entity.urn, entity.entity)}#cell-{cell.id}"}),
        details=_json(
            {
                "notebook": state.entity.name,
                "place": _place(state),
                "number": cell.index + 1,
                "language": cell.language,
                "markdown": cell.kind == "markdown",
                "owners": list(state.owners[:1]),
                "changed": state.changed_at.isoformat() if state.changed_at else "",
                "commit": state.commit[:7],
                "thumbnail": thumbnails.get(cell.id, ""),
                "outputs": len(cell.outputs),
            }
        ),
    )


def _place(state: EntityState) -> str:
    """Where the thing lies, as `repository/path` or `namespace/dotted.name`."""
    entity = state.entity
    if entity.kind == "column":
        return entity.urn.partition(":")[2].replace("#", ".")
    return entity.urn.partition(":")[2]


def _seconds(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0


def _json(payload: dict[str, Any]) -> str:
    return orjson.dumps(
        {key: value for key, value in payload.items() if value not in ("", [], None, False)}
    ).decode()
