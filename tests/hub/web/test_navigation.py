"""Only what exists is in the navigation, each thing once."""

import pytest
from django.test import RequestFactory, override_settings

from hub.web.navigation import Entry, Navigation


@pytest.fixture
def navigation() -> Navigation:
    made = Navigation()
    made.register(Entry(label="Later", url_name="appearance", order=20, go="l"))
    made.register(
        Entry(label="First", url_name="appearance", order=10, paths=("/notebooks",), count=lambda _: 3)
    )
    made.register(Entry(label="Missing", url_name="no-such-route", order=5))
    made.register(Entry(label="Mine", url_name="appearance", order=1, place="menu"))
    return made


@override_settings(ROOT_URLCONF="hub.web.urls")
def test_entries_stand_in_order_and_only_with_a_route(navigation: Navigation) -> None:
    request = RequestFactory().get("/notebooks/demand/rain.ipynb")
    places = navigation.places(request, "bar")
    assert [(place.label, place.current, place.count) for place in places] == [
        ("First", True, 3),
        ("Later", False, None),
    ]
    assert [place.label for place in navigation.places(request, "menu")] == ["Mine"]


@override_settings(ROOT_URLCONF="hub.web.urls")
def test_a_place_is_not_current_for_a_path_that_only_begins_like_it(navigation: Navigation) -> None:
    request = RequestFactory().get("/notebooks-of-mine")
    assert not any(place.current for place in navigation.places(request, "bar"))


def test_a_letter_or_label_cannot_be_taken_twice(navigation: Navigation) -> None:
    with pytest.raises(ValueError, match="g l"):
        navigation.register(Entry(label="Other", url_name="appearance", order=1, go="l"))
    with pytest.raises(ValueError, match="Later"):
        navigation.register(Entry(label="Later", url_name="other", order=1))
