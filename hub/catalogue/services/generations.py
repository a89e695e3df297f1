"""Generations: opened by whoever writes, published by one small transaction."""

import uuid

from django.db import connection, transaction
from django.db.models import Max

from hub.accounts.models import Principal
from hub.catalogue.models import Generation, Writer
from hub.core import clock

_PUBLISHING = 0x60_78_77  # any fixed number: names the advisory lock that orders publications


@transaction.atomic
def open_generation(
    *, writer: Writer, run: uuid.UUID | None = None, actor: Principal | None = None
) -> Generation:
    """The writer's open generation: the one an interrupted crawl left, or a new one."""
    generation, created = Generation.objects.get_or_create(
        writer=writer, sequence=None, defaults={"opened_at": clock.now(), "run": run, "actor": actor}
    )
    if not created and run is not None and generation.run != run:
        generation.run = run
        generation.save(update_fields=["run"])
    return generation


@transaction.atomic
def publish(generation: Generation) -> Generation | None:
    """Make what the generation wrote visible; None, and no trace, when it wrote nothing.

    The lock is held to the commit, so sequences become visible in their own order: a reader of the
    change log that has seen n will never see a smaller one appear.
    """
    if not generation.changes.exists():
        generation.delete()
        return None
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PUBLISHING])
    newest = Generation.objects.aggregate(newest=Max("sequence"))["newest"] or 0
    generation.sequence = newest + 1
    generation.published_at = clock.now()
    generation.save(update_fields=["sequence", "published_at"])
    return generation
