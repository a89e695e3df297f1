"""Who asks: the value that every query takes."""

from dataclasses import dataclass, field

EVERYBODY = "everybody"
"""Token of all who are signed in."""

OWNER = "installation-owner"
"""Token of the person whose data folder this is; it is part of every audience."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Somebody with the tokens that decide what they may see. `name` is for audit lines.

    `person` is the principal's public id, empty for the installation's owner on the command line.
    `memory` keeps what follows from the tokens, for an asker that lives as long as one request; None
    for one that lives longer.
    """

    tokens: frozenset[str]
    name: str
    person: str = ""
    memory: dict[str, frozenset[int]] | None = field(default=None, compare=False, repr=False)


INSTALLATION_OWNER = Asker(tokens=frozenset({EVERYBODY, OWNER}), name="owner of the data folder")
NOBODY = Asker(tokens=frozenset(), name="nobody")
