"""The suite that every source passes, for the sources of third parties too.

Each check takes `make`, which gives the source of a small corpus anew, and an empty folder of its own.
A check that fails raises `SourceBroken`, which says what to look at.
"""

import dataclasses
import hashlib
import json
import re
import tracemalloc
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from indexers.facts import (
    Blob,
    EdgeFact,
    EntityFact,
    FacetFact,
    Fact,
    Fault,
    Json,
    Outcome,
    ScopeEnd,
    ScopeStart,
    Unchanged,
    VersionFact,
)
from indexers.facts_json import line
from indexers.registry import Crawl, Limits, Source
from indexers.vocabulary.facets import FACETS, from_json, to_json
from indexers.vocabulary.kinds import KINDS
from indexers.vocabulary.relations import EVIDENCE, RELATIONS

Make = Callable[[], Source]

NAME = "trial"
_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class SourceBroken(AssertionError):
    """A source does not keep what the protocol promises."""


def crawl_all(
    source: Source, scratch: Path, checkpoints: dict[str, Json] | None = None, limits: Limits | None = None
) -> list[Fact]:
    """Everything that one crawl yields."""
    return list(source.crawl(_crawl(scratch, checkpoints, limits)))


def check_well_formed(make: Make, scratch: Path) -> None:
    """Scopes open and close; what is spoken of was stated; values survive JSON; blobs are what they say."""
    facts = crawl_all(make(), scratch)
    _check_scopes(facts)
    stated = {fact.urn for fact in facts if isinstance(fact, EntityFact)}
    digests: set[str] = set()
    for fact in facts:
        line(fact)  # raises where a text is no UTF-8
        if isinstance(fact, Blob):
            _require(hashlib.sha256(fact.data).hexdigest() == fact.digest, f"{fact!r} has another digest")
            digests.add(fact.digest)
        _check_fact(fact, stated, digests)


def check_deterministic(make: Make, scratch: Path) -> None:
    """Two crawls of the same place from nothing are equal, fact by fact."""
    first = crawl_all(make(), _folder(scratch, "first"))
    second = crawl_all(make(), _folder(scratch, "second"))
    _same(first, second, "the same place read twice")


def check_unchanged(make: Make, scratch: Path) -> None:
    """A second crawl with the first one's checkpoints says `Unchanged` for every scope and nothing else."""
    facts = crawl_all(make(), scratch)
    expected = [Unchanged(scope=fact.scope) for fact in facts if isinstance(fact, ScopeEnd)]
    _require(bool(expected), "the first crawl ended no scope")
    found = crawl_all(make(), scratch, checkpoints_of(facts))
    _require(found == expected, f"a second crawl yielded {found[:5]!r} where nothing had changed")


def check_resumable(make: Make, scratch: Path) -> None:
    """A crawl that was broken off anywhere is made good by the next, which repeats no complete scope."""
    whole = crawl_all(make(), _folder(scratch, "whole"))
    for part in (0.0, 0.2, 0.6, 0.95):
        folder = _folder(scratch, f"broken-{part}")
        taken = _take(make(), folder, int(part * len(whole)))
        done = checkpoints_of(taken)
        found = crawl_all(make(), folder, done)
        expected = _without(whole, done.keys())
        _same(
            [fact for fact in found if not isinstance(fact, Unchanged)],
            expected,
            f"a crawl after {part:.0%} of one",
        )


def check_read_only(make: Make, scratch: Path, place: Path) -> None:
    """Nothing below `place` changes, not even a time; a source that is no folder is checked another way."""
    before = _state(place)
    source = make()
    source.identify(_crawl(scratch))
    crawl_all(source, scratch)
    after = _state(place)
    changed = sorted(
        str(path) for path in before.keys() | after.keys() if before.get(path) != after.get(path)
    )
    _require(not changed, f"the crawl changed {', '.join(changed[:5])}")


def check_bounded(make: Make, scratch: Path, *, mebibytes: int) -> None:
    """The crawl never holds more than so much memory of its own, whoever much passes through."""
    tracemalloc.start()
    try:
        passed = sum(len(fact.data) for fact in make().crawl(_crawl(scratch)) if isinstance(fact, Blob))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    _require(passed > mebibytes * 2**20, f"the corpus holds {passed} bytes only: too few to tell")
    _require(peak < mebibytes * 2**20, f"the crawl held {peak / 2**20:.1f} MiB at its peak")


def check_limited(make: Make, scratch: Path) -> None:
    """Items above the limit are named faults, and the scopes end all the same."""
    facts = crawl_all(make(), scratch, limits=Limits(item_bytes=10))
    _check_scopes(facts)
    _require(any(isinstance(fact, Fault) for fact in facts), "a limit of ten bytes left no fault")


def checkpoints_of(facts: Iterable[Fact]) -> dict[str, Json]:
    """What the hub would keep of a crawl: through JSON and back, complete scopes only."""
    return {
        fact.scope: json.loads(json.dumps(fact.checkpoint))
        for fact in facts
        if isinstance(fact, ScopeEnd) and fact.outcome is Outcome.COMPLETE
    }


