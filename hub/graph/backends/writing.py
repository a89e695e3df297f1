"""Writes of the SQL backend: rows into the builds, and one build in the place of another."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import models, transaction

from hub.core.errors import Conflict
from hub.graph.backends import statements
from hub.graph.backends.store import Store, Value, batches, entity
from hub.graph.models import GraphEdge, GraphNode, GraphState
from hub.graph.port import LinkChange, NodeChange, flow

Values = tuple[Value, ...]
_BATCH = 5_000
_BUILDS = 2**31
_UNSEEN = -1
"""The sequence of a node that is only known as the end of a link: any write is later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Writes to the database of `store`, one at a time: each holds the lock on the state."""

    store: Store

    def write(
        self,
        *,
        nodes: Iterable[NodeChange],
        links: Iterable[LinkChange],
        removed_nodes: Iterable[UUID],
        removed_links: Iterable[int],
        sequence: int,
    ) -> None:
        """Into the served build and, while there is a rebuild, into the new one."""
        put_nodes, put_links = list(nodes), list(links)
        lost_nodes, lost_links = list(removed_nodes), list(removed_links)
        with transaction.atomic(using=self.store.using):
            state = self._locked()
            for build in (state.serving, state.building):
                if build is not None:
                    self._remove(build, lost_nodes, lost_links, sequence)
                    self._put_nodes(build, put_nodes, sequence)
                    self._put_links(build, put_links, sequence)

    def begin(self) -> int:
        """Name a new build, in the place of one that somebody else may be filling.

        The name is drawn, so that no build that was given up ever comes back under another's feet.
        """
        with transaction.atomic(using=self.store.using):
            state = self._locked()
            build = state.building = secrets.randbelow(_BUILDS)
            state.save(using=self.store.using)
        self.sweep()
        return build

    def fill(
        self, build: int, *, nodes: Iterable[NodeChange], links: Iterable[LinkChange], sequence: int
    ) -> None:
        """Write a build in bounded transactions. Conflict when it is no longer the one being filled."""
        for some_nodes in batches(nodes, _BATCH):
            with self._filling(build):
                self._put_nodes(build, some_nodes, sequence)
        for some_links in batches(links, _BATCH):
            with self._filling(build):
                self._put_links(build, some_links, sequence)

    def serve(self, build: int) -> None:
        """Make a filled build the served one. Conflict as in `fill`."""
        self.store.learn()
        with self._filling(build):
            self._state.update(serving=build, building=None)
        self.sweep()

    def abandon(self, build: int) -> None:
        """Give a build up, unless another is being filled by now."""
        self._state.filter(building=build).update(building=None)
        self.sweep()

    def sweep(self) -> None:
        """Remove the rows of builds that are neither served nor being filled.

        The state is read after the builds: what it does not name by then never comes back.
        """
        nodes = GraphNode.objects.using(self.store.using).values_list("build", flat=True).distinct()
        edges = GraphEdge.objects.using(self.store.using).values_list("build", flat=True).distinct()
        builds = {*nodes, *edges}
        state = self._state.get()
        for build in builds - {state.serving, state.building}:
            for statement in (statements.SWEEP_EDGES, statements.SWEEP_NODES):
                while self.store.change(statement, build, _BATCH):
                    pass

    @property
    def _state(self) -> models.QuerySet[GraphState]:
        return GraphState.objects.using(self.store.using)

    def _locked(self) -> GraphState:
        self._state.get_or_create(pk=1)
        return self._state.select_for_update().get(pk=1)

    @contextmanager
    def _filling(self, build: int) -> Iterator[None]:
        with transaction.atomic(using=self.store.using):
            if self._locked().building != build:
                raise Conflict("another rebuild of the graph began after this one and goes on: wait for it")
            yield

    def _put_nodes(self, build: int, nodes: list[NodeChange], sequence: int) -> None:
        rows: dict[UUID, Values] = {
            node.id: (build, node.id, node.kind, node.audience, node.team, node.name, node.version, sequence)
            for node in nodes
        }
        self._put(statements.PUT_NODES, rows)

    def _put_links(self, build: int, links: list[LinkChange], sequence: int) -> None:
        for some in batches(links, _BATCH):
            numbers = self._numbers(build, {end for link in some for end in (link.source, link.target)})
            rows: dict[int, Values] = {}
            for link in some:
                upstream, downstream = flow(link.relation, link.source, link.target)
                ends = numbers[upstream], numbers[downstream]
                rows[link.id] = (
                    build,
                    link.id,
                    *ends,
                    link.relation,
                    link.direct,
                    link.evidence,
                    True,
                    sequence,
                )
            self._put(statements.PUT_EDGES, rows)

    def _remove(self, build: int, nodes: list[UUID], links: list[int], sequence: int) -> None:
        self._put(statements.PUT_NODES, {node: _absent(build, node, sequence) for node in nodes})
        gone: dict[int, Values] = {
            link: (build, link, 0, 0, "", False, "", False, sequence) for link in links
        }
        self._put(statements.PUT_EDGES, gone)

    def _numbers(self, build: int, entities: set[UUID]) -> dict[UUID, int]:
        """The numbers of nodes; those not yet seen get one, and stay invisible."""
        known = self._known(build, entities)
        if unseen := entities - known.keys():
            self._put(statements.PUT_NODES, {node: _absent(build, node, _UNSEEN) for node in unseen})
            known |= self._known(build, unseen)
        return known

    def _known(self, build: int, entities: set[UUID]) -> dict[UUID, int]:
        rows = self.store.rows(statements.NUMBERS, build, list(entities))
        return {entity(identity): number for identity, number in rows}

    def _put(self, statement: str, rows: dict[UUID, Values] | dict[int, Values]) -> None:
        for some in batches(rows.values(), _BATCH):
            self.store.put(statement, some)


def _absent(build: int, node: UUID, sequence: int) -> Values:
    return (build, node, "", None, "", "", "", sequence)
