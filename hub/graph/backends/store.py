"""One database, SQLite or PostgreSQL, as the backend speaks to it."""

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

import orjson
from django.db import connections

from hub.graph.backends import statements

Value = int | str | bool | UUID | None
Parameter = Value | Sequence[int] | Sequence[str] | Sequence[UUID]
Item = TypeVar("Item")
Row = tuple[Any, ...]

_for_sqlite = functools.cache(statements.for_sqlite)
_with_arrays = functools.cache(statements.with_arrays)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The connection of the calling thread to the database `using`."""

    using: str

    @property
    def _sqlite(self) -> bool:
        return connections[self.using].vendor == "sqlite"

    def rows(self, statement: str, *parameters: Parameter) -> list[Row]:
        """All rows of a question of `statements`."""
        given: list[Any] = list(parameters)
        if self._sqlite:
            statement, given = _for_sqlite(statement), [_in_sqlite(value) for value in parameters]
        with connections[self.using].cursor() as cursor:
            cursor.execute(statement, given)
            found: list[Row] = cursor.fetchall()
        return found

    def change(self, statement: str, *parameters: Value) -> int:
        """How many rows a statement removed or changed."""
        with connections[self.using].cursor() as cursor:
            cursor.execute(statement, list(parameters))
            changed: int = cursor.rowcount
        return changed

    def put(self, statement: str, rows: Sequence[Sequence[Value]]) -> None:
        """Insert or update `rows`, no two of the same key."""
        if not rows:
            return
        with connections[self.using].cursor() as cursor:
            if self._sqlite:
                cursor.executemany(statement, [[_in_sqlite(value) for value in row] for row in rows])
            else:
                cursor.execute(_with_arrays(statement), [list(column) for column in zip(*rows, strict=True)])

    def learn(self) -> None:
        """Tell PostgreSQL's planner of rows that came in bulk; SQLite plans these questions without."""
        if not self._sqlite:
            with connections[self.using].cursor() as cursor:
                cursor.execute("ANALYZE graph_node, graph_edge")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in order, at most `size` at a time."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _in_sqlite(value: Parameter) -> Value:
    if isinstance(value, UUID):
        return value.hex
    if value is None or isinstance(value, int | str):
        return value
    return orjson.dumps([item.hex if isinstance(item, UUID) else item for item in value]).decode()


def entity(value: UUID | str) -> UUID:
    """An id as a row has it: PostgreSQL knows UUIDs, SQLite keeps their 32 hex digits."""
    return value if isinstance(value, UUID) else UUID(int=int(value, 16))
