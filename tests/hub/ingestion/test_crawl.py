"""A crawl from its request to its end, whatever happens on the way."""

import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from hub.catalogue import queries
from hub.catalogue.models import Entity, Facet
from hub.core import clock
from hub.core.asker import INSTALLATION_OWNER
from hub.core.errors import Conflict, NotFound
from hub.ingestion import services
from hub.ingestion.models import CrawlRun, Source
from hub.ingestion.services.runs import LEASE
from indexers.facts import Fact, Fault, Outcome, ScopeMode, ScopeStart, urn
from indexers.registry import Crawl, SourceUnreadable
from tests.hub.ingestion.scripted import HEADS, SCRIPTS, Script, files

pytestmark = pytest.mark.django_db
Crawled = Callable[..., CrawlRun]
numbers = itertools.count()


@pytest.fixture
def location() -> str:
    return f"scripted://demand-{next(numbers)}"


def crawled(location: str, script: Script) -> CrawlRun:
    """Crawl what the script says now."""
    SCRIPTS[location] = script
    source = Source.objects.filter(location=location).first() or services.add_source(
        actor=None, location=location
    )
    run = services.request_crawl(actor=None, source=source)
    assert services.claim(run)
    return services.crawl(run=run)


def names() -> list[str]:
    return sorted(
        Entity.objects.filter(facets__facet="identity", facets__closed=None, kind="file").values_list(
            "name", flat=True
        )
    )


def test_a_complete_crawl_reports_what_the_source_holds(location: str) -> None:
    run = crawled(location, files("a.py", "b.py"))
    assert (run.state, run.entities) == ("complete", {"file": 2, "repository": 1})
    assert run.source.checkpoints == {"heads": ["a.py", "b.py"]}


def test_a_fault_is_kept_and_the_rest_goes_on(location: str) -> None:
    def script(crawl: Crawl) -> Iterator[Fact]:
        for fact in files("a.py")(crawl):
            yield fact
            if isinstance(fact, ScopeStart):
                yield Fault(code="blob_too_large", place="big.bin", message="It has 3 GB.")

    run = crawled(location, script)
    assert run.state == "complete"
    assert list(run.faults.values_list("code", "place")) == [("blob_too_large", "big.bin")]


def test_a_source_that_vanishes_fails_the_run_and_removes_nothing(location: str) -> None:
    crawled(location, files("a.py", "b.py"))

    def script(crawl: Crawl) -> Iterator[Fact]:
        yield from itertools.islice(files("a.py")(crawl), 2)
        raise SourceUnreadable("repository_gone", "The folder is not there any more: mount it again.")

    run = crawled(location, script)
    assert (run.state, run.faults.get().code) == ("failed", "repository_gone")
    assert names() == ["a.py", "b.py"]


def test_a_source_that_breaks_off_is_partial_and_removes_nothing(location: str) -> None:
    crawled(location, files("a.py", "b.py"))
    run = crawled(location, lambda crawl: itertools.islice(files("a.py")(crawl), 3))
    assert run.state == "partial"
    assert names() == ["a.py", "b.py"]


def test_an_interrupted_crawl_shows_nothing_and_the_next_goes_on(location: str) -> None:
    def script(crawl: Crawl) -> Iterator[Fact]:
        yield from itertools.islice(files("a.py", "b.py")(crawl), 3)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crawled(location, script)
    assert CrawlRun.objects.get().state == "interrupted"
    with pytest.raises(NotFound):
        queries.find(INSTALLATION_OWNER, [urn("file", Source.objects.get().name, "a.py")])
    assert crawled(location, files("a.py", "b.py")).state == "complete"
    assert names() == ["a.py", "b.py"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(28, "No space left on device"), "disk_full"),
        (DatabaseError("database or disk is full"), "disk_full"),
        (DatabaseError("database is locked"), "database_unavailable"),
        (PermissionError(13, "Permission denied"), "system_error"),
    ],
)
def test_what_the_machine_refuses_is_a_named_fault(location: str, error: Exception, code: str) -> None:
    def script(crawl: Crawl) -> Iterator[Fact]:
        yield from itertools.islice(files("a.py")(crawl), 1)
        raise error

    run = crawled(location, script)
    assert (run.state, run.faults.get().code) == ("failed", code)


def test_a_cancelled_crawl_ends_at_its_next_batch(location: str) -> None:
    def script(crawl: Crawl) -> Iterator[Fact]:
        CrawlRun.objects.update(cancel_requested=True)
        return files("a.py")(crawl)

    assert crawled(location, script).state == "cancelled"
    assert not Facet.objects.filter(opened__sequence__isnull=False).exists()


