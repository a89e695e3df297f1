"""How a question is answered, the same on every backend: bands from exact to forgiving, then facets.

A band below the strict ones is opened only where those hold little, decided by what the asker may see and
before filters: what words mean does not depend on a filter.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hub.search.entry import OWN
from hub.search.explain import Finder, Source
from hub.search.port import Hit, Rights, SearchRequest, SearchResult, Suggestion, Tier
from hub.search.question import Question, ask
from hub.search.spelling import Candidate
from hub.search.stages import (
    Band,
    Everything,
    Index,
    NameHolds,
    NameIs,
    NameStarts,
    Stage,
    TextHolds,
    View,
    Word,
)
from hub.search.text import chunks, forms

FEW: Final = 3
"""A word with fewer hits than this may be misspelled; of several words, one hit that holds all is enough."""
ENOUGH: Final = 10
"""A question of several words that finds fewer is answered by what holds most of them, too."""
SIMILAR_WORDS: Final = 40
"""Most other spellings of one word."""
CANDIDATES: Final = 1_000
PREFIX_LENGTH: Final = 3
"""Letters that a word must have to count as the beginning of another."""
SUGGESTED_PAGES: Final = 5

_DAY: Final = 86_400


def answer(index: Index, request: SearchRequest) -> SearchResult:
    """The whole answer to a request."""
    question = ask(request.text)
    today = int(time.time()) // _DAY if request.today is None else request.today
    with index.view(request.rights, today) as view:
        walk = _Walk(view, request, question)
        better = ""
        if question.is_blank:
            walk.add(Band(tier="all", stage=Everything()))
        else:
            for band in _strict(question):
                walk.add(band)
            if question.words and walk.holds_little():
                better = _forgive(walk)
            elif question.most_words < len(question.words) and walk.holds_less_than(ENOUGH):
                walk.add(_text_band(_as_written(question), question.most_words, question))
        return SearchResult(
            total=sum(walk.counts.values()),
            tiers=tuple(walk.counts.items()),
            hits=walk.hits(),
            facets=view.facets(walk.reach, request.filters),
            did_you_mean=better,
        )


def complete(index: Index, prefix: str, rights: Rights, limit: int) -> tuple[Suggestion, ...]:
    """Names for type-ahead: those that start with it, then those with words that do."""
    question = ask(prefix)
    if question.is_blank or limit <= 0:
        return ()
    stages: list[Stage] = [NameStarts(key=question.key, paths=False)]
    words = [word for chunk in chunks(prefix) for word in chunk.words]
    if words:
        stages.append(NameHolds(words=tuple(_exactly(word) for word in words[:-1]), prefix=words[-1]))
    named: dict[str, Suggestion] = {}
    with index.view(rights, 0) as view:
        for position, stage in enumerate(stages):
            for page in range(SUGGESTED_PAGES):
                sources = view.page(stage, stages[:position], (), page * 4 * limit, 4 * limit).sources
                for source in map(Source.read, sources):
                    if source.kind != "cell":
                        named.setdefault(source.name, source.suggestion())
                if len(named) >= limit or len(sources) < 4 * limit:
                    break
            if len(named) >= limit:
                break
    return tuple(named.values())[:limit]


class _Walk:
    """Goes down the bands, counting each and collecting the hits of the page."""

    def __init__(self, view: View, request: SearchRequest, question: Question) -> None:
        self.view = view
        self.question = question
        self.bands: list[Band] = []
        self.counts: dict[Tier, int] = {}
        self._request = request
        self._banded = request.sort == "best" and not question.is_blank
        self._skipped = 0
        self._adding: set[Stage] = set()
        self._found: list[tuple[Band, bytes]] = []

    @property
    def stages(self) -> list[Stage]:
        return [band.stage for band in self.bands]

    @property
    def reach(self) -> list[Stage]:
        """The fewest stages that hold all that the bands hold.

        Each `TextHolds` holds the first, and what has all words in its name has them in its text.
        """
        texts = [stage for stage in self.stages if isinstance(stage, TextHolds)]
        wider = [stage for stage in texts[1:] if stage in self._adding]
        others = [stage for stage in self.stages if not isinstance(stage, TextHolds | NameHolds)]
        return [*others, *(wider or texts[:1])]

    def add(self, band: Band) -> None:
        """Open one more band below the others."""
        wanted = self._request.limit - len(self._found) if self._banded else 0
        offset = max(0, self._request.offset - self._skipped)
        page = self.view.page(band.stage, self.stages, self._request.filters, offset, wanted)
        self._skipped += page.count
        self._found += [(band, source) for source in page.sources]
        self.bands.append(band)
        if page.count or self._request.filters:
            self._adding.add(band.stage)
        if page.count:
            self.counts[band.tier] = self.counts.get(band.tier, 0) + page.count

    def holds_little(self) -> bool:
        """Whether so little is found, before filters, that the question may be misspelled."""
        enough = FEW if len(self.question.words) == 1 else 1
        if self.counts.get("exact") or sum(self.counts.values()) >= enough:
            return False
        return not self._request.filters or self._unfiltered(exact_is_enough=True) < enough

    def holds_less_than(self, number: int) -> bool:
        """Whether fewer are found, before filters."""
        few = sum(self.counts.values()) < number
        return few and (not self._request.filters or self._unfiltered() < number)

    def _unfiltered(self, *, exact_is_enough: bool = False) -> int:
        count = 0
        for place, band in enumerate(self.bands):
            held = self.view.page(band.stage, self.stages[:place], (), 0, 0).count
            count += FEW if exact_is_enough and held and band.tier == "exact" else held
        return count

    def hits(self) -> tuple[Hit, ...]:
        """The page of hits, explained."""
        finder = Finder(self.question, self.stages, self._request.rights)
        if self._banded:
            return tuple(finder.hit(Source.read(raw), band) for band, raw in self._found)
        request = self._request
        sort = "newest" if request.sort == "best" else request.sort
        sources = self.view.ordered(self.reach, request.filters, sort, request.offset, request.limit)
        return tuple(
            finder.hit(source, finder.placed(source, self.bands)) for source in map(Source.read, sources)
        )


def _forgive(walk: _Walk) -> str:
    """Open the bands of other spellings, then of some words; returns a better spelling of the question.

    Words that something visible holds are not misspelled: among some words they count as written.
    """
    question = walk.question
    similar = {word: _similar(walk.view, word) for word in question.words}
    words = tuple(_forgiving(question, word, similar[word]) for word in question.words)
    names = question.names[-1]
    close = () if " " in names else tuple(similar[names] if names in similar else _similar(walk.view, names))
    all_words = _text_band(words, len(words), question, close)
    if all_words not in walk.bands:  # short words have no other spellings
        walk.add(all_words)
    known = {word for word in question.words if _known(walk.view, word, question)}
    some = tuple(
        _either(question, word) if word in known else _forgiving(question, word, similar[word])
        for word in question.words
    )
    for at_least, enough in ((question.most_words, ENOUGH), (question.enough_words, 1)):
        if at_least < len(words) and walk.holds_less_than(enough):
            walk.add(_text_band(some, at_least, question, close))
    return _better(walk.view, question, {word: similar[word] for word in question.words if word not in known})


def _strict(question: Question) -> list[Band]:
    bands = [
        Band(tier="exact", stage=NameIs(keys=tuple(f"{OWN}{name}" for name in question.names))),
        Band(tier="exact", stage=NameIs(keys=question.names)),
        Band(tier="prefix", stage=NameStarts(key=question.key, paths="/" in question.key)),
    ]
    if question.words:
        names = tuple(_either(question, word) for word in question.name_words)
        bands.append(Band(tier="words", stage=NameHolds(words=names)))
        bands.append(_text_band(_as_written(question), len(question.words), question))
    return bands


def _text_band(
    words: tuple[Word, ...], at_least: int, question: Question, close: tuple[Candidate, ...] = ()
) -> Band:
    stage = TextHolds(words=words, at_least=at_least, question=question, close=close)
    return Band(tier="text", stage=stage)


def _exactly(word: str) -> Word:
    return Word(forms=(word,))


def _either(question: Question, word: str) -> Word:
    return Word(forms=question.ways(word))


def _as_written(question: Question) -> tuple[Word, ...]:
    return tuple(_either(question, word) for word in question.words)


def _forgiving(question: Question, word: str, similar: Sequence[Candidate]) -> Word:
    prefix = word if len(word) >= PREFIX_LENGTH else ""
    return Word(forms=question.ways(word), similar=tuple(similar), prefix=prefix)


def _similar(view: View, word: str) -> list[Candidate]:
    """Other spellings that the asker may see; hidden ones are passed over before any limit is counted."""
    found: list[Candidate] = []
    for candidate in view.vocabulary(word[:1]).like(word)[:CANDIDATES]:
        if candidate[1] not in forms(word) and view.holding(candidate[1]):
            found.append(candidate)
            if len(found) == SIMILAR_WORDS:
                break
    return found


def _better(view: View, question: Question, similar: dict[str, list[Candidate]]) -> str:
    """The question with words replaced by their nearest, then most frequent like; empty if there is none."""
    better = question.key
    for word, candidates in similar.items():
        if candidates:
            nearest = [(distance, -view.holding(other), other) for distance, other in candidates]
            better = better.replace(word, min(nearest)[2], 1)
    return "" if better == question.key else better


def _known(view: View, word: str, question: Question) -> bool:
    stage = TextHolds(words=(_either(question, word),), at_least=1, question=replace(question, words=(word,)))
    return view.page(stage, (), (), 0, 0).count > 0
