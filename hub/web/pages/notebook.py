"""A notebook with its cells, environment and history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.safestring import SafeString

from hub.web.pages.parts import (
    Badge,
    Empty,
    Fact,
    FaultRow,
    Group,
    Head,
    Pagination,
    Person,
    Picture,
    Withheld,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineEntry:
    """A heading or code cell in the outline; `depth` is 1 to 4, `number` empty for a heading."""

    label: str
    anchor: str
    depth: int = 1
    number: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """A table that a cell reads or writes, in the gutter. A withheld table has no address."""

    label: str
    direction: Literal["reads", "writes"]
    url: str = ""
    denied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One output of a cell.

    `body` holds text with ANSI colours, a table, HTML or the traceback; `plain` the static text of a
    plot or widget. `kind` "fault" could not be drawn: `note` says why, `download_url` leads on.
    """

    kind: Literal[
        "text",
        "stderr",
        "table",
        "picture",
        "plot",
        "widget",
        "html",
        "error",
        "withheld",
        "fault",
    ]
    label: str = ""
    body: SafeString | None = None
    picture: Picture | None = None
    plain: str = ""
    withheld: Withheld | None = None
    note: str = ""
    more_url: str = ""
    download_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell. `id` is the stable id behind `#cell-<id>`; `number` counts all cells from 1.

    `source` is highlighted code, or the rendered prose of a Markdown cell. `run` is the execution
    count as the notebook has it ("7"), empty when it was not run.
    """

    id: str
    number: int
    kind: Literal["code", "markdown", "raw"]
    source: SafeString
    title: str = ""
    language: str = ""
    run: str = ""
    badges: Sequence[Badge] = ()
    touches: Sequence[Touch] = ()
    outputs: Sequence[Output] = ()
    folded_lines: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRow:
    """A package and its version in each column of the environment table."""

    name: str
    versions: Sequence[str]
    note: str = ""
    differs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Where it ran: named columns ("notebook", "requirements.txt") and packages."""

    columns: Sequence[str]
    rows: Sequence[PackageRow]
    facts: Sequence[Fact] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookPage:
    """notebooks/notebook.html: tabs Cells, Environment and Raw; `view` says which is shown."""

    head: Head
    view: Literal["cells", "environment", "raw"] = "cells"
    outline: Sequence[OutlineEntry] = ()
    cells: Sequence[Cell] = ()
    pages: Pagination | None = None
    environment: Environment | None = None
    raw: SafeString | None = None
    raw_note: str = ""
    faults: Sequence[FaultRow] = ()
    related: Sequence[Group] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """A version of a notebook or file: a commit that changed it."""

    commit: str
    url: str
    message: str
    author: Person
    moment: datetime | None
    badges: Sequence[Badge] = ()
    note: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """notebooks/history.html, for any versioned thing."""

    head: Head
    versions: Sequence[VersionRow]
    pages: Pagination | None = None
    empty: Empty | None = None
