"""Repository, file, table and any other thing, as pages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from hub.accounts.pages import person
from hub.catalogue.models import Edge, Entity, Version
from hub.catalogue.pages import groups_of, head_of, row_of, url_of, version_rows
from hub.catalogue.queries import EntityRead
from hub.web.kinds import words_of
from hub.web.pages import (
    Badge,
    ColumnRow,
    DatasetPage,
    Empty,
    EntityPage,
    Fact,
    FilePage,
    Group,
    Head,
    HistoryPage,
    Link,
    OutlineEntry,
    Pagination,
    RepositoryPage,
    Row,
    Signal,
)
from hub.web.rendering import code_lines, markdown
from indexers.vocabulary.facets import (
    Code,
    Documentation,
    Environment,
    Repository,
    Schema,
    Storage,
)

_LINES: Final = 3_000
_ROWS: Final = 200


def repository_page(
    read: EntityRead,
    inside: Sequence[Entity],
    *,
    folder: str,
    edges_in: Sequence[Edge],
    authors: Sequence[str],
    readme: Documentation | None,
) -> RepositoryPage:
    """What lies in the repository (or in one of its folders), who works on it, its readme."""
    repository = read.facet(Repository)
    head = head_of(read, signals=_repository_signals(repository))
    return RepositoryPage(
        head=_folder_head(head, read.entity, folder) if folder else head,
        groups=[
            *_listing(read.entity, inside, folder),
            *([] if folder else groups_of(edges_in, "in")),
        ],
        facts=_repository_facts(repository),
        authors=[person(name) for name in authors],
        readme=markdown(readme.text).html if readme and not folder else None,
        empty=None
        if inside or not read.describable
        else Empty(title="Nothing is here yet", text="What is in it appears with its first crawl."),
    )


def file_page(
    read: EntityRead, text: str, edges_out: Sequence[Edge], edges_in: Sequence[Edge], version: Version | None
) -> FilePage:
    """A file's text with line anchors, what it defines, and what it is linked with."""
    code = read.facet(Code)
    lines = code_lines(text, code.language if code else _language_of(read.entity.path)) if text else ()
    facts = [Fact(term="Lines", text=f"{len(lines):,}")] if lines else []
    if code:
        facts.insert(0, Fact(term="Language", text=code.language))
    url = url_of(read.entity)
    return FilePage(
        head=head_of(
            read,
            signals=_version_signals(version),
            tabs=[
                Link(label="Source", url=url, current=True),
                Link(label="History", url=f"{url}?view=history"),
            ]
            if read.describable
            else [],
        ),
        lines=lines[:_LINES],
        truncated=f"The first {_LINES:,} of {len(lines):,} lines" if len(lines) > _LINES else "",
        outline=[
            OutlineEntry(label=one.name, anchor=f"L{one.first_line}", depth=1)
            for one in (code.definitions if code else ())
        ][:_ROWS],
        facts=facts,
        groups=[*groups_of(edges_out, "out"), *groups_of(edges_in, "in")],
        empty=None
        if lines or not read.describable
        else Empty(
            title="No text is kept of this file", text="It is empty, binary or larger than the limit."
        ),
    )


def dataset_page(
    read: EntityRead,
    edges_in: Sequence[Edge],
    edges_out: Sequence[Edge],
    *,
    owners: Sequence[str],
    notes: Mapping[str, str],
) -> DatasetPage:
    """A table: columns with what is said of them, its storage, who answers for it, reads and writes it."""
    schema, storage, prose = read.facet(Schema), read.facet(Storage), read.facet(Documentation)
    columns = schema.columns if schema else ()
    partitions = set(schema.partition_columns) if schema else set()
    unresolved = not read.entity.platform
    return DatasetPage(
        head=head_of(
            read,
            summary=prose.summary if prose else "",
            badges=[Badge(label="Named in code only", tone="line", icon="circle-dashed")]
            if unresolved
            else [],
            signals=[*(Signal(text=name, icon="user") for name in owners), *_storage_signals(storage)],
        ),
        columns=[
            ColumnRow(
                name=column.name,
                type=column.type,
                nullable=column.nullable,
                note=" · ".join(
                    part
                    for part in (
                        notes.get(column.name) or column.description,
                        "partition" if column.name in partitions else "",
                    )
                    if part
                ),
            )
            for column in columns
        ],
        facts=_storage_facts(storage),
        groups=[*groups_of(edges_in, "in"), *groups_of(edges_out, "out")],
        unresolved=Empty(
            title="Code names this table, no source has shown it yet",
            text="Its columns and rows are unknown until the lake or database that holds it is added.",
        )
        if unresolved and read.describable
        else None,
    )


