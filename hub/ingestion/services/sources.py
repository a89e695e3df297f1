"""Add a source, change its schedule."""

import re
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from hub.accounts.models import Principal, Space
from hub.audit.services import record
from hub.core import clock
from hub.core.errors import Conflict, Invalid
from hub.ingestion.models import Source
from indexers.registry import Source as Reader
from indexers.registry import SourceUnreadable, open_source

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


@transaction.atomic
def add_source(
    *,
    actor: Principal | None,
    location: str,
    name: str = "",
    kind: str = "",
    space: Space | None = None,
    discoverability: str = "",
    every_minutes: int | None = None,
) -> Source:
    """Add a path or URL to what the hub crawls; nothing is read but its name.

    The name becomes part of addresses: lower case, digits, `.`, `_`, `-`. Without one it is made from
    the location, with a number where it is taken. Raises Invalid; Conflict when the location is there.
    """
    location = _absolute(location)
    reader = _reader(location, kind)
    if every_minutes is not None and every_minutes < 5:
        raise Invalid("Choose 5 minutes or more", field="every_minutes")
    if Source.objects.filter(location=location).exists():
        raise Conflict(f"{location} is a source already", code="source_exists")
    if name and not _NAME.fullmatch(name):
        raise Invalid("Name: use lower-case letters, digits, '.', '_' or '-'", field="name")
    if name and Source.objects.filter(name=name).exists():
        raise Conflict(f"a source named {name} is there already", code="source_exists")
    source = Source.objects.create(
        name=name or _free_name(location),
        kind=reader.kind,
        location=location,
        space=space,
        discoverability=discoverability or (space.discoverability if space else "requestable"),
        every_minutes=every_minutes,
        next_due=clock.now() if every_minutes else None,
        added_by=actor,
        added_at=clock.now(),
    )
    record(actor=actor, action="source.added", subject=source.name)
    return source


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a location would become as a source."""

    kind: str
    name: str


def check_source(*, location: str) -> Checked:
    """Look at a location without reading more than its name. Raises Invalid."""
    location = _absolute(location)
    return Checked(kind=_reader(location).kind, name=_free_name(location))


@transaction.atomic
def reschedule_source(*, actor: Principal | None, source: Source, every_minutes: int | None) -> None:
    """Crawl every so many minutes (5 and more), or only when asked to (None)."""
    if every_minutes is not None and every_minutes < 5:
        raise Invalid("Choose 5 minutes or more", field="every_minutes")
    source.every_minutes = every_minutes
    source.next_due = clock.now() if every_minutes else None
    source.save(update_fields=["every_minutes", "next_due"])
    record(actor=actor, action="source.rescheduled", subject=source.name)


def _reader(location: str, kind: str = "") -> Reader:
    try:
        return open_source(location, kind)
    except SourceUnreadable as error:
        raise Invalid(str(error), field="location", code=error.code) from error
    except ValueError as error:
        raise Invalid(str(error), field="location", code="source_unknown") from error


def _absolute(location: str) -> str:
    location = location.strip()
    if "://" in location or re.match(r"[\w.-]+@[\w.-]+:", location):
        return location
    path = Path(location).expanduser()
    return str(path.resolve()) if path.exists() else location


def _free_name(location: str) -> str:
    last = re.split(r"[/:\\]", location.rstrip("/\\"))[-1].lower()
    stem = last.removesuffix(".git").removesuffix(".bundle")
    base = re.sub(r"[^a-z0-9._-]+", "-", stem).strip("-._")[:90] or "source"
    name, number = base, 2
    while Source.objects.filter(name=name).exists():
        name, number = f"{base}-{number}", number + 1
    return name


def known_source(location: str) -> Source | None:
    """The source at this location, if it was added."""
    return Source.objects.filter(location=_absolute(location)).first()
