"""The search port: what the hub asks of a search engine, in the hub's words.

Every answer is made with the asker's `Rights` inside the query: what they may not see changes no hit, no
total, no count, no suggestion and no spelling correction. Only the order inside the tier `text` differs
between backends.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, get_args

from hub.core.errors import Unavailable

Facet = Literal["kind", "team", "platform", "language", "owner", "licence", "freshness", "uses"]
Sort = Literal["best", "newest", "name"]
Tier = Literal["exact", "prefix", "words", "text", "all"]
"""Bands of a result, strictly in this order; `all` is the only one of an empty query."""
TextField = Literal[
    "name", "path", "title", "headings", "columns", "symbols", "description", "facts", "code", "outputs"
]
"""Where a word was found. `facts` are team, platform, kind, owners, licence, language and packages."""

FACETS: Final[tuple[Facet, ...]] = get_args(Facet)
OPEN_FACETS: Final[frozenset[Facet]] = frozenset({"kind", "team", "platform"})
"""Facets of everything that may be known to exist; the others count what the asker may read about."""
FRESHNESS: Final[Mapping[str, int]] = {"week": 7, "month": 30, "year": 365}
"""Buckets of `freshness`: changed in the last so many days; `older` is the rest with a known time."""
FACET_VALUES: Final = 50
"""Most values of a facet in a result, the most frequent first."""
MAX_LIMIT: Final = 200
MAX_OFFSET: Final = 10_000


class SearchError(Unavailable):
    """The search engine cannot do what it was asked."""

    code = "search_failed"


class IndexLocked(SearchError):
    """Another process is the writer of this index."""

    code = "search_index_locked"


class IndexOutdated(SearchError):
    """The index on disk has another layout: rebuild it."""

    code = "search_index_outdated"


class IndexDamaged(SearchError):
    """The index on disk cannot be read: rebuild it."""

    code = "search_index_damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A thing as it can be found: an entity, or a cell of a notebook (`id` `<uuid>#<cell id>`, kind `cell`).

    Who knows that it exists may match `name`, `names`, `path`, `team`, `platform` and `kind`, and gets
    `payload`; who may read about it also matches the rest and gets `details`; `outputs` are for those with
    the derived right on `output_audience`. A cell is shown only to those who may read about its notebook.
    """

    id: str
    entity: str
    kind: str
    name: str
    path: str = ""
    names: tuple[str, ...] = ()
    """Other exact names: aliases, the last part of a dotted table name."""
    title: str = ""
    description: str = ""
    headings: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    code: str = ""
    symbols: tuple[str, ...] = ()
    """Imports, calls, definitions."""
    outputs: str = ""
    team: str = ""
    platform: str = ""
    language: str = ""
    owner: tuple[str, ...] = ()
    licence: str = ""
    freshness: int = 0
    """When it last changed, in seconds since 1970 UTC; 0 where unknown."""
    uses: tuple[str, ...] = ()
    """Packages that it imports."""
    popularity: int = 0
    audience: int
    """Visibility class of the entity; `Rights` name such classes."""
    output_audience: int = 0
    version: str
    """Hash of the document, for `entries`."""
    sequence: int
    """Position in the change log."""
    payload: str = ""
    """Small JSON that shows a hit without a read of the database, to all who know that the thing exists."""
    details: str = ""
    """The same for those who may read about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """A document is gone since `sequence`."""

    id: str
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Visibility classes whose things the asker may know of, read about, and see the outputs of.

    `describe` counts only inside `exists`, `derived` only where the thing may be read about.
    """

    exists: frozenset[int] = frozenset()
    describe: frozenset[int] = frozenset()
    derived: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """A question. An empty or blank `text` browses everything visible, newest first.

    `filters`: a thing must have one of the values of each. `limit` is 0-200, `offset` 0-10,000, `today`
    counts days since 1970 (None: by the clock). `newest` and `name` order across the tiers; things whose
    times the asker may not know come last.
    """

    text: str
    rights: Rights
    filters: tuple[tuple[Facet, tuple[str, ...]], ...] = ()
    offset: int = 0
    limit: int = 20
    sort: Sort = "best"
    today: int | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.limit <= MAX_LIMIT and 0 <= self.offset <= MAX_OFFSET):
            raise ValueError(f"limit must be 0-{MAX_LIMIT} and offset 0-{MAX_OFFSET}")
        names = [name for name, _ in self.filters]
        if not set(names) <= set(FACETS) or len(set(names)) < len(names):
            raise ValueError(f"filters must name different facets of {', '.join(FACETS)}, not {names}")


