"""R: the lock of renv and the DESCRIPTION of a package."""

import re

from indexers.parsers.environment.python_projects import MAX_LOCK_BYTES, json
from indexers.parsers.environment.reading import Format, Reading, limited, string, table
from indexers.vocabulary.facets import Environment, Package

_DEPENDENCY = re.compile(r"\s*([A-Za-z][A-Za-z0-9.]*)\s*(?:\(([^()]*)\))?\s*")
_GROUPS = {
    "Depends": "",
    "Imports": "",
    "LinkingTo": "LinkingTo",
    "Suggests": "Suggests",
    "Enhances": "Enhances",
}


def _renv(reading: Reading) -> Environment:
    document = json(reading)
    found = [
        Package(name=string(table(one).get("Package")) or name, pinned=string(table(one).get("Version")))
        for name, one in table(document, "Packages").items()
    ]
    base = string(table(document, "R").get("Version"))
    return Environment(manager="renv.lock", ecosystem="cran", base=base, packages=limited(found))


def _description(reading: Reading) -> Environment | None:
    fields = _fields(reading.text)
    if "Package" not in fields and "Type" not in fields:
        return None
    found: list[Package] = []
    base = ""
    for field, group in _GROUPS.items():
        for entry in fields.get(field, "").split(","):
            dependency = _DEPENDENCY.fullmatch(entry)
            if dependency is None:
                _note(entry.strip(), reading)
                continue
            name, wanted = dependency.group(1), " ".join((dependency.group(2) or "").split())
            if name == "R":
                base = wanted
                continue
            pinned = wanted.removeprefix("==").strip() if wanted.startswith("==") else ""
            found.append(Package(name=name, constraint=wanted, pinned=pinned, group=group))
    return Environment(manager="DESCRIPTION", ecosystem="cran", base=base, packages=limited(found))


def _note(entry: str, reading: Reading) -> None:
    if entry:
        message = f"In {reading.path}, {entry[:80]!r} is no R package; the others were read. Correct it."
        reading.fault("requirement_unreadable", 1, message)


def _fields(text: str) -> dict[str, str]:
    """The fields of a Debian control file, folded lines joined."""
    fields: dict[str, str] = {}
    last = ""
    for line in text.splitlines():
        if line[:1] in (" ", "\t"):
            if last:
                fields[last] += f" {line.strip()}"
        elif (parts := line.partition(":"))[1]:
            last = parts[0].strip()
            fields[last] = parts[2].strip()
    return fields


FORMATS = (
    Format(path=re.compile(r"(?:^|/)renv\.lock$"), reads=_renv, max_bytes=MAX_LOCK_BYTES),
    Format(path=re.compile(r"(?:^|/)DESCRIPTION$"), reads=_description),
)
