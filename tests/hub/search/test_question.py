"""How a question is read."""

import pytest

from hub.search.question import QUESTION_WORDS, ask


@pytest.mark.parametrize(
    ("text", "words", "kinds"),
    [
        ("who uses the weather table", ("weather",), ("dataset",)),
        ("plots about rain", ("plots", "rain"), ()),
        ("Apache-2.0 notebooks", ("apache", "2", "0"), ("notebook",)),
        ("notebooks", ("notebooks",), ()),
        ("the", ("the",), ()),
        ("table_of_contents", ("table", "of", "contents"), ()),
        ("sha256 s3", ("sha", "256", "s3"), ()),
        ("tables and models", ("tables", "models"), ()),
    ],
)
def test_common_words_and_kinds_do_not_have_to_be_found(
    text: str, words: tuple[str, ...], kinds: tuple[str, ...]
) -> None:
    question = ask(text)
    assert question.words == words
    assert question.kinds == kinds or not kinds


def test_a_name_must_hold_the_word_of_the_kind_too() -> None:
    assert ask("the station table").name_words == ("station", "table")


def test_a_long_question_is_cut() -> None:
    question = ask(" ".join(f"w{number}x" for number in range(5_000)))
    assert len(question.words) == QUESTION_WORDS
    assert len(question.key) <= 400


def test_punctuation_alone_has_a_key_but_no_words() -> None:
    assert (ask("???").key, ask("???").words) == ("???", ())
    assert ask(" \0\n ").is_blank
