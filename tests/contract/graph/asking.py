"""Shared by the tests: small graphs, wide rights and one of each question."""

from collections.abc import Iterable
from uuid import UUID

from hypothesis import HealthCheck, settings

from hub.graph.port import Answer, Budget, Direction, Graph, LinkChange, NodeChange, Page, Rights
from tests.contract.graph.reference import World, entity, link, node

EVERYTHING = Rights(exists=frozenset({1, 2, 3}), describe=frozenset({1, 2, 3}))
WIDE = Budget(hops=50, seconds=60)
ALL = Page(size=100_000)
law = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def fill(graph: Graph, world: World) -> None:
    graph.rebuild(nodes=world.nodes.values(), links=world.links, sequence=1)


def chain(length: int) -> tuple[list[NodeChange], list[LinkChange]]:
    """1 → 2 → … → length, all in audience 1."""
    return (
        [node(number) for number in range(1, length + 1)],
        [link(number, number, number + 1) for number in range(1, length)],
    )


def stated(graph: Graph) -> dict[UUID | int, str]:
    return {entry.id: entry.fingerprint for entry in graph.entries()}


def answers(graph: Graph, starts: Iterable[UUID], rights: Rights, budget: Budget) -> list[Answer]:
    """One of each question."""
    both: frozenset[Direction] = frozenset({"up", "down"})
    given: list[Answer] = []
    for start in starts:
        given.append(graph.neighbourhood(start, directions=both, rights=rights, budget=budget))
        given.append(graph.closure(start, direction="up", rights=rights, budget=budget, page=ALL))
        given.append(graph.closure(start, direction="down", rights=rights, budget=budget, page=ALL))
        given.append(graph.impact(start, rights=rights, budget=budget))
        given.append(graph.path(start, entity(1), rights=rights, budget=budget))
    return given
