"""Sources and runs as somebody may see them: those of their spaces, and all that are not hidden."""

import re
import uuid
from collections.abc import Sequence

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from hub.accounts.models import Discoverability
from hub.core.asker import OWNER, Asker
from hub.core.errors import NotFound, NotPermitted
from hub.ingestion.models import CrawlRun, RunFault, RunScope, Source


def sources(asker: Asker) -> QuerySet[Source]:
    """Sources that the asker may know of, by name. Addresses are shown to those inside only."""
    return Source.objects.filter(_visible(asker)).select_related("space").order_by("name")


def source(asker: Asker, name: str) -> Source:
    """One source by name. NotFound when the asker may not know of it."""
    found = sources(asker).filter(name=name).first()
    if found is None:
        raise NotFound
    return found


def inside(asker: Asker, of: Source) -> bool:
    """Whether the asker belongs to the source's team: may crawl it, see its address and its faults."""
    return OWNER in asker.tokens or (of.space_id is not None and f"space:{of.space_id}" in asker.tokens)


def own_source(asker: Asker, name: str) -> Source:
    """One source of the asker's teams. NotFound when they may not know of it, else NotPermitted."""
    found = source(asker, name)
    if not inside(asker, found):
        raise NotPermitted("Only the team of a source crawls it. Ask its owner.")
    return found


def shown_location(of: Source) -> str:
    """The address of a source without the credentials that it may hold. For those inside."""
    return re.sub(r"://[^/]*@", "://", of.location)


def runs(asker: Asker, *, source: str = "", state: str = "") -> QuerySet[CrawlRun]:
    """Runs of sources that the asker may know of, newest first, each with what it counted."""
    known = sources(asker).order_by()
    rows = CrawlRun.objects.filter(source__in=known.filter(name=source) if source else known)
    if state:
        rows = rows.filter(state=state)
    written = RunScope.objects.filter(run=OuterRef("pk")).order_by().values("run")
    return (
        rows.select_related("source", "source__space", "requested_by")
        .annotate(
            fault_count=Count("faults"),
            changed_count=Subquery(written.annotate(sum=Sum("changed")).values("sum")),
            closed_count=Subquery(written.annotate(sum=Sum("closed")).values("sum")),
        )
        .order_by("-requested_at", "pk")
    )


def scopes(asker: Asker, of: CrawlRun) -> QuerySet[RunScope]:
    """What each scope of a run saw and changed, in order; for those inside."""
    return of.scopes.order_by("pk") if inside(asker, of.source) else RunScope.objects.none()


def faults(asker: Asker, of: CrawlRun) -> QuerySet[RunFault]:
    """What a run could not read, in order; for those inside."""
    return of.faults.order_by("pk") if inside(asker, of.source) else RunFault.objects.none()


def faults_at(run_id: uuid.UUID, path: str, *, limit: int = 20) -> list[RunFault]:
    """What a run could not read in one file. One query.

    For whoever may read that file, inside the team or not: a fault says what stands in the file.
    """
    here = Q(place=path) | Q(place__startswith=f"{path} ")
    return list(RunFault.objects.filter(here, run=run_id).order_by("pk")[:limit])


def run(asker: Asker, run_id: uuid.UUID) -> CrawlRun:
    """One run. NotFound when the asker may not know of its source."""
    found = runs(asker).filter(pk=run_id).first()
    if found is None:
        raise NotFound
    return found


def _visible(asker: Asker) -> Q:
    if OWNER in asker.tokens:
        return Q()
    spaces = [uuid.UUID(token.removeprefix("space:")) for token in asker.tokens if token.startswith("space:")]
    visible = Q(space__in=spaces)
    return visible | ~Q(discoverability=Discoverability.HIDDEN) if asker.tokens else visible


def latest_runs(of: Sequence[Source]) -> dict[object, CrawlRun]:
    """The last run of each of the sources, by the source's id. 2 queries."""
    newest = CrawlRun.objects.filter(source=OuterRef("pk")).order_by("-requested_at").values("pk")[:1]
    ids = Source.objects.filter(pk__in=[one.pk for one in of]).values_list(Subquery(newest), flat=True)
    return {run.source_id: run for run in CrawlRun.objects.filter(pk__in=[one for one in ids if one])}
