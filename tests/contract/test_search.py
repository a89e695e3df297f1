"""What every search engine behind the port must do, on the real engines."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from hub.core.errors import HubError
from hub.search.backends.sqlite_fts5 import Fts5Search
from hub.search.backends.tantivy_index import TantivySearch
from hub.search.port import (
    Deletion,
    Document,
    IndexLocked,
    IndexOutdated,
    Rights,
    SearchPort,
    SearchRequest,
    SearchResult,
)

OPEN, KNOWN, HIDDEN = 1, 2, 3
EVERYTHING = Rights(
    exists=frozenset({OPEN, KNOWN, HIDDEN}),
    describe=frozenset({OPEN, KNOWN, HIDDEN}),
    derived=frozenset({OPEN, KNOWN, HIDDEN}),
)
VISITOR = Rights(exists=frozenset({OPEN, KNOWN}), describe=frozenset({OPEN}), derived=frozenset())
DAY = 86_400
TODAY = 20_000

Open = Callable[[Path], SearchPort]


@pytest.fixture(params=[TantivySearch, Fts5Search], ids=["tantivy", "fts5"])
def opened(request: pytest.FixtureRequest) -> Open:
    engine: type[TantivySearch | Fts5Search] = request.param
    return lambda folder: engine(folder, patience=0.0)


@pytest.fixture
def engine(opened: Open, tmp_path: Path) -> Iterator[SearchPort]:
    port = opened(tmp_path / "search")
    yield port
    port.close()


def a(id_: str, kind: str, name: str, **more: object) -> Document:
    values: dict[str, object] = {
        "id": id_,
        "entity": id_.partition("#")[0],
        "kind": kind,
        "name": name,
        "audience": OPEN,
        "output_audience": OPEN,
        "version": f"{id_} {name}",
        "sequence": 1,
    }
    return Document(**{**values, **more})  # type: ignore[arg-type]  # the defaults are of the right types


RAIN = a(
    "rain",
    "notebook",
    "rain_effect.ipynb",
    path="rondo-demand/studies/rain_effect.ipynb",
    title="What rain does to rides",
    headings=("Wet hours", "Dry hours"),
    code="import pandas as pd\n\nweather = pd.read_parquet('lake/weather')\nweather.rainfall.plot()\n",
    symbols=("pandas", "pd.read_parquet"),
    team="Demand",
    platform="git",
    language="python",
    owner=("Amara Osei",),
    licence="Apache-2.0",
    freshness=(TODAY - 3) * DAY,
    uses=("pandas",),
    payload='{"icon": "notebook"}',
    details='{"owner": "Amara Osei"}',
)
CELL = a("rain#c3", "cell", "", code="weather.rainfall.plot()", outputs="quokka 42", output_audience=KNOWN)
HOURLY = a(
    "hourly",
    "dataset",
    "mart.station_hourly",
    path="lake/mart.station_hourly",
    names=("station_hourly",),
    description="Rides by station and hour",
    columns=("station_id", "rides"),
    team="Lake",
    platform="delta",
    popularity=17,
    freshness=(TODAY - 400) * DAY,
)
SALARY = a(
    "salary",
    "dataset",
    "hr.salary",
    names=("salary",),
    audience=KNOWN,
    title="Zanzibar pay",
    columns=("monthly_pay",),
    owner=("Zora Quill",),
    licence="Proprietary",
    language="sql",
    freshness=(TODAY - 1) * DAY,
    team="People",
    details="secret",
)
SECRET = a("secret", "dataset", "merger_plan", audience=HIDDEN, description="rain of money", team="Board")
WORLD = (RAIN, CELL, HOURLY, SALARY, SECRET)


@pytest.fixture
def world(engine: SearchPort) -> SearchPort:
    engine.write(WORLD)
    return engine


def ask(
    engine: SearchPort, text: str, rights: Rights = EVERYTHING, *, limit: int = 20, **more: object
) -> SearchResult:
    request = SearchRequest(text=text, rights=rights, limit=limit, today=TODAY)
    return engine.search(replace(request, **more))  # type: ignore[arg-type]  # fields of the request


def ids(result: SearchResult) -> list[str]:
    return [hit.id for hit in result.hits]


@pytest.mark.parametrize(
    "question",
    [
        "rain_effect.ipynb",
        "rain_effect",
        "RAIN_EFFECT",
        "  Rain_Effect.ipynb ",
        "rondo-demand/studies/rain_effect.ipynb",
        "rondo-demand/studies/rain_effect",
    ],
)
def test_an_exact_name_or_path_comes_first(world: SearchPort, question: str) -> None:
    result = ask(world, question)
    assert (result.hits[0].id, result.hits[0].tier) == ("rain", "exact")
    assert result.hits[0].why[0].sentence == "Its name is exactly what you wrote."


@pytest.mark.parametrize("question", ["who uses station_hourly", "the station_hourly table"])
def test_the_one_name_in_a_question_is_as_good_as_the_name(world: SearchPort, question: str) -> None:
    hit = ask(world, question).hits[0]
    assert (hit.id, hit.tier) == ("hourly", "exact")


def test_an_identifier_as_written_comes_before_its_words(engine: SearchPort) -> None:
    engine.write(
        [
            a("words", "file", "read.py", title="read the parquet, read", code="read parquet " * 30),
            a("whole", "file", "other.py", code="import pandas as pd\n" * 20 + "pd.read_parquet(x)"),
        ]
    )
    assert ids(ask(engine, "pandas.read_parquet"))[0] == "whole"


def test_a_things_own_name_comes_before_the_same_name_for_another(engine: SearchPort) -> None:
    engine.write(
        [
            a("other", "dataset", "lake.mart.trips", names=("trips",), popularity=900),
            a("own", "file", "trips"),
        ]
    )
    assert ids(ask(engine, "trips")) == ["own", "other"]
    assert ask(engine, "trips").tiers == (("exact", 2),)


def test_any_end_of_a_path_is_a_name(engine: SearchPort) -> None:
    engine.write(
        [
            a("deep", "file", "delete.py", path="shop/etl/shredder/delete.py"),
            a("words", "file", "shredder_delete_py.txt", path="shop/shredder_delete_py.txt"),
        ]
    )
    for question in ("shredder/delete.py", "etl/shredder/delete", "shop/etl/shredder/delete.py"):
        assert ask(engine, question).hits[0].id == "deep"
        assert ask(engine, question).hits[0].tier == "exact"


def test_of_files_alike_the_one_nearer_the_root_comes_first(engine: SearchPort) -> None:
    engine.write(
        [
            a("tests", "file", "dags.yaml", path="shop/tests/data/dags.yaml"),
            a("root", "file", "dags.yaml", path="shop/dags.yaml"),
        ]
    )
    assert ids(ask(engine, "dags.yaml")) == ["root", "tests"]


def test_words_are_found_inflected_and_written_in_one(engine: SearchPort) -> None:
    engine.write([a("bars", "notebook", "uncertain.ipynb", description="Visualizing errorbars")])
    assert ids(ask(engine, "visualise error bars")) == ["bars"]


def test_where_little_holds_all_of_many_words_what_holds_most_comes_after_it(engine: SearchPort) -> None:
    engine.write(
        [
            a("all", "file", "a.md", description="slow code needs profiling"),
            a("most", "file", "b.md", description="profiling code"),
            a("one", "file", "c.md", description="code"),
        ]
    )
    result = ask(engine, "profiling of slow code")
    assert ids(result) == ["all", "most"]
    assert result.hits[1].why[0].sentence == "It holds some of the words: “profiling”, “code”."


def test_a_name_that_is_the_question_but_for_a_typo_comes_first(engine: SearchPort) -> None:
    engine.write(
        [
            a("longer", "dataset", "clients_daily_joined_daily", title="clients daily", popularity=900),
            a("name", "dataset", "clients_daily"),
        ]
    )
    assert ids(ask(engine, "cleints_daily")) == ["name", "longer"]


def test_the_bands_are_strict_whatever_the_texts_and_the_popularity(engine: SearchPort) -> None:
    engine.write(
        [
            a("text", "dataset", "other", description="ride " * 50, title="ride", popularity=99_999),
            a("word", "dataset", "lake_ride", popularity=9_999),
            a("prefix", "dataset", "ride_log", popularity=999),
            a("exact", "column", "ride"),
        ]
    )
    result = ask(engine, "ride")
    assert ids(result) == ["exact", "prefix", "word", "text"]
    assert result.tiers == (("exact", 1), ("prefix", 1), ("words", 1), ("text", 1))


def test_of_one_name_entities_come_before_cells_then_by_kind_popularity_and_name(engine: SearchPort) -> None:
    engine.write(
        [
            a("0", "cell", "trips"),
            a("1", "file", "trips.py"),
            a("2", "notebook", "trips.ipynb"),
            a("3", "dataset", "trips"),
            a("4", "dataset", "trips", popularity=5),
            a("5", "repository", "trips"),
        ]
    )
    assert ids(ask(engine, "trips")) == ["5", "4", "3", "2", "1", "0"]


@pytest.mark.parametrize("question", ["mart.station_hourly", "station_hourly", "lake/mart.station_hourly"])
def test_a_dotted_table_is_found_by_its_parts(world: SearchPort, question: str) -> None:
    assert ask(world, question).hits[0].id == "hourly"


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("station hourly", "hourly"),
        ("stationHourly", "hourly"),
        ("wet hours", "rain"),
        ("monthly_pay", "salary"),
        ("who uses the station table", "hourly"),
        ("plots about rainfall", "rain"),
        ("amara weather", "rain"),
        ("apache-2.0 notebooks", "rain"),
        ("apache licence", "rain"),
        ("python notebooks by amara", "rain"),
        ("pd.read_parquet", "rain"),
    ],
)
def test_words_are_found_in_every_field(world: SearchPort, question: str, found: str) -> None:
    assert found in ids(ask(world, question))[:2]


def test_a_hit_says_why_and_shows_where(world: SearchPort) -> None:
    hit = ask(world, "rainfall plot").hits[0]
    assert [(reason.code, reason.field) for reason in hit.why] == [("holds", "code")]
    assert hit.why[0].sentence == "Its code holds “rainfall”, “plot”."
    shown = {one.field: one for one in hit.highlights}["code"]
    assert [shown.text[start:end] for start, end in shown.marks] == ["rainfall", "plot"]


def test_a_highlight_of_code_says_its_line(world: SearchPort) -> None:
    shown = next(one for one in ask(world, "rainfall amara").hits[0].highlights if one.field == "code")
    assert (shown.line, shown.text.splitlines()[0]) == (3, "weather = pd.read_parquet('lake/weather')")


@pytest.mark.parametrize(
    ("typo", "meant", "found"),
    [
        ("statoin_hourly", "station_hourly", "hourly"),
        ("stationhourly", "station_hourly", "hourly"),
        ("Amaar Osei", "amara osei", "rain"),
        ("zanzibra", "zanzibar", "salary"),
        ("monhtly", "monthly", "salary"),
    ],
)
def test_a_misspelled_word_is_forgiven(world: SearchPort, typo: str, meant: str, found: str) -> None:
    result = ask(world, typo)
    assert (result.did_you_mean, result.hits[0].id, result.hits[0].tier) == (meant, found, "text")


def test_a_better_spelling_is_offered_from_what_the_asker_may_see_only(world: SearchPort) -> None:
    assert ask(world, "zanzibra").did_you_mean == "zanzibar"
    assert ask(world, "zanzibra", VISITOR) == SearchResult(total=0, tiers=(), hits=())


def test_when_nothing_holds_all_words_some_will_do_and_the_hit_says_so(world: SearchPort) -> None:
    result = ask(world, "rainfall zeppelin")
    assert ids(result)[0] in ("rain", "rain#c3")
    assert result.hits[0].why[0].code == "some_words"
    assert result.hits[0].why[0].words == ("rainfall",)
    assert ask(world, "rainfall station zeppelin moonshine").total == 0


def test_of_what_may_only_be_known_no_more_than_the_name_is_found(world: SearchPort) -> None:
    assert ids(ask(world, "salary", VISITOR)) == ["salary"]
    assert ids(ask(world, "people", VISITOR)) == ["salary"]
    for question in ("zanzibar", "monthly_pay", "zora", "proprietary licence", "sql"):
        assert "salary" not in ids(ask(world, question, VISITOR))
    hit = ask(world, "salary", VISITOR).hits[0]
    assert (hit.details, [one.field for one in hit.highlights]) == ("", ["name"])
    assert ask(world, "salary").hits[0].details == "secret"


def test_cells_and_outputs_need_rights_of_their_own(world: SearchPort) -> None:
    only_known = Rights(
        exists=frozenset({OPEN, KNOWN}), describe=frozenset({KNOWN}), derived=frozenset({KNOWN})
    )
    assert ids(ask(world, "quokka")) == ["rain#c3"]
    assert ask(world, "quokka", VISITOR).total == 0
    assert ask(world, "quokka", only_known).total == 0
    assert "rain#c3" not in ids(ask(world, "", only_known))


def test_facets_count_what_may_be_seen(world: SearchPort) -> None:
    facets = ask(world, "", VISITOR).facets
    assert facets["team"] == (("Demand", 1), ("Lake", 1), ("People", 1))
    assert facets["kind"] == (("dataset", 2), ("cell", 1), ("notebook", 1))
    assert facets["owner"] == (("Amara Osei", 1),)
    assert facets["licence"] == (("Apache-2.0", 1),)
    assert facets["freshness"] == (("week", 1), ("month", 1), ("year", 1), ("older", 1))


def test_a_filter_on_what_may_not_be_read_finds_nothing(world: SearchPort) -> None:
    for facet, value in (("owner", "Zora Quill"), ("licence", "Proprietary"), ("language", "sql")):
        assert ids(ask(world, "", EVERYTHING, filters=((facet, (value,)),))) == ["salary"]
        assert ask(world, "", VISITOR, filters=((facet, (value,)),)).total == 0


def test_a_facet_is_counted_without_its_own_filter(world: SearchPort) -> None:
    result = ask(world, "", filters=(("team", ("Lake", "Demand")), ("kind", ("dataset",))))
    assert ids(result) == ["hourly"]
    assert result.facets["team"] == (("Board", 1), ("Lake", 1), ("People", 1))
    assert result.facets["kind"] == (("dataset", 1), ("notebook", 1))


def test_suggestions_are_visible_names_and_no_cells(world: SearchPort) -> None:
    assert [one.name for one in world.suggest("stat", VISITOR)] == ["mart.station_hourly"]
    assert [one.name for one in world.suggest("hour", VISITOR)] == ["mart.station_hourly"]
    assert [one.name for one in world.suggest("mart.station_h", VISITOR)] == ["mart.station_hourly"]
    assert world.suggest("merger", VISITOR) == ()
    assert world.suggest("", VISITOR) == ()
    assert len(world.suggest("r", EVERYTHING, limit=1)) == 1


def test_an_empty_question_lists_everything_visible_newest_first(world: SearchPort) -> None:
    assert ids(ask(world, "")) == ["salary", "rain", "hourly", "rain#c3", "secret"]
    assert ids(ask(world, " \n", VISITOR)) == ["rain", "hourly", "rain#c3", "salary"]
    assert ask(world, "").tiers == (("all", 5),)


def test_orders_other_than_the_best(world: SearchPort) -> None:
    assert ids(ask(world, "", sort="name")) == ["rain#c3", "salary", "hourly", "secret", "rain"]
    result = ask(world, "rainfall", sort="newest")
    assert [(hit.id, hit.tier) for hit in result.hits] == [("rain", "text"), ("rain#c3", "text")]


HOSTILE = [
    '"',
    '"rain',
    "rain AND OR NOT (",
    "name:rain^9 ~2 [a TO z]",
    "rain*",
    ".*",
    "(?:rain)+$",
    "%_\\",
    "'; DROP TABLE documents; --",
    "rain\0fall",
    "\ud800 rain",
    "…!?-- ///",
    "NEAR(rain fall, 5)",
    "{body} : rain",
    "x" * 10_000,
    "rain effect " * 1_000,
    "a." * 3_000,
    "\u202e\u0301\ufeff",
    "🧑\u200d🚀",
    "東京",
    " ".join(f"word{number}" for number in range(200)),
]


@pytest.mark.parametrize("question", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_is_a_question(world: SearchPort, question: str) -> None:
    result = ask(world, question, sort="best")
    assert result.total == sum(count for _, count in result.tiers) == len(result.hits)
    world.suggest(question, EVERYTHING)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_can_be_indexed_and_found_by_its_name(engine: SearchPort, text: str) -> None:
    texts = {"path": text, "description": text, "code": text, "team": text, "outputs": text}
    engine.write([a("odd", "dataset", text[:300], columns=(text,), owner=(text,), **texts)])
    assert ids(ask(engine, text[:300]))[:1] == ["odd"]
    assert [id_ for id_, _ in engine.entries()] == ["odd"]


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("Überstunden_Größe.ipynb", "uberstunden_grosse"),
        ("café", "CAFE\u0301"),
        ("東京_weather", "東京"),
        ("📈 revenue", "📈"),
        ("İstanbul", "istanbul"),
        ("हिन्दी_डेटा", "हिन्दी"),
    ],
)
def test_names_of_every_script_are_found(engine: SearchPort, name: str, question: str) -> None:
    engine.write([a("it", "notebook", name), a("other", "notebook", "other")])
    assert ids(ask(engine, question)) == ["it"]


def test_pages_neither_repeat_nor_lose_a_hit(engine: SearchPort) -> None:
    engine.write([a(f"{n:03}", "file", f"part_{n % 7}.py", code=f"rain {n} " * (n % 5)) for n in range(90)])
    for text, sort in (("rain", "best"), ("part", "best"), ("", "newest"), ("part rain", "name")):
        whole = ids(ask(engine, text, limit=200, sort=sort))
        pages = [ids(ask(engine, text, limit=7, offset=offset, sort=sort)) for offset in range(0, 91, 7)]
        assert [id_ for page in pages for id_ in page] == whole
        assert len(set(whole)) == len(whole) > 50


def test_an_older_write_changes_nothing(world: SearchPort) -> None:
    world.write([replace(RAIN, name="newer.ipynb", path="", version="2", sequence=5)])
    world.write([replace(RAIN, name="older.ipynb", version="1", sequence=4)])
    world.write([], [Deletion(id="rain", sequence=4)])
    assert ids(ask(world, "newer")) == ["rain"]
    assert ask(world, "older").total == 0
    assert dict(world.entries())["rain"] == "2"


def test_a_deleted_document_stays_deleted(world: SearchPort) -> None:
    world.write([], [Deletion(id="rain", sequence=7), Deletion(id="never", sequence=7)])
    world.write([replace(RAIN, sequence=6)])
    assert "rain" not in ids(ask(world, ""))
    assert "rain" not in dict(world.entries())
    assert world.count() == 4
    world.write([replace(RAIN, sequence=8)])
    assert ids(ask(world, "rain_effect"))[0] == "rain"


def test_a_second_write_changes_nothing(world: SearchPort) -> None:
    before = ask(world, "rain"), sorted(world.entries())
    world.write(WORLD)
    world.write([*WORLD, *WORLD])
    assert (ask(world, "rain"), sorted(world.entries())) == before
    assert world.count() == len(WORLD)


def test_of_one_batch_the_newest_write_of_a_document_counts(engine: SearchPort) -> None:
    engine.write(
        [a("x", "file", "second", sequence=2), a("x", "file", "first", sequence=1), a("y", "file", "gone")],
        [Deletion(id="y", sequence=1)],
    )
    assert list(engine.entries()) == [("x", "x second")]


def test_an_index_that_was_never_written_answers_with_nothing(engine: SearchPort) -> None:
    assert ask(engine, "rain") == SearchResult(total=0, tiers=(), hits=())
    assert (engine.count(), list(engine.entries()), engine.suggest("r", EVERYTHING)) == (0, [], ())


def test_a_rebuild_leaves_exactly_what_it_was_given(world: SearchPort, tmp_path: Path) -> None:
    newer = replace(HOURLY, description="newer", version="2", sequence=3)
    assert world.rebuild(iter([newer, RAIN, HOURLY])) == 2
    assert sorted(world.entries()) == [("hourly", "2"), ("rain", RAIN.version)]
    assert len([entry for entry in (tmp_path / "search").iterdir() if entry.is_dir()]) == 1
    world.write([SALARY])
    assert world.count() == 3


def test_a_rebuild_that_fails_leaves_the_old_index(world: SearchPort, tmp_path: Path) -> None:
    def broken() -> Iterator[Document]:
        yield RAIN
        raise RuntimeError("the catalogue went away")

    with pytest.raises(RuntimeError):
        world.rebuild(broken())
    assert world.count() == len(WORLD)
    assert len([entry for entry in (tmp_path / "search").iterdir() if entry.is_dir()]) == 1


def test_readers_go_on_while_an_index_is_rebuilt(world: SearchPort, opened: Open, tmp_path: Path) -> None:
    seen: list[int] = []
    failures: list[Exception] = []
    stop = threading.Event()

    def read() -> None:
        reader = opened(tmp_path / "search")
        try:
            while not stop.is_set():
                seen.append(ask(reader, "rain_effect").hits[0].highlights[0].line)
        except (HubError, IndexError) as error:
            failures.append(error)
        finally:
            reader.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in range(5):
        world.rebuild([replace(RAIN, id=f"rain{number}") for number in range(20)])
    stop.set()
    for reader in readers:
        reader.join()
    assert not failures
    assert set(seen) == {1}


def test_another_process_sees_a_write_at_once_and_may_not_write_meanwhile(
    world: SearchPort, opened: Open, tmp_path: Path
) -> None:
    other = opened(tmp_path / "search")
    assert ask(other, "rain_effect").hits[0].id == "rain"
    world.write([a("new", "file", "brand_new.py")])
    assert ids(ask(other, "brand_new")) == ["new"]
    with pytest.raises(IndexLocked):
        other.write([a("late", "file", "late.py")])
    world.release()
    other.write([a("late", "file", "late.py")])
    assert ids(ask(world, "late.py")) == ["late"]
    other.close()


def test_an_index_of_another_layout_asks_for_a_rebuild(world: SearchPort, tmp_path: Path) -> None:
    (tmp_path / "search" / "current").write_text("older9-abc")
    with pytest.raises(IndexOutdated):
        ask(world, "rain")
    assert world.rebuild([RAIN]) == 1
    assert ids(ask(world, "rain_effect")) == ["rain"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": -1},
        {"limit": 201},
        {"offset": 10_001},
        {"filters": (("colour", ("red",)),)},
        {"filters": (("kind", ("file",)), ("kind", ("cell",)))},
    ],
)
def test_a_request_out_of_range_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must"):
        replace(SearchRequest(text="", rights=EVERYTHING), **wrong)  # type: ignore[arg-type]  # on purpose


def test_every_name_of_a_large_index_is_found_first(engine: SearchPort) -> None:
    documents = _named_things()
    engine.write(documents)
    missed = [
        (question, document.id)
        for document in documents
        for question in (document.name, document.path)
        if question
        and _same_name(documents, question) == {document.id}
        and ids(ask(engine, question, limit=1)) != [document.id]
    ]
    assert missed == []


def _named_things() -> Sequence[Document]:
    words = ("rain", "station", "Trip", "v2", "main", "daily", "telemetry", "x")
    things = []
    for number in range(120):
        one, two, three = words[number % 8], words[(number // 8) % 8], words[(number // 3) % 8]
        name, kind = (
            (f"{one}_{two}-{number}.ipynb", "notebook"),
            (f"{one}.{two}.{three}{number}", "dataset"),
            (f"{one}{two.title()}{number}.py", "file"),
            (f"{one}-{two}-{number}", "repository"),
        )[number % 4]
        things.append(a(f"t{number}", kind, name, path=f"{three}/{one}/{name}", description=" ".join(words)))
    return things


def _same_name(documents: Sequence[Document], question: str) -> set[str]:
    return {one.id for one in documents if question.lower() in (one.name.lower(), one.path.lower())}
