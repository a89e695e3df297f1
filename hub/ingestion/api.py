"""Sources and runs over the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.models import Discoverability, Space, User
from hub.accounts.queries import space_named, spaces_for
from hub.api.endpoint import Endpoint
from hub.api.pagination import Page, PageInput, PageOutput, page_of, page_with
from hub.api.schema import described
from hub.core.asker import Asker
from hub.ingestion import policies, queries, services
from hub.ingestion.models import CrawlRun, RunFault, RunScope, Source

_YEAR = 366 * 24 * 60


class SourceInput(serializers.Serializer[Any]):
    location = serializers.CharField(max_length=1000, help_text="A path or URL; it is not read yet.")
    name = serializers.CharField(
        max_length=100, default="", help_text="Part of addresses; made from the location."
    )
    kind = serializers.CharField(max_length=30, default="", help_text="git, folder …; found by the location.")
    team = serializers.CharField(max_length=60, default="", help_text="The slug of the team that owns it.")
    discoverability = serializers.ChoiceField(
        Discoverability.choices,
        default="",
        help_text="What outsiders see of what it holds; the team's default.",
    )
    every_minutes = serializers.IntegerField(
        min_value=5, max_value=_YEAR, allow_null=True, default=None, help_text="Null: only when asked to."
    )


class RunsInput(PageInput):
    source = serializers.CharField(  # type: ignore[assignment]  # hides a field's own attribute
        max_length=100, default="", help_text="The name of a source."
    )
    state = serializers.ChoiceField(CrawlRun.State.choices, default="")


class SpaceOutput(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()


class RunReference(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(CrawlRun.State.choices)
    finished_at = serializers.DateTimeField(allow_null=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceShown:
    """A source as the asker may see it; `location` is None for those outside its team."""

    source: Source
    inside: bool
    location: str | None
    every_minutes: int | None
    next_due: datetime | None
    last_run: CrawlRun | None


class SourceOutput(serializers.Serializer[Any]):
    name = serializers.CharField(source="source.name")
    kind = serializers.CharField(source="source.kind")
    team = SpaceOutput(source="source.space", allow_null=True)
    inside = serializers.BooleanField(help_text="Whether you may crawl it and see its address and faults.")
    location = serializers.CharField(allow_null=True, help_text="Without credentials.")
    every_minutes = serializers.IntegerField(allow_null=True)
    next_due = serializers.DateTimeField(allow_null=True)
    last_run = RunReference(allow_null=True)


class SourcesOutput(PageOutput):
    items = SourceOutput(many=True)


class ProgressOutput(serializers.Serializer[Any]):
    doing = serializers.CharField()
    done = serializers.IntegerField()
    expected = serializers.IntegerField(allow_null=True)


class ReportOutput(serializers.Serializer[Any]):
    entities = serializers.DictField(child=serializers.IntegerField(), help_text="By kind, after the crawl.")
    versions = serializers.DictField(child=serializers.IntegerField())
    facets_written = serializers.IntegerField()
    edges_written = serializers.IntegerField()
    peak_memory_mb = serializers.IntegerField(allow_null=True)
    warning = serializers.CharField()
    faults = serializers.IntegerField(source="fault_count")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunShown:
    """A run as the asker may see it; what it saw is None for those outside the source's team."""

    run: CrawlRun
    progress: CrawlRun | None
    report: CrawlRun | None


class RunOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="run.id")
    source = serializers.CharField(source="run.source.name")  # type: ignore[assignment]  # as above
    state = serializers.ChoiceField(CrawlRun.State.choices, source="run.state")
    requested_at = serializers.DateTimeField(source="run.requested_at")
    started_at = serializers.DateTimeField(source="run.started_at", allow_null=True)
    finished_at = serializers.DateTimeField(source="run.finished_at", allow_null=True)
    progress = ProgressOutput(allow_null=True, help_text="Null outside the source's team.")
    report = ReportOutput(allow_null=True, help_text="Null outside the source's team.")


class RunsOutput(PageOutput):
    items = RunOutput(many=True)


class ScopeOutput(serializers.Serializer[Any]):
    scope = serializers.CharField()
    outcome = serializers.CharField(help_text="complete, partial, failed or unchanged.")
    seen = serializers.IntegerField()
    changed = serializers.IntegerField()
    closed = serializers.IntegerField()
    withheld = serializers.IntegerField(help_text="Removals that wait for somebody to confirm them.")


class FaultOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    place = serializers.CharField()
    message = serializers.CharField()


