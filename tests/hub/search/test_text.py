"""What the tokens of a text are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.search.text import TOKEN_LENGTH, chunks, forms, key, token_text, tokens, word_border


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rainEffect2", "raineffect2 rain effect2 effect 2"),
        ("mart.rainEffect2", "mart.raineffect2 mart raineffect2 rain effect2 effect 2"),
        ("station_hourly", "station_hourly station hourly"),
        ("rain_rain", "rain_rain rain"),
        ("__init__", "init"),
        ("HTTPServer", "httpserver http server"),
        ("myS3Bucket", "mys3bucket my s3 s 3 bucket"),
        ("apache-2.0", "apache-2.0 apache 2 0"),
        ("a/b.ipynb", "a/b.ipynb a b ipynb"),
        ("Crème Brûlée", "creme brulee"),
        ("cre\u0300me", "creme"),
        ("straße", "strasse"),
        ("東京タワー", "東京タワー 東 京 タ ワ ー"),
        ("한국어", "한국어"),
        ("हिन्दी", "हिन्दी"),
        ("📈 up", "📈 up"),
        ("--- … ///", ""),
    ],
)
def test_identifiers_are_split_and_kept_whole(text: str, expected: str) -> None:
    assert " ".join(tokens(text)) == expected


@given(st.text())
def test_tokens_are_folded_words_of_bounded_length(text: str) -> None:
    for token in tokens(text):
        assert 0 < len(token) <= TOKEN_LENGTH
        assert not any(character.isspace() for character in token)
        assert token == token.casefold()


@given(st.text(alphabet="abXY19_-./ é東", max_size=40))
def test_what_a_question_must_hold_is_in_the_text_that_it_was_taken_from(text: str) -> None:
    held = set(tokens(text))
    for chunk in chunks(text):
        assert held >= {chunk.whole, *chunk.words}


@given(st.text(alphabet="aB_- .é", max_size=30))
def test_distinct_chunks_are_counted_once(text: str) -> None:
    assert set(token_text(text, distinct=True).split()) == set(tokens(text))


def test_encoded_bytes_are_one_token() -> None:
    assert len(tokens("iVBORw0KGgoAAAANSUhEUgAA" * 1_000)) == 1


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("notebooks", "notebook"),
        ("queries", "query"),
        ("query", "queries"),
        ("table", "tables"),
        ("boxes", "box"),
        ("class", None),
        ("status", None),
        ("bus", None),
        ("s3", None),
    ],
)
def test_a_word_is_also_found_in_its_other_number(word: str, other: str | None) -> None:
    assert forms(word) == ((word, other) if other else (word,))


def test_names_are_compared_without_case_accents_and_extra_blanks() -> None:
    assert key("  Überstunden\t 2024\0") == "uberstunden 2024"


@pytest.mark.parametrize(
    ("text", "borders"),
    [("rainEffect2", {0, 4, 10, 11}), ("a_b", {0, 1, 2, 3}), ("HTTPServer", {0, 4, 10}), ("東京", {0, 1, 2})],
)
def test_words_begin_and_end_where_tokens_do(text: str, borders: set[int]) -> None:
    assert {position for position in range(len(text) + 1) if word_border(text, position)} == borders
