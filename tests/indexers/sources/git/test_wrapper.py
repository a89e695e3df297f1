"""Git is run one way only: capped, without prompts, with secrets cut out."""

import os
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from indexers.sources.git.objects import Objects
from indexers.sources.git.wrapper import Access, Caps, Git, GitFailed
from tests.indexers.repositories import Building, Content


def test_output_over_the_cap_ends_git(repository: Building) -> None:
    repository.commit({"big.txt": b"x" * 500_000})
    git = Git(directory=repository.folder, caps=Caps(output_bytes=100_000))
    with pytest.raises(GitFailed) as failed:
        git.run("cat-file", "blob", repository.blob_of("big.txt"))
    assert failed.value.code == "git_output_too_large"


def test_a_git_that_says_nothing_is_stopped_with_all_it_started(repository: Building, tmp_path: Path) -> None:
    started = tmp_path / "started"
    slow = tmp_path / "ssh"
    slow.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {started}\nwait\n")
    slow.chmod(0o755)
    access = Access(protocols=("ssh",), ssh_options=())
    git = Git(directory=repository.folder, caps=Caps(idle_seconds=1.0), access=access)
    path = os.environ["PATH"]
    os.environ["PATH"] = f"{tmp_path}:{path}"
    try:
        with pytest.raises(GitFailed) as failed:
            git.run("ls-remote", "--end-of-options", "ssh://git@example.org/a.git")
    finally:
        os.environ["PATH"] = path
    assert failed.value.code == "git_timeout"
    assert _ends(int(started.read_text()))


def _ends(process: int) -> bool:
    """Whether a killed process is gone within seconds; one that nobody has waited for yet counts as gone."""
    for _ in range(100):
        try:
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("address", ["ext::sh -c 'touch %S'", "git://example.org/a.git", "file:///etc"])
def test_a_protocol_that_was_not_asked_for_is_refused(repository: Building, address: str) -> None:
    git = Git(directory=repository.folder, access=Access(protocols=("https",)))
    with pytest.raises(GitFailed, match="not allowed"):
        git.run("ls-remote", "--end-of-options", address)


def test_objects_come_in_order_whatever_is_wrong_with_some(repository: Building) -> None:
    files: dict[str, Content] = {f"{at}.txt": f"{at}" * 1000 for at in range(200)}
    repository.commit(files)
    ids = [repository.blob_of(path) for path in ("1.txt", "2.txt")] + ["1" * 40]
    tree = repository.git("rev-parse", "refs/heads/main^{tree}")
    git = Git(directory=repository.folder)
    with Objects(git, limit=1500) as objects:
        wanted = [*ids, tree, *ids]
        assert [found.state for found in objects.read(wanted)] == [
            "read", "read", "missing", "not-a-blob", "read", "read", "missing",
        ]  # fmt: skip
        left = objects.read(ids * 50)
        next(left)
        assert isinstance(left, Generator)
        left.close()
        assert next(objects.read([ids[1]])).data == b"2" * 1000


def test_an_object_above_the_limit_is_passed_over(repository: Building) -> None:
    repository.commit({"big.txt": b"x" * 300_000, "small.txt": b"y"})
    ids = [repository.blob_of("big.txt"), repository.blob_of("small.txt")]
    with Objects(Git(directory=repository.folder), limit=1000) as objects:
        found = list(objects.read(ids))
    assert [(one.state, one.size, one.data) for one in found] == [
        ("too-large", 300_000, b""),
        ("read", 1, b"y"),
    ]
