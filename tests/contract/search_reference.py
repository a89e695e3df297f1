"""What a search must find, said plainly: every document looked at, one after the other."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from hub.search.entry import paths_of
from hub.search.port import FRESHNESS, OPEN_FACETS, Document, SearchRequest
from hub.search.question import Question, ask, kind_words
from hub.search.text import key, tokens

FACETS = ("kind", "team", "platform", "language", "owner", "licence", "freshness", "uses")
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Expected:
    tiers: dict[str, set[str]]
    facets: dict[str, dict[str, int]]

    @property
    def total(self) -> int:
        return sum(map(len, self.tiers.values()))

    @property
    def counts(self) -> dict[str, int]:
        return {tier: len(ids) for tier, ids in self.tiers.items() if ids}


class Seen:
    """A document as one asker may match it."""

    def __init__(self, document: Document, request: SearchRequest) -> None:
        rights = request.rights
        self.document = document
        self.readable = document.audience in rights.exists and document.audience in rights.describe
        self.visible = self.readable or (document.audience in rights.exists and document.kind != "cell")
        self.names = {name for raw in (document.name, *document.names) for name in _stems(raw, document.kind)}
        self.paths = set(paths_of(document))
        self.name = set(tokens(" ".join((document.name, *document.names))))
        place = " ".join((document.path, document.team, document.platform))
        self.plain = self.name | set(tokens(place)) | set(kind_words(document.kind).split())
        self.everything = set(self.plain)
        if self.readable:
            lists = (
                *document.headings,
                *document.columns,
                *document.symbols,
                *document.owner,
                *document.uses,
            )
            prose = (document.title, document.description, document.licence, document.language, *lists)
            self.plain |= set(tokens("\n".join(prose)))
            self.plain |= {"licence", "license"} if document.licence else set()
            self.everything = self.plain | set(tokens(document.code))
            if document.output_audience in rights.derived:
                self.everything |= set(tokens(document.outputs))


def expect(documents: Iterable[Document], request: SearchRequest) -> Expected:
    """The ids of each tier, and the facet counts."""
    seen = [one for one in (Seen(document, request) for document in documents) if one.visible]
    question = ask(request.text)
    tiers = {"all": seen} if not question.key else _tiers(seen, question)
    today = request.today or 0
    chosen = dict(request.filters)

    def passes(one: Seen, without: str = "") -> bool:
        return all(
            set(values) & values_of(one, facet, today) for facet, values in chosen.items() if facet != without
        )

    facets = {}
    for facet in FACETS:
        counted = (one for found in tiers.values() for one in found if passes(one, without=facet))
        counts = Counter(value for one in counted for value in values_of(one, facet, today))
        if counts:
            facets[facet] = dict(counts)
    return Expected(
        tiers={tier: {one.document.id for one in found if passes(one)} for tier, found in tiers.items()},
        facets=facets,
    )


def values_of(one: Seen, facet: str, today: int) -> set[str]:
    if not one.readable and facet not in OPEN_FACETS:
        return set()
    if facet == "freshness":
        changed = one.document.freshness
        names = {name for name, days in FRESHNESS.items() if changed >= (today - days) * DAY}
        return (names or {"older"}) if changed else set()
    value = getattr(one.document, facet)
    return {single for single in (value if isinstance(value, tuple) else (value,)) if single}


def _stems(raw: str, kind: str) -> list[str]:
    name = key(raw)
    head, dot, tail = name.rpartition(".")
    suffixed = kind in ("file", "notebook", "cell", "environment") and dot and head and tail
    if not suffixed or "/" in tail or head.endswith("/"):
        return [name] if name else []
    return [name, head]


def _tiers(seen: list[Seen], question: Question) -> dict[str, list[Seen]]:
    tiers: dict[str, list[Seen]] = {"exact": [], "prefix": [], "words": [], "text": []}
    rest: list[Seen] = []
    for one in seen:
        names = one.names | (one.paths if "/" in question.key else set())
        if not (one.names | one.paths).isdisjoint(question.names):
            tiers["exact"].append(one)
        elif any(name.startswith(question.key) for name in names):
            tiers["prefix"].append(one)
        elif question.words and all(one.name & set(question.ways(word)) for word in question.name_words):
            tiers["words"].append(one)
        elif question.words and all(_holds(one, word, question) for word in question.words):
            tiers["text"].append(one)
        else:
            rest.append(one)
    few = 3 if len(question.words) == 1 else 1
    ways = dict.fromkeys(question.words, _holds)
    steps = [(len(question.words) - len(question.words) // 3, 10)]
    if question.words and not tiers["exact"] and sum(map(len, tiers.values())) < few:
        close = [one for one in rest if all(_forgiven(one, word, question) for word in question.words)]
        tiers["text"] += close
        rest = [one for one in rest if one not in close]
        known = {word for word in question.words if any(_holds(one, word, question) for one in seen)}
        ways = {word: _holds if word in known else _forgiven for word in question.words}
        steps.append(((len(question.words) + 1) // 2, 1))
    for enough, less_than in steps:
        if enough < len(question.words) and sum(map(len, tiers.values())) < less_than:
            some = [
                one for one in rest if sum(way(one, word, question) for word, way in ways.items()) >= enough
            ]
            tiers["text"] += some
            rest = [one for one in rest if one not in some]
    return tiers


def _holds(one: Seen, word: str, question: Question) -> bool:
    return not one.everything.isdisjoint(question.ways(word))


def _forgiven(one: Seen, word: str, question: Question) -> bool:
    if _holds(one, word, question):
        return True
    if len(word) >= 3 and any(other.startswith(word) for other in one.plain):
        return True
    allowed = (
        0 if len(word) < 4 or not any(letter.isalpha() for letter in word) else 1 if len(word) < 8 else 2
    )
    return allowed > 0 and any(
        other[:1] == word[:1] and abs(len(other) - len(word)) <= allowed and edits(word, other) <= allowed
        for other in one.plain
    )


def edits(left: str, right: str) -> int:
    """Optimal string alignment, from its definition."""
    table = {(i, 0): i for i in range(len(left) + 1)} | {(0, j): j for j in range(len(right) + 1)}
    for i in range(1, len(left) + 1):
        for j in range(1, len(right) + 1):
            costs = [table[i - 1, j] + 1, table[i, j - 1] + 1]
            costs.append(table[i - 1, j - 1] + (left[i - 1] != right[j - 1]))
            if i > 1 and j > 1 and left[i - 1] == right[j - 2] and left[i - 2] == right[j - 1]:
                costs.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(costs)
    return table[len(left), len(right)]
