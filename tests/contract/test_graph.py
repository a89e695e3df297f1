"""What every graph store must answer. Each test runs against each of them."""

import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path as Folder
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from hub.core.errors import Conflict, Invalid
from hub.graph.backends.sql import SqlGraph
from hub.graph.port import (
    Answer,
    Budget,
    Direction,
    Graph,
    LinkChange,
    Member,
    NodeChange,
    Page,
    Rights,
    Stub,
    Tally,
    fingerprint,
    flow,
)
from tests.contract.graph_reference import World, entity, link, node, worlds
from tests.servers import database_settings, postgres_database

EVERYTHING = Rights(exists=frozenset({1, 2, 3}), describe=frozenset({1, 2, 3}))
WIDE = Budget(hops=50, seconds=60)
ALL = Page(size=100_000)
ABSENT = entity(1_000_000)
law = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _sqlite(folder: Folder) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": folder / "graph.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL",
        },
    }


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[SqlGraph]:
    """A migrated database of its own, outside the test transaction: threads and real commits count here."""
    alias = f"graph_{request.param}"
    on_sqlite = request.param == "sqlite"
    database: dict[str, Any] = (
        _sqlite(tmp_path_factory.mktemp(alias)) if on_sqlite else database_settings(postgres_database())
    )
    connections.databases[alias] = connections.configure_settings({"default": {}, alias: database})[alias]
    with django_db_blocker.unblock():
        call_command("migrate", "graph", database=alias, verbosity=0)
    yield SqlGraph(using=alias)
    with django_db_blocker.unblock():
        connections[alias].close()
    del connections.databases[alias]


@pytest.fixture
def graph(store: SqlGraph, django_db_blocker: DjangoDbBlocker) -> Iterator[Graph]:
    with django_db_blocker.unblock():
        store.rebuild(nodes=(), links=(), sequence=0)
        yield store


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


@law
@given(world=worlds(), direction=st.sampled_from(("up", "down")), hops=st.integers(0, 4))
def test_a_closure_is_what_a_naive_search_finds(
    graph: Graph, world: World, direction: Direction, hops: int
) -> None:
    fill(graph, world)
    for start in filter(world.describes, world.nodes):
        near = world.distances(start, direction, hops)
        closure = graph.closure(
            start, direction=direction, rights=world.rights, budget=Budget(hops=hops), page=ALL
        )
        members = [
            Member(id=key, depth=depth) for key, depth in near.items() if world.describes(key) and depth
        ]
        assert closure.members == tuple(sorted(members, key=lambda member: (member.depth, member.id)))
        assert (closure.count, closure.restricted) == (len(members), len(near) - 1 - len(members))
        assert closure.partial == (len(world.distances(start, direction, hops + 1)) > len(near))


@law
@given(world=worlds(), directions=st.frozensets(st.sampled_from(("up", "down"))), hops=st.integers(0, 4))
def test_a_neighbourhood_is_every_visible_node_in_reach_and_every_link_between_two(
    graph: Graph, world: World, directions: frozenset[Direction], hops: int
) -> None:
    fill(graph, world)
    for start in filter(world.describes, world.nodes):
        depths: dict[UUID, int] = {start: 0}
        for direction in sorted(directions):
            for key, depth in world.distances(start, direction, hops).items():
                if depth < abs(depths.get(key, depth + 1)):
                    depths[key] = depth if direction == "down" else -depth
        answer = graph.neighbourhood(
            start, directions=directions, rights=world.rights, budget=Budget(hops=hops)
        )
        found = [(reached.node, reached.depth) for reached in answer.nodes]
        expected = {(world.shown(key), depth) for key, depth in depths.items()}
        assert set(found) == expected
        assert len(found) == len(expected)
        assert [abs(depth) for _, depth in found] == sorted(abs(depth) for _, depth in found)
        assert set(answer.links) == world.links_among(depths)
        assert len(answer.links) == len(set(answer.links))


@law
@given(world=worlds(), hops=st.integers(0, 9))
def test_a_path_is_shortest_in_what_the_asker_may_see(graph: Graph, world: World, hops: int) -> None:
    fill(graph, world)
    described = list(filter(world.describes, world.nodes))
    for source in described[:3]:
        near = world.distances(source, "down", 20)
        for target in described:
            path = graph.path(source, target, rights=world.rights, budget=Budget(hops=hops))
            if target not in near or near[target] > hops:
                assert path.nodes == path.links == ()
                assert path.partial or target not in near
                continue
            assert not path.partial
            assert len(path.nodes) == near[target] + 1
            assert (path.nodes[0], path.nodes[-1]) == (world.shown(source), world.shown(target))
            _assert_linked(world, [shown.id for shown in path.nodes], path.links)


