"""Repositories for tests, odd ones included: built with `git fast-import`, never with a work tree."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

FIRST_TIME: Final = 1_700_000_000
"""Seconds of the first commit; each commit is a minute later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Special:
    """A tree entry that is no plain file: mode 120000 is a link (to `content`), 160000 a submodule."""

    mode: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedFrom:
    """The file was moved from `path`, and edited if there is `content`."""

    path: str
    content: str | bytes | None = None


Content = str | bytes | Special | MovedFrom | None


@dataclass(slots=True)
class Building:
    """A bare repository at `folder`, in which each `commit` changes the named files (None deletes one)."""

    folder: Path
    hashes: str = "sha1"
    _commits: int = field(default=0)

    def __post_init__(self) -> None:
        if not (self.folder / "HEAD").exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            self.git("init", "--quiet", "--bare", f"--object-format={self.hashes}", "--initial-branch=main")

    def git(self, *arguments: str, data: bytes | None = None) -> str:
        """Run git on the repository; its output without the last line break."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder.parent),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@example.org",
        }
        command = ["git", f"--git-dir={self.folder}", *arguments]
        done = subprocess.run(command, input=data, env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
        return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def commit(
        self,
        files: Mapping[str, Content] | Mapping[bytes, Content] | Mapping[str | bytes, Content],
        *,
        branch: str = "main",
        author: str = "Ada <ada@example.org>",
        subject: str = "change",
        parents: tuple[str, ...] | None = None,
    ) -> str:
        """Make a commit on the branch and return its id; without `parents` it follows the branch's head."""
        self._commits += 1
        when = FIRST_TIME + 60 * self._commits
        ref = f"refs/heads/{branch}"
        lines = [f"commit {ref}".encode(), b"mark :1"]
        lines += [f"author {author} {when} +0000".encode(), f"committer {author} {when} +0000".encode()]
        lines += [f"data {len(subject.encode())}".encode(), subject.encode()]
        before = parents if parents is not None else self._head(ref)
        lines += [f"{'merge' if at else 'from'} {parent}".encode() for at, parent in enumerate(before)]
        for path, content in files.items():
            lines += _change(path, content)
        stream = b"\n".join(lines) + b"\n"
        if not before:
            stream = f"reset {ref}\n".encode() + stream
        self.git("fast-import", "--quiet", "--force", data=stream)
        return self.git("rev-parse", ref)

    def ref(self, name: str, commit: str) -> None:
        """Point a ref at a commit, whatever porcelain thinks of its name."""
        self.git("update-ref", "--stdin", data=f"update {name} {commit}\n".encode("utf-8", "surrogateescape"))

    def remove_ref(self, name: str) -> None:
        """Delete a ref."""
        self.git("update-ref", "-d", name)

    def loose_object(self, object_id: str) -> Path:
        """The file of an object, unpacked first: to damage or remove it."""
        packs = list((self.folder / "objects" / "pack").glob("*.pack"))
        for pack in packs:
            data = pack.read_bytes()
            for part in (pack, pack.with_suffix(".idx"), pack.with_suffix(".rev")):
                part.unlink(missing_ok=True)
            self.git("unpack-objects", "-q", data=data)
        return self.folder / "objects" / object_id[:2] / object_id[2:]

    def blob_of(self, path: str, branch: str = "main") -> str:
        """The object id of a file at a branch's head."""
        return self.git("rev-parse", f"refs/heads/{branch}:{path}")

    def _head(self, ref: str) -> tuple[str, ...]:
        found = self.git("for-each-ref", "--format=%(objectname)", ref)
        return (found,) if found else ()


def notebook(*sources: str, language: str = "python") -> str:
    """A small valid notebook with these code cells."""
    cells: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "id": f"cell-{at}",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for at, source in enumerate(sources)
    ]
    kernel = {"name": language, "language": language, "display_name": language}
    whole = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1)


def _change(path: str | bytes, content: Content) -> list[bytes]:
    quoted = _quoted(path)
    if content is None:
        return [b"D " + quoted]
    if isinstance(content, MovedFrom):
        moved = [b"R " + _quoted(content.path) + b" " + quoted]
        return moved + (_inline(quoted, content.content) if content.content is not None else [])
    if isinstance(content, Special):
        if content.mode == "160000":
            return [b"M 160000 " + content.content.encode() + b" " + quoted]
        return _inline(quoted, content.content, content.mode)
    return _inline(quoted, content)


def _inline(quoted: bytes, content: str | bytes, mode: str = "100644") -> list[bytes]:
    data = content.encode() if isinstance(content, str) else content
    return [b"M " + mode.encode() + b" inline " + quoted, f"data {len(data)}".encode(), data]


def _quoted(path: str | bytes) -> bytes:
    raw = path.encode() if isinstance(path, str) else path
    return (
        b'"'
        + b"".join(
            b"\\%03o" % byte if byte < 33 or byte in b'"\\' or byte > 126 else bytes([byte]) for byte in raw
        )
        + b'"'
    )
