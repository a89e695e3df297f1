"""The graph as a projection: entities as nodes, open edges as links."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from hub.catalogue import queries
from hub.catalogue.queries import EdgeState, NodeState
from hub.core.digests import digest_of
from hub.graph.engine import engine
from hub.graph.port import LinkChange, NodeChange, fingerprint

CHUNK: Final = 500


class GraphProjection:
    """Follows the change log into the graph store."""

    name = "graph"

    def apply(self, changed: queries.Changed) -> None:
        """Nodes and links of these entities as they are now; closed edges and gone entities are removed."""
        for start in range(0, len(changed.entity_ids), CHUNK):
            ids = changed.entity_ids[start : start + CHUNK]
            nodes = [_node(one) for one in queries.nodes(ids)]
            present = {node.id for node in nodes}
            engine().write(
                nodes=nodes,
                links=[_link(one) for one in queries.links(ids)],
                removed_nodes=[one for one in ids if one not in present],
                removed_links=queries.closed_links(ids),
                sequence=changed.sequence,
            )

    def rebuild(self, sequence: int) -> int:
        """Everything anew from the catalogue; returns nodes and links together."""
        size = engine().rebuild(nodes=self._nodes(), links=self._links(), sequence=sequence)
        return size.nodes + size.links

    def verify(self) -> list[str]:
        """What differs between the catalogue and the graph, one sentence each."""
        expected: dict[UUID | int, str] = {node.id: fingerprint(node) for node in self._nodes()}
        expected |= {link.id: fingerprint(link) for link in self._links()}
        held = {entry.id: entry.fingerprint for entry in engine().entries()}
        return [
            *(f"{one} is in the catalogue but not in the graph" for one in expected if one not in held),
            *(f"{one} is in the graph but not in the catalogue" for one in held if one not in expected),
            *(
                f"{one} differs between catalogue and graph"
                for one in expected
                if one in held and expected[one] != held[one]
            ),
        ]

    def _nodes(self) -> Iterator[NodeChange]:
        for ids in queries.all_ids(CHUNK):
            yield from (_node(one) for one in queries.nodes(ids))

    def _links(self) -> Iterator[LinkChange]:
        for ids in queries.all_ids(CHUNK):
            yield from (_link(one) for one in queries.links(ids))


def _node(state: NodeState) -> NodeChange:
    stated = [state.kind, state.audience, state.team, state.name]
    return NodeChange(
        id=state.id,
        kind=state.kind,
        audience=state.audience,
        team=state.team,
        name=state.name,
        version=digest_of(stated),
    )


def _link(state: EdgeState) -> LinkChange:
    return LinkChange(
        id=state.id,
        source=state.source,
        relation=state.relation,
        target=state.target,
        direct=state.direct,
        evidence=state.evidence,
    )
