"""What one reading of a notebook gathers beside its cells: faults with their place, and blobs."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from indexers.facts import Blob, Fault

FAULTS_PER_CODE: Final = 20
"""A notebook with ten thousand bad cells says so in one sentence after the first twenty."""


@dataclass(slots=True)
class Reading:
    """The faults and blobs of the file at `path`, in the order they were met."""

    path: str
    faults: list[Fault] = field(default_factory=list)
    _blobs: dict[str, Blob] = field(default_factory=dict)
    _codes: Counter[str] = field(default_factory=Counter)

    def fault(
        self,
        code: str,
        message: str,
        *,
        line: int | None = None,
        column: int | None = None,
        cell: int | None = None,
    ) -> None:
        """Note a fault. `cell` counts from 0; the place shows it from 1, like lines and columns."""
        self._codes[code] += 1
        if self._codes[code] > FAULTS_PER_CODE:
            return
        place = self.path
        if line is not None:
            place += f" line {line}"
        if column is not None:
            place += f" column {column}"
        if cell is not None:
            place += f" cell {cell + 1}"
        self.faults.append(Fault(code=code, place=place, message=message))

    def keep(self, data: bytes, media_type: str) -> str:
        """Keep bytes for the content store; the digest that names them."""
        digest = hashlib.sha256(data).hexdigest()
        if digest not in self._blobs:
            self._blobs[digest] = Blob(digest=digest, media_type=media_type, data=data)
        return digest

    def blobs(self) -> tuple[Blob, ...]:
        return tuple(self._blobs.values())

    def all_faults(self) -> tuple[Fault, ...]:
        """The faults, and one more for each code that had too many to list."""
        omitted = [
            Fault(
                code=code,
                place=self.path,
                message=f"{count - FAULTS_PER_CODE} more faults of this kind in the notebook are not listed.",
            )
            for code, count in self._codes.items()
            if count > FAULTS_PER_CODE
        ]
        return (*self.faults, *omitted)
