"""Search and home as pages: results in tiers, filters with counts, what is near whoever asks."""

from collections.abc import Sequence
from typing import Final

from django.http import QueryDict

from hub.catalogue.pages import short_name
from hub.discovery.copies import Folded, fold
from hub.discovery.models import SavedSearch
from hub.discovery.queries import Filters, Found, FoundHit
from hub.search.port import Facet, Highlight, Reason, Suggestion, TextField
from hub.web.kinds import words_of
from hub.web.pages import (
    Action,
    Badge,
    CellHit,
    ColumnRow,
    Empty,
    FacetGroup,
    FacetOption,
    Fact,
    Hit,
    Link,
    Pagination,
    Picture,
    Preview,
    SearchPage,
    Signal,
    SuggestionsPage,
    Tier,
    Why,
    Withheld,
)
from hub.web.pages import Suggestion as SuggestionRow
from hub.web.rendering import code

PER_PAGE: Final = 20
_FACET_LABELS: Final[dict[Facet, str]] = {
    "kind": "Kind",
    "team": "Team",
    "freshness": "Changed",
    "language": "Language",
    "platform": "Platform",
    "owner": "Owner",
    "licence": "Licence",
    "uses": "Uses",
}
_FRESHNESS: Final = {
    "week": "This week",
    "month": "This month",
    "year": "This year",
    "older": "Longer ago",
}
_OPTIONS: Final = 8
_SORTS: Final = {"best": "Best match", "newest": "Newest first", "name": "By name"}
_FIELDS: Final[dict[TextField, str]] = {
    "name": "Name",
    "path": "Place",
    "title": "Title",
    "headings": "Headings",
    "columns": "Columns",
    "symbols": "Imports and calls",
    "description": "Description",
    "facts": "Facts",
    "code": "Code",
    "outputs": "Outputs",
}


def search_page(
    text: str,
    parameters: QueryDict,
    found: Found,
    *,
    number: int,
    save: Action | None,
) -> SearchPage:
    """The page of a result: exactly what its address says. At most one query, for copies."""
    within = {cell.id for cell in found.pictured.values()}
    folded = fold([hit for hit in found.hits if hit.id not in within])
    return SearchPage(
        query=text,
        title=_title(text, found.total),
        milliseconds=found.milliseconds,
        withheld=found.withheld + sum(1 for cell in found.pictured.values() if not cell.derivable),
        facets=_facet_groups(found),
        active=_active(parameters, found.filters),
        clear_url=_address(parameters, drop=[name for name, _ in found.filters]) if found.filters else "",
        sorts=[
            Link(
                label=label,
                url=_address(parameters, sort=value),
                current=parameters.get("sort", "best") == value,
            )
            for value, label in _SORTS.items()
        ],
        sort=parameters.get("sort", ""),
        save=save,
        tiers=_tiers(found, folded),
        pages=_pages(parameters, found, number),
        preview=preview_of(folded.hits[0]) if folded.hits else None,
        meant=Link(label=found.did_you_mean, url=_address(parameters, q=found.did_you_mean))
        if found.did_you_mean
        else None,
        empty=_empty(text, parameters, found),
    )


def preview_of(hit: FoundHit) -> Preview:
    """What stands beside the results for one of them."""
    details = hit.details
    words = words_of(hit.kind)
    facts = [
        Fact(term="Kind", text=f"{words.one} {details.number}" if details.number else words.one),
        Fact(term="Team", text=hit.team),
        Fact(term="Owner", text=", ".join(details.owners)),
        Fact(term="Changed", moment=details.changed),
    ]
    if details.rows is not None:
        facts.append(Fact(term="Rows", text=f"{details.rows:,}"))
    if details.language:
        facts.append(Fact(term="Language", text=details.language))
    return Preview(
        name=hit.name,
        icon=words.icon,
        url=hit.url,
        facts=facts,
        columns=[ColumnRow(name=name, type=kind) for name, kind in details.columns],
    )


def suggestions_page(text: str, suggestions: Sequence[Suggestion], urls: dict[str, str]) -> SuggestionsPage:
    """Type-ahead lines; `urls` by id."""
    return SuggestionsPage(
        query=text,
        suggestions=[
            SuggestionRow(
                name=one.name,
                url=urls[one.id],
                icon=words_of(one.kind).icon,
                kind_label=words_of(one.kind).one,
                context=one.path.rpartition("/")[0],
            )
            for one in suggestions
            if one.id in urls
        ],
        all_url=_query(text),
    )


def saved_link(saved: SavedSearch) -> Link:
    """A saved search as a link to its page."""
    return Link(label=saved.name, url=f"/search?{saved.query}")


