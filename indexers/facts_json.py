"""Facts as JSON lines: what `boxwood facts` and `python -m indexers facts` print."""

import dataclasses
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import orjson

from indexers.facts import (
    Blob,
    EdgeFact,
    EntityFact,
    FacetFact,
    Fact,
    Fault,
    Renamed,
    ScopeEnd,
    ScopeStart,
    Tombstone,
    Unchanged,
    VersionFact,
)
from indexers.registry import Crawl, open_source
from indexers.vocabulary.facets import to_json

_NAMES: Final[dict[type, str]] = {
    Blob: "blob",
    EdgeFact: "edge",
    EntityFact: "entity",
    FacetFact: "facet",
    Fault: "fault",
    Renamed: "renamed",
    ScopeEnd: "scope-end",
    ScopeStart: "scope-start",
    Tombstone: "tombstone",
    Unchanged: "unchanged",
    VersionFact: "version",
}


def lines(location: str, *, kind: str = "") -> Iterator[bytes]:
    """Each fact of a first crawl of `location` as one line of JSON, without the line break.

    Raises SourceUnknown, SourceUnreadable. Bytes of blobs are left out: digest, type and size stand for them.
    """
    source = open_source(location, kind)
    with tempfile.TemporaryDirectory(prefix="boxwood-facts-") as folder:
        looking = Crawl(name="", scratch=Path(folder), checkpoints={})
        named = dataclasses.replace(looking, name=source.identify(looking).name)
        for fact in source.crawl(named):
            yield line(fact)


def line(fact: Fact) -> bytes:
    """One fact as JSON: `fact` names its type, the other keys are its fields."""
    name = _NAMES[type(fact)]
    if isinstance(fact, Blob):
        about = {"digest": fact.digest, "media_type": fact.media_type, "bytes": len(fact.data)}
        return orjson.dumps({"fact": name, **about})
    if isinstance(fact, FacetFact):
        value = {"facet": fact.value.facet, "facet_version": fact.value.version, "value": to_json(fact.value)}
        rest = {
            field.name: getattr(fact, field.name)
            for field in dataclasses.fields(fact)
            if field.name != "value"
        }
        return orjson.dumps({"fact": name, "urn": fact.urn, **value, **rest})
    return orjson.dumps({"fact": name, **dataclasses.asdict(fact)})
