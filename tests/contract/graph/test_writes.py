"""What every graph store must make of writes, and of questions asked meanwhile."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from hub.core.errors import Conflict
from hub.graph.port import Budget, Graph, LinkChange, NodeChange, Size, Tally, fingerprint
from tests.contract.graph.asking import ALL, EVERYTHING, WIDE, answers, chain, fill, law, stated
from tests.contract.graph.reference import World, entity, link, node, worlds

Write = tuple[int, dict[str, Any]]


@st.composite
def writes(draw: st.DrawFn) -> list[Write]:
    """What a change log says of three nodes and three links, each at a sequence of its own."""
    log: list[Write] = []
    for sequence in range(1, draw(st.integers(1, 8)) + 1):
        number = draw(st.integers(1, 3))
        change: dict[str, Any] = draw(
            st.sampled_from(
                (
                    {"nodes": [node(number, version=str(sequence))]},
                    {"links": [link(number, number, sequence % 3 + 1)]},
                    {"removed_nodes": [entity(number)]},
                    {"removed_links": [number]},
                )
            )
        )
        log.append((sequence, change))
    return log


@law
@given(log=writes(), data=st.data())
def test_writes_late_repeated_or_out_of_order_end_in_the_same_graph(
    graph: Graph, log: list[Write], data: st.DataObject
) -> None:
    graph.rebuild(nodes=(), links=(), sequence=0)
    for sequence, change in log:
        graph.write(**change, sequence=sequence)
    in_order = stated(graph), answers(graph, [entity(1), entity(2)], EVERYTHING, WIDE)
    graph.rebuild(nodes=(), links=(), sequence=0)
    for sequence, change in data.draw(st.permutations(log + log[:3])):
        graph.write(**change, sequence=sequence)
    assert (stated(graph), answers(graph, [entity(1), entity(2)], EVERYTHING, WIDE)) == in_order


@law
@given(world=worlds())
def test_a_rebuild_gives_what_the_stream_of_writes_gave(graph: Graph, world: World) -> None:
    graph.rebuild(nodes=(), links=(), sequence=0)
    for sequence, one in enumerate(world.nodes.values(), start=1):
        graph.write(nodes=[one], sequence=sequence)
    graph.write(links=world.links, sequence=100)
    streamed = stated(graph)
    fill(graph, world)
    changes: list[NodeChange | LinkChange] = [*world.nodes.values(), *world.links]
    assert stated(graph) == streamed == {change.id: fingerprint(change) for change in changes}
    assert list(streamed) == sorted(world.nodes) + sorted(each.id for each in world.links)
    assert graph.count().nodes == len(world.nodes)
    assert graph.count().links == len(world.links)


def test_a_removed_node_is_gone_with_its_links_and_back_with_them(graph: Graph) -> None:
    nodes, links = chain(3)
    graph.write(nodes=nodes, links=links, sequence=1)
    whole = answers(graph, [entity(1)], EVERYTHING, WIDE)
    graph.write(removed_nodes=[entity(2)], sequence=2)
    assert graph.impact(entity(1), rights=EVERYTHING, budget=WIDE).kinds == ()
    graph.write(nodes=[nodes[1]], sequence=3)
    assert answers(graph, [entity(1)], EVERYTHING, WIDE) == whole


def test_an_audience_that_changes_hides_at_once(graph: Graph) -> None:
    nodes, links = chain(3)
    graph.write(nodes=nodes, links=links, sequence=1)
    graph.write(nodes=[node(2, audience=7)], sequence=2)
    assert graph.path(entity(1), entity(3), rights=EVERYTHING, budget=WIDE).nodes == ()


def test_readers_see_the_old_graph_or_the_new_one_while_it_is_rebuilt(graph: Graph) -> None:
    long, short = chain(60), chain(20)
    graph.rebuild(nodes=long[0], links=long[1], sequence=1)
    done = threading.Event()

    def read() -> set[tuple[int, int]]:
        seen = set()
        while not done.is_set():
            answer = graph.closure(
                entity(1), direction="down", rights=EVERYTHING, budget=Budget(hops=99), page=ALL
            )
            seen.add((answer.count, len(answer.members)))
        connections.close_all()
        return seen

    with ThreadPoolExecutor(max_workers=1) as pool:
        reading = pool.submit(read)
        try:
            for _ in range(6):
                graph.rebuild(nodes=short[0], links=short[1], sequence=1)
                graph.rebuild(nodes=long[0], links=long[1], sequence=1)
        finally:
            done.set()
        seen = reading.result()
    assert seen
    assert seen <= {(59, 59), (19, 19)}


def test_writers_at_once_lose_nothing(graph: Graph) -> None:
    def write(writer: int) -> None:
        for turn in range(5):
            number = 1 + writer * 5 + turn
            graph.write(nodes=[node(number)], links=[link(number, number, number % 20 + 1)], sequence=number)
        connections.close_all()

    with ThreadPoolExecutor(max_workers=4) as pool:
        for done in [pool.submit(write, writer) for writer in range(4)]:
            done.result()
    assert graph.count() == Size(nodes=20, links=20)
    assert graph.impact(entity(1), rights=EVERYTHING, budget=WIDE).kinds == (Tally(of="dataset", count=19),)


def test_a_write_during_a_rebuild_is_in_the_rebuilt_graph(graph: Graph) -> None:
    nodes, links = chain(3)
    graph.write(nodes=nodes, links=links, sequence=1)

    def read_slowly() -> Iterator[NodeChange]:
        graph.write(removed_nodes=[entity(3)], nodes=[node(4)], removed_links=[1], sequence=2)
        yield from nodes

    graph.rebuild(nodes=read_slowly(), links=links, sequence=1)
    assert stated(graph).keys() == {entity(1), entity(2), entity(4), 2}


def test_a_rebuild_that_fails_leaves_the_graph_as_it_was(graph: Graph) -> None:
    nodes, links = chain(3)
    graph.write(nodes=nodes, links=links, sequence=1)
    before = stated(graph)

    def broken() -> Iterator[NodeChange]:
        yield node(9)
        raise OSError("the catalogue went away")

    with pytest.raises(OSError, match="went away"):
        graph.rebuild(nodes=broken(), links=(), sequence=2)
    assert stated(graph) == before
    graph.write(nodes=[node(4)], sequence=2)
    assert graph.count().nodes == 4


def test_of_two_rebuilds_the_later_one_goes_on(graph: Graph) -> None:
    def overtaken() -> Iterator[NodeChange]:
        graph.rebuild(nodes=[node(2)], links=(), sequence=1)
        yield node(1)

    with pytest.raises(Conflict):
        graph.rebuild(nodes=overtaken(), links=(), sequence=1)
    assert stated(graph).keys() == {entity(2)}


def test_a_comparison_that_a_rebuild_overtakes_says_so(graph: Graph) -> None:
    graph.write(nodes=[node(1)], sequence=1)
    entries = graph.entries()
    next(entries)
    graph.rebuild(nodes=(), links=(), sequence=2)
    with pytest.raises(Conflict):
        list(entries)
