"""Crawl runs as jobs: queued, claimed under a lease, cancelled, confirmed."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q

from hub.accounts.models import Principal
from hub.audit.services import record
from hub.core import clock
from hub.core.errors import Conflict
from hub.ingestion.models import CrawlRun, Source

LEASE = timedelta(seconds=90)
State = CrawlRun.State


class LeaseLost(Exception):  # a state of affairs, not a mistake
    """Another worker has claimed the run, or somebody cancelled it."""


@transaction.atomic
def request_crawl(*, actor: Principal | None, source: Source) -> CrawlRun:
    """Queue a crawl; the run that waits or works already is returned instead of a second one."""
    run, created = CrawlRun.objects.get_or_create(
        source=source,
        state__in=(State.QUEUED, State.RUNNING),
        defaults={"requested_by": actor, "requested_at": clock.now(), "state": State.QUEUED},
    )
    if created and actor is not None:
        record(actor=actor, action="crawl.requested", subject=source.name)
    return run


@transaction.atomic
def confirm_removal(*, actor: Principal | None, source: Source) -> CrawlRun:
    """Somebody looked at what would go and wants it gone: the next crawl may close it."""
    latest = source.runs.exclude(finished_at=None).order_by("-finished_at").first()
    if latest is None or not latest.scopes.filter(withheld__gt=0).exists():
        raise Conflict("The last crawl withheld nothing", code="nothing_withheld")
    source.removal_confirmed = True
    source.save(update_fields=["removal_confirmed"])
    record(actor=actor, action="removal.confirmed", subject=source.name)
    return request_crawl(actor=actor, source=source)


@transaction.atomic
def request_cancel(*, actor: Principal | None, run: CrawlRun) -> None:
    """Stop a run at its next batch; one that only waits is cancelled at once."""
    if not run.live:
        raise Conflict(f"This crawl is {run.state} already", code="run_ended")
    waiting = CrawlRun.objects.filter(pk=run.pk, state=State.QUEUED)
    if not waiting.update(state=State.CANCELLED, finished_at=clock.now()):
        CrawlRun.objects.filter(pk=run.pk).update(cancel_requested=True)
    record(actor=actor, action="crawl.cancelled", subject=str(run.pk))


def queue_due() -> int:
    """Queue every source whose time has come; returns how many."""
    due = list(Source.objects.filter(next_due__lte=clock.now(), every_minutes__isnull=False))
    for source in due:
        with transaction.atomic():
            request_crawl(actor=None, source=source)
            source.next_due = clock.now() + timedelta(minutes=source.every_minutes or 0)
            source.save(update_fields=["next_due"])
    return len(due)


def claim_next() -> CrawlRun | None:
    """Claim the oldest run that waits, or one whose worker is silent for longer than its lease."""
    silent = Q(state=State.RUNNING, heartbeat_at__lt=clock.now() - LEASE)
    for run in CrawlRun.objects.filter(Q(state=State.QUEUED) | silent).order_by("requested_at")[:20]:
        if claim(run):
            return run
    return None


def claim(run: CrawlRun) -> bool:
    """Take the run's lease; False when somebody else was faster."""
    now = clock.now()
    taken = CrawlRun.objects.filter(
        pk=run.pk, fence=run.fence, state__in=(State.QUEUED, State.RUNNING)
    ).update(
        state=State.RUNNING, fence=F("fence") + 1, started_at=now, heartbeat_at=now, cancel_requested=False
    )
    if taken:
        run.refresh_from_db()
    return bool(taken)
