"""Which files of a folder are one dataset, and what it is called."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from indexers.facts import named_dataset_urn
from indexers.sources.folder_walk import Found

Platform = Literal["parquet", "delta", "csv"]

_PARTITION: Final = re.compile(r"[^/=]+=[^/]*")
_ENDINGS: Final[dict[str, Platform]] = {".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".tsv": "csv"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """Files that are one table. `path` is the table's folder, or the file where it is one by itself."""

    path: str
    platform: Platform
    files: tuple[Found, ...]
    partition_columns: tuple[str, ...] = ()

    @property
    def dotted(self) -> str:
        """`schema.table` of `schema/table`, without the ending of a file."""
        stem, ending = posixpath.splitext(self.path)
        return (stem if ending.casefold() in _ENDINGS else self.path).replace("/", ".")

    def aliases(self, source: str) -> tuple[str, ...]:
        """What code calls it: dotted and by path, with the source's folder before it and without."""
        paths = [self.path, f"{source}/{self.path}"]
        if len(self.files) == 1 and self.platform != "delta":
            paths += [self.files[0].path, f"{source}/{self.files[0].path}"]
        names = [self.dotted, f"{source}.{self.dotted}", *paths]
        folded = (named_dataset_urn(name).partition("/")[2] for name in names)
        return tuple(dict.fromkeys(name for name in folded if name))


def platform_of(path: str) -> Platform | None:
    """What kind of table a file is by its name, None for other files."""
    return _ENDINGS.get(posixpath.splitext(path)[1].casefold())


def group(tables: Iterable[Found]) -> Iterator[Dataset]:
    """Parquet files in one folder `schema/table` (partitions `key=value` below it included) are one table.

    In the root and in the folders right below it each file is a table of its own.
    """
    whole: dict[tuple[str, Platform], list[Found]] = {}
    for found in tables:
        if found.is_delta:
            yield Dataset(path=found.path, platform="delta", files=(found,))
        elif platform := platform_of(found.path):
            whole.setdefault((_table_of(found.path, platform), platform), []).append(found)
    for (path, platform), files in whole.items():
        yield Dataset(
            path=path, platform=platform, files=tuple(files), partition_columns=partition_keys(files[0].path)
        )


def _table_of(path: str, platform: Platform) -> str:
    folders = path.split("/")[:-1]
    while folders and _PARTITION.fullmatch(folders[-1]):
        folders.pop()
    partitioned = len(folders) < path.count("/")
    if platform == "parquet" and folders and (partitioned or len(folders) > 1):
        return "/".join(folders)
    return path


def partition_keys(path: str) -> tuple[str, ...]:
    """Keys of the Hive-style folders `key=value` in a file's path, outermost first."""
    return tuple(part.partition("=")[0] for part in path.split("/")[:-1] if _PARTITION.fullmatch(part))