def _assert_linked(world: World, keys: list[Any], links: Iterable[Any]) -> None:
    steps = set(zip(keys, keys[1:], strict=False))
    followed = {flow(each.relation, each.source, each.target) for each in links}
    assert followed == steps
    assert set(links) == {
        each
        for each in world.links_among(filter(world.exists, world.nodes))
        if flow(each.relation, each.source, each.target) in steps
    }


@law
@given(world=worlds())
def test_an_impact_counts_entities_by_kind_and_stubs_by_team(graph: Graph, world: World) -> None:
    fill(graph, world)
    for start in filter(world.describes, world.nodes):
        near = world.distances(start, "down", 50).keys() - {start}
        kinds = [world.nodes[key].kind for key in near if world.describes(key)]
        teams = [world.nodes[key].team for key in near if not world.describes(key)]
        impact = graph.impact(start, rights=world.rights, budget=WIDE, first=2)
        assert impact.kinds == tuple(Tally(of=kind, count=kinds.count(kind)) for kind in sorted(set(kinds)))
        assert impact.restricted == tuple(
            Tally(of=team, count=teams.count(team)) for team in sorted(set(teams))
        )
        assert len(impact.nodes) == min(2, len(kinds))


@law
@given(
    world=worlds(),
    budget=st.builds(Budget, hops=st.integers(0, 5), nodes=st.integers(0, 6), edges=st.integers(0, 12)),
)
def test_what_is_hidden_changes_no_answer_and_no_cut(graph: Graph, world: World, budget: Budget) -> None:
    fill(graph, world)
    with_hidden = answers(graph, world.nodes, world.rights, budget)
    fill(graph, world.without_hidden())
    assert answers(graph, world.nodes, world.rights, budget) == with_hidden


@law
@given(
    world=worlds(),
    budget=st.builds(Budget, hops=st.integers(0, 3), nodes=st.integers(0, 4), edges=st.integers(0, 6)),
)
def test_a_budget_only_leaves_things_out_and_says_so(graph: Graph, world: World, budget: Budget) -> None:
    fill(graph, world)
    for start in filter(world.describes, world.nodes):
        whole = graph.closure(start, direction="down", rights=world.rights, budget=WIDE, page=ALL)
        cut = graph.closure(start, direction="down", rights=world.rights, budget=budget, page=ALL)
        assert set(cut.members) <= set(whole.members)
        assert cut.count + cut.restricted <= budget.nodes
        assert cut.partial or cut == whole


@pytest.mark.parametrize(
    ("budget", "cut", "count"),
    [
        (Budget(hops=3), "hops", 3),
        (Budget(nodes=4), "nodes", 4),
        (Budget(edges=5), "edges", 5),
        (Budget(seconds=0), "seconds", 0),
        (Budget(hops=9, nodes=9, edges=9), None, 9),
    ],
)
def test_a_cut_names_the_budget_that_made_it(
    graph: Graph, budget: Budget, cut: str | None, count: int
) -> None:
    nodes, links = chain(10)
    graph.rebuild(nodes=nodes, links=links, sequence=1)
    closure = graph.closure(entity(1), direction="down", rights=EVERYTHING, budget=budget, page=ALL)
    assert (closure.cut, closure.count) == (cut, count)


def test_a_negative_budget_is_refused() -> None:
    with pytest.raises(Invalid):
        Budget(hops=-1)


def test_the_pages_of_a_closure_add_up_to_the_whole(graph: Graph) -> None:
    layers = [link(10 * a + b, a, b) for a in range(1, 4) for b in range(4, 14)]
    graph.rebuild(
        nodes=[node(n) for n in range(14)], links=[*layers, link(999, 0, 1), link(998, 0, 2)], sequence=1
    )
    ask = {"direction": "down", "rights": EVERYTHING, "budget": WIDE}
    whole = graph.closure(entity(0), page=ALL, **ask).members
    pages: list[Member] = []
    while page := graph.closure(
        entity(0), page=Page(size=5, after=pages[-1] if pages else None), **ask
    ).members:
        pages += page
    assert tuple(pages) == whole
    assert len(whole) == 12


