"""Who works on this data folder: one process at a time carries out crawls and moves projections."""

import time
from collections.abc import Callable

from django.conf import settings

from hub.core.lock import ProcessLock
from hub.ingestion.models import CrawlRun
from hub.ingestion.services import claim, crawl
from hub.ingestion.services.crawl import Progress
from hub.projections import services as projections


def worker_lock() -> ProcessLock:
    """The lock of the data folder's one worker: a server's worker process, or a command."""
    return ProcessLock(settings.HOME / "worker.lock")


def carry_out(run: CrawlRun, report: Callable[[Progress], None]) -> CrawlRun:
    """Crawl here, or have the server's worker do it and follow its progress in the run's row."""
    lock = worker_lock()
    if not lock.acquire():
        return _follow(run, report)
    try:
        if claim(run):
            crawl(run=run, report=report)
            projections.follow_all()
    finally:
        lock.release()
    return run


def _follow(run: CrawlRun, report: Callable[[Progress], None]) -> CrawlRun:
    while True:
        run.refresh_from_db()
        report(Progress(scope=run.doing or "waiting for the server", done=run.done, expected=run.expected))
        if not run.live:
            return run
        time.sleep(0.3)
