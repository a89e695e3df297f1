"""Walk a history and read its blobs: ours beside GitPython's own loop, in commits and blobs a second.

Ours is one `git log --raw` (levels and renames too) over all commits, and one pipelined `cat-file --batch`;
GitPython's loop diffs each commit with its first parent, newest first, for a bounded time. They take turns,
and the best round of each counts.
"""

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import git

from indexers.sources.git.history import History, ancestry
from indexers.sources.git.objects import Objects
from indexers.sources.git.tree import list_tree
from indexers.sources.git.wrapper import Git
from tests.bench.corpora import HANDBOOK, NOT_MEASURED, WAREHOUSE, corpus

ROUNDS, SECONDS, BLOBS, BLOB_BYTES = 3, 5.0, 3_000, 64 * 2**20


def main() -> None:
    print(json.dumps({name: measured(name) for name in (HANDBOOK, WAREHOUSE)}))


def measured(name: str) -> dict[str, Any]:
    folder = corpus(name)
    if folder is None:
        return dict(NOT_MEASURED)
    commits, _, blobs = walk(Git(directory=folder))  # files come into the cache
    sample = blobs[:BLOBS]
    walks, their_walks, reads, their_reads = [], [], [], []
    with tempfile.TemporaryDirectory() as scratch:
        repository = opened(folder, scratch)
        log = repository.iter_commits("HEAD")
        for _ in range(ROUNDS):
            walks.append(commits / walk(Git(directory=folder))[1])
            their_walks += their_walk(log)
            reads.append(len(sample) / read(folder, sample))
            their_reads.append(len(sample) / their_read(repository, sample))
    return {
        "measured": True,
        "commits": commits,
        "seconds": round(commits / max(walks), 3),
        "commits_per_second": round(max(walks)),
        "gitpython_commits_per_second": round(max(their_walks), 1),
        "ratio": round(max(walks) / max(their_walks), 1),
        "blobs": len(sample),
        "blobs_per_second": round(max(reads)),
        "gitpython_blobs_per_second": round(max(their_reads)),
        "blob_ratio": round(max(reads) / max(their_reads), 2),
    }


def walk(ours: Git) -> tuple[int, float, list[str]]:
    """All commits of the head as a crawl walks them: their number, the seconds, the blobs in their order."""
    paths = [entry.path for entry in list_tree(ours, "HEAD")]
    with tempfile.TemporaryDirectory() as scratch, History(ours, Path(scratch)) as history:
        started = time.perf_counter()
        shape = ancestry(ours, "HEAD")
        history.walk(paths, old="", new="HEAD", levels=shape.levels, place="bench")
        seconds = time.perf_counter() - started
        blobs = dict.fromkeys(version.object_id for _, made in history.versions() for version in made)
    return len(shape.levels), seconds, list(blobs)


def opened(folder: Path, scratch: str) -> git.Repo:
    """The corpus for GitPython: a bare repository with its objects, as it needs a `core.bare`."""
    head = Git(directory=folder).line("rev-parse", "HEAD")
    subprocess.run(["git", "init", "--quiet", "--bare", scratch], check=True)
    Path(scratch, "objects/info/alternates").write_text(f"{folder / 'objects'}\n")
    Path(scratch, "HEAD").write_text(f"{head}\n")
    return git.Repo(scratch, odbt=git.GitCmdObjectDB)


def their_walk(log: Iterator[git.Commit]) -> list[float]:
    """Commits a second of GitPython's loop, from where it was until the time is up; nothing at its end."""
    started, commits, changes = time.perf_counter(), 0, 0
    for commit in log:
        before = commit.parents[0] if commit.parents else git.NULL_TREE
        changes += len(commit.diff(before)) if before is git.NULL_TREE else len(before.diff(commit))
        commits += 1
        if time.perf_counter() - started > SECONDS:
            break
    return [commits / (time.perf_counter() - started)] if commits else []


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
