"""Conda environments: `environment.yml` with channels, match specifications and a pip section."""

import re
from collections.abc import Mapping

from indexers.parsers.environment.reading import Format, Reading, Unreadable, items, limited, strings, table
from indexers.parsers.environment.requirements import packages
from indexers.parsers.environment.yaml_text import loaded
from indexers.vocabulary.facets import Environment, Package

_SPECIFICATION = re.compile(r"(?:[\w./:-]+::)?(?P<name>[A-Za-z0-9_][\w.-]*)\s*(?P<rest>.*)", re.DOTALL)
_EXACT = re.compile(r"(?:==\s*|=\s*(?=[^=\s]+=)|\s*(?=\d\S*\s+\S+$))(?P<version>\d[^\s=,*|<>]*)(?:[=\s]\S+)?")


def specification(text: str, group: str = "") -> Package | None:
    """The package of a match specification: `conda-forge::numpy=1.26.4=py311_0`, `numpy >=1.20,<2`."""
    found = _SPECIFICATION.fullmatch(text.strip())
    if found is None:
        return None
    rest = re.sub(r"\[.*", "", found.group("rest"), flags=re.DOTALL).strip()
    exact = _EXACT.fullmatch(rest)
    return Package(
        name=found.group("name").lower(),
        constraint=rest,
        pinned=exact.group("version") if exact else "",
        group=group,
    )


def _conda(reading: Reading) -> Environment | None:
    document = loaded(reading.text)
    if not isinstance(document, Mapping):
        raise Unreadable("environment_unreadable", "it holds no mapping at its top")
    wanted = items(document.get("dependencies"))
    if not wanted:
        return None
    found: list[Package] = []
    base = ""
    for entry in wanted:
        if isinstance(entry, str):
            one = specification(entry)
            if one is None:
                reading.fault(
                    "requirement_unreadable",
                    1,
                    f"In {reading.path}, {entry[:80]!r} is no conda package; the rest was read. Correct it.",
                )
            elif one.name == "python":
                base = one.constraint
                found.append(one)
            else:
                found.append(one)
        found += packages(strings(table(entry).get("pip")), "pip", reading)
    return Environment(manager="conda", ecosystem="conda", base=base, packages=limited(found))


FORMATS = (
    Format(
        path=re.compile(r"(?:^|/)(?:[\w.-]*environment[\w.-]*|conda[\w.-]*|env)\.ya?ml$", re.IGNORECASE),
        reads=_conda,
    ),
)
