"""Tables of the search index in SQLite, and an entry as their rows."""

import sqlite3
from typing import Final

from hub.search.backends.merge import Write
from hub.search.entry import Entry, entry_of
from hub.search.port import Deletion

LAYOUT: Final = "fts5v1"
"""Name of this layout: a change of the tables or of the tokenizer needs a new one."""

WORD_COLUMNS: Final = ("name", "public", "about", "body", "outputs")

_TABLES: Final = """
CREATE TABLE documents (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version TEXT NOT NULL, sequence INTEGER NOT NULL,
    kind TEXT, knows INTEGER, reads INTEGER, sees INTEGER, freshness INTEGER,
    rank TEXT, newest TEXT, by_name TEXT, weight REAL, source BLOB
);
CREATE TABLE names (key TEXT NOT NULL, document INTEGER NOT NULL, is_path INTEGER NOT NULL);
CREATE INDEX names_by_key ON names (key);
CREATE INDEX names_by_document ON names (document);
CREATE TABLE facets (document INTEGER NOT NULL, facet TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (document, facet, value)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (name, public, about, body, outputs,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, col);
"""


def create(connection: sqlite3.Connection) -> None:
    """Make the tables. Text comes tokenised: only blanks separate (all other categories are of words)."""
    connection.executescript(_TABLES)


def put(connection: sqlite3.Connection, write: Write) -> None:
    """Replace what there is of an id. A deletion leaves a row without an audience: nobody finds it."""
    _remove(connection, write.id)
    if isinstance(write, Deletion):
        connection.execute(
            "INSERT INTO documents (id, version, sequence) VALUES (?, '', ?)", (write.id, write.sequence)
        )
        return
    entry = entry_of(write)
    row = _insert(connection, entry)
    names = [(name, row, 0) for name in entry.keys] + [(path, row, 1) for path in entry.paths]
    connection.executemany("INSERT INTO names VALUES (?, ?, ?)", names)
    connection.executemany(
        "INSERT INTO facets VALUES (?, ?, ?)",
        [(row, facet, value) for facet, values in entry.facets.items() for value in values],
    )
    connection.execute(
        "INSERT INTO words (rowid, name, public, about, body, outputs) VALUES (?, ?, ?, ?, ?, ?)",
        (row, *(getattr(entry, column) for column in WORD_COLUMNS)),
    )


def _insert(connection: sqlite3.Connection, entry: Entry) -> int:
    document = entry.document
    cursor = connection.execute(
        "INSERT INTO documents (id, version, sequence, kind, knows, reads, sees, freshness, rank, newest, "
        "by_name, weight, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            document.id,
            document.version,
            document.sequence,
            document.kind,
            None if document.kind == "cell" else document.audience,
            document.audience,
            document.output_audience if entry.outputs else None,
            document.freshness if document.freshness > 0 else None,
            entry.rank,
            entry.newest,
            entry.by_name,
            entry.weight,
            entry.source,
        ),
    )
    return int(cursor.lastrowid or 0)


def _remove(connection: sqlite3.Connection, id_: str) -> None:
    held = connection.execute("SELECT row FROM documents WHERE id = ?", (id_,)).fetchone()
    if held is None:
        return
    connection.execute("DELETE FROM words WHERE rowid = ?", held)
    connection.execute("DELETE FROM names WHERE document = ?", held)
    connection.execute("DELETE FROM facets WHERE document = ?", held)
    connection.execute("DELETE FROM documents WHERE row = ?", held)
