"""The bands of a result as conditions that every backend translates into its own queries."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from hub.search.port import Facet, FacetCounts, Rights, Sort, Tier
from hub.search.question import Question
from hub.search.spelling import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of a question: `forms` are found in every text that the asker may read.

    `similar` words, and words that start with `prefix` (if not empty), are found outside code and outputs.
    """

    forms: tuple[str, ...]
    similar: tuple[tuple[int, str], ...] = ()
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """All that is visible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameIs:
    """One of its exact names or its path is one of the keys."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NameStarts:
    """One of its names starts with the key; its path too where `paths`."""

    key: str
    paths: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NameHolds:
    """Its names hold all words, and a word that starts with `prefix` (if not empty)."""

    words: tuple[Word, ...]
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextHolds:
    """Its texts hold at least so many of the words; `question` and names spelled alike (`close`) rank."""

    words: tuple[Word, ...]
    at_least: int
    question: Question
    close: tuple[tuple[int, str], ...] = ()


Stage = Everything | NameIs | NameStarts | NameHolds | TextHolds

Filters = tuple[tuple[Facet, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Documents of `stage` that none of the bands above holds."""

    tier: Tier
    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """How many documents there are, and the `Entry.source` of those of the page in order."""

    count: int
    sources: tuple[bytes, ...]


class View(Protocol):
    """One state of an index as one asker sees it."""

    def page(self, stage: Stage, above: Sequence[Stage], filters: Filters, offset: int, limit: int) -> Page:
        """Documents of a stage, in none of those above: by rank, those of `TextHolds` by relevance."""
        ...

    def ordered(
        self, stages: Sequence[Stage], filters: Filters, sort: Sort, offset: int, limit: int
    ) -> tuple[bytes, ...]:
        """Sources of documents of any of the stages, `newest` first or by `name`.

        `newest` puts those last, by name, whose times the asker may not know.
        """
        ...

    def facets(self, stages: Sequence[Stage], filters: Filters) -> FacetCounts:
        """Counts over the documents of any of the stages, each facet without its own filter."""
        ...

    def vocabulary(self, letter: str) -> Vocabulary:
        """Indexed words outside code and outputs that start with the letter, also of hidden documents."""
        ...

    def holding(self, word: str) -> int:
        """In how many visible documents the asker may see the word outside code and outputs."""
        ...


class Index(Protocol):
    """What a backend has to offer to be searched in stages."""

    def view(self, rights: Rights, today: int) -> AbstractContextManager[View]:
        """The newest state; raises IndexDamaged, IndexOutdated."""
        ...
