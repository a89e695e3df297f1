"""The graph questions answered the naive way, in memory, and random worlds to ask them of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from hypothesis import strategies as st

from hub.graph.port import (
    LINEAGE,
    Direction,
    Link,
    LinkChange,
    Node,
    NodeChange,
    Rights,
    Stub,
    flow,
)

RELATIONS = ("derived-from", "reads", "writes", "contains")


def entity(number: int) -> UUID:
    """Spread over the range, so that the order of ids is not the order of numbers."""
    return UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128)


def node(number: int, *, audience: int = 1, kind: str = "dataset", version: str = "1") -> NodeChange:
    return NodeChange(
        id=entity(number),
        kind=kind,
        audience=audience,
        team=f"team {audience}",
        name=f"n{number}",
        version=version,
    )


def link(edge: int, upstream: int, downstream: int, relation: str = "derived-from") -> LinkChange:
    source, target = flow(relation, entity(upstream), entity(downstream))
    return LinkChange(
        id=edge, source=source, relation=relation, target=target, direct=True, evidence="parsed"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Nodes and links, asked by somebody with `rights`."""

    nodes: Mapping[UUID, NodeChange]
    links: tuple[LinkChange, ...]
    rights: Rights

    def without_hidden(self) -> "World":
        seen = {key: value for key, value in self.nodes.items() if value.audience in self.rights.exists}
        links = tuple(each for each in self.links if {each.source, each.target} <= seen.keys())
        return World(nodes=seen, links=links, rights=self.rights)

    def describes(self, key: UUID) -> bool:
        return key in self.nodes and self.nodes[key].audience in self.rights.describe & self.rights.exists

    def exists(self, key: UUID) -> bool:
        return key in self.nodes and self.nodes[key].audience in self.rights.exists

    def distances(self, start: UUID, direction: Direction, hops: int) -> dict[UUID, int]:
        """All that is visible within `hops`, the start with 0."""
        found = {start: 0}
        for depth in range(1, hops + 1):
            for upstream, downstream in self._steps(direction):
                if found.get(upstream) == depth - 1 and downstream not in found and self.exists(downstream):
                    found[downstream] = depth
        return found

    def shown(self, key: UUID) -> Node | Stub:
        one = self.nodes[key]
        if self.describes(key):
            return Node(id=key, kind=one.kind, name=one.name, team=one.team, version=one.version)
        return Stub(id=self.rights.opaque(key), team=one.team)

    def links_among(self, keys: Iterable[UUID]) -> set[Link]:
        among = set(keys)
        found = set()
        for each in self.links:
            if each.relation in LINEAGE and {each.source, each.target} <= among:
                open_ends = self.describes(each.source) and self.describes(each.target)
                found.add(
                    Link(
                        edge=each.id if open_ends else None,
                        source=self.shown(each.source).id,
                        relation=each.relation,
                        target=self.shown(each.target).id,
                        direct=each.direct,
                        evidence=each.evidence,
                    )
                )
        return found

    def _steps(self, direction: Direction) -> list[tuple[UUID, UUID]]:
        ends = [
            flow(each.relation, each.source, each.target) for each in self.links if each.relation in LINEAGE
        ]
        return ends if direction == "down" else [(downstream, upstream) for upstream, downstream in ends]


_MORE = st.frozensets(st.integers(1, 3)) | st.just(frozenset({1, 2, 3}))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """2 to 7 nodes in 3 audiences; cycles, self-loops, parallel and dangling links; any rights.

    Most nodes are in audience 1, which most askers have: answers are seldom empty.
    """
    count = draw(st.integers(2, 7))
    nodes = {}
    for number in range(1, count + 1):
        kind = draw(st.sampled_from(("dataset", "notebook")))
        nodes[entity(number)] = node(number, audience=draw(st.sampled_from((1, 1, 1, 2, 3))), kind=kind)
    ends = st.integers(1, count)
    steps = draw(st.lists(st.tuples(ends, ends, st.sampled_from(RELATIONS)), min_size=1, max_size=2 * count))
    links = [link(edge, *step) for edge, step in enumerate(steps, start=1)]
    if draw(st.booleans()):
        links.append(link(len(links) + 1, draw(ends), count + 1))
    usual = draw(st.sampled_from((frozenset({1}), frozenset({1}), frozenset({1}), frozenset[int]())))
    rights = Rights(exists=draw(_MORE) | usual, describe=draw(_MORE) | usual, key=b"k")
    return World(nodes=nodes, links=tuple(links), rights=rights)
