"""The scope `heads`: the repository and the files at the head of its default branch."""

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from indexers.facts import EntityFact, FacetFact, Fact, Fault, Renamed, Tombstone, urn
from indexers.guarded import Guard
from indexers.parsers.code import language_of
from indexers.parsers.licence import licence_of
from indexers.sources.files.categories import KIND_OF, kinds, may_matter
from indexers.sources.files.items import Item, ItemFacts
from indexers.sources.files.names import item_urn, ref_text, shown
from indexers.sources.files.reading import FileReading
from indexers.sources.git.history import Ancestry, History
from indexers.sources.git.reader import Key, Reader, Wanted
from indexers.sources.git.refs import Refs
from indexers.sources.git.tree import GITLINK, SYMLINK, Difference, Entry
from indexers.vocabulary.facets import Documentation, Ref, Repository
from indexers.vocabulary.kinds import Kind

PLATFORM: Final = "git"

_LICENCE_NAMES: Final = ("license", "licence", "copying")
_LICENCE_BYTES: Final = 256 * 1024
_MOST_REFS: Final = 5000


@dataclass(slots=True, kw_only=True)
class Heads:
    """One look at the head of the default branch. `history` has been walked; `time` is the head's.

    `whole` is false where `tree` holds only the first of too many files.
    """

    name: str
    shown_location: str
    refs: Refs
    tree: tuple[Entry, ...]
    ancestry: Ancestry
    history: History
    time: datetime | None
    reader: Reader
    guard: Guard
    item_limit: int
    whole: bool = True
    _paths: dict[str, Entry] = field(default_factory=dict)
    _kinds: dict[str, tuple[Kind, ...]] = field(default_factory=dict)
    _facts: ItemFacts | None = None

    def __post_init__(self) -> None:
        self._paths = {shown(entry.path).path: entry for entry in self.tree if entry.mode.startswith("100")}

    @property
    def urn(self) -> str:
        """Of the repository."""
        return urn("repository", self.name)

    @property
    def facts(self) -> ItemFacts:
        """What turns readings into facts, one for the whole crawl."""
        if self._facts is None:
            self._facts = ItemFacts(name=self.name, platform=PLATFORM, paths=self._paths, container=self.urn)
        return self._facts

    def repository(self, *, anew: bool) -> Iterator[Fact]:
        """The repository itself; it comes first.

        Only a snapshot states the entity: a delta that did would close every edge it does not repeat.
        """
        if anew:
            yield EntityFact(urn=self.urn, kind="repository", name=self.name, platform=PLATFORM)
        head = self.refs.head
        value = Repository(
            location=self.shown_location,
            default_branch=ref_text(self.refs.default),
            head=head,
            branches=_shown_refs(self.refs.branches),
            tags=_shown_refs(self.refs.tags),
            roots=self.ancestry.roots,
            commits=len(self.ancestry.levels),
            licence=self._licence(),
            languages=self._languages(),
        )
        yield FacetFact(urn=self.urn, value=value, source_version=head, source_time=self.time)
        for what, found in (("branches", self.refs.branches), ("tags", self.refs.tags)):
            if len(found) > _MOST_REFS:
                message = f"It has {len(found)} {what}; the first {_MOST_REFS} by name are listed."
                yield Fault(code="too_many_refs", place=self.shown_location, message=message)

    def keys(self) -> Iterator[Key]:
        """The blobs that `snapshot` will read."""
        return (one.key for one in self._wanted(self.tree))

    def snapshot(self) -> Iterator[Fact]:
        """Every file at the head."""
        if not self.whole:
            message = f"It has more than {len(self.tree)} files; the others were left out."
            yield Fault(code="too_many_files", place=self.shown_location, message=message)
        yield from self._oddities(self.tree)
        yield from self._read(self.tree)

    def renames(self, differences: tuple[Difference, ...]) -> Iterator[Renamed]:
        """What moved between a head that was rewritten and this one: it keeps its identity."""
        moves = _moves(differences, self.history)
        before = self._kinds_of((one.old_path, one.old_mode, one.old_object) for one in differences)
        after = self._kinds_of((one.path, one.mode, one.object_id) for one in differences)
        yield from self._renames(moves, before, after)

    def delta(self, differences: tuple[Difference, ...]) -> Iterator[Fact]:
        """What changed since another commit: renames first, then what is gone, then what is new or edited."""
        changed = {one.path for one in differences if one.object_id}
        entries = tuple(entry for entry in self.tree if entry.path in changed)
        yield from self._oddities(entries)
        moves = _moves(differences, self.history)
        before = self._kinds_of((one.old_path, one.old_mode, one.old_object) for one in differences)
        after = self._kinds_of((one.path, one.mode, one.object_id) for one in differences)
        self._kinds |= {path: told for path, told in after.items() if path in self._paths}
        renamed = set[str]()
        for rename in self._renames(moves, before, after):
            renamed.add(rename.urn)
            yield rename
        for path, told in sorted(before.items()):
            for kind in told:
                gone = item_urn(kind, self.name, path)
                stays = path in self._paths and kind in self._kinds.get(path, after.get(path, ()))
                if gone not in renamed and not stays:
                    yield Tombstone(urn=gone)
        same = {one.path for one in differences if one.object_id == one.old_object and _stands(one, moves)}
        fresh = tuple(
            entry for entry in entries if entry.path not in same or self._kinds_differ(entry, before, moves)
        )
        self.reader.expect(one.key for one in self._wanted(fresh))
        yield from self._read(fresh)

    def kinds_of(self, path: str) -> tuple[Kind, ...]:
        """What a file at the head is, read from it where that was not done yet."""
        if path not in self._kinds:
            entry = self._paths.get(path)
            stated = entry is not None and may_matter(path, entry.size)
            triples = [(entry.path, entry.mode, entry.object_id)] if entry and stated else []
            self._kinds[path] = self._kinds_of(triples).get(path, ())
        return self._kinds[path]

    def learn_kinds(self, paths: Iterable[bytes]) -> None:
        """As `kinds_of` for many paths at once."""
        entries = [self._paths.get(shown(path).path) for path in paths]
        unknown = [entry for entry in entries if entry and shown(entry.path).path not in self._kinds]
        stated = [entry for entry in unknown if may_matter(shown(entry.path).path, entry.size)]
        self._kinds |= self._kinds_of((entry.path, entry.mode, entry.object_id) for entry in stated)

    def _read(self, entries: Iterable[Entry]) -> Iterator[Fact]:
        for read in self.reader.read(self._wanted(entries)):
            item = read.wanted.subject
            yield from self.facts.of(item, read.categories, read.reading)
            yield from self._about(item, read.reading)
            self._kinds[item.path] = tuple(KIND_OF[category] for category in read.categories)
        yield from self.facts.imports(self.kinds_of)

    def _about(self, item: Item, reading: FileReading) -> Iterator[Fact]:
        """The readme at the top says what the whole repository is about."""
        if item.path.casefold().partition(".")[0] != "readme":
            return
        for _, facet in reading.facets:
            if isinstance(facet, Documentation):
                yield FacetFact(urn=self.urn, value=facet, source_version=item.commit, source_time=item.time)

    def _wanted(self, entries: Iterable[Entry]) -> Iterator[Wanted[Item]]:
        for entry in entries:
            path = shown(entry.path).path
            if entry.mode.startswith("100") and may_matter(path, entry.size):
                touch = self.history.latest.get(entry.path)
                item = Item(
                    path=path,
                    commit=touch.sha if touch else self.refs.head,
                    time=touch.time if touch else self.time,
                )
                too_large = entry.size > self.item_limit
                yield Wanted(subject=item, path=path, object_id=entry.object_id, too_large=too_large)

    def _oddities(self, entries: Iterable[Entry]) -> Iterator[Fact]:
        for entry in entries:
            name = shown(entry.path)
            if entry.mode == GITLINK:
                message = "It is a submodule, another repository: add that one as a source of its own."
                yield Fault(code="submodule_not_entered", place=name.path, message=message)
            elif entry.mode == SYMLINK and kinds(name.path, b"") and may_matter(name.path, 0):
                message = "It is a symbolic link and was not followed; what it names is read where it lies."
                yield Fault(code="symlink_not_followed", place=name.path, message=message)
            if name.fault is not None and may_matter(name.path, entry.size):
                yield name.fault

    def _kinds_of(self, files: Iterable[tuple[bytes, str, str]]) -> dict[str, tuple[Kind, ...]]:
        """Kinds by shown path of (path, mode, object) triples."""
        wanted = [
            (shown(path).path, object_id)
            for path, mode, object_id in files
            if object_id and mode.startswith("100") and may_matter(shown(path).path, 0)
        ]
        told = {path: kinds(path, b"") for path, _ in wanted}
        return told | {path: kinds(path, head) for path, head in self.reader.heads(wanted)}

    def _kinds_differ(self, entry: Entry, before: dict[str, tuple[Kind, ...]], moves: dict[str, str]) -> bool:
        path = shown(entry.path).path
        old = next((old for old, new in moves.items() if new == path), path)
        return before.get(old) != self._kinds.get(path)

    def _renames(
        self,
        moves: dict[str, str],
        before: dict[str, tuple[Kind, ...]],
        after: dict[str, tuple[Kind, ...]],
    ) -> Iterator[Renamed]:
        """What moved and is still of its kind."""
        for old_path, path in sorted(moves.items()):
            for kind in before.get(old_path, ()):
                if kind in after.get(path, ()):
                    yield Renamed(
                        urn=item_urn(kind, self.name, old_path),
                        new_urn=item_urn(kind, self.name, path),
                        new_name=posixpath.basename(path),
                        new_path=path,
                    )

    def _licence(self) -> str:
        for path, entry in self._paths.items():
            if (
                "/" not in path
                and path.casefold().startswith(_LICENCE_NAMES)
                and entry.size <= _LICENCE_BYTES
            ):
                for _, data in self.reader.heads([(path, entry.object_id)]):
                    found = self.guard.run(licence_of, path, data.decode("utf-8", "replace"))
                    if isinstance(found, str) and found:
                        return found
        return ""

    def _languages(self) -> tuple[tuple[str, int], ...]:
        counts: Counter[str] = Counter()
        for path in self._paths:
            language = "jupyter" if path.casefold().endswith(".ipynb") else language_of(path, b"")
            if language:
                counts[language] += 1
        return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _shown_refs(refs: tuple[tuple[str, str], ...]) -> tuple[Ref, ...]:
    return tuple(Ref(name=ref_text(name), commit=found) for name, found in refs[:_MOST_REFS])


def _stands(one: Difference, moves: dict[str, str]) -> bool:
    return one.old_path == one.path or moves.get(shown(one.old_path).path) == shown(one.path).path


def _moves(differences: tuple[Difference, ...], history: History) -> dict[str, str]:
    """Old path to new path of renamed files: as the commits between say, else as the two trees alone look."""
    gone = {one.old_path for one in differences if not one.object_id or one.status == "R"}
    arrived = {one.path: one for one in differences if not one.old_object or one.status == "R"}
    moves = dict[str, str]()
    for path in sorted(arrived):
        for old in reversed(history.older_names.get(path, [])):
            if old in gone and shown(old).path not in moves:
                moves[shown(old).path] = shown(path).path
                break
    settled = set(moves.values())
    for path, one in sorted(arrived.items()):
        if one.status == "R" and shown(path).path not in settled and shown(one.old_path).path not in moves:
            moves[shown(one.old_path).path] = shown(path).path
    return moves