def _crawl(scratch: Path, checkpoints: dict[str, Json] | None = None, limits: Limits | None = None) -> Crawl:
    return Crawl(name=NAME, scratch=scratch, checkpoints=checkpoints or {}, limits=limits or Limits())


def _folder(scratch: Path, name: str) -> Path:
    folder = scratch / name
    folder.mkdir(parents=True)
    return folder


def _take(source: Source, scratch: Path, count: int) -> list[Fact]:
    stream = source.crawl(_crawl(scratch))
    taken = [fact for fact, _ in zip(stream, range(count), strict=False)]
    if close := getattr(stream, "close", None):
        close()
    return taken


def _without(facts: list[Fact], scopes: Collection[str]) -> list[Fact]:
    kept, scope = list[Fact](), ""
    for fact in facts:
        if isinstance(fact, ScopeStart):
            scope = fact.scope
        if scope not in scopes:
            kept.append(fact)
        if isinstance(fact, ScopeEnd):
            scope = ""
    return kept


def _check_scopes(facts: list[Fact]) -> None:
    scope, ended = "", set[str]()
    for fact in facts:
        if isinstance(fact, ScopeStart):
            _require(not scope, f"scope {fact.scope} starts inside of {scope}")
            _require(fact.scope not in ended, f"scope {fact.scope} comes twice")
            scope = fact.scope
        elif isinstance(fact, ScopeEnd):
            _require(fact.scope == scope, f"scope {fact.scope} ends where {scope or 'none'} is open")
            ended.add(scope)
            scope = ""
        elif not isinstance(fact, Unchanged | Fault):
            _require(bool(scope), f"{fact!r} stands outside of every scope")
    _require(not scope, f"scope {scope} has no end")
    _require(bool(ended), "there is no scope")


def _check_fact(fact: Fact, stated: set[str], digests: set[str]) -> None:
    if isinstance(fact, EntityFact):
        _require(fact.kind in KINDS and fact.urn.startswith(f"{fact.kind}:"), f"{fact.urn} has another kind")
        _require(bool(fact.name), f"{fact.urn} has no name")
        _require(not fact.parent or fact.parent in stated, f"{fact.parent} is a parent that nobody stated")
        folded = all(alias == alias.casefold() for alias in fact.aliases)
        _require(fact.kind != "dataset" or folded, f"an alias of {fact.urn} is not folded to lower case")
    elif isinstance(fact, FacetFact):
        _check_facet(fact, stated, digests)
    elif isinstance(fact, VersionFact):
        _require(fact.urn in stated, f"{fact.urn} has a version and was not stated")
        _require(fact.source_time.utcoffset() == timedelta(0), f"a version of {fact.urn} is not in UTC")
    elif isinstance(fact, EdgeFact):
        _require({fact.source, fact.target} <= stated, f"{fact!r} joins what was not stated")
        _require(fact.relation in RELATIONS and fact.evidence in EVIDENCE, f"{fact!r} uses words of its own")
    elif isinstance(fact, Fault):
        _require(bool(_CODE.fullmatch(fact.code)), f"{fact.code} is no snake_case code")
        _require(
            bool(fact.place) and fact.message.endswith((".", "!", "?")), f"{fact!r} has no place or sentence"
        )


def _check_facet(fact: FacetFact, stated: set[str], digests: set[str]) -> None:
    name = fact.value.facet
    _require(fact.urn in stated, f"{fact.urn} has a facet and was not stated")
    _require(name in FACETS, f"{name} is no facet of the vocabulary")
    again = from_json(name, json.loads(json.dumps(to_json(fact.value))))
    _require(again == fact.value, f"the facet {name} of {fact.urn} does not survive JSON")
    if fact.source_time is not None:
        _require(fact.source_time.utcoffset() == timedelta(0), f"a facet of {fact.urn} is not in UTC")
    content = getattr(fact.value, "content", "")
    _require(not content or content in digests, f"the content of {fact.urn} was not yielded before its facet")


def _state(place: Path) -> dict[Path, tuple[object, ...]]:
    return {path: _about(path) for path in _below(place)}


def _below(place: Path) -> Iterator[Path]:
    yield place
    if place.is_dir() and not place.is_symlink():
        for path in sorted(place.iterdir()):
            yield from _below(path)


def _about(path: Path) -> tuple[object, ...]:
    about = path.lstat()
    plain = path.is_file() and not path.is_symlink()
    content = hashlib.sha256(path.read_bytes()).hexdigest() if plain else ""
    return about.st_mode, about.st_size, about.st_mtime_ns, about.st_nlink, content


def _same(first: list[Fact], second: list[Fact], what: str) -> None:
    for at, (left, right) in enumerate(zip(first, second, strict=False)):
        _require(left == right, f"{what} differs at fact {at}: {_short(left)} and {_short(right)}")
    _require(len(first) == len(second), f"{what} has {len(first)} and {len(second)} facts")


def _short(fact: Fact) -> str:
    shown = dataclasses.replace(fact, data=b"") if isinstance(fact, Blob) else fact
    return f"{shown!r}"[:300]


def _require(condition: bool, message: str) -> None:  # reads like an assertion
    if not condition:
        raise SourceBroken(message)
