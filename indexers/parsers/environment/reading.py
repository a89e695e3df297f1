"""What every environment format shares: how faults are named, names folded and addresses cleaned."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from indexers.facts import Fault
from indexers.vocabulary.facets import Environment, Package

MAX_PACKAGES = 5000
MAX_FAULTS = 20
MAX_LENGTH = 300

Value = None | bool | int | float | str | Sequence["Value"] | Mapping[str, "Value"]
"""What TOML, JSON and YAML hold, as far as it is looked at here."""


class Unreadable(Exception):
    """The file as a whole cannot be read: a stable code and what is wrong, as the end of a sentence."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(slots=True)
class Reading:
    """One file being read: its path, its text, and the faults found so far."""

    path: str
    text: str
    faults: list[Fault] = field(default_factory=list)

    def fault(self, code: str, line: int, message: str) -> None:
        """Note a fault at a line (from 1); after `MAX_FAULTS` of them the rest is like the first ones."""
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(code=code, place=f"{self.path}:{line}", message=message))


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One kind of file: which paths have it and what reads them.

    `reads` gives None where the file turns out to hold no environment (a `pyproject.toml` with settings
    only). It raises Unreadable. A file of more than `max_bytes` is not read.
    """

    path: re.Pattern[str]
    reads: Callable[[Reading], Environment | None]
    max_bytes: int = 2**19


def pypi_name(name: str) -> str:
    """A distribution's name as PEP 503 folds it."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def limited(packages: Iterable[Package]) -> tuple[Package, ...]:
    """Packages in the order of the file, without repeats and absurd fields, `MAX_PACKAGES` at most."""
    found: dict[Package, None] = {}
    for package in packages:
        if package.name and max(map(len, (package.name, package.constraint, package.pinned))) <= MAX_LENGTH:
            found[package] = None
            if len(found) == MAX_PACKAGES:
                break
    return tuple(found)


def address(url: str) -> str:
    """A URL without credentials, query and fragment."""
    scheme, plus, rest = url.partition("+") if re.match(r"[a-z]+\+", url) else ("", "", url)
    try:
        parts = urlsplit(rest)
    except ValueError:
        return ""
    return f"{scheme}{plus}" + urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def table(value: Value, *keys: str) -> Mapping[str, Value]:
    """The table under nested keys; empty where there is none or something else."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def items(value: Value) -> Sequence[Value]:
    """A list; empty where there is none or something else."""
    return value if isinstance(value, list | tuple) else ()


def strings(value: Value) -> Iterator[str]:
    """The strings of a list, or a string by itself."""
    if isinstance(value, str):
        yield value
    for item in items(value):
        if isinstance(item, str):
            yield item


def string(value: Value) -> str:
    """A string or number as text, empty for anything else."""
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