ReasonCode = Literal["name_is", "name_starts", "name_holds", "holds", "similar", "some_words", "listed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a thing is a hit: `words` of the query were found in `field`.

    `similar`: the field holds `words` where the query has a word like them; `some_words`: these words of
    the query are all that was found; `listed`: the query was empty.
    """

    code: ReasonCode
    field: TextField = "name"
    words: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The reason for people, in English."""
        words = ", ".join(f"“{word}”" for word in self.words)
        place = _PLACES[self.field]
        match self.code:
            case "name_is":
                return "Its name is exactly what you wrote."
            case "name_starts":
                return "Its name starts with what you wrote."
            case "name_holds":
                return "Its name holds all the words."
            case "holds":
                return f"Its {place} {'hold' if place.endswith('s') else 'holds'} {words}."
            case "similar":
                return (
                    f"Its {place} {'hold' if place.endswith('s') else 'holds'} {words}, spelled much like it."
                )
            case "some_words":
                return f"It holds some of the words: {words}."
            case "listed":
                return "You may see it."


_PLACES: Final[Mapping[TextField, str]] = {
    "name": "name",
    "path": "path",
    "title": "title",
    "headings": "headings",
    "columns": "columns",
    "symbols": "imports and calls",
    "description": "description",
    "facts": "facts",
    "code": "code",
    "outputs": "outputs",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """A piece of a field with the matches marked as (start, end) character positions in `text`.

    `line` is the 1-based line of the field that the piece starts at.
    """

    field: TextField
    text: str
    marks: tuple[tuple[int, int], ...]
    line: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing found. `details` is empty where the asker may not read about it."""

    id: str
    entity: str
    kind: str
    name: str
    path: str
    tier: Tier
    why: tuple[Reason, ...]
    highlights: tuple[Highlight, ...]
    payload: str
    details: str


FacetCounts = Mapping[Facet, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """`tiers` counts each tier that holds something; they sum to `total`.

    `facets` count every value as if its own facet had no filter. `did_you_mean` is a better spelling of
    the query, from words that the asker may see, or empty.
    """

    total: int
    tiers: tuple[tuple[Tier, int], ...]
    hits: tuple[Hit, ...]
    facets: FacetCounts = field(default_factory=dict)
    did_you_mean: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A name that starts, or has a word that starts, with what was typed, and its best-ranked thing."""

    name: str
    kind: str
    id: str
    path: str
    payload: str


class SearchPort(Protocol):
    """A search engine. Safe to share between threads."""

    def write(self, documents: Iterable[Document], deletions: Iterable[Deletion] = ()) -> None:
        """Write in one commit, visible to every reader when this returns.

        What is older (by `sequence`) than what the index holds of an id changes nothing, also after a
        deletion; the same write a second time changes nothing. Raises IndexLocked, IndexOutdated,
        IndexDamaged.
        """
        ...

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer a question. Raises IndexDamaged, IndexOutdated; any text is a valid question."""
        ...

    def suggest(self, prefix: str, rights: Rights, limit: int = 8) -> tuple[Suggestion, ...]:
        """Different names for type-ahead, names that start with the prefix first; never cells."""
        ...

    def entries(self) -> Iterator[tuple[str, str]]:
        """(id, version) of every document, in no order, to compare with the truth."""
        ...

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Build a new index beside the old one, then swap; returns the number of documents.

        Readers go on with the old index until the swap. On an error the old index stays. Of documents
        with one id the newest stays. Raises IndexLocked.
        """
        ...

    def count(self) -> int:
        """How many documents there are."""
        ...

    def release(self) -> None:
        """Let another process be the writer; the next `write` takes the place again."""
        ...

    def close(self) -> None:
        """Release everything; the port is of no more use."""
        ...
