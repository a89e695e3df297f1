"""The entries of the top bar and of the menu under "me". Apps register theirs in `AppConfig.ready`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from hub.web.pages import Demo, Person, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A place to go. It shows once `url_name` has a route, so a missing feature has no dead link.

    `paths` are beginnings of addresses that belong to it besides its own. `count` gives the number on
    its badge for this request, which must equal the length of the list behind it. `go` is the letter
    after `g`.
    """

    label: str
    url_name: str
    order: int
    place: Literal["bar", "menu"] = "bar"
    icon: str = ""
    go: str = ""
    paths: tuple[str, ...] = ()
    count: Callable[[HttpRequest], int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits for whoever asks, behind the bell."""

    count: int
    url: str


class Navigation:
    """The registry. Person, waiting count and demo bar come from the apps that know them."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self.person: Callable[[HttpRequest], Person | None] = lambda _request: None
        self.waiting: Callable[[HttpRequest], Waiting | None] = lambda _request: None
        self.demo: Callable[[HttpRequest], Demo | None] = lambda _request: None

    def register(self, entry: Entry) -> None:
        """Add an entry. ValueError: its label or its letter is taken."""
        taken = {known.go for label, known in self._entries.items() if known.go and label != entry.label}
        if self._entries.get(entry.label, entry) != entry or entry.go in taken:
            raise ValueError(f"navigation has an entry '{entry.label}' or a key 'g {entry.go}' already")
        self._entries[entry.label] = entry

    def places(self, request: HttpRequest, place: Literal["bar", "menu"]) -> tuple[Place, ...]:
        """The entries of `place` that have a route, in order, with the current one marked."""
        wanted = sorted(
            (entry for entry in self._entries.values() if entry.place == place),
            key=lambda entry: entry.order,
        )
        shown = ((entry, _address(entry)) for entry in wanted)
        return tuple(_place(entry, url, request) for entry, url in shown if url)


def _address(entry: Entry) -> str:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""


def _place(entry: Entry, url: str, request: HttpRequest) -> Place:
    path = request.path
    inside = any(path == start or path.startswith(start.rstrip("/") + "/") for start in entry.paths)
    return Place(
        label=entry.label,
        url=url,
        icon=entry.icon,
        go=entry.go,
        current=path == url or inside,
        count=entry.count(request) if entry.count else None,
    )


navigation = Navigation()
