"""Walk a history and read its blobs: ours beside GitPython's own loop, in commits and blobs a second.

Ours is one `git log --raw` (levels and renames too) and one pipelined `git cat-file --batch` over all
commits; GitPython's loop diffs each commit with its first parent, newest first, for a bounded time.
"""

import json
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import git

from indexers.sources.git.history import History, ancestry
from indexers.sources.git.objects import Objects
from indexers.sources.git.tree import list_tree
from indexers.sources.git.wrapper import Git
from tests.bench.corpora import HANDBOOK, NOT_MEASURED, WAREHOUSE, corpus

SECONDS, BLOBS, BLOB_BYTES = 15.0, 3_000, 64 * 2**20


def main() -> None:
    print(json.dumps({name: measured(name) for name in (HANDBOOK, WAREHOUSE)}))


def measured(name: str) -> dict[str, Any]:
    folder = corpus(name)
    if folder is None:
        return dict(NOT_MEASURED)
    commits, seconds, blobs = walk(Git(directory=folder))
    ours = commits / seconds
    sample = sorted(blobs)[:BLOBS]
    our_reads = len(sample) / read(folder, sample)
    with tempfile.TemporaryDirectory() as scratch:
        repository = opened(folder, scratch)
        their_commits, their_seconds = their_walk(repository)
        their_reads = len(sample) / their_read(repository, sample)
    theirs = their_commits / their_seconds
    return {
        "measured": True,
        "commits": commits,
        "seconds": round(seconds, 3),
        "commits_per_second": round(ours),
        "gitpython_commits": their_commits,
        "gitpython_commits_per_second": round(theirs, 1),
        "ratio": round(ours / theirs, 1),
        "blobs": len(sample),
        "blobs_per_second": round(our_reads),
        "gitpython_blobs_per_second": round(their_reads),
        "blob_ratio": round(our_reads / their_reads, 2),
    }


def walk(ours: Git) -> tuple[int, float, set[str]]:
    """All commits of the head as a crawl walks them: their number, the seconds, the blobs they put in."""
    started = time.perf_counter()
    shape = ancestry(ours, "HEAD")
    paths = [entry.path for entry in list_tree(ours, "HEAD")]
    with tempfile.TemporaryDirectory() as scratch, History(ours, Path(scratch)) as history:
        history.walk(paths, old="", new="HEAD", levels=shape.levels, place="bench")
        blobs = {version.object_id for _, made in history.versions() for version in made}
    return len(shape.levels), time.perf_counter() - started, blobs


def opened(folder: Path, scratch: str) -> git.Repo:
    """The corpus for GitPython: a bare repository with its objects, as it needs a `core.bare`."""
    head = Git(directory=folder).line("rev-parse", "HEAD")
    subprocess.run(["git", "init", "--quiet", "--bare", scratch], check=True)
    Path(scratch, "objects/info/alternates").write_text(f"{folder / 'objects'}\n")
    Path(scratch, "HEAD").write_text(f"{head}\n")
    return git.Repo(scratch, odbt=git.GitCmdObjectDB)


def their_walk(repository: git.Repo) -> tuple[int, float]:
    """GitPython's loop until the time is up: commits and seconds."""
    started, commits, changes = time.perf_counter(), 0, 0
    for commit in repository.iter_commits("HEAD"):
        before = commit.parents[0] if commit.parents else git.NULL_TREE
        changes += len(commit.diff(before)) if before is git.NULL_TREE else len(before.diff(commit))
        commits += 1
        if time.perf_counter() - started > SECONDS:
            break
    return commits, time.perf_counter() - started


def read(folder: Path, sample: list[str]) -> float:
    """Seconds that one pipelined `cat-file` needs for the blobs."""
    started = time.perf_counter()
    with Objects(Git(directory=folder), limit=BLOB_BYTES) as objects:
        found = sum(len(one.data) for one in objects.read(sample))
    assert found
    return time.perf_counter() - started


def their_read(repository: git.Repo, sample: list[str]) -> float:
    """Seconds that GitPython's object database (a `cat-file` asked one by one) needs for the same."""
    started = time.perf_counter()
    found = sum(len(repository.odb.stream(bytes.fromhex(one)).read()) for one in sample)
    assert found
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
