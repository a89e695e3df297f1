"""What the pages of all things share: head, rows, people."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Literal
from urllib.parse import urlencode

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
_GROUPS = ("Written by", "Made from", "Read by", "Writes", "Reads")
"""Lists that come first, in this order: who makes a thing before who takes it."""
_KINDS = ("notebook", "dataset", "model", "file")
_EVIDENCE = {
    "observed": "Seen in a run",
    "parsed": "Seen in code",
    "declared": "Declared",
    "inferred": "A guess",
    "manual": "Set by hand",
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
) -> Head:
    """The head of the page of one thing."""
    entity = read.entity
    words = words_of(entity.kind)
    owner = [Signal(text=f"{entity.space.name} team", icon="users")] if entity.space else []
    return Head(
        name=short_name(entity.kind, entity.name),
        icon=words.icon,
        kind_label=words.one,
        crumbs=crumbs_of(entity),
        badges=[*badges, *_discoverability(entity, read)],
        summary=summary,
        signals=[*owner, *signals],
        tabs=tabs,
        short_url=permanent(str(entity.pk)),
        banners=[*banners, *([] if read.describable else [_withheld(entity)])],
        as_of=AsOf(label=f"{read.as_of:%-d %b %Y}", today_url=url_of(entity)) if read.as_of else None,
    )


def short_name(kind: str, name: str) -> str:
    """The name below where the thing lies: of a table its last part, after the schema."""
    return name.rpartition(".")[2] if kind == "dataset" and "/" not in name else name


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
    lists: dict[str, dict[str, tuple[int, Row]]] = {}
    for edge in edges:
        other = edge.source if direction == "in" else edge.target
        if direction == "in" and edge.relation == "contains" and edge.target.parent_id == other.pk:
            continue  # where it lies stands above its name
        rows = lists.setdefault(titles.get(edge.relation, edge.relation), {})
        if str(other.pk) not in rows:
            rows[str(other.pk)] = (_place(_KINDS, other.kind), _edge_row(edge, other, direction))
    return [
        Group(
            title=title,
            rows=[row for _, row in sorted(rows.values(), key=itemgetter(0))[:limit]],
            count=len(rows),
        )
        for title, rows in sorted(lists.items(), key=lambda named: _place(_GROUPS, named[0]))
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


def _edge_row(edge: Edge, other: Entity, direction: Literal["in", "out"]) -> Row:
    """The other end; what lies in a cell opens at that cell, be it there or on this page."""
    evidence = Signal(text=_EVIDENCE.get(edge.evidence, edge.evidence))
    cell = edge.anchor.get("cell") if edge.anchor else None
    if cell is None:
        return row_of(other, signals=[evidence])
    anchor = f"#n{cell + 1}"
    where = Signal(text=f"Cell {cell + 1}", icon="hash", url=anchor if direction == "out" else "")
    row = row_of(other, signals=[where, evidence])
    return replace(row, url=f"{row.url}{anchor}") if direction == "in" else row


def _place(order: Sequence[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _withheld(entity: Entity) -> Banner:
    """What somebody reads who may know of a thing and no more, with a way on."""
    if entity.space is None:
        return Banner(
            text=f"You may know that {entity.name} exists. What is in it is for its owner.", tone="info"
        )
    team = entity.space.name
    return Banner(
        text=f"You may know that {entity.name} exists. What is in it is for the {team} team: "
        "ask one of them for access.",
        tone="info",
        link=Link(label=f"See what the {team} team shares", url=f"/search?{urlencode({'team': team})}"),
    )


def _context(entity: Entity) -> str:
    place = entity.urn.partition(":")[2]
    return place.rpartition("/")[0] if "/" in place else ""


def _discoverability(entity: Entity, read: EntityRead) -> list[Badge]:
    if not read.describable:
        return [Badge(label="Restricted", tone="warn", icon="lock")]
    if entity.stated_discoverability == Discoverability.HIDDEN:
        return [Badge(label="Hidden from others", tone="line", icon="eye-off")]
    return []
