"""Sources and runs: the pages of those who feed the catalogue."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from hub.accounts.models import Principal, Space, User
from hub.accounts.queries import space_named, spaces_of
from hub.core.errors import HubError
from hub.ingestion import pages, policies, queries, services
from hub.web.pages import Fact
from hub.web.requests import asker_of, paged


def sources(request: HttpRequest) -> HttpResponse:
    """All sources that the asker may know of."""
    asker = asker_of(request)
    found = list(queries.sources(asker))
    page = pages.sources_page(asker, found, queries.latest_runs(found))
    return render(request, "ingestion/sources.html", {"page": page})


def add(request: HttpRequest) -> HttpResponse:
    """The form; a check that reads names only; or the new source and its first crawl."""
    spaces = spaces_of(_principal(request))
    posted = {name: request.POST.get(name, "") for name in ("address", "name", "team", "schedule")}
    error: HubError | None = None
    preview: list[Fact] = []
    if request.method == "POST":
        try:
            space = space_named(spaces, posted["team"])
            policies.check_addition(asker_of(request), location=posted["address"], space=space)
            if request.POST.get("step") != "check":
                return _added(request, posted, space)
            preview = _seen(posted["address"], posted["name"].strip().lower())
        except HubError as problem:
            error = problem
    page = pages.form_page(asker_of(request), spaces, posted=posted, error=error, preview=preview)
    return render(request, "ingestion/source_form.html", {"page": page}, status=422 if error else 200)


@require_POST
def crawl(request: HttpRequest, name: str) -> HttpResponse:
    """Crawl now; the page of the run follows it."""
    run = services.request_crawl(
        actor=_principal(request), source=queries.own_source(asker_of(request), name)
    )
    return redirect("run", run_id=run.pk)


@require_POST
def confirm(request: HttpRequest, name: str) -> HttpResponse:
    """Let the next crawl close what the last one withheld."""
    run = services.confirm_removal(
        actor=_principal(request), source=queries.own_source(asker_of(request), name)
    )
    return redirect("run", run_id=run.pk)


@require_POST
def cancel(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Stop a run at its next batch."""
    run = queries.run(asker_of(request), run_id)
    queries.own_source(asker_of(request), run.source.name)
    services.request_cancel(actor=_principal(request), run=run)
    return redirect("run", run_id=run.pk)


def runs(request: HttpRequest) -> HttpResponse:
    """Runs, newest first."""
    rows, pagination = paged(request, queries.runs(asker_of(request)), per_page=30)
    return render(request, "ingestion/runs.html", {"page": pages.runs_page(rows, pagination)})


def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """A run with its scopes and faults."""
    asker = asker_of(request)
    page = pages.run_page(asker, queries.run(asker, run_id))
    return render(request, "ingestion/run.html", {"page": page})


def progress(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The part of the run's page that follows its progress."""
    asker = asker_of(request)
    page = pages.run_page(asker, queries.run(asker, run_id))
    return render(request, "ingestion/_run.html", {"page": page})


def _added(request: HttpRequest, posted: dict[str, str], space: Space | None) -> HttpResponse:
    minutes = posted["schedule"]
    source = services.add_source(
        actor=_principal(request),
        location=posted["address"],
        name=posted["name"].strip().lower(),
        space=space,
        every_minutes=int(minutes) if minutes in pages.SCHEDULES and minutes else None,
    )
    started = services.request_crawl(actor=_principal(request), source=source)
    return redirect("run", run_id=started.pk)


def _seen(location: str, name: str) -> list[Fact]:
    checked = services.check_source(location=location)
    return [
        Fact(term="Kind", text=pages.KINDS.get(checked.kind, checked.kind)),
        Fact(term="It would be called", text=name or checked.name),
    ]


def _principal(request: HttpRequest) -> Principal:
    return cast("User", request.user).principal
