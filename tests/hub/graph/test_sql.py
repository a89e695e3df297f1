"""What is particular to the SQL backend: what it costs and what it leaves behind."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hub.graph.backends import statements
from hub.graph.engine import engine
from hub.graph.models import GraphEdge, GraphNode
from hub.graph.port import Budget, NodeChange, Page, Rights
from tests.contract.graph.reference import entity, link, node

pytestmark = pytest.mark.django_db
RIGHTS = Rights(exists=frozenset({1}), describe=frozenset({1}))


def fan(width: int) -> None:
    """0 → each of 1 to `width` → `width` + 1."""
    out = [link(number, 0, number) for number in range(1, width + 1)]
    back = [link(width + number, number, width + 1) for number in range(1, width + 1)]
    nodes = [node(number) for number in range(width + 2)]
    engine().rebuild(nodes=nodes, links=[*out, *back], sequence=1)


def queries(question: str, width: int) -> int:
    fan(width)
    graph, budget = engine(), Budget()
    with CaptureQueriesContext(connection) as captured:
        match question:
            case "neighbourhood":
                graph.neighbourhood(entity(0), directions=frozenset({"down"}), rights=RIGHTS, budget=budget)
            case "closure":
                graph.closure(entity(0), direction="down", rights=RIGHTS, budget=budget, page=Page())
            case "path":
                graph.path(entity(0), entity(width + 1), rights=RIGHTS, budget=budget)
            case "impact":
                graph.impact(entity(0), rights=RIGHTS, budget=budget)
    return len(captured)


@pytest.mark.parametrize(
    ("question", "most"), [("neighbourhood", 8), ("closure", 8), ("path", 8), ("impact", 10)]
)
def test_a_question_costs_queries_by_its_levels_not_by_its_nodes(question: str, most: int) -> None:
    assert queries(question, 300) <= queries(question, 3) <= most


@pytest.mark.skipif(connection.vendor != "sqlite", reason="says how SQLite plans")
@pytest.mark.parametrize(
    ("statement", "index"),
    [(statements.DOWN, "graph_down (upstream=?)"), (statements.UP, "graph_up (downstream=?)")],
)
def test_a_walk_reads_an_index_and_not_the_edges(statement: str, index: str) -> None:
    with connection.cursor() as cursor:
        explained = "EXPLAIN QUERY PLAN " + statements.for_sqlite(statement)
        cursor.execute(explained, ["[1]", "[1]", '["reads"]', 10])
        plan = [row[3] for row in cursor.fetchall()]
    assert f"SEARCH e USING COVERING INDEX {index}" in plan
    assert "SEARCH n USING INTEGER PRIMARY KEY (rowid=?)" in plan


def test_a_rebuild_leaves_no_rows_of_another_build_whether_it_ends_or_fails() -> None:
    def broken() -> Iterator[NodeChange]:
        yield from (node(number) for number in range(6_000))
        raise OSError

    fan(3)
    with pytest.raises(OSError):
        engine().rebuild(nodes=broken(), links=(), sequence=2)
    fan(4)
    engine().write(nodes=[node(90)], sequence=2)
    assert len(set(GraphNode.objects.values_list("build", flat=True))) == 1
    assert len(set(GraphEdge.objects.values_list("build", flat=True))) == 1
    assert GraphNode.objects.count() == 7
    assert GraphEdge.objects.count() == 8
