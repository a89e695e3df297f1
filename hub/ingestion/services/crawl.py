"""Carry out one crawl: facts from the source, in batches, into the catalogue."""

import logging
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from hub.catalogue.queries import held_by_source
from hub.catalogue.services import Applicable, ScopeWrite, writer_for
from hub.core import clock
from hub.ingestion.models import CrawlRun, RunFault, RunScope, Source
from hub.ingestion.services.runs import LeaseLost
from indexers.facts import (
    Blob,
    EdgeFact,
    Fact,
    Fault,
    Json,
    Outcome,
    ScopeEnd,
    ScopeStart,
    Unchanged,
    urn,
)
from indexers.registry import Crawl, SourceIdentity, SourceUnknown, SourceUnreadable, open_source
from indexers.registry import Source as Reader

log = logging.getLogger(__name__)

BATCH_FACTS = 400
BATCH_BYTES = 16 * 2**20
State = CrawlRun.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a crawl is doing: `done` of `expected` (None: unknown) things of `scope`."""

    scope: str
    done: int
    expected: int | None


Report = Callable[[Progress], None]


def crawl(*, run: CrawlRun, report: Report | None = None) -> CrawlRun:
    """Crawl the source of a claimed run and end the run; never raises for what the source is like.

    Whatever ends it early (a lost lease, Ctrl-C, a full disk) leaves the open generation in place:
    the next crawl goes on where this one stopped. KeyboardInterrupt is passed on.
    """
    work = _Work(run, report)
    try:
        work.carry_out()
    except SourceUnreadable as error:
        work.end(State.FAILED, Fault(code=error.code, place=run.source.location, message=str(error)))
    except LeaseLost:
        work.end(State.CANCELLED)
    except KeyboardInterrupt:
        work.end(State.INTERRUPTED)
        raise
    except DatabaseError as error:
        work.end(State.FAILED, _database_fault(error))
    except OSError as error:
        work.end(State.FAILED, _system_fault(error))
    except Exception as error:
        log.exception("the crawl of %s broke", run.source.name)
        work.end(State.FAILED, _unexpected_fault(run.source, error))
    return run


@dataclass(slots=True)
class _Work:
    run: CrawlRun
    report: Report | None
    outcomes: list[Outcome] = field(default_factory=list)
    facets: int = 0
    edges: int = 0
    withheld: int = 0
    _reported: float = 0.0
    _done: int = 0

    def carry_out(self) -> None:
        source = self.run.source
        reader = open_source(source.location, source.kind)
        crawl = self._crawl(source)
        self._tell("looking", 0, None, force=True)
        identity = reader.identify(crawl)
        original = _original(source, reader, identity, crawl)
        if original is not source:
            crawl = Crawl(name=original.name, scratch=crawl.scratch, checkpoints=crawl.checkpoints)
        source.key, source.head = identity.key, identity.head
        source.save(update_fields=["key", "head", "forked_from"])
        self._follow(original, reader.crawl(crawl))
        self._conclude(original)

    def _crawl(self, source: Source) -> Crawl:
        scratch = Path(settings.HOME) / "sources" / str(source.pk)
        scratch.mkdir(parents=True, exist_ok=True)
        return Crawl(name=source.name, scratch=scratch, checkpoints=dict(source.checkpoints))

    def _follow(self, original: Source, facts: Iterator[Fact]) -> None:
        for fact in facts:
            if isinstance(fact, Unchanged):
                self.outcomes.append(Outcome.COMPLETE)
                RunScope.objects.create(run=self.run, scope=fact.scope, outcome="unchanged")
            elif isinstance(fact, ScopeStart):
                self._scope(original, fact, facts)
            elif isinstance(fact, Fault):
                self._keep_faults([fact])
        if not self.outcomes:
            self._keep_faults(
                [
                    Fault(
                        code="nothing_read",
                        place=original.location,
                        message="The source ended without a scope.",
                    )
                ]
            )
            self.outcomes.append(Outcome.FAILED)

    def _scope(self, original: Source, start: ScopeStart, facts: Iterator[Fact]) -> None:
        """Apply facts up to the end of the scope; a source that breaks off leaves the scope PARTIAL."""
        writer = writer_for(
            source=f"{original.kind}:{original.name}",
            scope=start.scope,
            space=original.space,
            discoverability=original.discoverability,
        )
        write = ScopeWrite(writer=writer, mode=start.mode, run=self.run.pk)
        outcome, checkpoint = Outcome.PARTIAL, None
        self._done = 0
        for batch, end in _batches(facts, self._fork_edges(original, start)):
            self._keep_faults([fact for fact in batch if isinstance(fact, Fault)])
            write.apply([fact for fact in batch if isinstance(fact, Applicable)])
            self._done += len(batch)
            self._tell(start.scope, self._done, start.expected)
            if end is not None:
                outcome, checkpoint = end.outcome, end.checkpoint
        self._finish(start, write, outcome, checkpoint)

    def _finish(self, start: ScopeStart, write: ScopeWrite, outcome: Outcome, checkpoint: Json) -> None:
        source = self.run.source
        self._tell(f"publishing {start.scope}", self._done, start.expected, force=True)
        written = write.finish(outcome, removal_confirmed=source.removal_confirmed)
        if written.withheld and outcome is Outcome.COMPLETE:
            outcome = Outcome.PARTIAL
        self._keep_faults(written.faults)
        self.outcomes.append(outcome)
        self.facets += written.facets
        self.edges += written.edges
        self.withheld += written.withheld
        RunScope.objects.create(
            run=self.run,
            scope=start.scope,
            outcome=outcome,
            seen=self._done,
            changed=written.facets + written.edges + written.versions,
            closed=written.closed,
            withheld=written.withheld,
        )
        if outcome is Outcome.COMPLETE:
            source.checkpoints[start.scope] = checkpoint
            source.save(update_fields=["checkpoints"])

    def _fork_edges(self, original: Source, start: ScopeStart) -> list[Fact]:
        """A repository that shares its roots with another but went its own way is that one's fork."""
        parent = original.forked_from
        if parent is None or start.scope != "heads":
            return []
        return [
            EdgeFact(
                source=urn("repository", original.name),
                relation="forked-from",
                target=urn("repository", parent.name),
                evidence="observed",
            )
        ]

    def _conclude(self, original: Source) -> None:
        held = held_by_source(f"{original.kind}:{original.name}")
        self.run.entities, self.run.versions = held.entities, held.versions
        snapshot = sum(held.entities.values())
        before = (
            self.run.source.runs.filter(state=State.COMPLETE)
            .exclude(pk=self.run.pk)
            .order_by("-finished_at")
            .first()
        )
        if snapshot == 0:
            self.run.warning = "This crawl found nothing. Look at the address and at the faults."
        elif self.withheld:
            self.run.warning = (
                f"{self.withheld} things would go. Nothing was removed until somebody confirms it."
            )
        elif before and snapshot * 2 < sum(before.entities.values()):
            self.run.warning = "This crawl found less than half of what the last one did."
        states = {
            Outcome.COMPLETE: State.COMPLETE,
            Outcome.PARTIAL: State.PARTIAL,
            Outcome.FAILED: State.FAILED,
        }
        distinct = set(self.outcomes)
        self.end(states[distinct.pop()] if len(distinct) == 1 else State.PARTIAL)
        if self.run.state == State.COMPLETE and self.run.source.removal_confirmed:
            self.run.source.removal_confirmed = False
            self.run.source.save(update_fields=["removal_confirmed"])

    def end(self, state: str, *faults: Fault) -> None:
        """Write the run's end; only the holder of the lease does."""
        self._keep_faults(list(faults))
        values = {
            "state": state,
            "finished_at": clock.now(),
            "peak_memory_mb": _peak_memory_mb(),
            "entities": self.run.entities,
            "versions": self.run.versions,
            "facets_written": self.facets,
            "edges_written": self.edges,
            "warning": self.run.warning,
            "done": self._done,
        }
        CrawlRun.objects.filter(pk=self.run.pk, fence=self.run.fence).update(**values)
        for name, value in values.items():
            setattr(self.run, name, value)

    def _keep_faults(self, faults: list[Fault]) -> None:
        RunFault.objects.bulk_create(
            RunFault(
                run=self.run, code=fault.code[:60], place=fault.place[:1000], message=fault.message[:1000]
            )
            for fault in faults
        )

    def _tell(self, doing: str, done: int, expected: int | None, *, force: bool = False) -> None:
        """Report at most twice a second; prove the lease and look for a cancel as often."""
        now = time.monotonic()
        if not force and now - self._reported < 0.5:
            return
        self._reported = now
        held = CrawlRun.objects.filter(pk=self.run.pk, fence=self.run.fence, cancel_requested=False)
        if not held.update(heartbeat_at=clock.now(), doing=doing[:120], done=done, expected=expected):
            raise LeaseLost
        if self.report:
            self.report(Progress(scope=doing, done=done, expected=expected))


