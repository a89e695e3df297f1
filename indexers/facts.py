"""Facts: what an indexer may say about the world. Small, frozen, and all there is between source and hub.

A source yields facts scope by scope: `ScopeStart`, the facts of the scope, `ScopeEnd`. What a
`SNAPSHOT` scope no longer mentions is closed once it ended `COMPLETE`; a `DELTA` scope closes only
what a `Tombstone` names. A fault is a fact too: the rest of its scope goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from indexers.vocabulary.facets import Facet
from indexers.vocabulary.kinds import Kind
from indexers.vocabulary.relations import Evidence, Relation

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


def urn(kind: Kind, namespace: str, name: str = "") -> str:
    """The readable, unique name of an entity: `kind:namespace/name`, `kind:namespace` without a name.

    Dataset namespaces and names follow the OpenLineage naming specification, so that events from
    outside meet the same entity. A column is its dataset's urn with kind `column` and `#name`.
    """
    return f"{kind}:{namespace}/{name}" if name else f"{kind}:{namespace}"


def column_urn(dataset: str, column: str) -> str:
    """`column:lake/mart.trips#rides` for the column `rides` of `dataset:lake/mart.trips`."""
    return f"column:{dataset.partition(':')[2]}#{column}"


NAMED = "named"
"""Namespace of datasets that code names and no indexer has found yet."""


def named_dataset_urn(name: str) -> str:
    """A table or data file as code names it, folded to lower case: unresolved until an indexer finds it."""
    return urn("dataset", NAMED, name.strip().strip("`\"'").casefold())


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityFact:
    """A thing exists.

    `aliases` are other names of the same thing (already normalised by the source: case folded where
    the platform folds it). Ingestion resolves an entity by urn first, then by alias when exactly one
    entity has it. `parent` is the urn of the container (repository of a file, dataset of a column).
    """

    urn: str
    kind: Kind
    name: str
    platform: str = ""
    parent: str = ""
    path: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetFact:
    """A typed statement about an entity.

    `source_version` names the version at the source (a commit, a table version), `source_time` when
    it became true there (aware, UTC), both empty where unknown. `current` is false for a version of
    the past that is learned late: it answers `source_time` reads and is never today's value.
    """

    urn: str
    value: Facet
    source_version: str = ""
    source_time: datetime | None = None
    current: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody as a source names them, after `.mailmap`. Stored in an erasable row, never in a facet."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFact:
    """One version of an entity at its source: a (path, blob) of a file in a commit, a table version.

    `position` grows with time within the entity. `content` is the source's own digest of the bytes
    (a blob id). `path` is the path at that version: renames are followed. `change` is what happened.
    """

    urn: str
    source_version: str
    position: int
    source_time: datetime
    author: Person
    subject: str
    path: str
    content: str
    change: str = "modified"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAnchor:
    """The place in code that shows an edge. `cell` counts all cells from 0, lines count from 1."""

    repository: str
    commit: str
    path: str
    cell: int | None = None
    first_line: int | None = None
    last_line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeFact:
    """`source` relation `target`, asserted by the writer whose run carries this fact.

    `columns` are (source column, target column) pairs; `direct` is false where the edge only decides
    which rows there are (filter, join, group).
    """

    source: str
    relation: Relation
    target: str
    evidence: Evidence
    columns: tuple[tuple[str, str], ...] = ()
    direct: bool = True
    anchor: CodeAnchor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """Bytes to keep in the content-addressed store: `digest` is their SHA-256 in hex."""

    digest: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """A `DELTA` scope saw that this entity is gone at the source."""

    urn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """The entity known as `urn` is now `new_urn`; it keeps its identity, the old name redirects."""

    urn: str
    new_urn: str
    new_name: str
    new_path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something could not be read. `code` is stable, `place` says where, `message` is a sentence."""

    code: str
    place: str
    message: str


class ScopeMode(StrEnum):
    SNAPSHOT = "snapshot"
    DELTA = "delta"


class Outcome(StrEnum):
    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeStart:
    """The facts up to the `ScopeEnd` of the same name are one scope; `expected` of them, for progress."""

    scope: str
    mode: ScopeMode
    expected: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeEnd:
    """How the scope ended. `checkpoint` comes back with the next crawl if this one was `COMPLETE`."""

    scope: str
    outcome: Outcome
    checkpoint: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The source found this scope as the checkpoint left it: nothing is written, nothing closed."""

    scope: str


Fact = (
    ScopeStart
    | EntityFact
    | FacetFact
    | VersionFact
    | EdgeFact
    | Blob
    | Tombstone
    | Renamed
    | Fault
    | ScopeEnd
    | Unchanged
)
