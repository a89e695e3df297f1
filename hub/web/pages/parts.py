"""What several pages share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Tone = Literal["", "ok", "warn", "danger", "info", "line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to a place. `current` marks the view that is shown."""

    label: str
    url: str
    icon: str = ""
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A button: a link, or with `post` a form with the CSRF token.

    `key` is an action of `frontend/islands/keys/bindings.ts` whose key presses it. `name` and `value`
    go with a posted form.
    """

    label: str
    url: str
    icon: str = ""
    primary: bool = False
    post: bool = False
    key: str = ""
    name: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A state in a word and a shape; `tone` alone never carries it."""

    label: str
    tone: Tone = ""
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody by name; `initials` are two letters, `hue` one of four tints by name."""

    name: str
    initials: str
    url: str = ""
    hue: Literal["a", "b", "c", "d"] = "a"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One short thing to know: an icon, words, or words before a moment ("Changed" 3 days ago)."""

    text: str
    icon: str = ""
    url: str = ""
    moment: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A term and what is known of it; empty text is shown as "Unknown"."""

    term: str
    text: str = ""
    url: str = ""
    moment: datetime | None = None
    code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """One honest line over the page: a rebuilt index, a partial crawl, an archived thing."""

    text: str
    tone: Tone = "warn"
    link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """Nothing here: what would be here, and the one step that fills it."""

    title: str
    text: str
    actions: Sequence[Action] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """What is wrong with one input, and what to enter. `field` is the input's id."""

    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """The page shows an earlier state; `today_url` is the same page now."""

    label: str
    today_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pagination:
    """One page of a list: rows `first` to `last` of `total` (None: not shown)."""

    first: int
    last: int
    total: int | None
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a page about one thing: where it lies, what it is called, what holds for it."""

    name: str
    icon: str
    kind_label: str
    crumbs: Sequence[Link] = ()
    badges: Sequence[Badge] = ()
    summary: str = ""
    signals: Sequence[Signal] = ()
    actions: Sequence[Action] = ()
    tabs: Sequence[Link] = ()
    short_url: str = ""
    as_of: AsOf | None = None
    banners: Sequence[Banner] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """An output that is not shown: what it needs, and where to ask. Unknown reads leave `needs` empty."""

    needs: Sequence[str] = ()
    request_url: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture by address, with its size in pixels (0: unknown) and its text."""

    url: str
    alt: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRow:
    """A column of a table; `empty_percent` None is unknown, `key` marks a key or partition."""

    name: str
    type: str
    nullable: bool | None = None
    empty_percent: float | None = None
    note: str = ""
    url: str = ""
    removed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRow:
    """A named fault with its place, in plain words."""

    code: str
    place: str
    message: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A thing in a list about another thing."""

    name: str
    url: str
    icon: str
    kind_label: str
    context: str = ""
    badges: Sequence[Badge] = ()
    signals: Sequence[Signal] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A titled list ("Read by"), what stands there when it is empty, and a link to all of it."""

    title: str
    rows: Sequence[Row]
    empty_text: str = ""
    count: int | None = None
    more: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A value of a radio group or a select."""

    value: str
    label: str
    hint: str = ""
    checked: bool = False
