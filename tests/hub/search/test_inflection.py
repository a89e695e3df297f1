import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.search.inflection import inflections
from hub.search.question import ask


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("merge", {"merges", "merging", "merged"}),
        ("plotting", {"plot", "plots", "plotted"}),
        ("visualise", {"visualize", "visualizing", "visualization"}),
        ("classification", {"classify", "classified", "classifying"}),
        ("reduction", {"reduce", "reduced"}),
        ("aggregates", {"aggregate", "aggregating", "aggregation"}),
        ("queries", {"query", "querying"}),
        ("frequently", {"frequent"}),
        ("formatter", {"format", "formats", "formatting"}),
        ("format", {"formatter", "formatted"}),
        ("colour", {"color", "colors"}),
    ],
)
def test_a_word_is_found_in_its_other_forms(word: str, others: set[str]) -> None:
    assert inflections(word)[0] == word
    assert others <= set(inflections(word))


@pytest.mark.parametrize("word", ["id", "red", "bus", "v6", "Übung", "x" * 60])
def test_short_words_numbers_and_other_scripts_stay_as_they_are(word: str) -> None:
    assert inflections(word)[0] == word
    assert len(inflections(word)) <= 2


def test_a_name_that_ends_like_a_verb_is_not_cut_to_nothing() -> None:
    assert "str" not in inflections("string")
    assert "custom" not in inflections("customer")


@given(st.text(max_size=30))
def test_every_word_has_few_forms_itself_first(word: str) -> None:
    found = inflections(word)
    assert found[0] == word
    assert len(set(found)) == len(found) <= 40


def test_neighbours_may_be_written_in_one() -> None:
    question = ask("error bars")
    assert "errorbars" in question.ways("error")
    assert "errorbar" in question.ways("bars")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("who owns station_hourly", ("who owns station_hourly", "station_hourly")),
        ("the salary table", ("the salary table", "salary")),
        ("how to backfill a table", ("how to backfill a table",)),
    ],
)
def test_a_plain_word_in_a_sentence_is_no_name(text: str, names: tuple[str, ...]) -> None:
    assert ask(text).names == names
