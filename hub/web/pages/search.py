"""Home, search results and suggestions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from hub.web.pages.parts import (
    Action,
    Badge,
    Banner,
    ColumnRow,
    Empty,
    Fact,
    Link,
    Pagination,
    Picture,
    Signal,
    Withheld,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetOption:
    """A filter value with the number of results it leaves."""

    value: str
    label: str
    count: int
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetGroup:
    """The values of one filter; `name` is its query parameter."""

    name: str
    label: str
    options: Sequence[FacetOption]


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a result is where it is: one sentence, then the fields that matched."""

    sentence: str
    fields: Sequence[Fact] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CellHit:
    """Four to six lines round the match, and the output in small or why it is withheld.

    `place` is the whole path of its notebook, to tell copies apart by ear.
    """

    label: str
    place: str
    url: str
    source: SafeString
    thumbnail: Picture | None = None
    table: SafeString | None = None
    withheld: Withheld | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result. `anchor` is unique on the page and stable for the thing; `prefix` ends before the name."""

    anchor: str
    name: str
    url: str
    icon: str
    kind_label: str
    prefix: Sequence[str] = ()
    badges: Sequence[Badge] = ()
    summary: str = ""
    signals: Sequence[Signal] = ()
    why: Why | None = None
    cell: CellHit | None = None
    action: Action | None = None
    preview_url: str = ""
    selected: bool = False
    copies: Sequence[Link] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """Results that match equally well: "Exact name", "Name", "Cells", "Text"."""

    label: str
    note: str
    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What stands beside the results for the one that is selected."""

    name: str
    icon: str
    url: str
    facts: Sequence[Fact] = ()
    columns: Sequence[ColumnRow] = ()
    source: SafeString | None = None
    actions: Sequence[Action] = ()
    load_line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """discovery/search.html and discovery/_results.html."""

    query: str
    title: str
    action_url: str = "/search"
    milliseconds: int | None = None
    withheld: int = 0
    withheld_url: str = ""
    facets: Sequence[FacetGroup] = ()
    active: Sequence[Link] = ()
    clear_url: str = ""
    sorts: Sequence[Link] = ()
    sort: str = ""
    save: Action | None = None
    tiers: Sequence[Tier] = ()
    pages: Pagination | None = None
    preview: Preview | None = None
    meant: Link | None = None
    empty: Empty | None = None
    banners: Sequence[Banner] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One line of the type-ahead list."""

    name: str
    url: str
    icon: str
    kind_label: str
    context: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionsPage:
    """discovery/_suggestions.html: at most eight, then a line for all results."""

    query: str
    suggestions: Sequence[Suggestion]
    all_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """Something to do or to see: one verb, the exact place, why it is mine."""

    verb: str
    subject: str
    url: str
    why: str = ""
    icon: str = ""
    moment: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TourTask:
    """A task for a newcomer in the sample organisation; ticked by doing it."""

    title: str
    text: str
    url: str
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """discovery/home.html. An `empty_*` stands where its list is empty."""

    greeting: str
    examples: Sequence[Link] = ()
    kinds: Sequence[Link] = ()
    tour: Sequence[TourTask] = ()
    waiting: Sequence[WorkRow] = ()
    changed: Sequence[WorkRow] = ()
    recent: Sequence[WorkRow] = ()
    saved: Sequence[Link] = ()
    empty: Empty | None = None
    banners: Sequence[Banner] = ()
