"""The graph in the hub's own database, SQLite or PostgreSQL."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from hub.core.errors import Conflict
from hub.graph.backends import statements
from hub.graph.backends.reading import Question
from hub.graph.backends.store import Row, Store, entity
from hub.graph.backends.writing import Writing
from hub.graph.models import GraphEdge, GraphNode
from hub.graph.port import (
    LINEAGE,
    Budget,
    Closure,
    Direction,
    Entry,
    Impact,
    LinkChange,
    Neighbourhood,
    NodeChange,
    Page,
    Path,
    Rights,
    Size,
    fingerprint,
    flow,
)

Given = TypeVar("Given")
_READ = 5_000
_NIL = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlGraph:
    """`Graph` over the tables of this app in the database `using`."""

    using: str = "default"

    def neighbourhood(
        self,
        start: UUID,
        *,
        directions: frozenset[Direction],
        rights: Rights,
        budget: Budget,
        relations: frozenset[str] = LINEAGE,
    ) -> Neighbourhood:
        return self._asked(
            lambda question: question.neighbourhood(start, directions), rights, budget, relations
        )

    def closure(
        self,
        start: UUID,
        *,
        direction: Direction,
        rights: Rights,
        budget: Budget,
        page: Page,
        relations: frozenset[str] = LINEAGE,
    ) -> Closure:
        return self._asked(
            lambda question: question.closure(start, direction, page), rights, budget, relations
        )

    def path(
        self,
        source: UUID,
        target: UUID,
        *,
        rights: Rights,
        budget: Budget,
        relations: frozenset[str] = LINEAGE,
    ) -> Path:
        return self._asked(lambda question: question.path(source, target), rights, budget, relations)

    def impact(
        self,
        start: UUID,
        *,
        rights: Rights,
        budget: Budget,
        first: int = 50,
        relations: frozenset[str] = LINEAGE,
    ) -> Impact:
        return self._asked(lambda question: question.impact(start, first), rights, budget, relations)

    def write(
        self,
        *,
        nodes: Iterable[NodeChange] = (),
        links: Iterable[LinkChange] = (),
        removed_nodes: Iterable[UUID] = (),
        removed_links: Iterable[int] = (),
        sequence: int,
    ) -> None:
        Writing(store=self._store).write(
            nodes=nodes,
            links=links,
            removed_nodes=removed_nodes,
            removed_links=removed_links,
            sequence=sequence,
        )

    def rebuild(self, *, nodes: Iterable[NodeChange], links: Iterable[LinkChange], sequence: int) -> Size:
        writing = Writing(store=self._store)
        build = writing.begin()
        try:
            writing.fill(build, nodes=nodes, links=links, sequence=sequence)
            writing.serve(build)
        except BaseException:
            writing.abandon(build)
            raise
        return self.count()

    def entries(self) -> Iterator[Entry]:
        build = self._serving()
        yield from self._node_entries(build)
        yield from self._link_entries(build)
        if self._serving() != build:
            raise Conflict("the graph was rebuilt while it was compared: compare again")

    def count(self) -> Size:
        build = self._serving()
        nodes = GraphNode.objects.using(self.using).filter(build=build, audience__isnull=False)
        links = GraphEdge.objects.using(self.using).filter(build=build, live=True)
        return Size(nodes=nodes.count(), links=links.count())

    @property
    def _store(self) -> Store:
        return Store(using=self.using)

    def _serving(self) -> int:
        rows = self._store.rows(statements.SERVING)
        return int(rows[0][0]) if rows else 1

    def _asked(
        self,
        ask: Callable[[Question], Given],
        rights: Rights,
        budget: Budget,
        relations: frozenset[str],
    ) -> Given:
        """The answer of one build: asked again if a rebuild took it away meanwhile."""
        while True:
            build = self._serving()
            question = Question(
                store=self._store, build=build, rights=rights, budget=budget, relations=relations
            )
            answer = ask(question)
            if self._serving() == build:
                return answer

    def _node_entries(self, build: int) -> Iterator[Entry]:
        floor = _NIL
        while rows := self._store.rows(statements.NODES, build, floor, _READ):
            for identity, kind, audience, team, name, version in rows:
                node = NodeChange(
                    id=entity(identity), kind=kind, audience=audience, team=team, name=name, version=version
                )
                yield Entry(id=node.id, fingerprint=fingerprint(node))
            floor = entity(rows[-1][0])

    def _link_entries(self, build: int) -> Iterator[Entry]:
        floor = -1
        while rows := self._store.rows(statements.LINKS, build, floor, _READ):
            for row in rows:
                link = _link(row)
                yield Entry(id=link.id, fingerprint=fingerprint(link))
            floor = int(rows[-1][0])


def _link(row: Row) -> LinkChange:
    edge, upstream, relation, downstream, direct, evidence = row
    source, target = flow(relation, entity(upstream), entity(downstream))
    return LinkChange(
        id=edge,
        source=source,
        relation=relation,
        target=target,
        direct=bool(direct),
        evidence=evidence,
    )
