"""The source for Git repositories: a path, a bundle file, an https or an ssh URL."""

import hashlib
import itertools
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar, Final, Self

from indexers.facts import Fact, Json, Outcome, ScopeEnd, ScopeMode, ScopeStart, Unchanged
from indexers.guarded import Guard
from indexers.registry import Crawl, SourceIdentity, SourceUnreadable, source
from indexers.sources.git.heads import Heads
from indexers.sources.git.history import Ancestry, History, ancestry, is_ancestor
from indexers.sources.git.location import Location, Rules, looks_like_git, parse
from indexers.sources.git.mirror import Mirror, Mirrored
from indexers.sources.git.objects import Objects
from indexers.sources.git.reader import Reader
from indexers.sources.git.tree import MOST_FILES, Difference, Entry, compare_trees, list_tree
from indexers.sources.git.versions import Versions
from indexers.sources.git.wrapper import Git, GitFailed

FORMAT: Final = 1
"""Raised when files are read differently: the next crawl then starts anew."""

HEADS: Final = "heads"
HISTORY: Final = "history"
_COMMIT: Final = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


@source("git")
@dataclass(slots=True)
class GitSource:
    """Reads a bare mirror of the repository's branches and tags; nothing is checked out or run."""

    kind: ClassVar[str]
    location: Location
    rules: Rules = field(default_factory=Rules)
    _looked: Mirrored | None = None

    @classmethod
    def accepts(cls, location: str) -> bool:
        """See `Source`."""
        try:
            return looks_like_git(location)
        except (SourceUnreadable, ValueError, OSError):
            return False

    @classmethod
    def at(cls, location: str) -> Self:
        """See `Source`. Raises SourceUnreadable for a location that is refused."""
        return cls(location=parse(location))

    def identify(self, crawl: Crawl) -> SourceIdentity:
        """The root commits of the default branch; an empty repository is known by its place."""
        mirror = self._mirror(crawl)
        self._looked = mirror.update()
        head = self._looked.refs.head
        if not head:
            return SourceIdentity(key=f"git:empty:{self.location.shown}", name=self.location.name)
        try:
            roots = mirror.roots(head)
        except GitFailed:  # commits are missing: it is no repository that another address could be
            return SourceIdentity(
                key=f"git:incomplete:{self.location.shown}", name=self.location.name, head=head
            )
        digest = hashlib.sha256(" ".join(roots).encode("ascii")).hexdigest()
        return SourceIdentity(key=f"git:{digest}", name=self.location.name, head=head)

    def contains(self, version: str, crawl: Crawl) -> bool:
        """Whether a branch or tag of the mirror holds the commit `version`."""
        if not _COMMIT.fullmatch(version):
            return False
        try:
            return bool(self._mirror(crawl).git.run("for-each-ref", "--count=1", f"--contains={version}"))
        except GitFailed:
            return False

    def crawl(self, crawl: Crawl) -> Iterator[Fact]:
        """The scopes `heads` and `history`, each `Unchanged` where its checkpoint still holds."""
        mirror = self._mirror(crawl)
        looked, self._looked = self._looked or mirror.update(), None
        name = crawl.name or self.location.name
        marks = {HEADS: _heads_mark(looked, name), HISTORY: _history_mark(looked, name)}
        stale = [scope for scope in (HEADS, HISTORY) if crawl.checkpoints.get(scope) != marks[scope]]
        if not stale:
            yield from (Unchanged(scope=HEADS), Unchanged(scope=HISTORY))
            return
        try:
            with _Walk(self, mirror, looked, crawl, name) as walk:
                yield from walk.facts(marks, stale)
        except GitFailed as error:
            raise _vanished(mirror, error) from error

    def _mirror(self, crawl: Crawl) -> Mirror:
        return Mirror(location=self.location, scratch=crawl.scratch, limits=crawl.limits, rules=self.rules)


