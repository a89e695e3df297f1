"""`boxwood serve`: the pages and the API, with one worker beside them; `boxwood work`: that worker."""

import logging
import os
import signal
import subprocess
import sys
import time
from types import FrameType

import click

from hub.commands.starting import with_hub

log = logging.getLogger(__name__)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--threads", default=4, show_default=True, help="Requests answered at a time.")
@with_hub
def serve(*, host: str, port: int, threads: int) -> None:
    """Serve the pages and the API, and carry out crawls in a worker process beside them."""
    from granian import Granian  # only the server needs it
    from granian.constants import Interfaces
    from granian.log import LogLevels

    worker = subprocess.Popen([sys.executable, "-m", "hub.commands", "work"])
    try:
        click.echo(f"Boxwood is at http://{'localhost' if host == '127.0.0.1' else host}:{port}")
        Granian(
            "hub.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=threads,
            log_access=False,
            log_level=LogLevels.warning,
        ).serve()
    finally:
        worker.terminate()
        try:
            worker.wait(timeout=20)
        except subprocess.TimeoutExpired:
            worker.kill()


@click.command()
@with_hub
def work() -> None:
    """Carry out crawls as they fall due and keep the projections up to date, until stopped."""
    from hub.commands.working import worker_lock  # after Django started

    signal.signal(signal.SIGTERM, _stop)
    lock = worker_lock()
    while not lock.acquire():
        time.sleep(1)
    parent = os.getppid()
    try:
        while os.getppid() == parent:
            if not _work_safely():
                time.sleep(0.5)
    except KeyboardInterrupt:
        click.echo("The worker stopped; a crawl in hand goes on with the next one.", err=True)


def _work_safely() -> bool:
    """One round; what a store refuses is logged and tried again, so that no worker dies of it."""
    from django.db import DatabaseError

    from hub.core.errors import HubError

    try:
        return _work_once()
    except (HubError, DatabaseError, OSError):
        log.exception("the worker could not go on; it tries again")
        time.sleep(5)
        return True


def _work_once() -> bool:
    """One round; False when there was nothing to do."""
    from hub.ingestion import services  # after Django started
    from hub.projections.services import follow_all, rebuild_requested

    services.queue_due()
    run = services.claim_next()
    if run is not None:
        services.crawl(run=run)
    return bool(follow_all() or rebuild_requested() or run)


def _stop(signum: int, frame: FrameType | None) -> None:
    """End as by Ctrl-C: the crawl in hand is left to be gone on with."""
    del signum, frame
    raise KeyboardInterrupt
