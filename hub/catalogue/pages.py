"""What the pages of all things share: head, rows, people."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from hub.accounts.models import Discoverability
from hub.accounts.pages import person
from hub.catalogue.models import Edge, Entity, Version
from hub.catalogue.queries import EntityRead
from hub.web.addresses import address_of, permanent
from hub.web.kinds import words_of
from hub.web.pages import AsOf, Badge, Banner, Group, Head, Link, Row, Signal, VersionRow

RELATION_IN = {
    "reads": "Read by",
    "writes": "Written by",
    "derived-from": "Made into",
    "imports": "Imported by",
    "forked-from": "Forked as",
    "contains": "Part of",
    "trained-on": "Trains",
}
RELATION_OUT = {
    "reads": "Reads",
    "writes": "Writes",
    "derived-from": "Made from",
    "imports": "Imports",
    "forked-from": "Forked from",
    "contains": "Contains",
    "trained-on": "Trained on",
}


def url_of(entity: Entity) -> str:
    """The page of an entity."""
    return address_of(entity.urn, str(entity.pk))


def head_of(
    read: EntityRead,
    *,
    badges: Sequence[Badge] = (),
    signals: Sequence[Signal] = (),
    tabs: Sequence[Link] = (),
    summary: str = "",
    banners: Sequence[Banner] = (),
    as_of: datetime | None = None,
) -> Head:
    """The head of the page of one thing."""
    entity = read.entity
    words = words_of(entity.kind)
    owner = [Signal(text=f"{entity.space.name} team", icon="users")] if entity.space else []
    withheld = Banner(
        text="You may know that this exists. Its content is for its team until you are given access.",
        tone="info",
    )
    return Head(
        name=entity.name,
        icon=words.icon,
        kind_label=words.one,
        crumbs=crumbs_of(entity),
        badges=[*badges, *_discoverability(entity, read)],
        summary=summary,
        signals=[*owner, *signals],
        tabs=tabs,
        short_url=permanent(str(entity.pk)),
        banners=[*banners, *([] if read.describable else [withheld])],
        as_of=AsOf(label=f"{as_of:%-d %b %Y}", today_url=url_of(entity)) if as_of else None,
    )


def crumbs_of(entity: Entity) -> list[Link]:
    """Where the thing lies: repository and folders, or the namespace and schema of a table."""
    if entity.parent is not None:
        folders = entity.path.split("/")[:-1] if entity.path else []
        home = url_of(entity.parent)
        inner = [
            Link(label=folder, url=f"{home}?folder={'/'.join(folders[: at + 1])}")
            for at, folder in enumerate(folders)
        ]
        return [Link(label=entity.parent.name, url=home), *inner]
    if entity.kind == "dataset":
        namespace, _, name = entity.urn.partition(":")[2].partition("/")
        schema = [part for part in name.split(".")[:-1] if "/" not in name]
        known = [] if namespace == "named" else [namespace]
        return [Link(label=part, url=f"/search?q={part}") for part in (*known, *schema)]
    return []


def row_of(entity: Entity, *, context: str = "", signals: Sequence[Signal] = ()) -> Row:
    """A thing in a list."""
    words = words_of(entity.kind)
    return Row(
        name=entity.name,
        url=url_of(entity),
        icon=words.icon,
        kind_label=words.one,
        context=context or _context(entity),
        signals=signals,
    )


def groups_of(edges: Iterable[Edge], direction: Literal["in", "out"], *, limit: int = 12) -> list[Group]:
    """Edges as titled lists, one a relation, each other end once; a list shows so many and counts all."""
    titles = RELATION_IN if direction == "in" else RELATION_OUT
    lists: dict[str, dict[str, Row]] = {}
    for edge in edges:
        other = edge.source if direction == "in" else edge.target
        rows = lists.setdefault(titles.get(edge.relation, edge.relation), {})
        if str(other.pk) not in rows:
            rows[str(other.pk)] = _edge_row(edge, other)
    return [
        Group(title=title, rows=list(rows.values())[:limit], count=len(rows)) for title, rows in lists.items()
    ]


def version_rows(versions: Iterable[Version], url: str, *, current: str = "") -> list[VersionRow]:
    """Versions as rows; each opens the thing as it was."""
    return [
        VersionRow(
            commit=version.source_version[:7],
            url=f"{url}?commit={version.source_version[:12]}",
            message=version.subject,
            author=person(version.author.name or "Somebody"),
            moment=version.source_time,
            badges=[Badge(label=version.change.capitalize(), tone="line")]
            if version.change != "modified"
            else [],
            note=version.path,
            current=version.source_version == current,
        )
        for version in versions
    ]


def _edge_row(edge: Edge, other: Entity) -> Row:
    cell = edge.anchor.get("cell") if edge.anchor else None
    where = [Signal(text=f"Cell {cell + 1}", icon="hash")] if cell is not None else []
    evidence = [
        Signal(text={"parsed": "read from code", "inferred": "a guess"}.get(edge.evidence, edge.evidence))
    ]
    return row_of(other, signals=[*where, *evidence])


def _context(entity: Entity) -> str:
    place = entity.urn.partition(":")[2]
    return place.rpartition("/")[0] if "/" in place else ""


def _discoverability(entity: Entity, read: EntityRead) -> list[Badge]:
    if not read.describable:
        return [Badge(label="Restricted", tone="warn", icon="lock")]
    if entity.stated_discoverability == Discoverability.HIDDEN:
        return [Badge(label="Hidden from others", tone="line", icon="eye-off")]
    return []
