"""Objects out of a mirror: one pipelined `git cat-file` for a whole crawl, each object's size capped."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Literal, Self

from indexers.sources.git.wrapper import Git, GitFailed, Process

_PENDING: Final = 50
"""Requests sent ahead of answers: at 65 bytes each they fit the smallest pipe (4 KiB): no write blocks."""

_MOST_RESTARTS: Final = 100

State = Literal["read", "too-large", "missing", "damaged", "not-a-blob"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came back for an object: `data` only where `state` is `read`. `size` in bytes, where known."""

    object_id: str
    state: State
    size: int = 0
    data: bytes = field(default=b"", repr=False)


class Objects:
    """Reads blobs by id. A context manager; answers come in the order of the questions."""

    def __init__(self, git: Git, *, limit: int) -> None:
        self._git = git
        self._limit = limit
        self._process: Process | None = None
        self._rest = b""
        self._restarts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def read(self, wanted: Iterable[str]) -> Iterator[Found]:
        """Each wanted blob, one at a time in memory. Raises GitFailed when git itself keeps failing.

        `wanted` is asked for only a little ahead of what was taken.
        """
        source = iter(wanted)
        pending: deque[str] = deque()
        try:
            while True:
                self._ask(source, pending)
                if not pending:
                    return
                found = self._answer(pending)
                pending.popleft()
                yield found
        finally:
            if pending:  # answers that nobody reads would be taken for those of the next question
                self._stop()

    def _ask(self, source: Iterator[str], pending: deque[str]) -> None:
        while len(pending) < _PENDING:
            object_id = next(source, None)
            if object_id is None:
                return
            pending.append(object_id)
            self._send([object_id])

    def _send(self, object_ids: Iterable[str]) -> None:
        if self._process is None:
            self._process = self._git.start("cat-file", "--batch", stdin=-1)
        self._process.write("".join(f"{object_id}\n" for object_id in object_ids).encode("ascii"))

    def _answer(self, pending: deque[str]) -> Found:
        object_id = pending[0]
        try:
            return self._parse(object_id)
        except GitFailed:
            # A damaged object ends git: it is the one we waited for. The others are asked for again.
            self._restarts += 1
            self._stop()
            if self._restarts > _MOST_RESTARTS:
                raise
            self._send(list(pending)[1:])
            return Found(object_id=object_id, state="damaged")

    def _parse(self, object_id: str) -> Found:
        header = self._line().split(b" ")
        if header[-1] in (b"missing", b"ambiguous"):
            return Found(object_id=object_id, state="missing")
        kind, size = header[-2], int(header[-1])
        if kind != b"blob" or size > self._limit:
            self._skip(size + 1)
            return Found(
                object_id=object_id,
                state="too-large" if kind == b"blob" else "not-a-blob",
                size=size,
            )
        data = self._exactly(size + 1)[:-1]
        return Found(object_id=object_id, state="read", size=size, data=data)

    def _more(self) -> bytes:
        if self._process is None:
            raise GitFailed("git_failed", "git is not running.")
        chunk = self._process.read()
        if not chunk:
            self._process.finish()
            raise GitFailed("git_failed", "git ended early.")
        return chunk

    def _line(self) -> bytes:
        while b"\n" not in self._rest:
            self._rest += self._more()
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def _exactly(self, size: int) -> bytes:
        parts, have = [self._rest], len(self._rest)
        while have < size:
            parts.append(self._more())
            have += len(parts[-1])
        whole = b"".join(parts)
        self._rest = whole[size:]
        return whole[:size]

    def _skip(self, size: int) -> None:
        while len(self._rest) < size:
            size -= len(self._rest)
            self._rest = self._more()
        self._rest = self._rest[size:]

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
        self._process = None
        self._rest = b""
