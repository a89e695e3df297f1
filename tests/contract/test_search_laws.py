"""On any documents, for any asker, every search engine finds what the plain reference finds."""

import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from hub.search.backends.sqlite_fts5 import Fts5Search
from hub.search.backends.tantivy_index import TantivySearch
from hub.search.port import Document, Rights, SearchPort, SearchRequest, SearchResult
from tests.contract.search_reference import expect

TODAY = 20_000
_WORDS = """
rain rains rainfall effect station stations hourly weather wheather table notebook model the of table.
rain_effect rainEffect2 station_hourly mart.station_hourly apache-2.0 MIT licence x s3 2 ÉCOLE ecole straße
東京 📈 a/b rain.py studies/rain_effect.ipynb AND OR NOT "quoted" it's (b) * ~1 ^ : __init__
hourly: daily rainy
"""
WORDS = _WORDS.split()
word = st.sampled_from(WORDS)
phrase = st.lists(word, max_size=5).map(" ".join)
names = st.sampled_from(
    [
        "rain_effect.ipynb",
        "station_hourly",
        "mart.station_hourly",
        "Rain Effect",
        "rain",
        "stations.py",
        "école",
        "x",
        ".env",
        "",
    ]
)
documents = st.lists(
    st.builds(
        Document,
        id=st.integers(0, 10).map(lambda number: f"d{number}"),
        entity=st.just("e"),
        kind=st.sampled_from(["notebook", "dataset", "file", "cell", "repository"]),
        name=names,
        path=st.sampled_from(
            ["", "rondo/studies/rain_effect.ipynb", "lake/mart.station_hourly", "a/b", "a/.env"]
        ),
        names=st.lists(names, max_size=1).map(tuple),
        title=phrase,
        description=phrase,
        headings=st.lists(phrase, max_size=1).map(tuple),
        columns=st.lists(word, max_size=2).map(tuple),
        code=phrase,
        symbols=st.lists(word, max_size=1).map(tuple),
        outputs=phrase,
        team=st.sampled_from(["", "Growth", "Rides"]),
        platform=st.sampled_from(["", "git", "delta"]),
        language=st.sampled_from(["", "python", "sql"]),
        owner=st.lists(st.sampled_from(["Amara Osei", "Raj"]), max_size=2).map(tuple),
        licence=st.sampled_from(["", "MIT", "Apache-2.0"]),
        freshness=st.sampled_from([0, 5, (TODAY - 400) * 86_400, (TODAY - 20) * 86_400, TODAY * 86_400]),
        uses=st.lists(st.sampled_from(["pandas", "numpy"]), max_size=2).map(tuple),
        popularity=st.integers(0, 3),
        audience=st.integers(1, 3),
        output_audience=st.integers(1, 3),
        version=st.just("v"),
        sequence=st.just(1),
    ),
    max_size=9,
    unique_by=lambda document: document.id,
)
classes = st.frozensets(st.integers(1, 3))
rights = st.builds(Rights, exists=classes, describe=classes, derived=classes)
filters = st.sampled_from(
    [
        (),
        (("kind", ("notebook", "file")),),
        (("owner", ("Raj",)), ("team", ("Growth",))),
        (("freshness", ("month",)),),
    ]
)
questions = st.builds(
    SearchRequest,
    text=st.one_of(phrase, phrase, names, st.text(max_size=8)),
    rights=st.one_of(
        st.just(Rights(exists=frozenset({1, 2, 3}), describe=frozenset({1, 2}), derived=frozenset({1}))),
        rights,
    ),
    filters=filters,
    sort=st.sampled_from(["best", "newest", "name"]),
    today=st.just(TODAY),
)


law = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@law
@given(documents=documents, asked=st.lists(questions, min_size=1, max_size=6))
def test_every_engine_finds_what_the_reference_finds(
    documents: list[Document], asked: list[SearchRequest]
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(TantivySearch(Path(folder, "t"))) as one,
        closing(Fts5Search(Path(folder, "f"))) as other,
    ):
        one.write(documents)
        other.write(documents)
        for request in asked:
            note(str(request))
            compare(documents, request, one)
            compare(documents, request, other)
            same(one, other, request)


def same(one: SearchPort, other: SearchPort, request: SearchRequest) -> None:
    left, right = one.search(request), other.search(request)
    assert order(left) == order(right)
    assert left == replace(right, hits=left.hits)
    assert {hit.id: hit for hit in left.hits} == {hit.id: hit for hit in right.hits}
    assert one.suggest(request.text, request.rights) == other.suggest(request.text, request.rights)


def compare(documents: list[Document], request: SearchRequest, engine: SearchPort) -> None:
    expected = expect(documents, request)
    result = engine.search(request)
    assert dict(result.tiers) == expected.counts
    assert result.total == expected.total
    assert {facet: dict(counts) for facet, counts in result.facets.items()} == expected.facets
    assert {hit.id: hit.tier for hit in result.hits} == {
        id_: tier for tier, ids in expected.tiers.items() for id_ in ids
    }
    pages = [engine.search(replace(request, offset=offset, limit=2)) for offset in range(0, result.total, 2)]
    assert [hit for page in pages for hit in page.hits] == list(result.hits)
    assert all(page == replace(result, hits=page.hits) for page in pages)


def order(result: SearchResult) -> list[str]:
    """Ids in order, as far as the order is part of the contract."""
    return [hit.id for hit in result.hits if hit.tier != "text"]


@law
@given(documents=documents, hidden=documents, asked=st.lists(questions, min_size=1, max_size=6))
def test_what_is_hidden_changes_nothing(
    documents: list[Document], hidden: list[Document], asked: list[SearchRequest]
) -> None:
    secret = [replace(one, id=f"hidden-{one.id}", audience=9, output_audience=9) for one in hidden]
    for kind in (TantivySearch, Fts5Search):
        with (
            tempfile.TemporaryDirectory() as folder,
            closing(kind(Path(folder, "without"))) as without,
            closing(kind(Path(folder, "with"))) as beside,
        ):
            without.write(documents)
            beside.write([*documents, *secret])
            for request in asked:
                same(without, beside, request)