def hit_of(
    hit: FoundHit,
    *,
    selected: bool = False,
    pictured: FoundHit | None = None,
    copies: Sequence[FoundHit] = (),
) -> Hit:
    """One result; a notebook found by name shows the cell of it that drew what was asked for."""
    words = words_of(hit.kind)
    details = hit.details
    badges = [Badge(label="Restricted", tone="warn", icon="lock")] if not hit.describable else []
    if details.unresolved:
        badges.append(Badge(label="Named in code only", tone="line", icon="circle-dashed"))
    return Hit(
        anchor=f"hit-{hit.id.replace('#', '-')}",
        name=short_name(hit.kind, hit.name),
        url=hit.url,
        icon=words.icon,
        kind_label=words.one,
        prefix=_prefix(hit),
        badges=badges,
        summary="" if hit.kind == "cell" else details.title or details.summary,
        signals=_signals(hit),
        why=_why(hit),
        cell=_cell(hit) if hit.kind == "cell" else _cell(pictured) if pictured else None,
        selected=selected,
        copies=[_copy(copy) for copy in copies],
    )


def _copy(hit: FoundHit) -> Link:
    place = " / ".join(_prefix(hit))
    return Link(label=f"{place} ({hit.team} team)" if hit.team else place, url=hit.url)


def _title(text: str, total: int) -> str:
    things = f"{total:,} result{'' if total == 1 else 's'}"
    return f"{things} for “{text}”" if text else f"{things} in the catalogue"


def _tiers(found: Found, folded: Folded) -> list[Tier]:
    """Bands as people read them; cells stand apart from the things they lie in."""
    counts = dict(found.tiers)
    bands: dict[str, list[FoundHit]] = {}
    for hit in folded.hits:
        label = "Exact name" if hit.tier == "exact" else "Name" if hit.tier in ("prefix", "words") else "Text"
        if hit.tier == "all":
            label = "Everything"
        elif hit.kind == "cell" and label == "Text":
            label = "Cells"
        bands.setdefault(label, []).append(hit)
    notes = {
        "Exact name": f"{counts.get('exact', 0):,}",
        "Name": f"{counts.get('prefix', 0) + counts.get('words', 0):,}",
        "Everything": f"{counts.get('all', 0):,}",
        "Text": f"{counts.get('text', 0):,} in code, descriptions and headings",
        "Cells": "in notebooks",
    }
    first = folded.hits[0].id if folded.hits else ""
    return [
        Tier(
            label=label,
            note=notes[label],
            hits=[
                hit_of(
                    hit,
                    selected=hit.id == first,
                    pictured=found.pictured.get(hit.entity_id) if hit.kind == "notebook" else None,
                    copies=folded.copies.get(hit.id, ()),
                )
                for hit in hits
            ],
        )
        for label, hits in bands.items()
    ]


def _facet_groups(found: Found) -> list[FacetGroup]:
    chosen = dict(found.filters)
    groups = []
    for name, label in _FACET_LABELS.items():
        counts = dict(found.facets.get(name, ()))
        checked = chosen.get(name, ())
        values = [*counts, *(value for value in checked if value not in counts)]
        shown = [value for at, value in enumerate(values) if at < _OPTIONS or value in checked]
        options = [
            FacetOption(
                value=value,
                label=_facet_label(name, value),
                count=counts.get(value, 0),
                checked=value in checked,
            )
            for value in shown
            if value
        ]
        if options:
            groups.append(FacetGroup(name=name, label=label, options=options))
    return groups


def _facet_label(name: Facet, value: str) -> str:
    if name == "kind":
        return words_of(value).many
    return _FRESHNESS.get(value, value) if name == "freshness" else value


def _active(parameters: QueryDict, filters: Filters) -> list[Link]:
    return [
        Link(label=_facet_label(name, value), url=_without(parameters, name, value))
        for name, values in filters
        for value in values
    ]


def _prefix(hit: FoundHit) -> list[str]:
    if hit.repository:
        return [hit.repository, *hit.path.split("/")[:-1]]
    if hit.kind in ("dataset", "column"):
        place = hit.urn.partition(":")[2].partition("#")[0]
        namespace, _, name = place.partition("/")
        inner = [part for part in name.split(".")[:-1] if "/" not in name]
        if hit.kind == "column":
            inner = name.split(".") if "/" not in name else [name]
        return [*([] if namespace == "named" else [namespace]), *inner]
    return []


