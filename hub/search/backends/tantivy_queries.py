"""Stages, rights and filters as queries of the embedded index."""

from collections.abc import Iterable, Sequence
from typing import Final

from tantivy import FieldType, Occur, Query, Schema, Searcher

from hub.search.port import FRESHNESS, OPEN_FACETS, Facet, Rights
from hub.search.question import kind_lift
from hub.search.stages import Filters, NameHolds, NameIs, NameStarts, Stage, TextHolds, Word

DAY: Final = 86_400

_LARGE_SET: Final = 100
"""From so many classes on, a set is faster than a union (measured with 200 classes)."""
_OTHER_FORM: Final = 0.8
_ABOUT: Final = 1.2
_NAME: Final = 2.0
_WHOLE: Final = 1.5
_WHOLE_HELD: Final = 16.0
"""For holding an identifier as it was written, however common its words are."""
_CLOSE: Final = 30.0
"""For a name that is the question but for one edit."""
_OUTPUTS: Final = 0.6
_SIMILAR: Final = 0.5
_PREFIX_SCORE: Final = 1.0

Clause = tuple[Occur, Query]


class Queries:
    """Builds queries for one asker on one day; words that the index does not have are left out."""

    def __init__(self, searcher: Searcher, schema: Schema, rights: Rights, today: int) -> None:
        self._searcher = searcher
        self._held: dict[tuple[str, str], bool] = {}
        self._schema = schema
        self._today = today
        read = rights.exists & rights.describe
        known = rights.exists - rights.describe
        self.may_read = self._audience("reads", read)
        self.only_knows = self._audience("knows", known) if known else None
        self._may_see = self._audience("sees", rights.derived) if rights.derived else None

    def visible(self, *, readable: bool) -> Query:
        """All that the asker may know of, or only what they may read about."""
        if self.only_knows is None or readable:
            return self.may_read
        return any_of([self.may_read, self.only_knows])

    def matching(self, stage: Stage, *, readable: bool = False, scored: bool = False) -> Query:
        """The visible documents of a stage; scores are of use for `TextHolds` only."""
        if not isinstance(stage, TextHolds):
            return all_of([self.visible(readable=readable), *self._named(stage)])
        reading = self._reading(stage)
        found = all_of([self.may_read, reading])
        if scored:
            found = Query.boolean_query(
                [(Occur.Must, self.may_read), (Occur.Must, reading), *self._lifts(stage)],
            )
        if self.only_knows is None or readable:
            return found
        knowing = self._at_least(stage, [self._public(word) for word in stage.words])
        if scored:
            knowing = Query.boolean_query([(Occur.Must, knowing), *self._open_lifts(stage)])
        return any_of([found, all_of([self.only_knows, knowing])])

    def within(self, found: Query, above: Sequence[Stage], filters: Filters) -> Query:
        """Those of `found` that pass the filters and are in none of the stages above."""
        if not above and not filters:
            return found
        clauses: list[Clause] = [(Occur.Must, found)]
        clauses += [(Occur.Must, quiet(self._filter(facet, values))) for facet, values in filters]
        clauses += [(Occur.MustNot, self.matching(stage)) for stage in above]
        return Query.boolean_query(clauses)

    def holding(self, word: str) -> Query:
        """Visible documents that hold the word outside code and outputs."""
        known = all_of([self.visible(readable=False), self._term("public", word)])
        return any_of([known, all_of([self.may_read, self._term("about", word)])])

    def _named(self, stage: Stage) -> list[Query]:
        match stage:
            case NameIs(keys=keys):
                return [any_of([self._term(field, key) for field in ("keys", "paths") for key in keys])]
            case NameStarts(key=key, paths=paths):
                fields = ("keys", "paths") if paths else ("keys",)
                return [any_of([self._starting(field, key) for field in fields])]
            case NameHolds(words=words, prefix=prefix):
                held = [any_of(self._forms("name", word)) for word in words]
                return [*held, self._starting("name", prefix)] if prefix else held
            case _:
                return []

    def _reading(self, stage: TextHolds) -> Query:
        words = []
        for word in stage.words:
            ways = [*self._forms("body", word), *self._forgiven(word, ("about", "public"))]
            if self._may_see is not None and (seen := self._forms("outputs", word)):
                ways.append(boosted(all_of([self._may_see, any_of(seen)]), _OUTPUTS))
            words.append(any_of(ways))
        return self._at_least(stage, words)

    def _public(self, word: Word) -> Query:
        return any_of([*self._forms("public", word), *self._forgiven(word, ("public",))])

    def _forgiven(self, word: Word, fields: Iterable[str]) -> list[Query]:
        ways = []
        for field in fields:
            for edits, other in word.similar:
                ways += self._lifted(field, [other], _SIMILAR / edits)
            if word.prefix:
                ways.append(Query.const_score_query(self._starting(field, word.prefix), _PREFIX_SCORE))
        return ways

    def _at_least(self, stage: TextHolds, words: list[Query]) -> Query:
        if stage.at_least >= len(words):
            return all_of(words)
        return Query.boolean_query([(Occur.Should, word) for word in words], stage.at_least)

    def _lifts(self, stage: TextHolds) -> list[Clause]:
        lifts = [*self._name_lifts(stage)]
        for word in stage.words:
            lifts += self._lifted("about", word.forms, _ABOUT)
        for whole in stage.question.wholes:
            for field in ("about", "body", "name"):
                lifts += self._lifted(field, [whole], _WHOLE)
            lifts.append(Query.const_score_query(self._term("body", whole), _WHOLE_HELD))
        lifts += [self._term("body", word) for word in stage.question.kind_words]
        return [(Occur.Should, lift) for lift in (*lifts, *self._kind_lifts(stage))]

    def _open_lifts(self, stage: TextHolds) -> list[Clause]:
        return [(Occur.Should, lift) for lift in (*self._name_lifts(stage), *self._kind_lifts(stage))]

    def _name_lifts(self, stage: TextHolds) -> list[Query]:
        lifts = []
        for word in stage.words:
            lifts += self._lifted("name", word.forms, _NAME)
            for edits, other in word.similar:
                lifts += self._lifted("name", [other], _NAME / edits)
        for edits, other in stage.close:
            lifts.append(Query.const_score_query(self._term("keys", other), _CLOSE / edits))
            lifts += self._lifted("name", [other], _NAME / edits)
        return lifts

    def _kind_lifts(self, stage: TextHolds) -> list[Query]:
        return [
            Query.const_score_query(self._term("kind", kind), kind_lift(kind))
            for kind in stage.question.kinds
        ]

    def _filter(self, facet: Facet, values: Sequence[str]) -> Query:
        if facet == "freshness":
            chosen = any_of([self._changed(value) for value in values])
        else:
            chosen = any_of([self._term(facet, value) for value in values])
        return chosen if facet in OPEN_FACETS else all_of([self.may_read, chosen])

    def _changed(self, bucket: str) -> Query:
        if bucket not in (*FRESHNESS, "older"):
            return Query.empty_query()
        edge = max(0, self._today - FRESHNESS.get(bucket, FRESHNESS["year"])) * DAY
        if bucket == "older":
            return Query.range_query(
                self._schema, "freshness", FieldType.Unsigned, upper_bound=edge, include_upper=False
            )
        return Query.range_query(self._schema, "freshness", FieldType.Unsigned, lower_bound=edge)

    def _audience(self, field: str, classes: frozenset[int]) -> Query:
        if not classes:
            return Query.empty_query()
        if len(classes) >= _LARGE_SET:
            return quiet(Query.term_set_query(self._schema, field, sorted(classes)))
        return quiet(any_of([Query.term_query(self._schema, field, number) for number in sorted(classes)]))

    def _forms(self, field: str, word: Word) -> list[Query]:
        first = [self._term(field, form) for form in word.forms[:1] if self._has(field, form)]
        return [*first, *self._lifted(field, word.forms[1:], _OTHER_FORM)]

    def _lifted(self, field: str, words: Iterable[str], boost: float) -> list[Query]:
        return [boosted(self._term(field, word), boost) for word in words if self._has(field, word)]

    def _has(self, field: str, word: str) -> bool:
        """Whether the index has the word at all: most inflected forms are in no document."""
        held = self._held.get((field, word))
        if held is None:
            held = self._held[field, word] = self._searcher.doc_freq(field, word) > 0
        return held

    def _term(self, field: str, value: str) -> Query:
        return Query.term_query(self._schema, field, value, "freq")

    def _starting(self, field: str, prefix: str) -> Query:
        return Query.fuzzy_term_query(self._schema, field, prefix, 0, True, True)


def all_of(queries: Sequence[Query]) -> Query:
    """Documents that every query finds."""
    if not queries:
        return Query.all_query()
    return (
        queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Must, query) for query in queries])
    )


def any_of(queries: Sequence[Query]) -> Query:
    """Documents that at least one query finds."""
    if not queries:
        return Query.empty_query()
    return (
        queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])
    )


def boosted(query: Query, boost: float) -> Query:
    """The query with its score multiplied."""
    return Query.boost_query(query, boost)


def quiet(query: Query) -> Query:
    """The query without an influence on scores."""
    return Query.const_score_query(query, 0.0)
