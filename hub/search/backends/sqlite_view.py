"""Stages, rights and filters in SQL. Each stage is materialised once, then filtered.

A condition beside `MATCH` in one statement makes SQLite run the match again for every candidate row.
"""
# ruff: noqa: S608  # statements are joined from names and conditions of this module; values are bound

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from hub.search.port import FACET_VALUES, FACETS, FRESHNESS, OPEN_FACETS, Facet, FacetCounts, Rights, Sort
from hub.search.question import kind_lift
from hub.search.spelling import Vocabulary
from hub.search.stages import Everything, Filters, NameHolds, NameIs, NameStarts, Page, Stage, TextHolds, Word

_DAY: Final = 86_400
_LAST: Final = "\U0010ffff"
_CLOSE_LIFT: Final = 30.0
_LISTED: Final = "(SELECT value FROM json_each(?))"
_SCORE: Final = "bm25(words, 2.0, 1.0, 1.2, 1.0, 0.6)"
"""Weights of name, public, about, body, outputs; smaller is better."""
_MAY_READ: Final = "d.reads IN (SELECT class FROM readable)"
_ONLY_KNOWS: Final = "d.knows IN (SELECT class FROM known)"
_MAY_SEE: Final = "d.sees IN (SELECT class FROM seen)"
_NEWEST: Final = f"NOT ({_MAY_READ}), CASE WHEN {_MAY_READ} THEN d.newest ELSE d.by_name END"
_ORDERS: Final = {"best": "d.rank", "newest": _NEWEST, "name": "d.by_name"}


