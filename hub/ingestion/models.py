"""Sources and crawl runs. A run's row is the job: its lease says who works on it, messages are hints."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from hub.accounts.models import Discoverability


class Source(models.Model):
    """A place that facts come from. `key` is what identifies it whatever its address (root commits)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=30)
    location = models.CharField(max_length=1000)
    key = models.CharField(max_length=200, blank=True, db_index=True)
    head = models.CharField(max_length=100, blank=True)
    forked_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="forks")
    space = models.ForeignKey("accounts.Space", null=True, on_delete=models.SET_NULL, related_name="sources")
    discoverability = models.CharField(
        max_length=12, choices=Discoverability, default=Discoverability.REQUESTABLE
    )
    checkpoints = models.JSONField(default=dict)
    every_minutes = models.PositiveIntegerField(null=True)
    next_due = models.DateTimeField(null=True, db_index=True)
    removal_confirmed = models.BooleanField(default=False)
    added_by = models.ForeignKey("accounts.Principal", null=True, on_delete=models.SET_NULL)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class CrawlRun(models.Model):
    """One crawl of a source. `fence` rises with each claim: a worker that lost its lease writes nothing."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        COMPLETE = "complete"
        PARTIAL = "partial"
        FAILED = "failed"
        CANCELLED = "cancelled"
        INTERRUPTED = "interrupted"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    requested_by = models.ForeignKey("accounts.Principal", null=True, on_delete=models.SET_NULL)
    requested_at = models.DateTimeField(db_index=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    doing = models.CharField(max_length=120, blank=True)
    done = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(null=True)
    peak_memory_mb = models.PositiveIntegerField(null=True)
    entities = models.JSONField(default=dict)
    versions = models.JSONField(default=dict)
    facets_written = models.PositiveIntegerField(default=0)
    edges_written = models.PositiveIntegerField(default=0)
    warning = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(state__in=("queued", "running")), name="one_live_run_a_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} crawl of {self.source_id}"

    @property
    def live(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)


class RunScope(models.Model):
    """What one scope of a run saw and changed. `withheld` removals wait for somebody to confirm them."""

    run = models.ForeignKey(CrawlRun, on_delete=models.CASCADE, related_name="scopes")
    scope = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10)
    seen = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    withheld = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.scope}: {self.outcome}"


class RunFault(models.Model):
    """Something that could not be read in a run: stable code, place, sentence."""

    run = models.ForeignKey(CrawlRun, on_delete=models.CASCADE, related_name="faults")
    code = models.CharField(max_length=60)
    place = models.CharField(max_length=1000)
    message = models.CharField(max_length=1000)

    def __str__(self) -> str:
        return f"{self.code} at {self.place}"