def _signals(hit: FoundHit) -> list[Signal]:
    details = hit.details
    signals = []
    if hit.kind == "cell":
        signals.append(Signal(text=f"Cell {details.number}", icon="hash"))
    people = ", ".join(details.owners)
    owner = (
        f"{hit.team} team, {people}"
        if hit.team and people
        else people or (f"{hit.team} team" if hit.team else "")
    )
    if owner:
        signals.append(Signal(text=owner, icon="users"))
    if details.changed:
        signals.append(Signal(text="Changed", icon="clock", moment=details.changed))
    if details.used_by and hit.kind != "cell":
        signals.append(Signal(text=f"Used by {_counted(details.users)}", icon="notebook-text"))
    if hit.kind == "cell" and details.commit:
        signals.append(Signal(text=details.commit, icon="git-commit-horizontal"))
    return signals


def _counted(users: Sequence[tuple[str, int]]) -> str:
    """Such as 9 notebooks, 5 files: at most two kinds, and how many others there are."""
    named = users[:2]
    others = sum(count for _, count in users[2:])
    parts = [
        f"{count:,} {(words_of(kind).one if count == 1 else words_of(kind).many).lower()}"
        for kind, count in named
    ]
    return ", ".join([*parts, *([f"{others:,} more"] if others else [])])


def _why(hit: FoundHit) -> Why:
    if not hit.why or hit.tier == "all":
        return Why(sentence="")
    return Why(
        sentence=hit.why[0].sentence.rstrip("."),
        fields=[Fact(term=_FIELDS[reason.field], text=_words(reason)) for reason in hit.why if reason.words],
    )


def _words(reason: Reason) -> str:
    return ", ".join(reason.words)


def _cell(hit: FoundHit) -> CellHit | None:
    """The lines round the match with the output in small, or why it is withheld; None without a match."""
    best = next((one for one in hit.highlights if one.field in ("code", "description")), None)
    if best is None:
        return None
    source = best.text
    details = hit.details
    thumbnail = withheld = None
    if details.outputs and not hit.derivable:
        withheld = Withheld(text=f"for the {hit.team} team" if hit.team else "for its owner")
    elif details.thumbnail:
        thumbnail = Picture(
            url=f"/content/{hit.entity_id}/{details.thumbnail}",
            alt=f"Open cell {details.number} of {hit.name}: its picture",
        )
    return CellHit(
        label=f"Cell {details.number}",
        place=" / ".join([*_prefix(hit), hit.name]),
        url=hit.url,
        source=code(source, details.language, words=_marked(best)),
        thumbnail=thumbnail,
        withheld=withheld,
    )


def _marked(highlight: Highlight) -> list[str]:
    return sorted({highlight.text[start:end] for start, end in highlight.marks if end - start > 1})


def _pages(parameters: QueryDict, found: Found, number: int) -> Pagination | None:
    if found.total <= PER_PAGE:
        return None
    first = (number - 1) * PER_PAGE
    return Pagination(
        first=first + 1 if found.hits else 0,
        last=first + len(found.hits),
        total=found.total,
        previous_url=_address(parameters, page=str(number - 1)) if number > 1 else "",
        next_url=_address(parameters, page=str(number + 1)) if first + PER_PAGE < found.total else "",
    )


def _empty(text: str, parameters: QueryDict, found: Found) -> Empty | None:
    if found.hits:
        return None
    if found.filters:
        return Empty(
            title=f"Nothing matches “{text}” with these filters" if text else "Nothing matches these filters",
            text=f"{len(found.filters)} filter{' is' if len(found.filters) == 1 else 's are'} on.",
            actions=[
                Action(
                    label="Clear the filters",
                    url=_address(parameters, drop=[name for name, _ in found.filters]),
                )
            ],
        )
    if text:
        return Empty(
            title=f"Nothing matches “{text}”",
            text="Try fewer words, or a name as it stands in code.",
            actions=[Action(label="See everything", url="/search")],
        )
    return Empty(
        title="The catalogue is empty",
        text="Add a Git repository or a folder, and what is in it can be found here.",
        actions=[Action(label="Add a source", url="/settings/sources/add", primary=True, icon="plus")],
    )


def _query(text: str) -> str:
    parameters = QueryDict(mutable=True)
    parameters["q"] = text
    return f"/search?{parameters.urlencode()}"


def _address(parameters: QueryDict, *, drop: Sequence[str] = (), **changes: str) -> str:
    """The search's address with some parameters changed or dropped; a change starts at the first page."""
    changed = parameters.copy()
    for name in ("page", *drop):
        changed.pop(name, None)
    for name, value in changes.items():
        changed[name] = value
    return f"/search?{changed.urlencode()}"


def _without(parameters: QueryDict, name: str, value: str) -> str:
    changed = parameters.copy()
    changed.setlist(name, [one for one in changed.getlist(name) if one != value])
    return _address(changed)
