"""A law: crawling now and then ends where one crawl at the end does."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from indexers.facts import (
    EdgeFact,
    EntityFact,
    FacetFact,
    Fact,
    Json,
    Renamed,
    ScopeEnd,
    ScopeMode,
    ScopeStart,
    Tombstone,
    VersionFact,
)
from indexers.registry import Crawl
from indexers.sources.git.source import GitSource
from tests.indexers.repositories import Building, Content, MovedFrom, notebook


@dataclass(slots=True)
class Catalogue:
    """The least that a hub does with facts: what is stated anew replaces what was said of it before."""

    values: dict[str, dict[str, object]] = field(default_factory=dict)
    edges: set[tuple[str, str, str]] = field(default_factory=set)
    versions: set[tuple[str, str, str, str]] = field(default_factory=set)
    _scope: str = ""
    _snapshot: bool = False
    _stated: set[str] = field(default_factory=set)

    def apply(self, fact: Fact) -> None:
        match fact:
            case ScopeStart():
                self._scope, self._snapshot = fact.scope, fact.mode == ScopeMode.SNAPSHOT
                self._stated = set()
            case Renamed():
                self._rename(fact.urn, fact.new_urn)
            case Tombstone():
                self._forget(fact.urn)
            case EntityFact():
                self._stated.add(fact.urn)
                self.values[fact.urn] = {}
                self.edges = {edge for edge in self.edges if edge[0] != fact.urn}
            case FacetFact() if fact.current:
                self.values[fact.urn][fact.value.facet] = fact.value
            case EdgeFact():
                self.edges.add((fact.source, fact.relation, fact.target))
            case VersionFact():
                self.versions.add((fact.urn, fact.source_version, fact.path, fact.change))
            case ScopeEnd() if self._snapshot and self._scope == "heads":
                for urn in self.values.keys() - self._stated:
                    self._forget(urn)

    def living(self) -> tuple[dict[str, dict[str, object]], set[tuple[str, str, str]]]:
        """All but datasets that nothing names any more."""
        named = {edge[2] for edge in self.edges}
        values = {
            urn: found for urn, found in self.values.items() if not urn.startswith("dataset:") or urn in named
        }
        return values, {edge for edge in self.edges if edge[2] in values}

    def _rename(self, old: str, new: str) -> None:
        self.values[new] = self.values.pop(old)
        self.edges = {tuple(new if end == old else end for end in edge) for edge in self.edges}  # type: ignore[misc]  # three stay three
        self.versions = {(new if one[0] == old else one[0], *one[1:]) for one in self.versions}

    def _forget(self, urn: str) -> None:
        self.values.pop(urn, None)
        self.edges = {edge for edge in self.edges if urn not in (edge[0], edge[2])}
        self.versions = {one for one in self.versions if one[0] != urn}


def crawl(catalogue: Catalogue, folder: Path, scratch: Path, checkpoints: dict[str, Json]) -> None:
    for fact in GitSource.at(str(folder)).crawl(
        Crawl(name="demo", scratch=scratch, checkpoints=dict(checkpoints))
    ):
        catalogue.apply(fact)
        if isinstance(fact, ScopeEnd):
            checkpoints[fact.scope] = fact.checkpoint


STEP = st.tuples(
    st.sampled_from(["add", "edit", "move", "move and edit", "delete", "crawl", "rewrite"]),
    st.integers(0, 7),
    st.sampled_from([".py", ".ipynb", ".sql", ".md"]),
)


def content(ending: str, number: int, edit: int) -> str:
    lines = [f"select * from raw.table_{number}_{line}" for line in range(12)] + [f"select {edit}"]
    if ending == ".ipynb":
        return notebook(*(f"spark.sql('{line}')" for line in lines))
    return "\n".join(f"run('{line}')" if ending == ".py" else f"{line};" for line in lines)


@settings(max_examples=8, deadline=None)
@given(steps=st.lists(STEP, min_size=3, max_size=9))
def test_crawling_now_and_then_ends_where_one_crawl_at_the_end_does(
    steps: list[tuple[str, int, str]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        building = Building(root / "demo.git")
        building.commit({"first.py": content(".py", 0, 0)})
        files, kept = {"first.py": 0}, Catalogue()
        checkpoints: dict[str, Json] = {}
        for at, (what, which, ending) in enumerate(steps, start=1):
            if what == "crawl":
                crawl(kept, building.folder, root / "kept", checkpoints)
                continue
            change, parents = _change(files, what, which, ending, at), None
            if what == "rewrite" and (before := building.git("log", "--format=%P", "-1", "refs/heads/main")):
                parents = (before,)
                files = _files(building, before, files)
                change = {f"rewritten{at}.py": content(".py", 100 + at, at)}
                files[f"rewritten{at}.py"] = 100 + at
            building.commit(change, parents=parents)
        crawl(kept, building.folder, root / "kept", checkpoints)
        anew = Catalogue()
        crawl(anew, building.folder, root / "anew", {})
        assert kept.living() == anew.living()
        if not any(what == "rewrite" for what, _, _ in steps):
            assert kept.versions == anew.versions


def _change(files: dict[str, int], what: str, which: int, ending: str, at: int) -> dict[str, Content]:
    path = sorted(files)[which % len(files)] if files else ""
    if what in ("add", "rewrite") or not path:
        files[f"new{at}{ending}"] = at
        return {f"new{at}{ending}": content(ending, at, 0)}
    number, suffix = files[path], Path(path).suffix
    if what == "edit":
        return {path: content(suffix, number, at)}
    del files[path]
    if what == "delete":
        return {path: None}
    moved = f"moved{at}{suffix}"
    files[moved] = number
    return {moved: MovedFrom(path=path, content=content(suffix, number, at) if "edit" in what else None)}


def _files(building: Building, commit: str, files: dict[str, int]) -> dict[str, int]:
    there = building.git("ls-tree", "--name-only", commit).splitlines()
    return {path: files.get(path, 50) for path in there}
