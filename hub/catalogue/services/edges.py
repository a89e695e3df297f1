"""Write edges: each belongs to the writer that asserts it, and two writers' edges never meet."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict

from hub.catalogue.models import Change, Edge, Generation
from hub.core.digests import digest_of
from indexers.facts import EdgeFact


def edge_key(edge: Edge) -> str:
    """The digest of what makes it this edge and no other; a new commit alone does not make another one."""
    anchor = edge.anchor
    return digest_of(
        [
            str(edge.source_id),
            edge.relation,
            str(edge.target_id),
            edge.evidence,
            edge.columns,
            edge.direct,
            [anchor["repository"], anchor["path"], anchor["cell"]] if anchor else None,
        ]
    )


def edge_row(source_id: uuid.UUID, target_id: uuid.UUID, fact: EdgeFact) -> Edge:
    """The row of an edge between resolved entities; writer and generation come when it is written."""
    edge = Edge(
        source_id=source_id,
        relation=fact.relation,
        target_id=target_id,
        columns=[list(pair) for pair in fact.columns],
        direct=fact.direct,
        evidence=fact.evidence,
        anchor=asdict(fact.anchor) if fact.anchor else None,
    )
    edge.key = edge_key(edge)
    return edge


class EdgeWrite:
    """The edges of one scope. `seen` are the open rows that the scope asserted again or anew."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        self.seen: set[int] = set()
        self.written = 0

    def write(self, edges: Sequence[Edge]) -> None:
        """Open the edges that are not open yet; reopen those that only this generation closed."""
        wanted = {(one.source_id, one.key): one for one in edges}
        present = self._present({one.source_id for one in wanted.values()})
        again = [row for key, row in present.items() if key in wanted]
        self.seen.update(row.pk for row in again)
        Edge.objects.filter(pk__in=[row.pk for row in again if row.closed_id is not None]).update(closed=None)
        self._insert([one for key, one in wanted.items() if key not in present])

    def _present(self, sources: set[uuid.UUID]) -> dict[tuple[uuid.UUID, str], Edge]:
        rows: dict[tuple[uuid.UUID, str], Edge] = {}
        ids = sorted(sources)
        for start in range(0, len(ids), 500):
            found = Edge.objects.filter(
                writer=self._generation.writer_id, source_id__in=ids[start : start + 500]
            )
            for row in (*found.filter(closed=self._generation), *found.filter(closed=None)):
                rows[(row.source_id, row.key)] = row
        return rows

    def _insert(self, rows: Sequence[Edge]) -> None:
        for row in rows:
            row.writer_id = self._generation.writer_id
            row.opened = self._generation
        Edge.objects.bulk_create(rows, batch_size=200)
        Change.objects.bulk_create(
            (
                Change(
                    generation=self._generation,
                    entity_id=row.source_id,
                    subject=f"edge:{row.relation}",
                    change=Change.Class.ADDED,
                    after=row.pk,
                )
                for row in rows
            ),
            batch_size=200,
        )
        self.seen.update(row.pk for row in rows)
        self.written += len(rows)