def test_a_worker_that_lost_its_lease_writes_no_end(location: str) -> None:
    def script(crawl: Crawl) -> Iterator[Fact]:
        CrawlRun.objects.update(heartbeat_at=clock.now() - 2 * LEASE)
        assert services.claim_next() is not None
        return files("a.py")(crawl)

    crawled(location, script)
    assert CrawlRun.objects.get().state == "running"


def test_a_run_is_claimed_by_one_worker_alone(location: str) -> None:
    SCRIPTS[location] = files("a.py")
    source = services.add_source(actor=None, location=location)
    run = services.request_crawl(actor=None, source=source)
    same = CrawlRun.objects.get(pk=run.pk)
    assert [services.claim(run), services.claim(same)] == [True, False]
    assert services.request_crawl(actor=None, source=source).pk == run.pk


def test_removals_that_were_withheld_happen_once_somebody_confirms(location: str) -> None:
    crawled(location, files("a.py", "b.py", "c.py", "d.py"))
    run = crawled(location, files("a.py"))
    assert (run.state, run.scopes.get().withheld, bool(run.warning)) == ("partial", 3, True)
    confirmed = services.confirm_removal(actor=None, source=run.source)
    assert services.claim(confirmed)
    services.crawl(run=confirmed)
    assert names() == ["a.py"]
    with pytest.raises(Conflict):
        services.confirm_removal(actor=None, source=Source.objects.get())


def test_a_crawl_that_finds_nothing_warns(location: str) -> None:
    def script(crawl: Crawl) -> Iterator[Fact]:
        del crawl
        yield ScopeStart(scope="heads", mode=ScopeMode.SNAPSHOT)

    assert "found nothing" in crawled(location, script).warning


def test_a_second_address_of_a_repository_is_no_second_repository(location: str) -> None:
    other = f"{location}-elsewhere"
    HEADS[location] = ("roots", "c1", frozenset({"c0", "c1"}))
    HEADS[other] = ("roots", "c2", frozenset({"c0", "c1", "c2"}))
    first = crawled(location, files("a.py"))
    crawled(other, files("a.py"))
    assert list(Entity.objects.filter(kind="repository").values_list("name", flat=True)) == [
        first.source.name
    ]


def test_a_fork_is_another_repository_with_an_edge(location: str) -> None:
    other = f"{location}-fork"
    HEADS[location] = ("fork-roots", "c1", frozenset({"c0", "c1"}))
    HEADS[other] = ("fork-roots", "d1", frozenset({"c0", "d1"}))
    first = crawled(location, files("a.py")).source
    fork = crawled(other, files("a.py")).source
    read = queries.find(INSTALLATION_OWNER, [urn("repository", fork.name)])
    edge = queries.edges(INSTALLATION_OWNER, read.entity, "out").get()
    assert (edge.relation, edge.target.name) == ("forked-from", first.name)


def test_a_source_is_queued_when_its_time_has_come(location: str) -> None:
    SCRIPTS[location] = files("a.py")
    source = services.add_source(actor=None, location=location, every_minutes=60)
    assert services.queue_due() == 1
    assert services.queue_due() == 0
    Source.objects.filter(pk=source.pk).update(next_due=clock.now() - timedelta(minutes=1))
    run: Any = services.claim_next()
    assert run.source_id == source.pk


def test_a_partial_scope_keeps_its_checkpoint_of_before(location: str) -> None:
    crawled(location, files("a.py"))
    crawled(location, files("a.py", "b.py", outcome=Outcome.PARTIAL))
    assert Source.objects.get().checkpoints == {"heads": ["a.py"]}


def test_a_program_that_breaks_ends_its_run_and_no_other(location: str) -> None:
    def script(crawl: Crawl) -> Iterator[Fact]:
        yield from itertools.islice(files("a.py")(crawl), 2)
        raise ZeroDivisionError("nobody thought of this")

    run = crawled(location, script)
    assert (run.state, run.faults.get().code) == ("failed", "crawl_broke")


def test_a_kind_of_source_that_this_program_does_not_know_fails_its_run(location: str) -> None:
    SCRIPTS[location] = files("a.py")
    source = services.add_source(actor=None, location=location)
    Source.objects.filter(pk=source.pk).update(kind="of-another-program")
    run = services.request_crawl(actor=None, source=Source.objects.get(pk=source.pk))
    assert services.claim(run)
    assert services.crawl(run=run).state == "failed"
    assert run.faults.get().code == "source_unknown"
