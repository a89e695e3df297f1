"""Sources and runs as pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from hub.accounts.models import Space
from hub.core import clock
from hub.core.asker import OWNER, Asker
from hub.core.errors import HubError, Invalid
from hub.ingestion.models import CrawlRun, Source
from hub.ingestion.queries import inside, shown_location
from hub.web.kinds import words_of
from hub.web.pages import (
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
    RunPage,
    RunRow,
    RunsPage,
    ScopeRow,
    Signal,
    SourceFormPage,
    SourceRow,
    SourcesPage,
)

ADD_URL: Final = "/settings/sources/add"
SOURCES_URL: Final = "/settings/sources"
_FAULTS: Final = 200
SCHEDULES: Final = {"": "Only when asked", "60": "Every hour", "1440": "Every day", "10080": "Every week"}
_STATES: Final = {
    "queued": Badge(label="Waiting", tone="", icon="circle-dashed"),
    "running": Badge(label="Running", tone="info", icon="clock"),
    "complete": Badge(label="Complete", tone="ok", icon="circle-check"),
    "partial": Badge(label="Partial", tone="warn", icon="triangle-alert"),
    "failed": Badge(label="Failed", tone="danger", icon="circle-x"),
    "cancelled": Badge(label="Cancelled", tone="line", icon="circle-x"),
    "interrupted": Badge(label="Interrupted", tone="warn", icon="triangle-alert"),
    "unchanged": Badge(label="Unchanged", tone="ok", icon="circle-check"),
}
KINDS: Final = {"git": "Git repository", "folder": "Folder"}
_SCOPES: Final = {"heads": "Newest state", "history": "History", "files": "Files"}


def sources_page(asker: Asker, sources: Sequence[Source], latest: dict[object, CrawlRun]) -> SourcesPage:
    """The sources with their last runs; addresses and buttons for those inside their teams."""
    return SourcesPage(
        sources=[_source_row(asker, source, latest.get(source.pk)) for source in sources],
        add=Action(label="Add a source", url=ADD_URL, icon="plus", primary=True),
        empty=None
        if sources
        else Empty(
            title="No source yet",
            text="A source is a Git repository, a bundle or a folder. Nothing there is changed or run.",
            actions=[Action(label="Add a source", url=ADD_URL, primary=True, icon="plus")],
        ),
    )


def form_page(
    asker: Asker,
    spaces: Sequence[Space],
    *,
    posted: dict[str, str],
    error: HubError | None,
    preview: Sequence[Fact] = (),
) -> SourceFormPage:
    """The form with what was typed, what is wrong with it, or what a check saw there."""
    owner = OWNER in asker.tokens
    chosen = posted.get("team", "")
    return SourceFormPage(
        action_url=ADD_URL,
        cancel_url=SOURCES_URL,
        address=posted.get("address", ""),
        name=posted.get("name", ""),
        teams=[
            *([Choice(value="", label="Nobody but me", checked=not chosen)] if owner else []),
            *(Choice(value=space.slug, label=space.name, checked=space.slug == chosen) for space in spaces),
        ],
        schedules=[
            Choice(value=value, label=label, checked=posted.get("schedule", "") == value)
            for value, label in SCHEDULES.items()
        ],
        errors=[FieldError(field=_field_of(error), message=error.message)] if error else [],
        preview=preview,
        any_address=owner,
    )


def run_page(asker: Asker, run: CrawlRun) -> RunPage:
    """A run: its progress while it goes on, then scopes and faults. 3 queries."""
    scopes = list(run.scopes.order_by("pk"))
    shown = inside(asker, run.source)
    faults = list(run.faults.order_by("pk")[:_FAULTS]) if shown else []
    withheld = sum(scope.withheld for scope in scopes)
    actions = []
    if run.live and shown:
        actions.append(Action(label="Cancel", url=f"/runs/{run.pk}/cancel", post=True, icon="x"))
    elif shown:
        actions.append(
            Action(
                label="Crawl now", url=f"{SOURCES_URL}/{run.source.name}/crawl", post=True, icon="refresh-cw"
            )
        )
    return RunPage(
        head=_run_head(run, actions),
        scopes=[
            ScopeRow(
                name=_SCOPES.get(scope.scope, scope.scope),
                state=_STATES[scope.outcome],
                seen=scope.seen,
                changed=scope.changed,
                closed=scope.closed,
                note=f"{scope.withheld:,} removals wait for you" if scope.withheld else "",
            )
            for scope in scopes
        ],
        faults=[FaultRow(code=one.code, place=one.place, message=one.message) for one in faults],
        faults_total=run.faults.count() if shown else 0,
        progress=f"{run.doing or 'Waiting for a worker'}".capitalize(),
        done=run.done,
        total=run.expected or 0,
        refresh_url=f"/runs/{run.pk}/progress" if run.live else "",
        facts=_run_facts(run),
        guard=Banner(text=run.warning, tone="warn") if run.warning else None,
        guard_actions=[
            Action(
                label=f"Remove {withheld:,} things",
                url=f"{SOURCES_URL}/{run.source.name}/confirm",
                post=True,
                icon="triangle-alert",
            )
        ]
        if withheld and shown and not run.live
        else [],
    )


def runs_page(runs: Sequence[CrawlRun], pages: Pagination | None) -> RunsPage:
    """Runs, newest first."""
    return RunsPage(
        runs=[
            RunRow(
                name=run.source.name,
                url=f"/runs/{run.pk}",
                state=_STATES[run.state],
                moment=run.requested_at,
                duration=_duration(run.started_at, run.finished_at),
                summary=_summary(run, changed or 0, closed or 0),
                faults=faults,
            )
            for run, faults, changed, closed in ((run, *_counts(run)) for run in runs)
        ],
        pages=pages,
        empty=None
        if runs
        else Empty(
            title="No crawl has run yet",
            text="Crawls of your sources stand here, with what they found and what could not be read.",
            actions=[Action(label="See the sources", url=SOURCES_URL)],
        ),
    )


def _counts(run: CrawlRun) -> tuple[int, int | None, int | None]:
    """Faults, changes and removals, as the query of runs annotates them."""
    return run.fault_count, run.changed_count, run.closed_count  # type: ignore[attr-defined]


def _source_row(asker: Asker, source: Source, run: CrawlRun | None) -> SourceRow:
    shown = inside(asker, source)
    return SourceRow(
        name=source.name,
        url=f"/repos/{source.name}" if source.kind == "git" else f"/search?q={source.name}",
        kind_label=KINDS.get(source.kind, source.kind),
        address=shown_location(source) if shown else "",
        state=_STATES[run.state] if run else Badge(label="Never crawled", tone="line", icon="circle-dashed"),
        last_run=Link(label="See the run", url=f"/runs/{run.pk}") if run else None,
        last_moment=(run.finished_at or run.requested_at) if run else None,
        schedule=_schedule(source.every_minutes),
        crawl=Action(
            label="Crawl now", url=f"{SOURCES_URL}/{source.name}/crawl", post=True, icon="refresh-cw"
        )
        if shown
        else None,
        note=source.space.name if source.space else "",
    )


def _run_head(run: CrawlRun, actions: Sequence[Action]) -> Head:
    state = _STATES[run.state]
    duration = _duration(run.started_at, run.finished_at)
    signals = [Signal(text="Asked for", icon="clock", moment=run.requested_at)]
    if duration:
        signals.append(Signal(text=f"Took {duration}", icon="history"))
    if run.peak_memory_mb:
        signals.append(Signal(text=f"Peak memory {run.peak_memory_mb:,} MB", icon="cpu"))
    return Head(
        name=f"Crawl of {run.source.name}",
        icon="play",
        kind_label="Run",
        crumbs=[Link(label="Runs", url="/runs")],
        badges=[state],
        signals=signals,
        actions=actions,
    )


def _run_facts(run: CrawlRun) -> list[Fact]:
    held = [Fact(term=words_of(kind).many, text=f"{count:,}") for kind, count in sorted(run.entities.items())]
    versions = [
        Fact(term=f"Versions of {words_of(kind).many.lower()}", text=f"{count:,}")
        for kind, count in sorted(run.versions.items())
    ]
    return [*held, *versions]


def _summary(run: CrawlRun, changed: int, closed: int) -> str:
    """What a finished run changed in the catalogue."""
    if run.warning:
        return run.warning
    if run.live:
        return ""
    if not changed and not closed:
        return "Nothing changed" if run.state == CrawlRun.State.COMPLETE else ""
    facts = f"{changed:,} fact{'' if changed == 1 else 's'} new or changed" if changed else ""
    return ", ".join(part for part in (facts, f"{closed:,} gone" if closed else "") if part)


def _duration(started: datetime | None, finished: datetime | None) -> str:
    if started is None:
        return ""
    seconds = ((finished or clock.now()) - started).total_seconds()
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {int(seconds % 60)} s"


def _schedule(minutes: int | None) -> str:
    return SCHEDULES.get(str(minutes), f"Every {minutes} minutes") if minutes else SCHEDULES[""]


def _field_of(error: HubError) -> str:
    names = {"location": "address", "every_minutes": "schedule"}
    return names.get(error.field, error.field or "address") if isinstance(error, Invalid) else "address"
