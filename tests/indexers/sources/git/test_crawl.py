"""Crawls of repositories, first and again."""

from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import TypeVar

import pytest

from indexers.facts import (
    Blob,
    EdgeFact,
    EntityFact,
    FacetFact,
    Fact,
    Fault,
    Renamed,
    ScopeMode,
    ScopeStart,
    Tombstone,
    Unchanged,
    VersionFact,
)
from indexers.registry import Crawl
from indexers.sources.git.source import GitSource
from indexers.vocabulary.facets import Code, Notebook, Repository
from tests.indexers.repositories import Building, MovedFrom, notebook
from tests.indexers.sources.git.conftest import Crawler

T = TypeVar("T")
Make = Callable[..., Crawler]


def of(kind: type[T], facts: Iterable[Fact]) -> list[T]:
    return [fact for fact in facts if isinstance(fact, kind)]


def entities(facts: Iterable[Fact]) -> set[str]:
    return {fact.urn for fact in of(EntityFact, facts)}


def modes(facts: Iterable[Fact]) -> list[str]:
    return [str(fact.mode) for fact in of(ScopeStart, facts)]


def test_a_first_crawl_states_the_repository_its_files_and_what_they_read(
    repository: Building, crawler: Make
) -> None:
    repository.commit(
        {
            "README.md": "# Rides\n\nHow many bicycles ride. Every day.\n",
            "daily.ipynb": notebook("import pandas as pd", "rides = pd.read_parquet('lake/rides.parquet')"),
            "load.sql": "INSERT INTO mart.daily SELECT * FROM raw.trips",
            "requirements.txt": "pandas>=2\n",
        }
    )
    facts = crawler(repository.folder)()
    assert {
        "repository:demo",
        "notebook:demo/daily.ipynb",
        "file:demo/load.sql",
        "file:demo/README.md",
        "environment:demo/requirements.txt",
        "dataset:named/raw.trips",
    } <= entities(facts)
    edges = {(edge.source, edge.relation, edge.target) for edge in of(EdgeFact, facts)}
    assert ("file:demo/load.sql", "reads", "dataset:named/raw.trips") in edges
    assert ("file:demo/load.sql", "writes", "dataset:named/mart.daily") in edges
    assert ("notebook:demo/daily.ipynb", "reads", "dataset:named/lake/rides.parquet") in edges
    parents = {fact.urn: fact.parent for fact in of(EntityFact, facts)}
    assert parents["notebook:demo/daily.ipynb"] == "repository:demo"
    cells = {
        edge.anchor.cell for edge in of(EdgeFact, facts) if edge.anchor and edge.source.startswith("notebook")
    }
    assert cells == {1}
    assert not of(Fault, facts)


def test_every_digest_that_a_facet_names_was_yielded_before_it(repository: Building, crawler: Make) -> None:
    repository.commit({"a.ipynb": notebook("1"), "b.py": "x = 1\n"})
    repository.commit({"a.ipynb": notebook("2")})
    known = set()
    for fact in crawler(repository.folder)():
        if isinstance(fact, Blob):
            known.add(fact.digest)
        if isinstance(fact, FacetFact) and isinstance(fact.value, Notebook | Code):
            assert fact.value.content in known


def test_an_unchanged_repository_is_said_to_be_unchanged(repository: Building, crawler: Make) -> None:
    repository.commit({"a.py": "x = 1\n"})
    crawl = crawler(repository.folder)
    crawl()
    assert crawl() == [Unchanged(scope="heads"), Unchanged(scope="history")]


def test_a_new_commit_costs_only_what_it_changed(repository: Building, crawler: Make) -> None:
    repository.commit({"a.py": "x = 1\n", "b.py": "y = 1\n", "c.ipynb": notebook("1")})
    crawl = crawler(repository.folder)
    crawl()
    second = repository.commit({"a.py": "x = 2\n", "b.py": None})
    facts = crawl()
    assert modes(facts) == ["delta", "delta"]
    assert entities(facts) == {"file:demo/a.py"}
    assert of(Tombstone, facts) == [Tombstone(urn="file:demo/b.py")]
    assert [(fact.urn, fact.source_version) for fact in of(VersionFact, facts)] == [
        ("file:demo/a.py", second)
    ]


def test_a_renamed_notebook_keeps_its_identity_and_its_history(repository: Building, crawler: Make) -> None:
    first = repository.commit({"old.ipynb": notebook("one = 1", "two = 2", "three = 3")})
    crawl = crawler(repository.folder)
    crawl()
    moved = MovedFrom(path="old.ipynb", content=notebook("one = 1", "two = 2", "three = 4"))
    second = repository.commit({"deep/new.ipynb": moved})
    facts = crawl()
    assert of(Renamed, facts) == [
        Renamed(
            urn="notebook:demo/old.ipynb",
            new_urn="notebook:demo/deep/new.ipynb",
            new_name="new.ipynb",
            new_path="deep/new.ipynb",
        )
    ]
    assert not of(Tombstone, facts)
    anew = crawler(repository.folder)
    anew.scratch = anew.scratch / "anew"
    versions = [(fact.source_version, fact.path) for fact in of(VersionFact, anew())]
    assert versions == [(second, "deep/new.ipynb"), (first, "old.ipynb")]