class View:
    """One transaction of one connection, as one asker sees it."""

    def __init__(
        self, connection: sqlite3.Connection, rights: Rights, today: int, vocabularies: dict[str, Vocabulary]
    ) -> None:
        self._connection = connection
        self._vocabularies = vocabularies
        self._today = today
        self._tables: dict[Stage, str] = {}
        classes = {
            "readable": rights.exists & rights.describe,
            "known": rights.exists - rights.describe,
            "seen": rights.derived,
        }
        for table, numbers in classes.items():
            connection.execute(f"CREATE TEMP TABLE {table} (class INTEGER PRIMARY KEY)")
            connection.executemany(f"INSERT INTO {table} VALUES (?)", [(number,) for number in numbers])

    def page(self, stage: Stage, above: Sequence[Stage], filters: Filters, offset: int, limit: int) -> Page:
        tables = [self._table(higher) for higher in above]
        conditions = [f"f.document NOT IN (SELECT document FROM {table})" for table in tables]
        wheres, values = self._filters(filters)
        source = f"FROM {self._table(stage)} f CROSS JOIN documents d ON d.row = f.document WHERE "
        source += " AND ".join(["1", *conditions, *wheres])
        count = self._one(f"SELECT count(*) {source}", values)
        if not limit:
            return Page(count=count, sources=())
        statement = f"SELECT d.row {source} ORDER BY f.score, d.rank LIMIT ? OFFSET ?"
        return Page(count=count, sources=self._sources(statement, [*values, limit, offset]))

    def ordered(
        self, stages: Sequence[Stage], filters: Filters, sort: Sort, offset: int, limit: int
    ) -> tuple[bytes, ...]:
        wheres, values = self._filters(filters)
        statement = (
            f"SELECT d.row FROM ({self._united(stages)}) f CROSS JOIN documents d ON d.row = f.document "
            f"WHERE {' AND '.join(['1', *wheres])} ORDER BY {_ORDERS[sort]} LIMIT ? OFFSET ?"
        )
        return self._sources(statement, [*values, limit, offset])

    def facets(self, stages: Sequence[Stage], filters: Filters) -> FacetCounts:
        chosen = [facet for facet, _ in filters]
        counts: dict[Facet, tuple[tuple[str, int], ...]] = {}
        rest = [facet for facet in FACETS if facet not in chosen]
        for facets in (rest, *([facet] for facet in chosen)):
            others = tuple(item for item in filters if item[0] not in facets)
            counts |= self._counted(stages, others, facets)
        return {facet: counts[facet] for facet in FACETS if counts.get(facet)}

    def vocabulary(self, letter: str) -> Vocabulary:
        if letter in self._vocabularies:
            return self._vocabularies[letter]
        rows = self._connection.execute(
            "SELECT DISTINCT term FROM vocabulary "
            "WHERE term >= ? AND term < ? AND col IN ('public', 'about')",
            (letter, letter + _LAST),
        )
        held = self._vocabularies[letter] = Vocabulary(row[0] for row in rows)
        return held

    def holding(self, word: str) -> int:
        table = self._new_table()
        self._insert(table, f"{{public}} : {_quoted(word)}", f"({_MAY_READ} OR {_ONLY_KNOWS})")
        self._insert(table, f"{{about}} : {_quoted(word)}", _MAY_READ)
        return self._one(f"SELECT count(*) FROM {table}", ())

    def _counted(
        self, stages: Sequence[Stage], filters: Filters, facets: Sequence[Facet]
    ) -> dict[Facet, tuple[tuple[str, int], ...]]:
        wheres, values = self._filters(filters)
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        table = self._new_table("readable INTEGER, freshness INTEGER")
        self._connection.execute(
            f"INSERT INTO {table} SELECT f.document, 0, {_MAY_READ}, d.freshness "
            f"FROM ({self._united(stages)}) f CROSS JOIN documents d ON d.row = f.document "
            f"WHERE {' AND '.join(['1', *wheres])}",
            values,
        )
        opened = json.dumps([facet for facet in facets if facet in OPEN_FACETS])
        closed = json.dumps([facet for facet in facets if facet not in OPEN_FACETS])
        rows = self._connection.execute(
            "SELECT v.facet, v.value, count(*) "
            f"FROM {table} f CROSS JOIN facets v ON v.document = f.document "
            "WHERE v.facet IN (SELECT value FROM json_each(?)) "
            "OR (f.readable AND v.facet IN (SELECT value FROM json_each(?))) GROUP BY 1, 2",
            (opened, closed),
        )
        for facet, value, number in rows:
            found[facet].append((value, number))
        counts = {
            facet: tuple(sorted(found[facet], key=lambda item: (-item[1], item[0]))[:FACET_VALUES])
            for facet in facets
            if facet in found
        }
        if "freshness" in facets:
            counts["freshness"] = self._changed(table)
        return counts

    def _changed(self, table: str) -> tuple[tuple[str, int], ...]:
        counts = []
        for bucket in (*FRESHNESS, "older"):
            condition, edge = self._bucket(bucket)
            statement = f"SELECT count(*) FROM {table} d WHERE readable AND {condition}"
            counts.append((bucket, self._one(statement, (edge,))))
        return tuple(item for item in counts if item[1])

    def _bucket(self, bucket: str) -> tuple[str, int]:
        edge = max(0, self._today - FRESHNESS.get(bucket, FRESHNESS["year"])) * _DAY
        return ("d.freshness < ?" if bucket == "older" else "d.freshness >= ?"), edge

    def _filters(self, filters: Filters) -> tuple[list[str], list[object]]:
        wheres: list[str] = []
        values: list[object] = []
        for facet, wanted in filters:
            if facet == "freshness":
                known = [self._bucket(bucket) for bucket in wanted if bucket in (*FRESHNESS, "older")]
                wheres.append(f"({' OR '.join(['0', *(condition for condition, _ in known)])})")
                values += [edge for _, edge in known]
            else:
                wheres.append(
                    "EXISTS (SELECT 1 FROM facets v WHERE v.document = d.row AND v.facet = ? "
                    "AND v.value IN (SELECT value FROM json_each(?)))"
                )
                values += [facet, json.dumps(wanted)]
            if facet not in OPEN_FACETS:
                wheres.append(_MAY_READ)
        return wheres, values

    def _united(self, stages: Sequence[Stage]) -> str:
        return " UNION ".join(f"SELECT document FROM {self._table(stage)}" for stage in stages)

    def _table(self, stage: Stage) -> str:
        """The temporary table with the visible documents of a stage and their scores."""
        if stage not in self._tables:
            self._tables[stage] = table = self._new_table()
            self._fill(table, stage)
        return self._tables[stage]

    def _fill(self, table: str, stage: Stage) -> None:
        visible = f"({_MAY_READ} OR {_ONLY_KNOWS})"
        match stage:
            case Everything():
                self._connection.execute(
                    f"INSERT INTO {table} SELECT d.row, 0 FROM documents d WHERE {visible}"
                )
            case NameIs(keys=keys):
                self._insert_names(table, f"n.key IN {_LISTED}", [json.dumps(keys)], visible)
            case NameStarts(key=key, paths=paths):
                condition = "n.key >= ? AND n.key < ?" + ("" if paths else " AND NOT n.is_path")
                self._insert_names(table, condition, [key, key + _LAST], visible)
            case NameHolds(words=words, prefix=prefix):
                parts = [_any_of(word.forms) for word in words] + ([_quoted(prefix) + " *"] if prefix else [])
                self._insert(table, f"{{name}} : ({' AND '.join(parts)})", visible)
                self._connection.execute(f"UPDATE {table} SET score = 0")
            case TextHolds():
                self._fill_text(table, stage)

    def _fill_text(self, table: str, stage: TextHolds) -> None:
        ways = (
            (_MAY_READ, ("name", "about", "body"), ("about", "public")),
            (f"{_MAY_READ} AND {_MAY_SEE}", ("name", "about", "body", "outputs"), ("about", "public")),
            (_ONLY_KNOWS, ("name", "public"), ("public",)),
        )
        for right, columns, forgiving in ways:
            words = [_word(word, columns, forgiving) for word in stage.words]
            if stage.at_least >= len(words):
                self._insert(table, " AND ".join(words), right)
            else:
                self._insert_some(table, words, stage.at_least, right)
        kinds = json.dumps({kind: kind_lift(kind) for kind in stage.question.kinds})
        close = json.dumps([other for _, other in stage.close])
        self._connection.execute(
            f"UPDATE {table} SET score = score * (1 + 0.01 * d.weight) "
            "- coalesce((SELECT value FROM json_each(?) WHERE key = d.kind), 0) "
            f"- ? * (d.row IN (SELECT document FROM names WHERE key IN {_LISTED})) "
            f"FROM documents d WHERE d.row = {table}.document",
            (kinds, _CLOSE_LIFT, close),
        )

    def _insert_names(self, table: str, condition: str, values: list[object], right: str) -> None:
        self._connection.execute(
            f"INSERT OR IGNORE INTO {table} SELECT d.row, 0 "
            f"FROM names n CROSS JOIN documents d ON d.row = n.document WHERE {condition} AND {right}",
            values,
        )

    def _insert(self, table: str, match: str, right: str) -> None:
        raw = self._matched(match)
        self._connection.execute(
            f"INSERT INTO {table} SELECT d.row, r.score FROM {raw} r CROSS JOIN documents d "
            f"ON d.row = r.document WHERE {right} "
            "ON CONFLICT DO UPDATE SET score = min(score, excluded.score)",
        )

    def _insert_some(self, table: str, words: Iterable[str], at_least: int, right: str) -> None:
        parts = " UNION ALL ".join(f"SELECT * FROM {self._matched(word)}" for word in words)
        self._connection.execute(
            f"INSERT INTO {table} SELECT d.row, r.score "
            f"FROM (SELECT document, sum(score) AS score FROM ({parts}) "
            "GROUP BY document HAVING count(*) >= ?) r "
            f"CROSS JOIN documents d ON d.row = r.document WHERE {right} "
            "ON CONFLICT DO UPDATE SET score = min(score, excluded.score)",
            (at_least,),
        )

    def _matched(self, match: str) -> str:
        raw = self._new_table()
        self._connection.execute(
            f"INSERT INTO {raw} SELECT rowid, {_SCORE} FROM words WHERE words MATCH ?",
            (match,),
        )
        return raw

    def _new_table(self, more: str = "") -> str:
        number = self._one("SELECT count(*) FROM sqlite_temp_master WHERE name LIKE 'stage%'", ())
        columns = f"document INTEGER PRIMARY KEY, score REAL{', ' + more if more else ''}"
        self._connection.execute(f"CREATE TEMP TABLE stage{number} ({columns})")
        return f"stage{number}"

    def _sources(self, statement: str, values: Sequence[object]) -> tuple[bytes, ...]:
        """The sources of the rows that a statement gives, read last: they are too large to be sorted."""
        rows = self._connection.execute(statement, values).fetchall()
        one = "SELECT source FROM documents WHERE row = ?"
        return tuple(self._connection.execute(one, row).fetchone()[0] for row in rows)

    def _one(self, statement: str, values: Sequence[object]) -> int:
        return int(self._connection.execute(statement, values).fetchone()[0])


def _word(word: Word, columns: Sequence[str], forgiving: Sequence[str]) -> str:
    ways = [f"{{{' '.join(columns)}}} : {_any_of(word.forms)}"]
    others = [_quoted(other) for _, other in word.similar] + (
        [_quoted(word.prefix) + " *"] if word.prefix else []
    )
    if others:
        ways.append(f"{{{' '.join(forgiving)}}} : ({' OR '.join(others)})")
    return f"({' OR '.join(ways)})"


def _any_of(words: Iterable[str]) -> str:
    return f"({' OR '.join(map(_quoted, words))})"


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
