"""What every graph store must answer."""

from collections.abc import Iterable
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.errors import Invalid
from hub.graph.port import Budget, Direction, Graph, Key, Link, Member, Page, Rights, Stub, Tally, flow
from tests.contract.graph.asking import ALL, EVERYTHING, WIDE, answers, chain, fill, law
from tests.contract.graph.reference import World, entity, link, node, worlds

ABSENT = entity(1_000_000)


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
                assert (path.nodes, path.links) == ((), ())
                assert path.partial or target not in near
                continue
            assert not path.partial
            assert len(path.nodes) == near[target] + 1
            assert (path.nodes[0], path.nodes[-1]) == (world.shown(source), world.shown(target))
            _assert_linked(world, [shown.id for shown in path.nodes], path.links)


def _assert_linked(world: World, keys: list[Key], links: Iterable[Link]) -> None:
    steps = set(pairwise(keys))
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


def test_a_cut_by_nodes_keeps_the_first_ids_of_the_last_level_and_drops_stubs_first(graph: Graph) -> None:
    nodes = [node(0), *(node(number, audience=1 + number % 2) for number in range(1, 9))]
    graph.rebuild(nodes=nodes, links=[link(number, 0, number) for number in range(1, 9)], sequence=1)
    rights = Rights(exists=frozenset({1, 2}), describe=frozenset({1}))
    described = sorted(entity(number) for number in (2, 4, 6, 8))
    for afforded in (3, 5):
        around = graph.neighbourhood(
            entity(0), directions=frozenset({"down"}), rights=rights, budget=Budget(nodes=afforded)
        )
        kept = [reached.node.id for reached in around.nodes[1:]]
        assert kept[:4] == described[:afforded]
        assert len(kept) == afforded


def test_a_negative_budget_is_refused() -> None:
    with pytest.raises(Invalid):
        Budget(hops=-1)


def test_the_pages_of_a_closure_add_up_to_the_whole(graph: Graph) -> None:
    links = [link(n, 0, n) for n in range(1, 8)] + [link(n, 1, n) for n in range(8, 14)]
    graph.rebuild(nodes=[node(n) for n in range(14)], links=links, sequence=1)

    def members(page: Page) -> tuple[Member, ...]:
        return graph.closure(entity(0), direction="down", rights=EVERYTHING, budget=WIDE, page=page).members

    whole = members(ALL)
    pages: list[Member] = []
    while page := members(Page(size=5, after=pages[-1] if pages else None)):
        pages += page
    assert tuple(pages) == whole
    assert len(whole) == 13


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
