"""What the tests of the Git source share: a repository to build, a crawl to run."""

from collections.abc import Callable
from pathlib import Path

import pytest

from indexers.facts import Fact, Json, ScopeEnd
from indexers.registry import Crawl, Limits
from indexers.sources.git.source import GitSource
from tests.indexers.repositories import Building


class Crawler:
    """Crawls one location again and again, as the hub does: checkpoints of complete scopes come back."""

    def __init__(self, location: str, scratch: Path, limits: Limits) -> None:
        self.location = location
        self.scratch = scratch
        self.limits = limits
        self.checkpoints: dict[str, Json] = {}

    def __call__(self) -> list[Fact]:
        source = GitSource.at(self.location)
        crawl = Crawl(
            name="demo", scratch=self.scratch, checkpoints=dict(self.checkpoints), limits=self.limits
        )
        facts = list(source.crawl(crawl))
        for fact in facts:
            if isinstance(fact, ScopeEnd) and fact.outcome == "complete":
                self.checkpoints[fact.scope] = fact.checkpoint
        return facts


@pytest.fixture
def repository(tmp_path: Path) -> Building:
    """An empty bare repository."""
    return Building(tmp_path / "demo.git")


@pytest.fixture
def crawler(tmp_path: Path) -> Callable[..., Crawler]:
    """Makes a crawler of a location, with limits."""

    def make(location: Path | str, limits: Limits = Limits()) -> Crawler:  # noqa: B008  # frozen
        return Crawler(str(location), tmp_path / "scratch", limits)

    return make