def entity_page(read: EntityRead, edges_out: Sequence[Edge], edges_in: Sequence[Edge]) -> EntityPage:
    """Any other thing: what is stated of it, and what it is linked with."""
    prose, facet = read.facet(Documentation), read.facet(Environment)
    facts: list[Fact] = []
    if facet:
        facts = [Fact(term="Format", text=facet.manager), Fact(term="Base", text=facet.base)]
        facts += [
            Fact(term=package.name, text=package.pinned or package.constraint or "any", code=True)
            for package in facet.packages[:_ROWS]
        ]
    return EntityPage(
        head=head_of(read),
        facts=facts,
        groups=[*groups_of(edges_out, "out"), *groups_of(edges_in, "in")],
        prose=markdown(prose.text).html if prose and prose.text else None,
    )


def history_page(read: EntityRead, versions: Sequence[Version], pages: Pagination | None) -> HistoryPage:
    """The versions of a file."""
    url = url_of(read.entity)
    return HistoryPage(
        head=head_of(
            read,
            tabs=[
                Link(label="Source", url=url),
                Link(label="History", url=f"{url}?view=history", current=True),
            ],
        ),
        versions=version_rows(versions, url),
        pages=pages,
        empty=None
        if versions
        else Empty(title="No history is known", text="It appears with the next crawl."),
    )


def _folder_head(head: Head, repository: Entity, folder: str) -> Head:
    """The head of a folder: its own name, below the repository and the folders round it."""
    *outer, name = folder.split("/")
    url = url_of(repository)
    return replace(
        head,
        name=name,
        icon="folder-git-2",
        kind_label="Folder",
        crumbs=[
            Link(label=repository.name, url=url),
            *(
                Link(label=part, url=f"{url}?{urlencode({'folder': '/'.join(outer[: at + 1])})}")
                for at, part in enumerate(outer)
            ),
        ],
        short_url="",
    )


def _listing(repository: Entity, inside: Sequence[Entity], folder: str) -> list[Group]:
    """Notebooks, then files and environments of one folder, with its folders first."""
    base = f"{folder}/" if folder else ""
    within = [entity for entity in inside if entity.path.startswith(base)]
    here = [entity for entity in within if "/" not in entity.path[len(base) :]]
    folders = sorted({entity.path[len(base) :].split("/")[0] for entity in within if entity not in here})
    groups = []
    if folders:
        rows = [_folder_row(repository, base + name, within) for name in folders]
        groups.append(Group(title="Folders", rows=rows, count=len(rows)))
    for kind in ("notebook", "file", "environment"):
        of_kind = [entity for entity in here if entity.kind == kind]
        if of_kind:
            rows = [row_of(entity, context=" ") for entity in of_kind[:_ROWS]]
            groups.append(Group(title=words_of(kind).many, rows=rows, count=len(of_kind)))
    return groups


def _folder_row(repository: Entity, path: str, within: Sequence[Entity]) -> Row:
    count = sum(1 for entity in within if entity.path.startswith(f"{path}/"))
    return Row(
        name=path.rpartition("/")[2],
        url=f"{url_of(repository)}?{urlencode({'folder': path})}",
        icon="folder-git-2",
        kind_label="Folder",
        context=f"{count:,} thing{'' if count == 1 else 's'}",
    )


def _repository_signals(repository: Repository | None) -> list[Signal]:
    if repository is None:
        return []
    return [
        Signal(text=repository.default_branch or "no branch", icon="git-branch"),
        Signal(text=f"{repository.commits:,} commits", icon="git-commit-horizontal"),
        *([Signal(text=repository.licence, icon="scale")] if repository.licence else []),
    ]


def _repository_facts(repository: Repository | None) -> list[Fact]:
    if repository is None:
        return []
    branches = ", ".join(ref.name for ref in repository.branches[:6])
    tags = ", ".join(ref.name for ref in repository.tags[-6:])
    languages = ", ".join(f"{name} {count:,}" for name, count in repository.languages[:5])
    return [
        Fact(term="Licence", text=repository.licence),
        Fact(term="Branches", text=branches),
        Fact(term="Tags", text=tags or "none"),
        Fact(term="Languages", text=languages),
        Fact(term="Newest commit", text=repository.head[:12], code=True),
    ]


def _version_signals(version: Version | None) -> list[Signal]:
    if version is None:
        return []
    return [
        Signal(text=version.author.name or "Somebody", icon="user"),
        Signal(text=version.source_version[:7], icon="git-commit-horizontal"),
        Signal(text="Changed", icon="clock", moment=version.source_time),
    ]


def _storage_signals(storage: Storage | None) -> list[Signal]:
    if storage is None or storage.rows is None:
        return []
    return [Signal(text=f"{storage.rows:,} rows", icon="table-2")]


def _storage_facts(storage: Storage | None) -> list[Fact]:
    if storage is None:
        return []
    facts = [Fact(term="Format", text=storage.format)]
    if storage.rows is not None:
        facts.append(Fact(term="Rows", text=f"{storage.rows:,}"))
    if storage.files is not None:
        facts.append(Fact(term="Files", text=f"{storage.files:,}"))
    if storage.bytes is not None:
        facts.append(Fact(term="Size", text=f"{storage.bytes / 2**20:,.1f} MB"))
    return facts


def _language_of(path: str) -> str:
    match = re.search(r"\.(\w+)$", path)
    return match.group(1).lower() if match else ""
