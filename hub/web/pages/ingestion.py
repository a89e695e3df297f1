"""Sources and runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.web.pages.parts import (
    Action,
    Badge,
    Banner,
    Choice,
    Empty,
    Fact,
    FaultRow,
    FieldError,
    Head,
    Link,
    Pagination,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source with its last run. `state` is the badge of that run."""

    name: str
    url: str
    kind_label: str
    address: str
    state: Badge
    last_run: Link | None = None
    last_moment: datetime | None = None
    schedule: str = ""
    crawl: Action | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesPage:
    """ingestion/sources.html."""

    sources: Sequence[SourceRow]
    add: Action | None = None
    empty: Empty | None = None
    banners: Sequence[Banner] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFormPage:
    """ingestion/source_form.html: fields `address`, `name`, `team`, `schedule`; `step` "check" previews."""

    action_url: str
    cancel_url: str
    address: str = ""
    name: str = ""
    teams: Sequence[Choice] = ()
    schedules: Sequence[Choice] = ()
    errors: Sequence[FieldError] = ()
    preview: Sequence[Fact] = ()
    editing: bool = False
    any_address: bool = True
    """Whether folders and hosts that the hub itself can reach may be given, not https:// alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeRow:
    """A scope of a run: what was seen, changed and closed there."""

    name: str
    state: Badge
    seen: int
    changed: int
    closed: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """ingestion/run.html. While `refresh_url` is set, the page asks for itself again each two seconds."""

    head: Head
    scopes: Sequence[ScopeRow] = ()
    faults: Sequence[FaultRow] = ()
    faults_total: int = 0
    progress: str = ""
    done: int = 0
    total: int = 0
    refresh_url: str = ""
    facts: Sequence[Fact] = ()
    guard: Banner | None = None
    guard_actions: Sequence[Action] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run in a list."""

    name: str
    url: str
    state: Badge
    moment: datetime
    duration: str = ""
    summary: str = ""
    faults: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsPage:
    """ingestion/runs.html."""

    runs: Sequence[RunRow]
    pages: Pagination | None = None
    empty: Empty | None = None
