"""Repositories that want to hurt: a named fault each, and everything beside them is read."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from indexers.facts import Blob, EntityFact, FacetFact, Fact, Fault, ScopeEnd, Unchanged, VersionFact
from indexers.registry import Crawl, Limits, SourceUnreadable
from indexers.sources.git.source import GitSource
from indexers.vocabulary.facets import Repository
from tests.indexers.repositories import Building, Content, Special, notebook
from tests.indexers.sources.git.conftest import Crawler

Make = Callable[..., Crawler]
GOOD: dict[str | bytes, Content] = {"good.py": "x = 1\n"}


def codes(facts: list[Fact]) -> dict[str, str]:
    return {fact.code: fact.place for fact in facts if isinstance(fact, Fault)}


def good_was_read(facts: list[Fact]) -> bool:
    ends = {fact.scope: fact.outcome for fact in facts if isinstance(fact, ScopeEnd)}
    stated = any(isinstance(fact, FacetFact) and fact.urn == "file:demo/good.py" for fact in facts)
    return stated and ends == {"heads": "complete", "history": "complete"}


ODD: dict[str, tuple[dict[str | bytes, Content], str, str]] = {
    "a name that is not UTF-8": ({b"caf\xe9.py": "x = 1\n"}, "path_not_utf8", "caf%E9.py"),
    "a line break in a name": ({"a\nb.py": "x = 1\n"}, "path_control_characters", "a%0Ab.py"),
    "a link to a file of this machine": (
        {"link.ipynb": Special(mode="120000", content="/etc/hostname")},
        "symlink_not_followed",
        "link.ipynb",
    ),
    "a submodule": ({"sub": Special(mode="160000", content="1" * 40)}, "submodule_not_entered", "sub"),
    "a notebook above the limit": ({"big.ipynb": b" " * 200_000}, "blob_too_large", "big.ipynb"),
    "a pointer of Git LFS": (
        {"far.ipynb": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"},
        "lfs_pointer",
        "far.ipynb",
    ),
}


@pytest.mark.parametrize("name", sorted(ODD))
def test_an_odd_file_is_a_named_fault_and_the_rest_is_read(
    repository: Building, crawler: Make, name: str
) -> None:
    files, code, place = ODD[name]
    repository.commit({**GOOD, **files})
    facts = crawler(repository.folder, Limits(item_bytes=100_000))()
    assert codes(facts) == {code: place}
    assert good_was_read(facts)


def test_a_link_is_never_followed(repository: Building, crawler: Make, tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("password = 'swordfish'\n")
    link = Special(mode="120000", content=str(tmp_path / "secret.py"))
    repository.commit({**GOOD, "link.py": link, "notes.md": link})
    facts = crawler(repository.folder)()
    assert not any(b"swordfish" in fact.data for fact in facts if isinstance(fact, Blob))
    assert "swordfish" not in repr(facts)


@pytest.mark.parametrize("kind", ["heads", "tags"])
def test_refs_that_look_like_options_are_only_names(repository: Building, crawler: Make, kind: str) -> None:
    commit = repository.commit(GOOD)
    names = ["-h", "--output=x", "--upload-pack=touch", "x" * 200, "f\udcffn"]
    for name in names:
        repository.ref(f"refs/{kind}/{name}", commit)
    facts = crawler(repository.folder)()
    value = next(
        fact.value for fact in facts if isinstance(fact, FacetFact) and isinstance(fact.value, Repository)
    )
    shown = {ref.name for ref in (value.branches if kind == "heads" else value.tags)} - {"main"}
    assert shown == {*names[:4], "f%FFn"}
    assert good_was_read(facts)


def test_a_default_branch_that_looks_like_an_option_is_read(repository: Building, crawler: Make) -> None:
    commit = repository.commit(GOOD)
    repository.ref("refs/heads/--output=x", commit)
    repository.git("symbolic-ref", "HEAD", "refs/heads/--output=x")
    repository.remove_ref("refs/heads/main")
    assert good_was_read(crawler(repository.folder)())


def test_a_tree_that_names_itself_again_and_again_ends(
    repository: Building, crawler: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("tree", "history", "source"):
        monkeypatch.setattr(f"indexers.sources.git.{module}.MOST_FILES", 5000)
    blob = repository.git("hash-object", "-w", "--stdin", data=b"x = 1\n")
    entries = "".join(f"100644 blob {blob}\tf{at}.py\n" for at in range(10))
    tree = repository.git("mktree", data=entries.encode())
    for _ in range(9):
        entries = "".join(f"040000 tree {tree}\td{at}\n" for at in range(10))
        tree = repository.git("mktree", data=entries.encode())
    repository.ref("refs/heads/main", repository.git("commit-tree", "-m", "bomb", tree))
    facts = crawler(repository.folder)()
    assert {"too_many_files", "history_incomplete"} <= codes(facts).keys()
    ends = {fact.scope: str(fact.outcome) for fact in facts if isinstance(fact, ScopeEnd)}
    assert ends == {"heads": "partial", "history": "partial"}


def test_names_that_differ_in_case_only_are_two_files(repository: Building, crawler: Make) -> None:
    repository.commit({**GOOD, "A.py": "x = 1\n", "a.py": "x = 2\n"})
    stated = {fact.urn for fact in crawler(repository.folder)() if isinstance(fact, EntityFact)}
    assert {"file:demo/A.py", "file:demo/a.py"} <= stated


def test_a_damaged_blob_is_a_fault_and_the_rest_is_read(repository: Building, crawler: Make) -> None:
    repository.commit({**GOOD, "hurt.py": "y = 1\n" * 50, "zebra.py": "z = 1\n"})
    file = repository.loose_object(repository.blob_of("hurt.py"))
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:20])
    facts = crawler(repository.folder)()
    assert codes(facts)["blob_damaged"] == "hurt.py"
    assert good_was_read(facts)


def test_a_missing_blob_is_a_fault_and_the_rest_is_read(repository: Building, crawler: Make) -> None:
    repository.commit({**GOOD, "lost.py": "y = 1\n"})
    repository.loose_object(repository.blob_of("lost.py")).unlink()
    crawl = crawler(repository.folder)
    facts = crawl()
    assert codes(facts)["blob_missing"] == "lost.py"
    assert good_was_read(facts)
    assert crawl() == [Unchanged(scope="heads"), Unchanged(scope="history")]


def test_a_missing_commit_leaves_the_history_partial_and_the_head_whole(
    repository: Building, crawler: Make
) -> None:
    first = repository.commit({"good.py": "x = 0\n"})
    repository.commit(GOOD)
    repository.loose_object(first).unlink()
    facts = crawler(repository.folder)()
    ends = {fact.scope: str(fact.outcome) for fact in facts if isinstance(fact, ScopeEnd)}
    assert ends == {"heads": "complete", "history": "partial"}
    assert "history_incomplete" in codes(facts)
    assert any(isinstance(fact, FacetFact) and fact.urn == "file:demo/good.py" for fact in facts)


def test_a_branch_that_points_at_nothing_is_named(repository: Building, crawler: Make) -> None:
    repository.commit(GOOD)
    (repository.folder / "refs" / "heads" / "broken").write_text("1" * 40 + "\n")
    facts = crawler(repository.folder)()
    assert good_was_read(facts)
    value = next(fact.value for fact in facts if isinstance(fact, FacetFact))
    assert isinstance(value, Repository)
    assert [ref.name for ref in value.branches] == ["main"]


def test_what_arrives_later_and_is_not_whole_is_read_as_far_as_it_goes(
    repository: Building, crawler: Make
) -> None:
    repository.commit(GOOD)
    crawl = crawler(repository.folder)
    crawl()
    repository.commit({"lost.py": "y = 1\n", "more.py": "z = 1\n"})
    repository.loose_object(repository.blob_of("lost.py")).unlink()
    facts = crawl()
    assert codes(facts) == {"blob_missing": "lost.py", "repository_incomplete": str(repository.folder)}
    assert any(isinstance(fact, FacetFact) and fact.urn == "file:demo/more.py" for fact in facts)


def test_a_shallow_clone_says_so(repository: Building, crawler: Make, tmp_path: Path) -> None:
    repository.commit({"good.py": "x = 0\n"})
    repository.commit(GOOD)
    repository.git(
        "clone", "--quiet", "--bare", "--depth=1", f"file://{repository.folder}", str(tmp_path / "shallow")
    )
    facts = crawler(tmp_path / "shallow")()
    assert "shallow_clone" in codes(facts)
    assert good_was_read(facts)
    assert len([fact for fact in facts if isinstance(fact, VersionFact)]) == 1


def test_the_other_hash_of_git_is_read_too(tmp_path: Path, crawler: Make) -> None:
    repository = Building(tmp_path / "new.git", hashes="sha256")
    assert len(repository.commit(GOOD)) == 64
    assert good_was_read(crawler(repository.folder)())


def test_nothing_that_a_repository_configures_is_run(
    repository: Building, crawler: Make, tmp_path: Path
) -> None:
    repository.commit(GOOD)
    trap, sprung = tmp_path / "trap.sh", tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch {sprung}\n")
    trap.chmod(0o755)
    for key in (
        "core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.askPass", "diff.external",
        "core.alternateRefsCommand", "uploadpack.packObjectsHook", "gpg.program", "credential.helper",
    ):  # fmt: skip
        repository.git("config", key, str(trap))
    repository.git("config", "log.showSignature", "true")
    for hook in ("post-checkout", "pre-auto-gc", "reference-transaction", "post-update", "pre-receive"):
        (repository.folder / "hooks").mkdir(exist_ok=True)
        shutil.copy(trap, repository.folder / "hooks" / hook)
    assert good_was_read(crawler(repository.folder)())
    assert not sprung.exists()


def test_a_repository_that_borrows_objects_is_read(
    repository: Building, crawler: Make, tmp_path: Path
) -> None:
    repository.commit({**GOOD, "lost.py": "y = 1\n"})
    repository.git("clone", "--quiet", "--bare", "--shared", str(repository.folder), str(tmp_path / "shared"))
    repository.loose_object(repository.blob_of("lost.py")).unlink()
    assert good_was_read(crawler(tmp_path / "shared")())


def test_a_repository_that_vanished_says_so_and_what_was_fetched_is_read(
    repository: Building, tmp_path: Path
) -> None:
    repository.commit(GOOD)
    source = GitSource.at(str(repository.folder))
    crawl = Crawl(name="demo", scratch=tmp_path / "scratch", checkpoints={})
    source.identify(crawl)
    shutil.rmtree(repository.folder)
    assert good_was_read(list(source.crawl(crawl)))
    with pytest.raises(SourceUnreadable) as vanished:
        list(source.crawl(crawl))
    assert vanished.value.code == "source_unreadable"


def test_a_mirror_that_broke_is_made_again(repository: Building, crawler: Make) -> None:
    repository.commit(GOOD)
    crawl = crawler(repository.folder)
    crawl()
    for pack in (crawl.scratch / "mirror.git" / "objects").rglob("*"):
        if pack.is_file():
            pack.chmod(0o644)
            pack.write_bytes(b"")
    repository.commit({"more.py": "y = 1\n"})
    assert any(isinstance(fact, EntityFact) and fact.urn == "file:demo/more.py" for fact in crawl())


def test_locks_that_a_killed_crawl_left_do_not_stop_the_next(repository: Building, crawler: Make) -> None:
    repository.commit(GOOD)
    crawl = crawler(repository.folder)
    crawl()
    (crawl.scratch / "mirror.git" / "packed-refs.lock").touch()
    (crawl.scratch / "mirror.git" / "HEAD.lock").touch()
    repository.commit({"more.py": "y = 1\n"})
    assert any(isinstance(fact, EntityFact) and fact.urn == "file:demo/more.py" for fact in crawl())


def test_ten_thousand_paths_of_one_tree_are_read_without_ten_thousand_processes(
    repository: Building, crawler: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    many: dict[str | bytes, Content] = {f"data/{at:05}.bin": str(at) for at in range(10_000)}
    repository.commit(GOOD | many)
    for at in range(20):
        repository.commit({"work.ipynb": notebook(str(at))})
    started = []
    start: Callable[..., None] = subprocess.Popen.__init__

    def counting(self: object, command: list[str], *arguments: object, **options: object) -> None:
        if "git" in Path(command[0]).name:
            started.append(command)
        start(self, command, *arguments, **options)

    monkeypatch.setattr(subprocess.Popen, "__init__", counting)
    assert good_was_read(crawler(repository.folder)())
    assert len(started) < 16