def test_a_hidden_node_cuts_the_path_and_a_restricted_one_is_a_stub_on_it(graph: Graph) -> None:
    graph.rebuild(
        nodes=[node(1), node(2, audience=2), node(3)], links=[link(1, 1, 2), link(2, 2, 3)], sequence=1
    )
    restricted = Rights(exists=frozenset({1, 2}), describe=frozenset({1}))
    path = graph.path(entity(1), entity(3), rights=restricted, budget=WIDE)
    assert [type(each) for each in path.nodes][1] is Stub
    assert path.nodes[1] == Stub(id=restricted.opaque(entity(2)), team="team 2")
    assert [each.edge for each in path.links] == [None, None]
    assert entity(2).hex not in repr(path).replace("-", "")
    hidden = Rights(exists=frozenset({1}), describe=frozenset({1, 2}))
    assert graph.path(entity(1), entity(3), rights=hidden, budget=WIDE).nodes == ()


def test_the_same_stub_has_another_id_under_another_key(graph: Graph) -> None:
    graph.rebuild(nodes=[node(1), node(2, audience=2)], links=[link(1, 1, 2)], sequence=1)
    seen = set()
    for _ in range(2):
        rights = Rights(exists=frozenset({1, 2}), describe=frozenset({1}))
        around = graph.neighbourhood(entity(1), directions=frozenset({"down"}), rights=rights, budget=WIDE)
        seen.add(around.nodes[-1].node.id)
    assert len(seen) == 2


def test_a_start_that_may_not_be_described_is_as_unknown_as_an_absent_one(graph: Graph) -> None:
    nodes = [node(1), node(2, audience=2), node(3, audience=3)]
    graph.rebuild(nodes=nodes, links=[link(1, 1, 2), link(2, 1, 3), link(3, 2, 1), link(4, 3, 1)], sequence=1)
    rights = Rights(exists=frozenset({1, 2}), describe=frozenset({1, 3}))
    absent = answers(graph, [ABSENT], rights, WIDE)
    assert not any(answer.known for answer in absent)
    assert answers(graph, [entity(2)], rights, WIDE) == absent
    assert answers(graph, [entity(3)], rights, WIDE) == absent


def test_the_relations_asked_for_are_the_only_ones_followed(graph: Graph) -> None:
    graph.rebuild(
        nodes=[node(1), node(2), node(3)],
        links=[link(1, 1, 2, "contains"), link(2, 1, 3, "writes")],
        sequence=1,
    )
    for relations, expected in ((frozenset({"contains"}), 2), (frozenset({"writes"}), 3)):
        closure = graph.closure(
            entity(1), direction="down", rights=EVERYTHING, budget=WIDE, page=ALL, relations=relations
        )
        assert [member.id for member in closure.members] == [entity(expected)]


def test_more_neighbours_than_a_statement_has_places_for(graph: Graph) -> None:
    many = 33_000
    graph.rebuild(
        nodes=[node(number) for number in range(many + 2)],
        links=[
            *(link(number, 0, number) for number in range(1, many + 1)),
            *(link(many + number, number, many + 1) for number in range(1, many + 1)),
        ],
        sequence=1,
    )
    budget = Budget(nodes=100_000, edges=100_000, seconds=60)
    closure = graph.closure(entity(0), direction="down", rights=EVERYTHING, budget=budget, page=Page(size=3))
    assert (closure.count, closure.cut, len(closure.members)) == (many + 1, None, 3)
    assert graph.impact(entity(0), rights=EVERYTHING, budget=budget).kinds == (
        Tally(of="dataset", count=many + 1),
    )


Write = tuple[int, dict[str, Any]]


@st.composite
def writes(draw: st.DrawFn) -> list[Write]:
    """What a change log says of three nodes and three links, each at a sequence of its own."""
    log: list[Write] = []
    for sequence in range(1, draw(st.integers(1, 8)) + 1):
        number = draw(st.integers(1, 3))
        change = draw(
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
    changes = [*world.nodes.values(), *world.links]
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
    counts: set[int] = set()
    failures: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            closure = graph.closure(
                entity(1), direction="down", rights=EVERYTHING, budget=Budget(hops=99), page=ALL
            )
            counts.add(closure.count)
            if len(closure.members) != closure.count:
                counts.add(-1)

    reader = threading.Thread(target=_recording(read, failures))
    reader.start()
    try:
        for _ in range(6):
            graph.rebuild(nodes=short[0], links=short[1], sequence=1)
            graph.rebuild(nodes=long[0], links=long[1], sequence=1)
    finally:
        done.set()
        reader.join()
    assert failures == []
    assert counts
    assert counts <= {59, 19}


def _recording(act: Callable[[], None], failures: list[BaseException]) -> Callable[[], None]:
    def run() -> None:
        try:
            act()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    return run


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
