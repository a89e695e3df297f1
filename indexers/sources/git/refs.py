"""The refs of a repository: branches, tags and which branch is the default one."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

_USUAL_DEFAULTS: Final = ("main", "master", "trunk", "develop")
_HEADS: Final = "refs/heads/"
_TAGS: Final = "refs/tags/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refs:
    """(name, object) pairs sorted by name; bytes of a name that are not UTF-8 are surrogates.

    The object of a tag is the commit it points at in the end. `default` is a branch's name, empty
    in an empty repository.
    """

    branches: tuple[tuple[str, str], ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    default: str = ""

    @property
    def head(self) -> str:
        """The commit at the head of the default branch, empty where there is none."""
        return dict(self.branches).get(self.default, "")

    @property
    def digest(self) -> str:
        """Changes when any branch, tag or the default branch does."""
        text = json.dumps([self.branches, self.tags, self.default])
        return hashlib.sha256(text.encode()).hexdigest()

    @classmethod
    def of_listing(cls, listing: bytes) -> Self:
        """Read the output of `ls-remote --symref`: `ref: <ref>TAB HEAD` and `<object>TAB<ref>` lines."""
        pointed, head, objects = "", "", dict[str, str]()
        for line in listing.decode("utf-8", "surrogateescape").split("\n"):
            first, _, name = line.partition("\t")
            if first.startswith("ref: ") and name == "HEAD":
                pointed = first.removeprefix("ref: ")
            elif name == "HEAD":
                head = first
            elif name:
                objects[name] = first
        peeled = {name.removesuffix("^{}"): found for name, found in objects.items() if name.endswith("^{}")}
        plain = {name: found for name, found in objects.items() if not name.endswith("^{}")} | peeled
        return cls.of_objects(plain.items(), pointed=pointed.removeprefix(_HEADS), head=head)

    @classmethod
    def of_objects(cls, objects: Iterable[tuple[str, str]], *, pointed: str, head: str = "") -> Self:
        """Sort (full name, object) pairs; the default branch is `pointed`, else the likeliest at `head`."""
        branches, tags = dict[str, str](), dict[str, str]()
        for name, found in objects:
            if name.startswith(_HEADS):
                branches[name.removeprefix(_HEADS)] = found
            elif name.startswith(_TAGS):
                tags[name.removeprefix(_TAGS)] = found
        default = pointed if pointed in branches else _likeliest(branches, head)
        return cls(
            branches=tuple(sorted(branches.items())),
            tags=tuple(sorted(tags.items())),
            default=default,
        )


def _likeliest(branches: dict[str, str], head: str) -> str:
    candidates = [name for name, found in branches.items() if found == head] or list(branches)
    for usual in _USUAL_DEFAULTS:
        if usual in candidates:
            return usual
    return min(candidates, default="")
