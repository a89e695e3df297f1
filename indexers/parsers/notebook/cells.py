"""Cells as any format gives them, made into cells of a document: stable ids, languages, outputs."""

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from indexers.parsers.notebook.document import Attachment, Cell, CellKind, Output
from indexers.parsers.notebook.languages import cell_language
from indexers.parsers.notebook.reading import Reading

MAX_CELLS: Final = 20_000
"""Cells beyond this are named in a fault and left out: no page and no index could hold them."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def check_count(reading: Reading, count: int) -> None:
    """Note the fault of a notebook with more cells than are read."""
    if count > MAX_CELLS:
        reading.fault(
            "notebook_too_many_cells",
            f"The notebook has more than {MAX_CELLS:,} cells; those after them were not read. Split it.",
        )


@dataclass(slots=True)
class CellList:
    """Collects the cells of one notebook; `language` is that of a code cell that names no other."""

    reading: Reading
    language: str
    cells: list[Cell] = field(default_factory=list)
    _ids: set[str] = field(default_factory=set)
    _repeats: defaultdict[str, int] = field(default_factory=lambda: defaultdict(lambda: 1))

    @property
    def index(self) -> int:
        """The index that the next cell gets."""
        return len(self.cells)

    def full(self) -> bool:
        """Whether no more cells fit; a fault says so."""
        check_count(self.reading, len(self.cells) + 1)
        return len(self.cells) >= MAX_CELLS

    def add(
        self,
        kind: CellKind,
        source: str,
        *,
        own_id: str = "",
        language: str = "",
        title: str = "",
        tags: tuple[str, ...] = (),
        execution_count: int | None = None,
        outputs: tuple[Output, ...] = (),
        attachments: tuple[Attachment, ...] = (),
    ) -> None:
        """Append a cell. `own_id` is the id that the file gives it, if any."""
        if kind == "code":
            language = cell_language(source, language or self.language)
        else:
            language = "markdown" if kind == "markdown" else ""
        self.cells.append(
            Cell(
                id=self._id(kind, source, own_id),
                index=len(self.cells),
                kind=kind,
                language=language,
                source=source,
                title=title,
                tags=tags,
                execution_count=execution_count,
                outputs=outputs,
                attachments=attachments,
            )
        )

    def _id(self, kind: str, source: str, own_id: str) -> str:
        """The file's own id where it is usable and unique, else one made of the content.

        A cell that is edited elsewhere keeps the id of its content, so links survive what moves it.
        """
        if own_id:
            if own_id not in self._ids and _ID.fullmatch(own_id):
                self._ids.add(own_id)
                return own_id
            self.reading.fault(
                "notebook_cell_id_invalid",
                "The cell's id is used twice or holds characters that the format forbids; "
                "links to it use an id made of its content. Save the notebook with a current Jupyter.",
                cell=self.index,
            )
        derived = hashlib.blake2b(f"{kind}\0{source.strip()}".encode(), digest_size=6).hexdigest()
        unique = derived
        while unique in self._ids:
            self._repeats[derived] += 1
            unique = f"{derived}-{self._repeats[derived]}"
        self._ids.add(unique)
        return unique
