"""Settings from the environment, typed, in one table; `docs/reference/settings.md` lists the same rows."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path


def data_folder() -> Path:
    """`BOXWOOD_HOME`, else the platform's folder for a user's data. Not created here."""
    if chosen := os.environ.get("BOXWOOD_HOME"):
        return Path(chosen).expanduser().resolve()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "boxwood"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "boxwood"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "boxwood"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One environment variable: its name, default as written, and what it decides."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting(name="BOXWOOD_HOME", default="", meaning="The data folder; empty means the platform's own."),
    Setting(
        name="BOXWOOD_DATABASE_URL", default="", meaning="postgresql://… for many users; empty means SQLite."
    ),
    Setting(
        name="BOXWOOD_SEARCH",
        default="tantivy",
        meaning="Embedded search: tantivy, or fts5 without its wheel.",
    ),
    Setting(
        name="BOXWOOD_SECRET_KEY",
        default="",
        meaning="Signs sessions; empty means one kept in the data folder.",
    ),
    Setting(
        name="BOXWOOD_HOSTS", default="localhost 127.0.0.1 [::1]", meaning="Host names that are answered."
    ),
    Setting(name="BOXWOOD_ORIGIN", default="http://localhost:8000", meaning="The address that people type."),
    Setting(
        name="BOXWOOD_DEBUG", default="0", meaning="1 shows tracebacks; never where others can reach it."
    ),
    Setting(name="BOXWOOD_ORGANISATION", default="", meaning="The name in 'Boxwood of …'; empty means none."),
)

_DEFAULTS = {row.name: row.default for row in SETTINGS}


def setting(name: str) -> str:
    """The value of a listed setting; KeyError for one that the table does not have."""
    return os.environ.get(name, _DEFAULTS[name])
