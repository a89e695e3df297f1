"""Write facets: nothing where the content is equal, else close the old row and open a new one."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.catalogue.models import Change, Facet, Generation
from hub.core.digests import digest_of
from indexers.vocabulary.facets import Facet as FacetValue
from indexers.vocabulary.facets import to_json

_DOCUMENTING = frozenset({"documentation", "ownership"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A facet of a resolved entity; see `indexers.facts.FacetFact` for the fields."""

    entity_id: uuid.UUID
    value: FacetValue
    source_version: str = ""
    source_time: datetime | None = None
    current: bool = True

    @property
    def key(self) -> tuple[uuid.UUID, str, str | None]:
        return self.entity_id, self.value.facet, None if self.current else self.source_version


class FacetWrite:
    """The facets of one scope. `seen` are the open rows that the scope stated again or anew."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        self.seen: set[int] = set()
        self.asserted: set[uuid.UUID] = set()
        self.written = 0

    def write(self, statements: Sequence[Statement]) -> None:
        """Make these statements the open ones of the writer; of two with one key the last counts."""
        latest = {statement.key: statement for statement in statements}
        rows = self._rows({statement.entity_id for statement in latest.values()})
        opened: list[tuple[Facet, Facet | None]] = []
        for key, statement in latest.items():
            payload = to_json(statement.value)
            digest = digest_of(payload)
            row = rows.open.get(key)
            if row is not None and (row.digest == digest or not statement.current):
                self.seen.add(row.pk)
                continue
            before = self._close(row, rows.closed_here.get(key))
            if before is not None and before.digest == digest:
                before.closed = None
                before.save(update_fields=["closed"])
                self.seen.add(before.pk)
                continue
            opened.append((self._row(statement, payload, digest), before))
        self._insert(opened)

    def _rows(self, entity_ids: Iterable[uuid.UUID]) -> "_Rows":
        rows = _Rows({}, {})
        ids = list(entity_ids)
        for start in range(0, len(ids), 500):
            found = Facet.objects.filter(
                writer=self._generation.writer_id, entity_id__in=ids[start : start + 500]
            )
            for row in found.filter(closed=None):
                rows.open[_key(row)] = row
            for row in found.filter(closed=self._generation):
                rows.closed_here[_key(row)] = row
        return rows

    def _close(self, row: Facet | None, closed_here: Facet | None) -> Facet | None:
        """Close the row that is open now; what only this generation knows is taken back without a trace."""
        if row is None:
            return closed_here
        if row.opened_id == self._generation.pk:
            Change.objects.filter(generation=self._generation, after=row.pk, subject=_subject(row)).delete()
            row.delete()
            return closed_here
        row.closed = self._generation
        row.save(update_fields=["closed"])
        return row

    def _row(self, statement: Statement, payload: Mapping[str, Any], digest: str) -> Facet:
        return Facet(
            entity_id=statement.entity_id,
            facet=statement.value.facet,
            schema_version=statement.value.version,
            writer_id=self._generation.writer_id,
            payload=payload,
            digest=digest,
            source_version=statement.source_version,
            source_time=statement.source_time,
            historic=not statement.current,
            opened=self._generation,
        )

    def _insert(self, opened: Sequence[tuple[Facet, Facet | None]]) -> None:
        Facet.objects.bulk_create([row for row, _ in opened], batch_size=200)
        Change.objects.bulk_create(
            (
                Change(
                    generation=self._generation,
                    entity_id=row.entity_id,
                    subject=_subject(row),
                    change=_classify(before, row),
                    before=before.pk if before else None,
                    after=row.pk,
                )
                for row, before in opened
                if not row.historic
            ),
            batch_size=200,
        )
        self.seen.update(row.pk for row, _ in opened)
        self.asserted.update(row.entity_id for row, _ in opened if row.facet == "identity")
        self.written += len(opened)


@dataclass(slots=True)
class _Rows:
    open: dict[tuple[uuid.UUID, str, str | None], Facet]
    closed_here: dict[tuple[uuid.UUID, str, str | None], Facet]


def _key(row: Facet) -> tuple[uuid.UUID, str, str | None]:
    return row.entity_id, row.facet, row.source_version if row.historic else None


def _subject(row: Facet) -> str:
    return "entity" if row.facet == "identity" else f"facet:{row.facet}"


def _classify(before: Facet | None, after: Facet) -> str:
    """How a reader of the thing is affected: only a schema can break them today."""
    if before is None:
        return Change.Class.ADDED
    if after.facet in _DOCUMENTING:
        return Change.Class.DOCS
    if after.facet == "schema" and _breaks(before.payload, after.payload):
        return Change.Class.BREAKING
    return Change.Class.COMPATIBLE


def _breaks(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    columns = {column["name"]: column["type"] for column in after["columns"]}
    return any(columns.get(column["name"]) != column["type"] for column in before["columns"])
