"""Why a document is a hit, and the pieces of its texts that show it, from what the asker may see only."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import orjson

from hub.search.port import Highlight, Hit, Reason, Rights, Suggestion, TextField
from hub.search.question import Question, kind_words
from hub.search.stages import Band, NameHolds, NameIs, NameStarts, Stage, TextHolds
from hub.search.text import fold, tokens, word_border

PIECE_LENGTH: Final = 160
CODE_LINES: Final = 6
LISTED: Final = 5
"""Items shown of a field that is a list."""
NEAR: Final = 6_000
"""Characters of a text that are looked at first."""
MAX_MATCHES: Final = 40
"""Matches looked at in one field."""
MAX_WINDOWS: Final = 12
"""Places in code that are compared for the most telling one."""
MAX_REASONS: Final = 4
MAX_LINE: Final = 400
"""Characters of the longest line of code that is shown whole."""

_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]+")
_LISTS: Final = frozenset({"headings", "columns", "symbols", "facts"})
_OPEN_FIELDS: Final[tuple[TextField, ...]] = ("name", "path")
_FIELDS: Final[tuple[TextField, ...]] = (
    "name",
    "path",
    "title",
    "headings",
    "columns",
    "symbols",
    "description",
    "facts",
    "code",
    "outputs",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What an index keeps of a document to show it as a hit (`Entry.source`)."""

    id: str
    entity: str
    kind: str
    name: str
    path: str
    keys: tuple[str, ...]
    paths: tuple[str, ...]
    names: tuple[str, ...]
    team: str
    platform: str
    audience: int
    output_audience: int
    payload: str
    details: str
    texts: dict[TextField, str]

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Undo `Entry.source`."""
        held = orjson.loads(raw)
        texts = held.pop("texts")
        keys, paths, names = (tuple(held.pop(field)) for field in ("keys", "paths", "names"))
        return cls(
            name=texts.get("name", ""),
            path=texts.get("path", ""),
            keys=keys,
            paths=paths,
            names=names,
            texts=texts,
            **held,
        )

    def suggestion(self) -> Suggestion:
        """What type-ahead shows of it."""
        return Suggestion(name=self.name, kind=self.kind, id=self.id, path=self.path, payload=self.payload)


Match = tuple[int, int, str]
"""(start, end, the folded word)."""


class Finder:
    """Explains the hits of one question to one asker."""

    def __init__(self, question: Question, stages: Sequence[Stage], rights: Rights) -> None:
        self._question = question
        self._rights = rights
        self._meant: dict[str, str] = {}
        self._literal = {*question.name_words, *question.wholes}
        self._prefixes: set[str] = set()
        for stage in stages:
            if isinstance(stage, TextHolds):
                self._learn(stage)

    def hit(self, source: Source, band: Band) -> Hit:
        """The hit with its reasons and highlights."""
        readable = source.audience in self._rights.describe
        matches = {field: found for field, text in self._texts(source).items() if (found := self._find(text))}
        if band.tier in ("exact", "prefix") and (written := self._in_name(source.name)):
            matches = {**matches, "name": written}
        return Hit(
            id=source.id,
            entity=source.entity,
            kind=source.kind,
            name=source.name,
            path=source.path,
            tier=band.tier,
            why=self._reasons(band, matches),
            highlights=tuple(
                highlight(field, source.texts[field], found)
                for field, found in matches.items()
                if field in source.texts and field != "facts"
            ),
            payload=source.payload,
            details=source.details if readable else "",
        )

    def _in_name(self, name: str) -> list[Match]:
        """What was written, where the name shows it."""
        folded, places = aligned(name)
        for written in self._question.names:
            start = folded.find(written)
            if start >= 0:
                end = start + len(written)
                return [(places[start], places[end], written) if places else (start, end, written)]
        return []

    def placed(self, source: Source, bands: Sequence[Band]) -> Band:
        """The band of a document that was found without asking for one."""
        for band in bands:
            match band.stage:
                case NameIs(keys=keys):
                    fits = not {*source.keys, *source.paths}.isdisjoint(keys)
                case NameStarts(key=key, paths=paths):
                    names = (*source.keys, *source.paths) if paths else source.keys
                    fits = any(name.startswith(key) for name in names)
                case NameHolds(words=words):
                    held = set(tokens("\n".join((source.name, *source.names))))
                    fits = all(not held.isdisjoint(word.forms) for word in words)
                case _:
                    fits = True
            if fits:
                return band
        return bands[-1]

    def _learn(self, stage: TextHolds) -> None:
        for wanted, ways in zip(self._question.words, stage.words, strict=True):
            self._meant |= dict.fromkeys(ways.forms, wanted)
            self._literal |= set(ways.forms)
            for _, other in ways.similar:
                self._meant.setdefault(other, wanted)
            if ways.prefix:
                self._prefixes.add(ways.prefix)
        for word in (*self._question.name_words, *self._question.wholes):
            self._meant.setdefault(word, word)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        words = sorted(self._meant, key=lambda word: (-len(word), word))
        if not words:
            return None
        return re.compile(
            "|".join(re.escape(word) + (r"[^\W_]*" if word in self._prefixes else "") for word in words)
        )

    def _texts(self, source: Source) -> dict[TextField, str]:
        known: list[str] = [source.team, source.platform, kind_words(source.kind)]
        if source.audience not in self._rights.describe:
            shown = {field: source.texts[field] for field in _OPEN_FIELDS if field in source.texts}
            return {**shown, "facts": "\n".join(known)}
        allowed = source.output_audience in self._rights.derived
        texts = {
            field: source.texts[field]
            for field in _FIELDS
            if field in source.texts and (field != "outputs" or allowed)
        }
        texts["facts"] = "\n".join((*known, texts.get("facts", "")))
        return texts

    def _find(self, text: str) -> list[Match]:
        """Matches near the beginning; only where there are none, in the rest too."""
        near = self._matches(text[:NEAR])
        return near if near or len(text) <= NEAR else self._matches(text)

    def _matches(self, text: str) -> list[Match]:
        if self._pattern is None:
            return []
        folded, places = aligned(text)
        found: list[Match] = []
        for match in self._pattern.finditer(folded):
            start, end = (
                (match.start(), match.end())
                if places is None
                else (places[match.start()], places[match.end()])
            )
            word = match.group()
            if word not in self._meant:  # a longer word: the short one, if a word ends there
                short = self._wanted(word)
                if word_border(text, start + len(short)):
                    word, end = short, start + len(short)
            if word_border(text, start) and word_border(text, end):
                found.append((start, end, word))
                if len(found) == MAX_MATCHES:
                    break
        return found

    def _reasons(self, band: Band, matches: dict[TextField, list[Match]]) -> tuple[Reason, ...]:
        match band.tier:
            case "all":
                return (Reason(code="listed"),)
            case "exact":
                return (Reason(code="name_is"),)
            case "prefix":
                return (Reason(code="name_starts"),)
            case "words":
                return (Reason(code="name_holds", words=self._question.name_words),)
            case "text":
                return self._text_reasons(band.stage, matches)

    def _text_reasons(self, stage: Stage, matches: dict[TextField, list[Match]]) -> tuple[Reason, ...]:
        reasons: list[Reason] = []
        for field, found in matches.items():
            words = tuple(dict.fromkeys(word for _, _, word in found))
            literal = tuple(word for word in words if word in self._literal)
            if literal:
                reasons.append(Reason(code="holds", field=field, words=literal))
            if len(literal) < len(words):
                others = tuple(word for word in words if word not in literal)
                reasons.append(Reason(code="similar", field=field, words=others))
        reasons.sort(key=lambda reason: reason.code != "similar")
        if isinstance(stage, TextHolds) and stage.at_least < len(stage.words):
            found_words = {self._wanted(word) for found in matches.values() for _, _, word in found}
            words = tuple(word for word in self._question.words if word in found_words)
            reasons.insert(0, Reason(code="some_words", words=words))
        return tuple(reasons[:MAX_REASONS])

    def _wanted(self, word: str) -> str:
        """The word of the question that a found word stands for."""
        if word in self._meant:
            return self._meant[word]
        return next((prefix for prefix in self._prefixes if word.startswith(prefix)), word)


def aligned(text: str) -> tuple[str, list[int] | None]:
    """The folded text, and the position in `text` of each of its characters (None: the same)."""
    if text.isascii():
        return text.lower(), None
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for match in _NOT_ASCII.finditer(text):
        pieces.append(text[done : match.start()].lower())
        places += range(done, match.start())
        for position in range(*match.span()):
            piece = fold(text[position])
            pieces.append(piece)
            places += [position] * len(piece)
        done = match.end()
    return "".join(pieces) + text[done:].lower(), [*places, *range(done, len(text) + 1)]


def highlight(field: TextField, text: str, matches: Sequence[Match]) -> Highlight:
    """The piece of a text that shows most of the matches."""
    if field == "code":
        return _lines(field, text, matches)
    if field in _LISTS:
        return _items(field, text, matches)
    start = max(0, matches[0][0] - PIECE_LENGTH // 4)
    if start:
        start = text.find(" ", start, matches[0][0]) + 1 or start
    end = max(matches[0][1], min(len(text), start + PIECE_LENGTH))
    return _piece(field, text, start, end, matches)


def _piece(field: TextField, text: str, start: int, end: int, matches: Iterable[Match]) -> Highlight:
    marks = tuple(
        (left - start, right - start) for left, right, _ in matches if start <= left and right <= end
    )
    return Highlight(field=field, text=text[start:end], marks=marks, line=text.count("\n", 0, start) + 1)


def _lines(field: TextField, text: str, matches: Sequence[Match]) -> Highlight:
    """The few lines of code with the most different words, one line of context first."""
    best = max(
        range(min(len(matches), MAX_WINDOWS)), key=lambda first: (_variety(text, matches[first:]), -first)
    )
    start = text.rfind("\n", 0, matches[best][0]) + 1
    start = text.rfind("\n", 0, start - 1) + 1 if start else 0
    end = start
    for _ in range(CODE_LINES):
        end = text.find("\n", end) + 1
        if not end:
            end = len(text) + 1
            break
    if end - start > CODE_LINES * MAX_LINE:
        start = max(start, matches[best][0] - MAX_LINE // 2)
        end = start + MAX_LINE + 1
    return _piece(field, text, start, end - 1, matches)


def _variety(text: str, matches: Sequence[Match]) -> int:
    end = matches[0][0]
    for _ in range(CODE_LINES - 1):
        end = text.find("\n", end) + 1
        if not end:
            end = len(text)
            break
    return len({word for start, _, word in matches if start < end})


def _items(field: TextField, text: str, matches: Sequence[Match]) -> Highlight:
    shown: dict[int, list[tuple[int, int]]] = {}
    for left, right, _ in matches:
        start = text.rfind("\n", 0, left) + 1
        if start in shown or len(shown) < LISTED:
            shown.setdefault(start, []).append((left - start, right - start))
    pieces: list[str] = []
    marks: list[tuple[int, int]] = []
    length = 0
    for start, spans in shown.items():
        end = text.find("\n", start)
        item = text[start : end if end >= 0 else len(text)]
        marks += [(length + left, length + right) for left, right in spans]
        pieces.append(item)
        length += len(item) + 1
    first = next(iter(shown))
    return Highlight(
        field=field, text="\n".join(pieces), marks=tuple(marks), line=text.count("\n", 0, first) + 1
    )
