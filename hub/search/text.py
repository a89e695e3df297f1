"""The one tokenizer of every search backend: what a text's words are, so that all backends find the same.

A chunk is a run of letters, digits and `_`, joined by single `-`, `.` or `/`. Its tokens, from large to
small, are the whole chunk, the identifiers in it, their words (split on `_` and on case) and the letters
and digits of each word: `mart.rainEffect2` gives `mart.raineffect2`, `mart`, `raineffect2`, `rain`,
`effect2`, `effect`, `2`. Case and accents are folded; nothing is stemmed. Chinese and Japanese characters
are words of their own, so are pictographs.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

TOKEN_LENGTH: Final = 100
"""Characters of the longest token; longer ones are cut, in the index and in queries alike."""
KEY_LENGTH: Final = 400
"""Characters of the longest name that is compared as a whole."""

_CACHED_RUNS: Final = 200_000


def _mark_class() -> str:
    """Characters that continue a word but are no letters (vowel signs of Indic scripts, for one)."""
    scripts = (*range(0x0483, 0x3100), *range(0xA66F, 0xABF0), *range(0xFE20, 0xFE30))
    return "".join(chr(point) for point in scripts if unicodedata.category(chr(point))[0] == "M")


_PICTOGRAPH: Final = r"[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
_ASCII_CHUNK: Final = re.compile(r"\w+(?:[-./]\w+)*", re.ASCII)
_ASCII_RUNS: Final = bytes(c if chr(c).isalnum() or chr(c) in "_-./" else 32 for c in range(128)) + bytes(128)
"""Translates what no chunk may hold to a space: five times faster than the pattern on a whole text."""
_CHUNK: Final = re.compile(rf"[\w{_mark_class()}]+(?:[-./][\w{_mark_class()}]+)*|{_PICTOGRAPH}")
_ACCENTS: Final = re.compile("[\u0300-\u036f]+")
_BLANKS: Final = re.compile(r"[\s\x00-\x1f\x7f]+")
_JOINERS: Final = re.compile(r"[-./]")
_CASE_BORDER: Final = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[0-9])(?=[A-Z][a-z])|(?<=[A-Z])(?=[A-Z][a-z])",
)
_DIGIT_BORDER: Final = re.compile(r"(?<=\d)(?=\D)|(?<=\D)(?=\d)")
_IDEOGRAPH: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LETTERS_THEN_DIGITS: Final = re.compile(r"([^\W\d]{3,})(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A chunk of a query: `words` are the tokens that a match must hold.

    `whole` is the chunk as one token, `identifiers` those of its parts that have several words.
    """

    whole: str
    identifiers: tuple[str, ...]
    words: tuple[str, ...]


def fold(text: str) -> str:
    """Fold case, accents and compatibility forms; other marks (of Indic scripts, of kana) stay."""
    return text.lower() if text.isascii() else _without_accents(text).casefold()


