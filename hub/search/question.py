"""What somebody typed, as every backend understands it."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from hub.search.inflection import inflections
from hub.search.text import Chunk, chunks, encodable, forms, key

QUESTION_LENGTH: Final = 1_000
"""Characters of a question that are read; the rest is ignored."""
QUESTION_WORDS: Final = 24
"""Words of a question that are searched for."""

_COMMON_WORDS: Final = """
a about also am an and any are as at be been both but by can could did do does each for from get had has have
how i in into is it its like make me more most my need not of on only or other our over owned owns per should
show so some such than that the their them then there these they this those to under us use used uses using
via want was we were what when where which while who whom whose why will with would you your
"""
_STOP_WORDS: Final = frozenset(_COMMON_WORDS.split())
_ARTICLES: Final = frozenset({"a", "an", "the", "my", "our", "your"})
KIND_WORDS: Final = {
    "notebook": "notebook",
    "dataset": "dataset",
    "table": "dataset",
    "column": "column",
    "model": "model",
    "repository": "repository",
    "repo": "repository",
    "file": "file",
    "script": "file",
    "cell": "cell",
    "dashboard": "dashboard",
    "metric": "metric",
    "job": "job",
    "pipeline": "job",
    "environment": "environment",
}
"""Words that name a kind: beside other words they only lift things of that kind."""
_CLEAR_KINDS: Final = frozenset({"notebook", "repository", "dashboard"})
_CLEAR_LIFT: Final = 20.0
_LIFT: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`names` are compared with whole names: `key`, the text itself, and the one name it speaks of, if any.

    The other parts are tokens. Every one of `words` must be found for a match, in one of its `ways`; every
    one of `name_words` in the name for the tier of that name. `kinds` and `wholes` (identifiers as written)
    only lift.
    """

    key: str
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    name_words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    kind_words: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        return not self.key

    def ways(self, word: str) -> tuple[str, ...]:
        """How a text may have one of the words: as written, inflected, or in one with its neighbour.

        `errorbars` holds both words of `error bars`.
        """
        found = dict.fromkeys(inflections(word))
        for first, second in pairwise(self.name_words):
            if word in (first, second) and _joins(first) and _joins(second):
                found |= dict.fromkeys(first + form for form in forms(second))
        return tuple(found)

    @property
    def most_words(self) -> int:
        """How many words make a match where little holds them all: two of three, four of five."""
        return len(self.words) - len(self.words) // 3

    @property
    def enough_words(self) -> int:
        """How many words make a match when nothing holds them all."""
        return (len(self.words) + 1) // 2


def ask(text: str) -> Question:
    """Read a question. Words like `the` count only where nothing else is left, identifiers always count."""
    text = encodable(text[:QUESTION_LENGTH])
    content: dict[str, bool] = {}
    stops: dict[str, None] = {}
    wholes: dict[str, None] = {}
    named: list[Chunk] = []
    for chunk in chunks(text):
        alone = len(chunk.words) == 1
        wholes |= dict.fromkeys((chunk.whole, *chunk.identifiers) if not alone else ())
        if not (alone and (chunk.words[0] in _STOP_WORDS or _kind(chunk.words[0]))):
            named.append(chunk)
        for word in chunk.words:
            if alone and word in _STOP_WORDS:
                stops[word] = None
            elif word in content or content.keys().isdisjoint(forms(word)):
                content[word] = content.get(word, True) and alone
    name_words = tuple(content or stops)[:QUESTION_WORDS]
    hints = {word: _kind(word) for word in name_words if content.get(word) and _kind(word)}
    words = tuple(word for word in name_words if word not in hints)
    return Question(
        key=key(text),
        names=_names(key(text), named, stops),
        words=words or name_words,
        name_words=name_words,
        kinds=tuple(dict.fromkeys(hints.values())),
        kind_words=tuple(hints) if words else (),
        wholes=tuple(wholes)[:QUESTION_WORDS],
    )


def _names(whole: str, named: list[Chunk], stops: Collection[str]) -> tuple[str, ...]:
    """The question, and the one name in it: an identifier, or a word beside kinds and articles alone."""
    if len(named) != 1 or (len(named[0].words) == 1 and not _ARTICLES.issuperset(stops)):
        return (whole,)
    return tuple(dict.fromkeys((whole, named[0].whole)))


def _joins(word: str) -> bool:
    """Whether it is a word that people write together with another."""
    return len(word) >= 3 and word.isalpha()


def kind_lift(kind: str) -> float:
    """How much a thing of a kind that was named scores more: `table` and `model` may mean something else."""
    return _CLEAR_LIFT if kind in _CLEAR_KINDS else _LIFT


def kind_words(kind: str) -> str:
    """The words that people use for a kind, itself first."""
    return " ".join([kind, *(word for word, named in KIND_WORDS.items() if named == kind and word != kind)])


def _kind(word: str) -> str:
    return next((KIND_WORDS[form] for form in forms(word) if form in KIND_WORDS), "")