class FaultsOutput(PageOutput):
    items = FaultOutput(many=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDetail:
    """A run with its scopes and a page of its faults; none for those outside."""

    run: CrawlRun
    progress: CrawlRun | None
    report: CrawlRun | None
    scopes: Sequence[RunScope]
    faults: Page[RunFault]


class RunDetailOutput(RunOutput):
    scopes = ScopeOutput(many=True)
    faults = FaultsOutput()


class Sources(Endpoint):
    """The places that facts come from."""

    @described(
        "list_sources",
        "Sources that you may know of",
        takes=[PageInput],
        answers={200: SourcesOutput},
        problems=[422],
    )
    def get(self, http: Request) -> Response:
        """By name, each with its last run."""
        asker, given = self.asker(http), self.parse(PageInput, http.query_params)
        page = page_of(http, queries.sources(asker), **given)
        latest = queries.latest_runs(page.items)
        shown = [_source(asker, one, latest.get(one.pk)) for one in page.items]
        return Response(SourcesOutput(page_with(http, shown, **given, total=page.total)).data)

    @described(
        "add_source", "Add a source", body=SourceInput, answers={201: SourceOutput}, problems=[403, 409, 422]
    )
    def post(self, http: Request) -> Response:
        """Nothing is read but its name. Folders and ssh addresses are for the owner of the installation."""
        asker, given = self.asker(http), self.parse(SourceInput, http.data)
        space: Space | None = space_named(spaces_for(_user(http)), given.pop("team"))
        policies.check_addition(asker, location=given["location"], space=space)
        source = services.add_source(actor=_user(http).principal, space=space, **given)
        answer = SourceOutput(_source(asker, source, None)).data
        return Response(answer, status=201, headers={"Location": f"{http.path}/{source.name}"})


class OneSource(Endpoint):
    """One place that facts come from."""

    @described("get_source", "One source", answers={200: SourceOutput}, problems=[404])
    def get(self, http: Request, name: str) -> Response:
        """With its last run."""
        asker = self.asker(http)
        source = queries.source(asker, name)
        return Response(
            SourceOutput(_source(asker, source, queries.latest_runs([source]).get(source.pk))).data
        )


class SourceCrawl(Endpoint):
    """The next crawl of a source."""

    @described("crawl_source", "Crawl a source now", answers={202: RunOutput}, problems=[403, 404])
    def post(self, http: Request, name: str) -> Response:
        """Queues a run; the one that waits or works already is answered instead of a second one."""
        asker = self.asker(http)
        source = queries.own_source(asker, name)
        run = services.request_crawl(actor=_user(http).principal, source=source)
        answer = RunOutput(_run(asker, queries.run(asker, run.pk))).data
        return Response(answer, status=202, headers={"Location": f"/api/v1/runs/{run.pk}"})


class Runs(Endpoint):
    """Crawls, waiting, working and ended."""

    @described(
        "list_runs",
        "Runs of the sources that you may know of",
        takes=[RunsInput],
        answers={200: RunsOutput},
        problems=[422],
    )
    def get(self, http: Request) -> Response:
        """Newest first."""
        asker, given = self.asker(http), self.parse(RunsInput, http.query_params)
        rows = queries.runs(asker, source=given.pop("source"), state=given.pop("state"))
        page = page_of(http, rows, **given)
        shown = [_run(asker, one) for one in page.items]
        return Response(RunsOutput(page_with(http, shown, **given, total=page.total)).data)


class OneRun(Endpoint):
    """One crawl."""

    @described(
        "get_run",
        "One run with its scopes and faults",
        takes=[PageInput],
        answers={200: RunDetailOutput},
        problems=[404, 422],
    )
    def get(self, http: Request, run_id: UUID) -> Response:
        """`page` and `per_page` turn the pages of its faults."""
        asker, given = self.asker(http), self.parse(PageInput, http.query_params)
        run = queries.run(asker, run_id)
        shown = _run(asker, run)
        detail = RunDetail(
            run=run,
            progress=shown.progress,
            report=shown.report,
            scopes=list(queries.scopes(asker, run)),
            faults=page_of(http, queries.faults(asker, run), **given),
        )
        return Response(RunDetailOutput(detail).data)


def _source(asker: Asker, source: Source, latest: CrawlRun | None) -> SourceShown:
    inside = queries.inside(asker, source)
    return SourceShown(
        source=source,
        inside=inside,
        location=queries.shown_location(source) if inside else None,
        every_minutes=source.every_minutes if inside else None,
        next_due=source.next_due if inside else None,
        last_run=latest,
    )


def _run(asker: Asker, run: CrawlRun) -> RunShown:
    seen = run if queries.inside(asker, run.source) else None
    return RunShown(run=run, progress=seen, report=seen)


def _user(http: Request) -> User:
    return cast("User", http.user)