def encodable(text: str) -> str:
    """The text without lone surrogates, which no index takes: a `?` stands for each."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def key(name: str) -> str:
    """A name as it is compared as a whole: folded, runs of blanks and control characters are one space."""
    return _BLANKS.sub(" ", fold(name[: 2 * KEY_LENGTH])).strip()[:KEY_LENGTH]


def tokens(text: str) -> list[str]:
    """All tokens in order, repeated as often as their chunks are."""
    return token_text(text).split()


def token_text(text: str, *, distinct: bool = False) -> str:
    """The tokens joined by spaces, the form that indexes take; `distinct` counts equal chunks once."""
    if text.isascii():
        found = text.encode("ascii").translate(_ASCII_RUNS).decode("ascii").split()
    else:
        found = _chunks(text)
    return " ".join(map(_TOKENS_OF.__getitem__, dict.fromkeys(found) if distinct else found))


def chunks(text: str) -> Iterator[Chunk]:
    """The chunks of a query, in order."""
    for chunk in _chunks(text):
        words: dict[str, None] = {}
        identifiers: list[str] = []
        for identifier in _identifiers(chunk):
            parts = list(_words(identifier))
            if len(parts) > 1:
                identifiers.append(_cut(fold(identifier)))
            for word in parts:
                mixed = _LETTERS_THEN_DIGITS.fullmatch(word) if len(word) <= TOKEN_LENGTH else None
                words |= dict.fromkeys(_cut(part) for part in (mixed.groups() if mixed else (word,)))
        if words:
            whole = _cut(fold(chunk.strip("_")))
            yield Chunk(whole=whole, identifiers=tuple(identifiers), words=tuple(words))


def forms(word: str) -> tuple[str, ...]:
    """The word itself, then its singular or plural where it looks like an English one.

    Used for queries only: indexes hold words as they were written (no stemming).
    """
    if len(word) < 4 or not (word.isascii() and word.isalpha()):  # `gas`, `bus`, `id`
        return (word,)
    if not word.endswith("s"):
        return (word, word[:-1] + "ies") if re.search("[^aeiou]y$", word) else (word, word + "s")
    if word.endswith("ies") and len(word) > 4:  # `ties` is no `ty`
        return (word, word[:-3] + "y")
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return (word, word[:-2])
    return (word,) if word.endswith(("ss", "us", "is")) else (word, word[:-1])


def word_border(text: str, position: int) -> bool:
    """Whether a word may start or end at `position` of an unfolded text."""
    if position <= 0 or position >= len(text):
        return True
    before, after = text[position - 1], text[position]
    if not (before.isalnum() and after.isalnum()):
        return True
    if before.isdigit() != after.isdigit():
        return True
    if after.isupper():
        return before.islower() or text[position + 1 : position + 2].islower()
    return bool(_IDEOGRAPH.match(before) or _IDEOGRAPH.match(after))


class _TokensOf(dict[str, str]):
    """A run without blanks → its tokens joined by spaces; most runs of code come again and again."""

    def __missing__(self, run: str) -> str:
        if len(self) >= _CACHED_RUNS:
            self.clear()
        joined = _plain(run) or " ".join(token for chunk in _chunks(run) for token in _all_tokens(chunk))
        if len(run) <= TOKEN_LENGTH:
            self[run] = joined
        return joined


_TOKENS_OF: Final = _TokensOf()


def _plain(run: str) -> str:
    """The tokens of the most frequent runs, words and `snake_case`, found faster; empty for any other run."""
    if not (run.isascii() and run.islower() and len(run) <= TOKEN_LENGTH):
        return ""
    if run.isalpha():
        return run
    words = run.split("_")
    if len(set(words)) == len(words) and all(map(str.isalpha, words)):
        return f"{run} {' '.join(words)}"
    return ""


def _chunks(text: str) -> list[str]:
    if text.isascii():
        return _ASCII_CHUNK.findall(text)
    return _CHUNK.findall(_without_accents(text))


def _without_accents(text: str) -> str:
    decomposed = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", decomposed)


def _all_tokens(chunk: str) -> dict[str, None]:
    found = {_cut(fold(chunk.strip("_"))): None}
    for identifier in _identifiers(chunk):
        found[_cut(fold(identifier))] = None
        for word in _words(identifier):
            found[_cut(word)] = None
            if len(word) <= TOKEN_LENGTH and not word.isalpha():
                found |= dict.fromkeys(_cut(part) for part in _DIGIT_BORDER.split(word))
    found.pop("", None)
    return found


def _identifiers(chunk: str) -> Iterator[str]:
    return (part for piece in _JOINERS.split(chunk) if (part := piece.strip("_")))


def _words(identifier: str) -> Iterator[str]:
    """Folded words of an identifier; one longer than `TOKEN_LENGTH` (encoded bytes) stays whole."""
    if len(identifier) > TOKEN_LENGTH and "_" not in identifier:
        yield fold(identifier)
        return
    for part in identifier.split("_"):
        for word in _CASE_BORDER.split(part) if part.isascii() else _foreign_words(part):
            if word:
                yield fold(word)


def _foreign_words(part: str) -> Iterator[str]:
    start = 0
    for position in range(1, len(part) + 1):
        if position == len(part) or _foreign_border(part, position):
            yield part[start:position]
            start = position


def _foreign_border(part: str, position: int) -> bool:
    before, after = part[position - 1], part[position]
    if _IDEOGRAPH.match(before) or _IDEOGRAPH.match(after):
        return True
    if not after.isupper():
        return False
    return before.islower() or (before.isupper() and part[position + 1 : position + 2].islower())


def _cut(token: str) -> str:
    return token[:TOKEN_LENGTH]
