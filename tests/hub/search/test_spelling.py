"""Edits between words, against their definition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.search.spelling import Vocabulary, allowance, edits
from tests.contract import search_reference

short = st.text(alphabet="abc", max_size=7)


@given(left=short, right=short, most=st.sampled_from([1, 2]))
def test_edits_are_counted_as_defined_up_to_the_limit(left: str, right: str, most: int) -> None:
    assert edits(left, right, most) == min(search_reference.edits(left, right), most + 1)


@given(words=st.frozensets(st.text(alphabet="abc", min_size=1, max_size=9)), word=st.text("abc", min_size=4))
def test_a_vocabulary_finds_every_word_within_the_allowance(words: frozenset[str], word: str) -> None:
    expected = sorted((search_reference.edits(word, other), other) for other in words - {word})
    assert Vocabulary(words).like(word) == [one for one in expected if one[0] <= allowance(word)]


@pytest.mark.parametrize(
    ("word", "edits"), [("sum", 0), ("2024", 0), ("rain", 1), ("weather", 1), ("stations", 2)]
)
def test_short_words_and_numbers_forgive_nothing(word: str, edits: int) -> None:
    assert allowance(word) == edits
