"""What can be known of one table, notebook or source file by itself: behind `boxwood inspect`."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from indexers.facts import Fault, VersionFact
from indexers.guarded.pool import Broken, Guard
from indexers.parsers.code import parse as parse_code
from indexers.parsers.notebook import HEAD_BYTES, is_notebook
from indexers.parsers.notebook import parse as parse_notebook
from indexers.registry import Crawl, open_source
from indexers.sources.datasets import partition_keys
from indexers.sources.delta_history import DeltaHistory, read_delta_history
from indexers.sources.tables import TableReading, read_delta, read_parquet, read_text_table

_READERS = {
    ".parquet": ("parquet", read_parquet),
    ".pq": ("parquet", read_parquet),
    ".csv": ("csv", read_text_table),
    ".tsv": ("csv", read_text_table),
}


def inspected(path: str, *, history: bool = False) -> dict[str, Any]:
    """The report of `boxwood inspect --json`: kind, format, columns, rows, bytes, history, faults.

    `history` adds the versions of a notebook in the repository round it. Faults never raise.
    """
    place = Path(path)
    if (place / "_delta_log").is_dir():
        return _delta(place)
    if place.is_dir():
        return _parquet_folder(place)
    with place.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if place.suffix.lower() in _READERS:
        format_name, reader = _READERS[place.suffix.lower()]
        return _table(format_name, place, _guarded(reader, place))
    if is_notebook(place.name, head):
        return _notebook(place, history=history)
    parsed = parse_code(place.name, place.read_bytes())
    facet = asdict(parsed.facet) if parsed.facet else {}
    return _report("file", facet.get("language", ""), faults=parsed.faults, bytes=place.stat().st_size)


def _report(kind: str, format_name: str, *, faults: Any = (), **known: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "format": format_name,
        "columns": known.pop("columns", []),
        "partition_columns": known.pop("partition_columns", []),
        "rows": known.pop("rows", None),
        "bytes": known.pop("bytes", None),
        "history": known.pop("history", []),
        "newest_version": known.pop("newest_version", None),
        **known,
        "faults": [asdict(fault) for fault in faults],
    }


def _guarded(reader: Any, place: Path) -> Any:
    answer = Guard(workers=1).run(reader, str(place))
    return TableReading(problem=answer.message) if isinstance(answer, Broken) else answer


def _table(format_name: str, place: Path, reading: TableReading) -> dict[str, Any]:
    return _report(
        "table",
        format_name,
        columns=_columns(reading),
        partition_columns=list(reading.partition_columns),
        rows=reading.rows,
        bytes=reading.bytes if reading.bytes is not None else _size(place),
        faults=_faults(place, reading),
    )


def _delta(place: Path) -> dict[str, Any]:
    reading: TableReading = _guarded(read_delta, place)
    past = Guard(workers=1).run(read_delta_history, str(place))
    history = DeltaHistory(faults=(("_delta_log", past.message),)) if isinstance(past, Broken) else past
    newest = [{"name": name, "type": kind, "nullable": empty} for name, kind, empty in _last(history)]
    faults = [Fault(code="delta_log_damaged", place=where, message=what) for where, what in history.faults]
    return _report(
        "table",
        "delta",
        columns=newest or _columns(reading),
        partition_columns=list(history.partition_columns or reading.partition_columns),
        rows=reading.rows,
        bytes=reading.bytes,
        history=[
            {"from_version": one.from_version, "columns": [list(column) for column in one.columns]}
            for one in history.schemas
        ],
        newest_version=history.newest if history.newest >= 0 else None,
        faults=[*_faults(place, reading), *faults],
    )


def _last(history: DeltaHistory) -> tuple[tuple[str, str, bool], ...]:
    return history.schemas[-1].columns if history.schemas else ()


def _parquet_folder(place: Path) -> dict[str, Any]:
    files = sorted(path for path in place.rglob("*.parquet") if path.is_file())
    readings = [(path, _guarded(read_parquet, path)) for path in files]
    good = [reading for _, reading in readings if not reading.problem]
    merged = {column.name: column for reading in good for column in reading.columns}
    rows = [reading.rows for reading in good]
    folders = (partition_keys(path.relative_to(place).as_posix()) for path in files)
    keys = list(dict.fromkeys(key for found in folders for key in found))
    return _report(
        "table" if files else "folder",
        "parquet" if files else "",
        columns=[
            *(_column(column) for column in merged.values()),
            *({"name": key, "type": "string", "nullable": False} for key in keys if key not in merged),
        ],
        partition_columns=keys,
        rows=sum(rows) if rows and None not in rows else None,
        bytes=sum(path.stat().st_size for path in files),
        files=len(files),
        faults=[fault for path, reading in readings for fault in _faults(path, reading)],
    )


def _notebook(place: Path, *, history: bool) -> dict[str, Any]:
    parsed = parse_notebook(place.name, place.read_bytes())
    summary = asdict(parsed.summary)
    for name in ("content", "thumbnails", "bytes"):
        summary.pop(name)
    return _report(
        "notebook",
        summary.pop("format"),
        bytes=place.stat().st_size,
        versions=_versions(place) if history else [],
        **summary,
        faults=parsed.faults,
    )


def _versions(place: Path) -> list[dict[str, Any]]:
    """The versions of the notebook in the repository that it lies in, oldest first; none outside of one."""
    root = next((folder for folder in place.resolve().parents if (folder / ".git").exists()), None)
    if root is None:
        return []
    path = place.resolve().relative_to(root).as_posix()
    with tempfile.TemporaryDirectory(prefix="boxwood-inspect-") as scratch:
        crawl = Crawl(name="repository", scratch=Path(scratch), checkpoints={})
        reader = open_source(str(root), "git")
        reader.identify(crawl)
        facts = [fact for fact in reader.crawl(crawl) if isinstance(fact, VersionFact)]
    wanted = {fact.urn for fact in facts if fact.path == path}
    return [
        {
            "version": fact.source_version,
            "time": fact.source_time.isoformat(),
            "author": fact.author.name,
            "subject": fact.subject,
            "path": fact.path,
        }
        for fact in sorted(facts, key=lambda fact: fact.position)
        if fact.urn in wanted
    ]


def _columns(reading: TableReading) -> list[dict[str, Any]]:
    return [_column(column) for column in reading.columns]


def _column(column: Any) -> dict[str, Any]:
    return {"name": column.name, "type": column.type, "nullable": column.nullable}


def _faults(place: Path, reading: TableReading) -> list[Fault]:
    if not reading.problem:
        return []
    return [Fault(code="table_unreadable", place=place.name, message=reading.problem)]


def _size(place: Path) -> int:
    return place.stat().st_size
