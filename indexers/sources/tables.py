"""What a table's own metadata says, read where a crash hurts nobody: runs in a child process.

Parquet footers (https://parquet.apache.org/docs/file-format/), Delta logs, the header of a text table.
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexers.vocabulary.facets import Column

_HEADER_BYTES: Final = 64 * 1024
_MOST_COLUMNS: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReading:
    """`rows`, `bytes` and `files` are None where the format does not say; a `problem` excludes the rest."""

    columns: tuple[Column, ...] = ()
    partition_columns: tuple[str, ...] = ()
    rows: int | None = None
    bytes: int | None = None
    files: int | None = None
    version: str = ""
    description: str = ""
    problem: str = ""


def read_parquet(path: str) -> TableReading:
    """Columns and rows of one file, by its footer; no data page is read."""
    import pyarrow  # noqa: PLC0415  # only the child pays for it
    import pyarrow.parquet  # noqa: PLC0415

    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            columns = _arrow_columns(file.schema_arrow)
            return TableReading(columns=columns, rows=file.metadata.num_rows)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        return TableReading(problem=_one_line(error))


def read_delta(folder: str) -> TableReading:
    """The newest version of a Delta table, by its log. Files outside of the folder are not looked at."""
    import deltalake  # noqa: PLC0415  # only the child pays for it
    import pyarrow  # noqa: PLC0415

    try:
        table = deltalake.DeltaTable(folder)
        about, actions = table.metadata(), pyarrow.table(table.get_add_actions(flatten=True))
        counts = (
            actions.column("num_records").to_pylist() if "num_records" in actions.column_names else [None]
        )
        return TableReading(
            columns=_arrow_columns(pyarrow.schema(table.schema().to_arrow())),
            partition_columns=tuple(about.partition_columns),
            rows=None if None in counts else sum(counts),
            bytes=sum(actions.column("size_bytes").to_pylist()),
            files=actions.num_rows,
            version=str(table.version()),
            description=about.description or "",
        )
    except (deltalake.exceptions.DeltaError, pyarrow.ArrowException, OSError, ValueError, KeyError) as error:
        return TableReading(problem=_one_line(error))


def read_text_table(path: str) -> TableReading:
    """The column names of a CSV or TSV file, whichever of comma, semicolon, tab and bar divides them."""
    with Path(path).open("rb") as file:
        head = file.read(_HEADER_BYTES)
    if b"\0" in head:
        return TableReading(problem="it holds binary data")
    line = head.decode("utf-8-sig", "replace").splitlines()[:1]
    if not line:
        return TableReading(problem="it is empty")
    delimiter = max(",;\t|", key=line[0].count)
    try:
        names = next(csv.reader(io.StringIO(line[0]), delimiter=delimiter), [])
    except csv.Error as error:
        return TableReading(problem=_one_line(error))
    columns = (Column(name=name.strip(), type="string") for name in names[:_MOST_COLUMNS])
    return TableReading(columns=tuple(columns))


def _arrow_columns(schema: object) -> tuple[Column, ...]:
    return tuple(
        Column(name=field.name, type=str(field.type), nullable=field.nullable)
        for field in list(schema)[:_MOST_COLUMNS]  # type: ignore[call-overload]  # a pyarrow.Schema, which has no types
    )


def _one_line(error: Exception) -> str:
    return " ".join(f"{error}".split())[:200] or type(error).__name__