class _Walk:
    """One crawl of a mirror whose refs moved: what its two scopes share."""

    def __init__(self, of: GitSource, mirror: Mirror, looked: Mirrored, crawl: Crawl, name: str) -> None:
        self._location = of.location
        self._git = mirror.git
        self._looked = looked
        self._crawl = crawl
        self._name = name
        self._guard = Guard(
            answer_bytes=max(4 * crawl.limits.item_bytes, 2**24), seconds=crawl.limits.idle_seconds / 2
        )
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *about: object) -> None:
        self._stack.close()

    def facts(self, marks: dict[str, Json], stale: list[str]) -> Iterator[Fact]:
        """The stale scopes, in order; others are unchanged."""
        head = self._looked.refs.head
        old = {scope: self._continued(scope, head) for scope in (HEADS, HISTORY)}
        heads = self._heads(head, _shared(old, stale))
        versions = Versions(heads=heads)
        if HEADS in stale:
            yield from self._heads_scope(
                heads, versions, old[HEADS], marks[HEADS], with_history=HISTORY in stale
            )
        else:
            yield Unchanged(scope=HEADS)
        if HISTORY in stale:
            yield ScopeStart(scope=HISTORY, mode=ScopeMode.DELTA)
            yield from heads.history.faults
            yield from versions.all()
            outcome = Outcome.COMPLETE if heads.history.complete else Outcome.PARTIAL
            yield ScopeEnd(scope=HISTORY, outcome=outcome, checkpoint=marks[HISTORY])
        else:
            yield Unchanged(scope=HISTORY)

    def _heads_scope(
        self, heads: Heads, versions: Versions, old: str, mark: Json, *, with_history: bool
    ) -> Iterator[Fact]:
        head = self._looked.refs.head
        if old:
            differences = tuple(compare_trees(self._git, old, head)) if old != head else ()
            yield ScopeStart(scope=HEADS, mode=ScopeMode.DELTA, expected=len(differences))
        else:
            yield ScopeStart(scope=HEADS, mode=ScopeMode.SNAPSHOT, expected=len(heads.tree))
        yield from self._looked.faults
        yield from heads.repository(anew=not old)
        if old:
            yield from heads.delta(differences)
        else:
            yield from heads.renames(self._rewritten())
            heads.reader.expect(heads.keys())
            if with_history:
                heads.reader.expect_notebooks(versions.keys())
            yield from heads.snapshot()
        outcome = Outcome.COMPLETE if heads.whole else Outcome.PARTIAL
        yield ScopeEnd(scope=HEADS, outcome=outcome, checkpoint=mark)

    def _rewritten(self) -> tuple[Difference, ...]:
        """How the head differs from the one that a force-push replaced, while the mirror still has that."""
        old = self._kept_head(HEADS)
        try:
            return tuple(compare_trees(self._git, old, self._looked.refs.head)) if old else ()
        except GitFailed:
            return ()

    def _heads(self, head: str, old: str) -> Heads:
        objects = self._stack.enter_context(Objects(self._git, limit=self._crawl.limits.item_bytes))
        history = self._stack.enter_context(History(self._git, self._crawl.scratch))
        tree: tuple[Entry, ...] = ()
        shape = Ancestry(roots=(), levels={})
        if head:
            shape = ancestry(self._git, head)
            tree = tuple(itertools.islice(list_tree(self._git, head), MOST_FILES))
            if len(tree) < MOST_FILES:
                paths = [entry.path for entry in tree]
                history.walk(paths, old=old, new=head, levels=shape.levels, place=self._location.shown)
            else:  # git would hold all of the first difference before it says a word
                history.pass_over(self._location.shown, "its tree has too many files")
        return Heads(
            name=self._name,
            shown_location=self._location.shown,
            refs=self._looked.refs,
            tree=tree,
            ancestry=shape,
            whole=len(tree) < MOST_FILES,
            history=history,
            time=_time_of(self._git, head),
            reader=Reader(objects, self._guard, picture_pixels=self._crawl.limits.picture_pixels),
            guard=self._guard,
            item_limit=self._crawl.limits.item_bytes,
        )

    def _continued(self, scope: str, head: str) -> str:
        """The head that the scope's checkpoint left, if the new one continues it; empty to start anew."""
        old = self._kept_head(scope)
        return old if old and (old == head or is_ancestor(self._git, old, head)) else ""

    def _kept_head(self, scope: str) -> str:
        kept = self._crawl.checkpoints.get(scope)
        if not isinstance(kept, dict) or kept.get("format") != FORMAT or kept.get("name") != self._name:
            return ""
        old = kept.get("head")
        known = isinstance(old, str) and _COMMIT.fullmatch(old) and self._looked.refs.head
        return str(old) if known else ""


def _shared(old: dict[str, str], stale: list[str]) -> str:
    """From where one walk serves both scopes: the history's start is never after the head's."""
    if not all(old[scope] for scope in stale):
        return ""
    return old[HISTORY] if HISTORY in stale else old[HEADS]


def _heads_mark(looked: Mirrored, name: str) -> Json:
    return {"format": FORMAT, "name": name, "head": looked.refs.head, "refs": looked.refs.digest}


def _history_mark(looked: Mirrored, name: str) -> Json:
    return {"format": FORMAT, "name": name, "head": looked.refs.head}


def _time_of(git: Git, commit: str) -> datetime | None:
    seconds = git.line("log", "-1", "--no-patch", "--format=%ct", commit, "--") if commit else ""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _vanished(mirror: Mirror, error: GitFailed) -> SourceUnreadable:
    mirror.forget()
    return SourceUnreadable(
        "mirror_unreadable", f"{mirror.location.shown} could not be read to its end: {error} Crawl it again."
    )
