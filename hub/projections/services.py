"""Move projections along the change log, rebuild them, compare them with the truth."""

from collections.abc import Callable
from typing import Final, Protocol

from django.db import transaction

from hub.catalogue import queries
from hub.core import clock
from hub.core.errors import Invalid
from hub.projections.graph import GraphProjection
from hub.projections.models import Cursor
from hub.projections.search import SearchProjection

_GENERATIONS: Final = 50
"""Generations taken at once: an entity that changed in several is written once."""


class Projection(Protocol):
    """A store derived from the catalogue."""

    name: str

    def apply(self, changed: queries.Changed) -> None: ...

    def rebuild(self, sequence: int) -> int: ...

    def verify(self) -> list[str]: ...


PROJECTIONS: Final[dict[str, Callable[[], Projection]]] = {
    "search": SearchProjection,
    "graph": GraphProjection,
}


def follow(name: str) -> int:
    """Apply all that was published since the cursor; returns the number of changed entities.

    The cursor moves after the store has the change: a crash repeats work and loses none.
    """
    projection = _projection(name)
    cursor, _ = Cursor.objects.get_or_create(projection=name)
    applied = 0
    while changed := queries.changed_since(cursor.sequence, generations=_GENERATIONS):
        projection.apply(changed)
        applied += len(changed.entity_ids)
        _move(name, changed.sequence)
        cursor.sequence = changed.sequence
    return applied


def follow_all() -> int:
    """`follow` for every projection; returns the entities applied, counted once a projection."""
    return sum(follow(name) for name in PROJECTIONS)


def rebuild(name: str) -> int:
    """Make the projection anew from the catalogue while the old one serves; returns what it holds."""
    sequence = queries.newest_sequence()
    size = _projection(name).rebuild(sequence)
    _move(name, sequence)
    follow(name)
    return size


@transaction.atomic
def request_rebuild(name: str) -> None:
    """Have the worker of this data folder rebuild the projection."""
    _projection(name)
    Cursor.objects.update_or_create(projection=name, defaults={"rebuild_requested": True})


def rebuild_pending(name: str) -> bool:
    """Whether a requested rebuild has not ended yet."""
    return Cursor.objects.filter(projection=name, rebuild_requested=True).exists()


def rebuild_requested() -> int:
    """Carry out the rebuilds that were requested; returns how many."""
    names = list(Cursor.objects.filter(rebuild_requested=True).values_list("projection", flat=True))
    for name in names:
        rebuild(name)
        Cursor.objects.filter(projection=name).update(rebuild_requested=False)
    return len(names)


def verify(name: str) -> list[str]:
    """Differences between the catalogue and a projection that has caught up; empty when they agree."""
    return _projection(name).verify()


def lag(name: str) -> int:
    """Published generations that the projection has not applied yet."""
    cursor = Cursor.objects.filter(projection=name).first()
    return queries.newest_sequence() - (cursor.sequence if cursor else 0)


@transaction.atomic
def _move(name: str, sequence: int) -> None:
    Cursor.objects.update_or_create(projection=name, defaults={"sequence": sequence, "moved_at": clock.now()})


def _projection(name: str) -> Projection:
    if name not in PROJECTIONS:
        raise Invalid(
            f"There is no projection {name}; there are {', '.join(PROJECTIONS)}", field="projection"
        )
    return PROJECTIONS[name]()
