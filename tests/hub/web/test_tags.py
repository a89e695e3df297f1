"""Tags and filters that all templates share."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.web.templatetags.web import bytes_, icon, number, plural, relative, reltime

NOW = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=30), "just now"),
        (timedelta(minutes=42), "42 min ago"),
        (timedelta(hours=5), "5 h ago"),
        (timedelta(hours=23, minutes=59), "23 h ago"),
        (timedelta(days=1), "yesterday"),
        (timedelta(days=6), "6 days ago"),
        (timedelta(days=33), "12 Oct"),
        (timedelta(days=420), "20 Sep 2025"),
        (-timedelta(minutes=5), "in 5 min"),
        (-timedelta(days=6), "in 6 days"),
        (-timedelta(days=99), "21 Feb 2027"),
    ],
)
def test_a_moment_is_said_as_people_say_it(distance: timedelta, words: str) -> None:
    assert relative(NOW - distance, NOW) == words


def test_a_moment_carries_its_absolute_time() -> None:
    html = reltime(datetime(2024, 2, 3, 4, 5, tzinfo=UTC))
    assert 'datetime="2024-02-03T04:05:00+00:00" title="3 February 2024, 04:05 UTC"' in html


def test_an_unknown_moment_is_said_to_be_unknown() -> None:
    assert reltime(None) == "at an unknown time"


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 bytes"), (999, "999 bytes"), (1200, "1.2 kB"), (48_256, "48 kB")]
)
def test_a_size_has_the_unit_that_keeps_it_short(size: int, words: str) -> None:
    assert bytes_(size) == words


def test_numbers_have_thousands_separators_and_unknown_ones_a_dash() -> None:
    assert [number(2412906), number(None), number(0)] == ["2,412,906", "–", "0"]


def test_a_count_agrees_with_its_noun() -> None:
    assert [plural(1, "notebook"), plural(2000, "notebook"), plural(2, "entry", "entries")] == [
        "1 notebook",
        "2,000 notebooks",
        "2 entries",
    ]


def test_an_icon_is_decoration_unless_it_has_words() -> None:
    assert 'aria-hidden="true"' in icon("lock")
    assert 'role="img" aria-label="Table &lt;b&gt;"' in icon("table-2", "Table <b>")
    assert icon("") == ""
