"""Files that say which packages a project asks for or has pinned.

A new format is a `Format` in the `FORMATS` of a module here. Files that one file includes (`-r base.txt`)
are environments of their own.
"""

from dataclasses import dataclass

from indexers.facts import Fault
from indexers.parsers.environment import (
    conda,
    containers,
    jvm_builds,
    python_projects,
    r_projects,
    requirements,
)
from indexers.parsers.environment.reading import Format, Reading, Unreadable
from indexers.vocabulary.facets import Environment

__all__ = ["ParsedEnvironment", "is_environment", "parse"]

_FORMATS: tuple[Format, ...] = (
    *requirements.FORMATS,
    *python_projects.FORMATS,
    *conda.FORMATS,
    *r_projects.FORMATS,
    *jvm_builds.FORMATS,
    *containers.FORMATS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedEnvironment:
    """What a file gave; no facet where it holds no environment or could not be read."""

    facet: Environment | None = None
    faults: tuple[Fault, ...] = ()


def is_environment(path: str) -> bool:
    """Whether the path is that of an environment file; looks at the name only."""
    return _format_of(path) is not None


def parse(path: str, data: bytes) -> ParsedEnvironment:
    """Read an environment file. Never raises: what is broken is a fault with its place."""
    found = _format_of(path)
    if found is None:
        return ParsedEnvironment()
    if len(data) > found.max_bytes:
        reason = f"it has {len(data):,} bytes, more than the limit of {found.max_bytes:,}"
        return ParsedEnvironment(faults=(_fault("environment_too_large", path, reason),))
    text, faults = _decoded(path, data)
    reading = Reading(path=path, text=text, faults=faults)
    try:
        facet = found.reads(reading)
    except Unreadable as error:
        reading.faults.append(_fault(error.code, path, str(error)))
        facet = None
    except (RecursionError, MemoryError):
        reading.faults.append(_fault("environment_unreadable", path, "it nests too deep"))
        facet = None
    return ParsedEnvironment(facet=facet, faults=tuple(reading.faults))


def _format_of(path: str) -> Format | None:
    return next((one for one in _FORMATS if one.path.search(path)), None)


def _decoded(path: str, data: bytes) -> tuple[str, list[Fault]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        message = (
            f"{path} is not UTF-8; it was read as Latin-1, so some letters may be wrong. Save it as UTF-8."
        )
        return data.decode("latin-1"), [Fault(code="text_not_utf8", place=path, message=message)]


def _fault(code: str, path: str, reason: str) -> Fault:
    return Fault(
        code=code, place=path, message=f"{path} was left out: {reason[:300]}. Correct the file, or ignore it."
    )
