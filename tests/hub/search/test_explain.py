"""Highlights of texts in any script."""

from hypothesis import given
from hypothesis import strategies as st

from hub.search.explain import aligned, highlight
from hub.search.text import fold


@given(st.text(alphabet="aB…éß\u0301ﬁ 東İ", max_size=20))
def test_each_folded_character_knows_its_place(text: str) -> None:
    folded, places = aligned(text)
    where = places or list(range(len(text) + 1))
    assert len(where) == len(folded) + 1
    assert where == sorted(where)
    assert where[-1] == len(text)
    assert all(character in fold(text[place]) for character, place in zip(folded, where, strict=False))


def test_a_long_text_is_cut_to_the_match() -> None:
    text = "wet " * 200 + "rain " + "dry " * 200
    shown = highlight("description", text, [(800, 804, "rain")])
    assert len(shown.text) <= 160
    assert [shown.text[start:end] for start, end in shown.marks] == ["rain"]


def test_code_is_shown_by_whole_lines_where_most_words_are() -> None:
    code = "rain = 1\n" + "pass\n" * 20 + "before\nplot(\n    rain,\n)\nafter\nlater\nend\n"
    matches = [(code.index(word, 20), code.index(word, 20) + 4, word) for word in ("plot", "rain")]
    shown = highlight("code", code, [(0, 4, "rain"), *matches])
    assert shown.text.splitlines() == ["before", "plot(", "    rain,", ")", "after", "later"]
    assert shown.line == 22


def test_of_a_list_only_the_matching_items_are_shown() -> None:
    shown = highlight("columns", "day\nrain_mm\nrides\nrain_max", [(4, 8, "rain"), (18, 22, "rain")])
    assert shown.text == "rain_mm\nrain_max"
    assert shown.marks == ((0, 4), (8, 12))
