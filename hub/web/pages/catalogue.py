"""Repository, file, dataset, and any other entity."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from hub.web.pages.notebook import OutlineEntry
from hub.web.pages.parts import (
    ColumnRow,
    Empty,
    Fact,
    FaultRow,
    Group,
    Head,
    Person,
    Withheld,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryPage:
    """catalogue/repository.html."""

    head: Head
    groups: Sequence[Group] = ()
    facts: Sequence[Fact] = ()
    authors: Sequence[Person] = ()
    readme: SafeString | None = None
    faults: Sequence[FaultRow] = ()
    empty: Empty | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePage:
    """catalogue/file.html: `lines` are highlighted, each with the anchor `#L<number>` from `first_line`."""

    head: Head
    lines: Sequence[SafeString] = ()
    first_line: int = 1
    truncated: str = ""
    outline: Sequence[OutlineEntry] = ()
    facts: Sequence[Fact] = ()
    groups: Sequence[Group] = ()
    withheld: Withheld | None = None
    empty: Empty | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetPage:
    """catalogue/dataset.html. `unresolved` explains a table that code names and no source has shown."""

    head: Head
    columns: Sequence[ColumnRow] = ()
    columns_note: str = ""
    facts: Sequence[Fact] = ()
    groups: Sequence[Group] = ()
    load_line: str = ""
    unresolved: Empty | None = None

    @property
    def knows_nullable(self) -> bool:
        """Whether any source said if empty values are allowed."""
        return any(column.nullable is not None for column in self.columns)

    @property
    def knows_empty(self) -> bool:
        """Whether empty values were counted in any column."""
        return any(column.empty_percent is not None for column in self.columns)

    @property
    def has_notes(self) -> bool:
        """Whether there is something to say about any column."""
        return any(column.note or column.removed for column in self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityPage:
    """catalogue/entity.html: any other kind."""

    head: Head
    facts: Sequence[Fact] = ()
    groups: Sequence[Group] = ()
    prose: SafeString | None = None
    empty: Empty | None = None
