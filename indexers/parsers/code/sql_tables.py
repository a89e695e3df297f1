"""The tables that SQL reads and writes, in any dialect, also inside templates: one linear scan, no parse.

A full parse refuses what real repositories hold (Jinja, scripts, mixed dialects); the clauses that name
tables are the same everywhere.
"""

from indexers.parsers.code.sql_scan import Created, Scan, Tables
from indexers.parsers.code.sql_text import HOLE, SqlText, looks_like_sql, prepared

__all__ = ["HOLE", "Created", "Tables", "looks_like_sql", "scanned", "tables_of"]


def tables_of(text: str) -> Tables:
    """Tables of one or more statements; never raises, linear in the length of the text."""
    return scanned(prepared(text))


def scanned(sql: SqlText) -> Tables:
    """The same for text that is already prepared."""
    return Scan(sql).run()