def test_a_rename_without_an_edit_reads_nothing_again(repository: Building, crawler: Make) -> None:
    repository.commit({"old.py": "x = 1\n" * 20})
    crawl = crawler(repository.folder)
    crawl()
    repository.commit({"new.py": MovedFrom(path="old.py")})
    facts = crawl()
    assert [fact.new_urn for fact in of(Renamed, facts)] == ["file:demo/new.py"]
    assert not of(EntityFact, facts)
    assert not of(Blob, facts)


def test_a_rename_that_many_edits_followed_is_still_one(repository: Building, crawler: Make) -> None:
    repository.commit({"old.py": "".join(f"x{at} = {at}\n" for at in range(20))})
    crawl = crawler(repository.folder)
    crawl()
    repository.commit({"new.py": MovedFrom(path="old.py")})
    for keep in (12, 6, 0):
        lines = [f"x{at} = {at}\n" for at in range(keep)] + [f"y{at} = 0\n" for at in range(keep, 20)]
        repository.commit({"new.py": "".join(lines)})
    facts = crawl()
    assert [(fact.urn, fact.new_urn) for fact in of(Renamed, facts)] == [
        ("file:demo/old.py", "file:demo/new.py")
    ]


def test_a_script_that_becomes_a_notebook_is_another_entity(repository: Building, crawler: Make) -> None:
    repository.commit({"a.py": "x = 1\n"})
    crawl = crawler(repository.folder)
    crawl()
    repository.commit({"a.py": "# %%\nx = 1\n# %%\ny = 2\n"})
    facts = crawl()
    assert of(Tombstone, facts) == [Tombstone(urn="file:demo/a.py")]
    assert "notebook:demo/a.py" in entities(facts)


def test_past_notebooks_are_read_once_each_and_are_not_current(repository: Building, crawler: Make) -> None:
    shas = [repository.commit({"a.ipynb": notebook(source)}) for source in ("1", "2", "1", "3")]
    facts = crawler(repository.folder)()
    facets = [fact for fact in of(FacetFact, facts) if isinstance(fact.value, Notebook)]
    assert [(fact.source_version, fact.current) for fact in facets] == [
        (shas[3], True),
        (shas[2], False),
        (shas[1], False),
        (shas[0], False),
    ]
    assert facets[1].value == facets[3].value
    documents = [blob for blob in of(Blob, facts) if "notebook" in blob.media_type]
    assert len(documents) == 3


def test_levels_grow_along_history_and_a_later_crawl_keeps_them(repository: Building, crawler: Make) -> None:
    base = repository.commit({"a.py": "x = 1\n"})
    side = repository.commit({"a.py": "x = 2\n"}, branch="side", parents=(base,))
    crawl = crawler(repository.folder)
    before = {fact.source_version: fact.position for fact in of(VersionFact, crawl())}
    main = repository.commit({"b.py": "y = 1\n"})
    repository.commit({"a.py": "x = 2\n"}, parents=(main, side), subject="merge")
    after = {fact.source_version: fact.position for fact in of(VersionFact, crawl())}
    assert before == {base: 1}
    assert after == {side: 2, main: 2}


def test_a_merge_that_nobody_wrote_before_is_a_version(repository: Building, crawler: Make) -> None:
    base = repository.commit({"a.py": "one\ntwo\nthree\n"})
    side = repository.commit({"a.py": "one\ntwo\nTHREE\n"}, branch="side", parents=(base,))
    main = repository.commit({"a.py": "ONE\ntwo\nthree\n"})
    merge = repository.commit({"a.py": "ONE\ntwo\nTHREE\n"}, parents=(main, side))
    versions = {fact.source_version for fact in of(VersionFact, crawler(repository.folder)())}
    assert versions == {base, side, main, merge}


def test_a_force_push_is_read_anew(repository: Building, crawler: Make) -> None:
    base = repository.commit({"a.py": "x = 1\n"})
    repository.commit({"a.py": "x = 2\n", "gone.py": "y = 1\n"})
    crawl = crawler(repository.folder)
    crawl()
    repository.commit({"a.py": "x = 3\n"}, parents=(base,))
    facts = crawl()
    assert modes(facts) == ["snapshot", "delta"]
    assert "file:demo/gone.py" not in entities(facts)
    assert crawl() == [Unchanged(scope="heads"), Unchanged(scope="history")]


