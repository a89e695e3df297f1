"""The schemas that a Delta table had, from its log: runs in a child process.

Source: the Delta transaction log protocol, https://github.com/delta-io/delta/blob/master/PROTOCOL.md:
a commit `<20 digits>.json` holds one action a line, `metaData` carries the schema as JSON text.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

_COMMIT: Final = re.compile(r"(\d{20})\.json")
_CHECKPOINT: Final = re.compile(r"(\d{20})\.checkpoint(?:\.\d{10}\.\d{10})?\.parquet")


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaVersion:
    """(name, type, nullable) of each column, from this version of the table on."""

    from_version: int
    columns: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaHistory:
    """`newest` is the highest version that the log names, -1 without one; `faults` are (place, sentence)."""

    newest: int = -1
    schemas: tuple[SchemaVersion, ...] = ()
    partition_columns: tuple[str, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()


def read_delta_history(folder: str) -> DeltaHistory:
    """All schemas that the log still tells of, oldest first. What a commit or checkpoint hides is a fault."""
    log = Path(folder) / "_delta_log"
    commits = sorted(path for path in log.iterdir() if _COMMIT.fullmatch(path.name))
    checkpoints = sorted(path for path in log.iterdir() if _CHECKPOINT.fullmatch(path.name))
    numbers = [int(path.name[:20]) for path in (*commits, *checkpoints)]
    found: list[SchemaVersion] = []
    faults: list[tuple[str, str]] = []
    partitions: tuple[str, ...] = ()
    if checkpoints and (not commits or int(commits[0].name[:20]) > 0):
        commits = [*checkpoints[:1], *commits]
    for path in commits:
        try:
            for action in _metadata(path):
                columns = _columns(action)
                partitions = tuple(action.get("partitionColumns") or ())
                if columns and (not found or found[-1].columns != columns):
                    found.append(SchemaVersion(from_version=int(path.name[:20]), columns=columns))
        except (ValueError, OSError, KeyError, TypeError) as error:
            faults.append((path.name, f"This part of the log could not be read: {error}"[:300]))
    return DeltaHistory(
        newest=max(numbers, default=-1),
        schemas=tuple(found),
        partition_columns=partitions,
        faults=(*faults, *_gaps(commits)),
    )


def _metadata(path: Path) -> Iterator[dict[str, Any]]:
    if path.suffix == ".json":
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if '"metaData"' in line and isinstance(found := json.loads(line).get("metaData"), dict):
                    yield found
        return
    import pyarrow.parquet  # noqa: PLC0415  # only the child pays for it

    for row in pyarrow.parquet.read_table(path, columns=["metaData"]).column("metaData").to_pylist():
        if row is not None:
            yield row


def _columns(action: dict[str, Any]) -> tuple[tuple[str, str, bool], ...]:
    text = action.get("schemaString")
    fields = json.loads(text)["fields"] if text else ()
    return tuple((one["name"], _type(one["type"]), bool(one.get("nullable", True))) for one in fields)


def _type(kind: object) -> str:
    return kind if isinstance(kind, str) else json.dumps(kind, separators=(",", ":"), sort_keys=True)


def _gaps(commits: list[Path]) -> Iterator[tuple[str, str]]:
    numbers = [int(path.name[:20]) for path in commits]
    for before, after in pairwise(numbers):
        if after > before + 1:
            yield f"version {before + 1}", "The log has a gap here: what happened in between is not known."
