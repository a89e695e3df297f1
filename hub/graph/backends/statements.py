"""The backend's SQL, written once, for PostgreSQL, and turned into SQLite's by two replacements.

A list travels as one parameter (an array there, JSON here), so no list is too long for a statement
and every statement has one text, prepared once. CROSS JOIN is how SQLite is told the order of the
loops; PostgreSQL finds its own, and knows from `unnest` how few rows begin.
"""

from typing import Final

_IN_SQLITE: Final = {
    "= ANY(%s)": "IN (SELECT value FROM json_each(%s))",
    "unnest(%s::bigint[]) AS f(value)": "json_each(%s) AS f",
}

DOWN: Final = """
SELECT e.upstream, e.downstream, n.audience
FROM unnest(%s::bigint[]) AS f(value) CROSS JOIN graph_edge e CROSS JOIN graph_node n
WHERE e.upstream = f.value AND n.id = e.downstream AND n.audience = ANY(%s)
  AND e.relation = ANY(%s)
ORDER BY e.upstream, e.downstream LIMIT %s
"""

UP: Final = """
SELECT e.downstream, e.upstream, n.audience
FROM unnest(%s::bigint[]) AS f(value) CROSS JOIN graph_edge e CROSS JOIN graph_node n
WHERE e.downstream = f.value AND n.id = e.upstream AND n.audience = ANY(%s)
  AND e.relation = ANY(%s)
ORDER BY e.downstream, e.upstream LIMIT %s
"""

BETWEEN: Final = """
SELECT e.edge, e.upstream, e.downstream, e.relation, e.direct, e.evidence
FROM graph_edge e
WHERE e.upstream = ANY(%s) AND +e.downstream = ANY(%s) AND e.relation = ANY(%s)
ORDER BY e.edge LIMIT %s
"""
"""The plus keeps the second list a filter: looked up pair by pair, n nodes would cost n² searches."""

SERVING: Final = "SELECT serving FROM graph_state WHERE id = 1"

START: Final = "SELECT id, audience FROM graph_node WHERE build = %s AND entity = %s"

NUMBERS: Final = "SELECT entity, id FROM graph_node WHERE build = %s AND entity = ANY(%s)"

DETAILS: Final = """
SELECT id, audience, entity, kind, name, team, version
FROM graph_node WHERE id = ANY(%s) AND audience = ANY(%s)
"""

FIRST: Final = """
SELECT id, entity FROM graph_node
WHERE id = ANY(%s) AND audience = ANY(%s) AND entity > %s
ORDER BY entity LIMIT %s
"""

KINDS: Final = """
SELECT kind, COUNT(*) FROM graph_node WHERE id = ANY(%s) AND audience = ANY(%s) GROUP BY kind ORDER BY kind
"""

TEAMS: Final = """
SELECT team, COUNT(*) FROM graph_node WHERE id = ANY(%s) AND audience = ANY(%s) GROUP BY team ORDER BY team
"""

NODES: Final = """
SELECT entity, kind, audience, team, name, version FROM graph_node
WHERE build = %s AND audience IS NOT NULL AND entity > %s
ORDER BY entity LIMIT %s
"""

LINKS: Final = """
SELECT e.edge, u.entity, e.relation, d.entity, e.direct, e.evidence
FROM graph_edge e JOIN graph_node u ON u.id = e.upstream JOIN graph_node d ON d.id = e.downstream
WHERE e.build = %s AND e.live AND e.edge > %s
ORDER BY e.edge LIMIT %s
"""

_NODE_VALUES: Final = "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
_NODE_ARRAYS: Final = (
    "SELECT * FROM unnest(%s::int[], %s::uuid[], %s::text[], %s::bigint[], %s::text[], %s::text[],"
    " %s::text[], %s::bigint[])"
)
PUT_NODES: Final = """
INSERT INTO graph_node (build, entity, kind, audience, team, name, version, sequence)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (build, entity) DO UPDATE SET kind = excluded.kind, audience = excluded.audience,
  team = excluded.team, name = excluded.name, version = excluded.version, sequence = excluded.sequence
WHERE excluded.sequence >= graph_node.sequence
"""

_EDGE_VALUES: Final = "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
_EDGE_ARRAYS: Final = (
    "SELECT * FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::bool[],"
    " %s::text[], %s::bool[], %s::bigint[])"
)
PUT_EDGES: Final = """
INSERT INTO graph_edge (build, edge, upstream, downstream, relation, direct, evidence, live, sequence)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (build, edge) DO UPDATE SET upstream = excluded.upstream, downstream = excluded.downstream,
  relation = excluded.relation, direct = excluded.direct, evidence = excluded.evidence,
  live = excluded.live, sequence = excluded.sequence
WHERE excluded.sequence >= graph_edge.sequence
"""

SWEEP_EDGES: Final = """
DELETE FROM graph_edge WHERE id IN (SELECT id FROM graph_edge WHERE build = %s LIMIT %s)
"""

SWEEP_NODES: Final = """
DELETE FROM graph_node WHERE id IN (SELECT id FROM graph_node WHERE build = %s LIMIT %s)
"""


def for_sqlite(statement: str) -> str:
    """The same question in SQLite's words."""
    for words, in_sqlite in _IN_SQLITE.items():
        statement = statement.replace(words, in_sqlite)
    return statement


def with_arrays(statement: str) -> str:
    """An insert of rows as PostgreSQL takes many at once: by columns."""
    return statement.replace(_NODE_VALUES, _NODE_ARRAYS).replace(_EDGE_VALUES, _EDGE_ARRAYS)
