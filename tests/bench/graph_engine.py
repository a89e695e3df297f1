"""How fast the graph's SQL backend loads and answers, on SQLite and PostgreSQL, as JSON.

    python -m tests.bench.graph_engine [--nodes 1000000] [--stores sqlite,postgresql] [--out FILE]

A graph of clusters of 2,000 nodes in 14 layers; 3 links a node, which go to a later layer, mostly the
next, 96 % of them inside the cluster; 45 % of the nodes are nobody's source; popularity is skewed; each
node is in one of 5 audiences of its cluster. Every answer is compared with a search in memory: an answer
that differs counts under `wrong`. Times are milliseconds at the port, with all ids returned; `cpu` is
this process alone, which on a busy machine says more (for PostgreSQL it leaves the server out).
"""

import argparse
import itertools
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from hub.graph.port import Budget, Direction, Graph, LinkChange, NodeChange, Page, Rights

_CLUSTER, _LAYERS, _AUDIENCES = 2_000, 14, 5
_BUDGET = Budget(hops=10, nodes=1_000_000, edges=10_000_000, seconds=600)
_ALL = Page(size=1_000_000)
_BUCKETS = ((10, 100), (100, 1_000), (1_000, 10_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A generated graph: nodes are positions, `down` and `up` their neighbours."""

    ids: Sequence[UUID]
    down: Sequence[Sequence[int]]
    up: Sequence[Sequence[int]]

    def audience(self, node: int) -> int:
        return node // _CLUSTER * _AUDIENCES + node % _AUDIENCES

    def nodes(self) -> Iterator[NodeChange]:
        for node, identity in enumerate(self.ids):
            yield NodeChange(
                id=identity,
                kind="dataset",
                audience=self.audience(node),
                team=f"team-{node // _CLUSTER}",
                name=f"lake.cluster_{node // _CLUSTER}.table_{node}",
                version="1",
            )

    def links(self) -> Iterator[LinkChange]:
        numbers = itertools.count(1)
        for upstream, others in enumerate(self.down):
            for downstream in others:
                yield LinkChange(
                    id=next(numbers),
                    source=self.ids[downstream],
                    relation="derived-from",
                    target=self.ids[upstream],
                    direct=True,
                    evidence="parsed",
                )

    def reach(self, start: int, direction: Direction, visible: frozenset[int]) -> dict[int, int]:
        """Nodes within 10 hops with their distance, through visible nodes only, without the start."""
        step = self.down if direction == "down" else self.up
        found, level = {start: 0}, [start]
        for depth in range(1, _BUDGET.hops + 1):
            level = [
                node
                for node in dict.fromkeys(other for one in level for other in step[one])
                if node not in found and self.audience(node) in visible
            ]
            found |= dict.fromkeys(level, depth)
        del found[start]
        return found


def generated(count: int, dice: random.Random) -> Sample:
    """`count` nodes, a multiple of 2,000, and three times as many distinct links."""
    clusters = count // _CLUSTER
    layer = [node % _CLUSTER * _LAYERS // _CLUSTER for node in range(count)]
    members: list[list[int]] = [[] for _ in range(_LAYERS)]
    for place in range(_CLUSTER):
        members[place * _LAYERS // _CLUSTER].append(place)
    sources = [node for node in range(count) if dice.random() >= 0.45 and layer[node] < _LAYERS - 1]
    down: list[set[int]] = [set() for _ in range(count)]
    links = 0
    while links < 3 * count:
        upstream = sources[int(len(sources) * dice.random())]
        later = min(_LAYERS - 1, layer[upstream] + min(5, 1 + int(dice.expovariate(1.2))))
        inside = dice.random() < 0.96
        cluster = upstream // _CLUSTER if inside else int(clusters * dice.random())
        places = members[later]
        downstream = cluster * _CLUSTER + places[int(len(places) * dice.random() ** 2)]
        if downstream not in down[upstream]:
            down[upstream].add(downstream)
            links += 1
    up: list[list[int]] = [[] for _ in range(count)]
    for upstream, others in enumerate(down):
        for downstream in others:
            up[downstream].append(upstream)
    ids = [UUID(int=dice.getrandbits(128), version=4) for _ in range(count)]
    return Sample(ids=ids, down=[sorted(others) for others in down], up=up)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question and the number that its answer must have."""

    ask: Callable[[Graph], int]
    expected: int


def cases(sample: Sample, each: int, dice: random.Random) -> dict[str, list[Case]]:
    """`each` questions a row: starts are drawn until every size of answer has as many, or 40,000 are."""
    everything = frozenset(range(len(sample.ids) // _CLUSTER * _AUDIENCES))
    found: dict[str, list[Case]] = {}
    for direction in ("down", "up"):
        for few in (False, True):
            _draw_closures(sample, direction, everything, few, each, dice, found)
    found["path"] = [_path(sample, everything, dice) for _ in range(2 * each)]
    return found


def _draw_closures(
    sample: Sample,
    direction: Direction,
    everything: frozenset[int],
    few: bool,
    each: int,
    dice: random.Random,
    found: dict[str, list[Case]],
) -> None:
    asker = "20 audiences" if few else "all audiences"
    rows = {
        (low, high): found.setdefault(f"{direction} 10 hops, {asker}, {low}-{high} nodes", [])
        for low, high in _BUCKETS
    }
    for _ in range(40_000):
        if all(len(row) >= each for row in rows.values()):
            return
        start = dice.randrange(len(sample.ids))
        visible = _twenty(sample, start, dice) if few else everything
        size = len(sample.reach(start, direction, visible))
        for (low, high), row in rows.items():
            if low <= size < high and len(row) < each:
                row.append(_closure(sample.ids[start], direction, visible, size))


def _twenty(sample: Sample, start: int, dice: random.Random) -> frozenset[int]:
    """The audiences of the start's cluster and 15 others."""
    own = start // _CLUSTER * _AUDIENCES
    others = (dice.randrange(len(sample.ids) // _CLUSTER * _AUDIENCES) for _ in range(15))
    return frozenset({*range(own, own + _AUDIENCES), *others})


def _closure(start: UUID, direction: Direction, visible: frozenset[int], size: int) -> Case:
    rights = Rights(exists=visible, describe=visible)

    def ask(graph: Graph) -> int:
        return len(
            graph.closure(start, direction=direction, rights=rights, budget=_BUDGET, page=_ALL).members
        )

    return Case(ask=ask, expected=size)


def _path(sample: Sample, everything: frozenset[int], dice: random.Random) -> Case:
    rights = Rights(exists=everything, describe=everything)
    near: dict[int, int] = {}
    while not near:
        source = dice.randrange(len(sample.ids))
        near = sample.reach(source, "down", everything)
    target = dice.choice(sorted(near))

    def ask(graph: Graph) -> int:
        path = graph.path(sample.ids[source], sample.ids[target], rights=rights, budget=_BUDGET)
        return len(path.nodes) - 1

    return Case(ask=ask, expected=near[target])


def measured(graph: Graph, rows: Mapping[str, Sequence[Case]]) -> dict[str, object]:
    """Milliseconds of each row, after one warm-up question a row."""
    figures: dict[str, object] = {}
    for name, row in rows.items():
        if not row:
            continue
        row[0].ask(graph)
        times, busy, wrong = [], [], 0
        for case in row:
            begun, worked = time.perf_counter(), time.process_time()
            answer = case.ask(graph)
            times.append((time.perf_counter() - begun) * 1_000)
            busy.append((time.process_time() - worked) * 1_000)
            wrong += answer != case.expected
        times.sort()
        figures[name] = {
            "n": len(row),
            "size_p50": statistics.median(case.expected for case in row),
            "ms_p50": round(statistics.median(times), 3),
            "cpu_ms_p50": round(statistics.median(busy), 3),
            "ms_p99": round(times[min(len(times) - 1, int(len(times) * 0.99))], 3),
            "wrong": wrong,
        }
    return figures


def _databases(stores: Sequence[str], folder: Path) -> dict[str, dict[str, object]]:
    made: dict[str, dict[str, object]] = {}
    if "sqlite" in stores:
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;"
        options = {"transaction_mode": "IMMEDIATE", "init_command": pragmas + " PRAGMA mmap_size=268435456"}
        made["sqlite"] = {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(folder / "graph.sqlite3"),
            "OPTIONS": options,
        }
    if "postgresql" in stores:
        from tests.servers import database_settings, postgres_database

        made["postgresql"] = database_settings(postgres_database())
    return made


def _bytes(store: str, folder: Path) -> int:
    if store == "sqlite":
        return sum(path.stat().st_size for path in folder.iterdir())
    with connections[store].cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('graph_node') + pg_total_relation_size('graph_edge')")
        size: int = cursor.fetchone()[0]
        return size


def _bench(store: str, sample: Sample, rows: Mapping[str, Sequence[Case]], folder: Path) -> dict[str, object]:
    from hub.graph.backends.sql import SqlGraph

    call_command("migrate", "graph", database=store, verbosity=0)
    graph = SqlGraph(using=store)
    begun = time.perf_counter()
    size = graph.rebuild(nodes=sample.nodes(), links=sample.links(), sequence=1)
    seconds = time.perf_counter() - begun
    added = time.perf_counter()
    graph.write(
        links=[
            LinkChange(
                id=10**9,
                source=sample.ids[0],
                relation="derived-from",
                target=sample.ids[-1],
                direct=True,
                evidence="manual",
            )
        ],
        sequence=2,
    )
    added = time.perf_counter() - added
    graph.write(removed_links=[10**9], sequence=3)
    return {
        "nodes": size.nodes,
        "links": size.links,
        "rebuild_seconds": round(seconds, 1),
        "bytes": _bytes(store, folder),
        "one_link_ms": round(added * 1_000, 2),
        "questions": measured(graph, rows),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--nodes", type=int, default=100_000, help="a multiple of 2,000 (default 100,000)")
    options.add_argument("--each", type=int, default=60, help="questions a row (default 60)")
    options.add_argument("--stores", default="sqlite,postgresql")
    options.add_argument("--out", type=Path, help="write the JSON here instead of standard output")
    chosen = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="boxwood-graph-"))
    try:
        databases = _databases(chosen.stores.split(","), folder)
        settings.configure(
            INSTALLED_APPS=["hub.graph"],
            DATABASES={"default": {}, **databases},
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            USE_TZ=True,
        )
        django.setup()
        dice = random.Random(11)
        sample = generated(chosen.nodes, dice)
        rows = cases(sample, chosen.each, dice)
        figures = {store: _bench(store, sample, rows, folder) for store in databases}
        connections.close_all()
    finally:
        shutil.rmtree(folder)
    report = json.dumps({"benchmark": "graph", "load_average": os.getloadavg(), **figures}, indent=2)
    if chosen.out:
        chosen.out.parent.mkdir(parents=True, exist_ok=True)
        chosen.out.write_text(report + "\n")
    else:
        sys.stdout.write(report + "\n")


if __name__ == "__main__":
    main()