def _batches(facts: Iterator[Fact], extra: list[Fact]) -> Iterator[tuple[list[Fact], ScopeEnd | None]]:
    """Bounded batches up to the scope's end; the last carries the end, or None if the source broke off."""
    batch: list[Fact] = []
    size = 0
    for fact in facts:
        if isinstance(fact, ScopeEnd):
            yield batch + extra, fact
            return
        batch.append(fact)
        size += len(fact.data) if isinstance(fact, Blob) else 0
        if len(batch) >= BATCH_FACTS or size >= BATCH_BYTES:
            yield batch, None
            batch, size = [], 0
    yield batch, None


def _original(source: Source, reader: Reader, identity: SourceIdentity, crawl: Crawl) -> Source:
    """The source that is the same repository under another address, else this one.

    A shared history makes two addresses of one repository as long as one head lies in the other's
    history; when both went on by themselves, this one is a fork.
    """
    twins = Source.objects.filter(key=identity.key, kind=source.kind).exclude(pk=source.pk).exclude(key="")
    for twin in twins.filter(added_at__lt=source.added_at).order_by("added_at"):
        if twin.forked_from_id is None:
            if twin.head and reader.contains(twin.head, crawl):
                return twin
            source.forked_from = twin
    return source


def _peak_memory_mb() -> int:
    """The largest resident size of this process and, added, of its largest child, in MiB."""
    kilobytes = sum(
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return kilobytes // 1024


def _unexpected_fault(source: Source, error: Exception) -> Fault:
    """A run always ends, and its worker goes on with the next one, whatever a source's program does."""
    if isinstance(error, SourceUnknown):
        message = f"{error}. If its program was added just now, start the server anew."
        return Fault(code="source_unknown", place=source.location, message=message)
    return Fault(
        code="crawl_broke",
        place=source.location,
        message=f"{type(error).__name__}: {error}. Nothing was removed; tell the administrator.",
    )


def _database_fault(error: DatabaseError) -> Fault:
    full = "full" in str(error)
    return Fault(
        code="disk_full" if full else "database_unavailable",
        place="database",
        message=f"{error}. The crawl stopped; the next one goes on from there.",
    )


def _system_fault(error: OSError) -> Fault:
    return Fault(
        code="disk_full" if error.errno == 28 else "system_error",
        place=str(error.filename or "data folder"),
        message=f"{error.strerror or error}. The crawl stopped; the next one goes on from there.",
    )
