"""The search engine without a native wheel: SQLite's FTS5. The same answers, more slowly."""

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from hub.search import answer
from hub.search.backends.generations import Generations
from hub.search.backends.merge import Write, due, newest
from hub.search.backends.sqlite_schema import LAYOUT, create, put
from hub.search.backends.sqlite_view import View
from hub.search.port import (
    Deletion,
    Document,
    IndexDamaged,
    IndexOutdated,
    Rights,
    SearchRequest,
    SearchResult,
    Suggestion,
)
from hub.search.spelling import Vocabulary

_FILE: Final = "index.sqlite3"
_LIVING: Final = "FROM documents WHERE source IS NOT NULL"
_BUSY_SECONDS: Final = 10.0


class Fts5Search:
    """The search port on an SQLite file below `root`."""

    def __init__(self, root: Path, *, patience: float = 10.0) -> None:
        self._generations = Generations(root, LAYOUT, patience)
        self._writing = threading.Lock()
        self._vocabularies: tuple[object, dict[str, Vocabulary]] = (None, {})

    def search(self, request: SearchRequest) -> SearchResult:
        return answer.answer(self, request)

    def suggest(self, prefix: str, rights: Rights, limit: int = 8) -> tuple[Suggestion, ...]:
        return answer.complete(self, prefix, rights, limit)

    @contextmanager
    def view(self, rights: Rights, today: int) -> Iterator[View]:
        vocabularies = self._known_words()
        with self._reader() as connection:
            yield View(connection, rights, today, vocabularies)

    def count(self) -> int:
        with self._reader() as connection:
            return int(connection.execute(f"SELECT count(*) {_LIVING}").fetchone()[0])

    def entries(self) -> Iterator[tuple[str, str]]:
        with self._reader() as connection:
            yield from connection.execute(f"SELECT id, version {_LIVING}")

    def write(self, documents: Iterable[Document], deletions: Iterable[Deletion] = ()) -> None:
        writes = newest(documents, deletions)
        if not writes:
            return
        with self._writing, self._writer() as connection:
            for change in due(writes, _held(connection, writes)):
                put(connection, change)

    def rebuild(self, documents: Iterable[Document]) -> int:
        with self._writing:
            self._generations.hold()
            with self._generations.next() as folder:
                _build(folder, documents)
            return self.count()

    def release(self) -> None:
        with self._writing:
            self._generations.release()

    def close(self) -> None:
        self.release()

    @contextmanager
    def _writer(self) -> Iterator[sqlite3.Connection]:
        """One transaction on the current generation, which is made if there is none."""
        self._generations.hold()
        if self._generations.current() is None:
            with self._generations.next() as folder:
                _build(folder, ())
        try:
            with closing(_connected(self._readable())) as connection:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise IndexDamaged(
                f"The search index could not be written: {error}. Make room, or run `boxwood rebuild search`."
            ) from error

    def _known_words(self) -> dict[str, Vocabulary]:
        """Words by first letter as far as they were asked for, thrown away when a file has changed."""
        folder = self._generations.current()
        files = _files(folder) if folder is not None else []
        stamp = tuple(
            (file.name, status.st_mtime_ns, status.st_size) for file in files if (status := _status(file))
        )
        if self._vocabularies[0] != (folder, stamp):
            self._vocabularies = ((folder, stamp), {})
        return self._vocabularies[1]

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        """One snapshot of the current generation, an empty one before the first write."""
        try:
            with closing(self._opened()) as connection:
                yield connection
        except sqlite3.Error as error:
            raise IndexDamaged(
                f"The search index cannot be read: {error}. Run `boxwood rebuild search`."
            ) from error

    def _opened(self) -> sqlite3.Connection:
        for _ in range(3):  # a rebuild may remove the generation between two steps
            if self._generations.current() is None:
                connection = sqlite3.connect(":memory:", isolation_level=None)
                create(connection)
                return connection
            try:
                return _snapshot(self._readable())
            except sqlite3.OperationalError as error:
                last = error
        raise last

    def _readable(self) -> Path:
        folder = self._generations.current()
        if folder is None or not self._generations.is_readable(folder):
            raise IndexOutdated(
                "The search index has the layout of another version. Run `boxwood rebuild search`."
            )
        return folder / _FILE


def _files(folder: Path) -> list[Path]:
    """The files of a generation; none where a rebuild has just removed it."""
    try:
        return sorted(folder.glob(f"{_FILE}*"))
    except FileNotFoundError:
        return []


def _status(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except FileNotFoundError:  # a log that was just folded in, or a generation that was replaced
        return None


def _connected(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{file}?mode=rw", uri=True, isolation_level=None, timeout=_BUSY_SECONDS, check_same_thread=False
    )
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _snapshot(file: Path) -> sqlite3.Connection:
    """A connection in a transaction that has begun to read, so that its files may be removed."""
    connection = _connected(file)
    try:
        connection.execute("BEGIN")
        connection.execute(f"SELECT 1 {_LIVING} LIMIT 1").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _held(connection: sqlite3.Connection, writes: Mapping[str, Write]) -> dict[str, tuple[int, str]]:
    held: dict[str, tuple[int, str]] = {}
    for id_ in writes:
        row = connection.execute("SELECT sequence, version FROM documents WHERE id = ?", (id_,)).fetchone()
        if row is not None:
            held[id_] = row
    return held


def _build(folder: Path, documents: Iterable[Document]) -> None:
    """Write a whole index; of documents with one id the newest stays."""
    file = folder / _FILE
    file.touch()
    with closing(_connected(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        create(connection)
        connection.execute("BEGIN")
        sequences: dict[str, int] = {}
        for document in documents:
            if sequences.get(document.id, document.sequence) <= document.sequence:
                sequences[document.id] = document.sequence
                put(connection, document)
        connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        connection.execute("COMMIT")