def test_a_force_push_that_also_renames_keeps_identities(repository: Building, crawler: Make) -> None:
    base = repository.commit({"a.py": "x = 1\n"})
    repository.commit({"old.py": "y = 1\n" * 20})
    crawl = crawler(repository.folder)
    crawl()
    repository.commit({"new.py": "y = 1\n" * 20}, parents=(base,))
    facts = crawl()
    assert modes(facts) == ["snapshot", "delta"]
    assert [(fact.urn, fact.new_urn) for fact in of(Renamed, facts)] == [
        ("file:demo/old.py", "file:demo/new.py")
    ]


def test_a_deleted_branch_leaves_the_repository(repository: Building, crawler: Make) -> None:
    base = repository.commit({"a.py": "x = 1\n"})
    repository.ref("refs/heads/side", base)
    repository.ref("refs/tags/v1", base)
    crawl = crawler(repository.folder)
    crawl()
    repository.remove_ref("refs/heads/side")
    facts = crawl()
    values = [fact.value for fact in of(FacetFact, facts)]
    assert len(values) == 1
    assert isinstance(values[0], Repository)
    assert [ref.name for ref in values[0].branches] == ["main"]
    assert [ref.name for ref in values[0].tags] == ["v1"]
    assert not entities(facts), "a delta that states the repository would close what it contains"
    assert facts[-1] == Unchanged(scope="history")


def test_authors_are_those_of_the_mailmap(repository: Building, crawler: Make) -> None:
    repository.commit({"a.py": "x = 1\n"}, author="ada <ada@old.example.org>")
    repository.commit({".mailmap": "Ada Lovelace <ada@example.org> <ada@old.example.org>\n"})
    version = of(VersionFact, crawler(repository.folder)())[0]
    assert (version.author.name, version.author.email) == ("Ada Lovelace", "ada@example.org")
    assert version.source_time.isoformat() == "2023-11-14T22:14:20+00:00"


def test_a_file_imports_its_neighbours(repository: Building, crawler: Make) -> None:
    repository.commit(
        {
            "src/rides/__init__.py": "",
            "src/rides/clean.py": "from . import load\n",
            "src/rides/load.py": "import json\n",
            "work.ipynb": notebook("from rides.clean import tidy"),
        }
    )
    imports = {
        (edge.source, edge.target)
        for edge in of(EdgeFact, crawler(repository.folder)())
        if edge.relation == "imports"
    }
    assert imports == {
        ("notebook:demo/work.ipynb", "file:demo/src/rides/clean.py"),
        ("file:demo/src/rides/clean.py", "file:demo/src/rides/load.py"),
    }


@pytest.mark.parametrize("place", ["bare", "work-tree", "linked-work-tree", "bundle", "file-url"])
def test_every_kind_of_local_place_gives_the_same_head(
    tmp_path: Path, repository: Building, crawler: Make, place: str
) -> None:
    head = repository.commit({"a.py": "x = 1\n"})
    location = str(repository.folder)
    if place in ("work-tree", "linked-work-tree"):
        repository.git("clone", "--quiet", str(repository.folder), str(tmp_path / "tree"))
        location = str(tmp_path / "tree")
    if place == "linked-work-tree":
        Building(tmp_path / "tree" / ".git").git(
            "worktree", "add", "--quiet", "--detach", str(tmp_path / "linked")
        )
        location = str(tmp_path / "linked")
    if place == "bundle":
        repository.git("bundle", "create", "--quiet", str(tmp_path / "demo.bundle"), "main")
        location = str(tmp_path / "demo.bundle")
    if place == "file-url":
        location = f"file://{location}"
    facts = crawler(location)()
    repository_facet = next(fact.value for fact in of(FacetFact, facts) if isinstance(fact.value, Repository))
    assert (repository_facet.head, repository_facet.default_branch) == (head, "main")
    assert "file:demo/a.py" in entities(facts)


def test_an_empty_repository_is_a_repository(repository: Building, crawler: Make) -> None:
    crawl = crawler(repository.folder)
    assert entities(crawl()) == {"repository:demo"}
    assert crawl() == [Unchanged(scope="heads"), Unchanged(scope="history")]
    repository.commit({"a.py": "x = 1\n"})
    facts = crawl()
    assert modes(facts)[0] == ScopeMode.SNAPSHOT
    assert "file:demo/a.py" in entities(facts)


def test_an_interrupted_crawl_is_simply_done_again(repository: Building, crawler: Make) -> None:
    repository.commit({f"{at}.ipynb": notebook(str(at)) for at in range(30)})
    whole = crawler(repository.folder)
    expected = whole()
    broken = crawler(repository.folder)
    broken.scratch = broken.scratch / "broken"
    stream = GitSource.at(broken.location).crawl(Crawl(name="demo", scratch=broken.scratch, checkpoints={}))
    for _ in range(10):
        next(stream)
    assert isinstance(stream, Generator)
    stream.close()
    assert broken() == expected
