"""Python project files and locks in TOML and JSON: pyproject, Poetry, uv, Pipenv."""

import re
import tomllib
from collections.abc import Iterator, Mapping

import orjson

from indexers.parsers.environment.reading import (
    Format,
    Reading,
    Unreadable,
    Value,
    address,
    items,
    limited,
    pypi_name,
    string,
    strings,
    table,
)
from indexers.parsers.environment.requirements import packages
from indexers.vocabulary.facets import Environment, Package

MAX_LOCK_BYTES = 4 * 2**20
_DEEP_KEY = re.compile(r"""(?<![\w"'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){50}""")


def toml(reading: Reading) -> Mapping[str, Value]:
    """The document of a TOML file. Raises Unreadable."""
    if _DEEP_KEY.search(reading.text):
        raise Unreadable(
            "toml_too_deep", "it has a key of more than 50 parts, which costs square time to read"
        )
    try:
        return table(tomllib.loads(reading.text))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise Unreadable("environment_unreadable", f"it is no TOML ({error})") from error


def json(reading: Reading) -> Mapping[str, Value]:
    """The document of a JSON file. Raises Unreadable."""
    try:
        return table(orjson.loads(reading.text))
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise Unreadable("environment_unreadable", f"it is no JSON ({error})") from error


def _pyproject(reading: Reading) -> Environment | None:
    document = toml(reading)
    project, poetry = table(document, "project"), table(document, "tool", "poetry")
    found = list(packages(strings(project.get("dependencies")), "", reading))
    for extra, wanted in table(project, "optional-dependencies").items():
        found += packages(strings(wanted), extra, reading)
    for group, wanted in table(document, "dependency-groups").items():
        found += packages(strings(wanted), group, reading)
    for tool in ("uv", "pdm"):
        development = table(document, "tool", tool).get("dev-dependencies")
        lists = table(development) or {"dev": development}
        for group, wanted in lists.items():
            found += packages(strings(wanted), group, reading)
    for name, environment in table(document, "tool", "hatch", "envs").items():
        for key in ("dependencies", "extra-dependencies"):
            found += packages(strings(table(environment).get(key)), name, reading)
    found += _poetry(poetry)
    found += packages(strings(table(document, "build-system").get("requires")), "build", reading)
    base = string(project.get("requires-python")) or _constraint(table(poetry, "dependencies").get("python"))
    if not base and not any(one.group != "build" for one in found):
        return None
    return Environment(manager="pyproject", ecosystem="pypi", base=base, packages=limited(found))


def _poetry(poetry: Mapping[str, Value]) -> Iterator[Package]:
    groups = {"": poetry.get("dependencies"), "dev": poetry.get("dev-dependencies")}
    groups |= {name: table(group).get("dependencies") for name, group in table(poetry, "group").items()}
    for group, wanted in groups.items():
        for name, value in table(wanted).items():
            if name.casefold() != "python":
                yield _package(name, value, group)


def _package(name: str, value: Value, group: str) -> Package:
    """A package of Poetry or Pipenv, whose versions are strings or tables with a version, a place, extras."""
    wanted = _constraint(value)
    exact = re.fullmatch(r"={0,3}\s*(\d[\w.!+-]*)", wanted)
    only_version = exact.group(1) if exact else ""
    return Package(name=pypi_name(name), constraint=wanted, pinned=only_version, group=group)


def _constraint(value: Value) -> str:
    if isinstance(value, list | tuple) and value:
        value = value[0]
    if isinstance(value, Mapping):
        for key in ("git", "url", "path", "file"):
            if place := string(value.get(key)):
                return f"@ {address(place)}"
        value = value.get("version")
    return string(value)


def _poetry_lock(reading: Reading) -> Environment:
    document = toml(reading)
    found: list[Package] = []
    for one in map(table, items(document.get("package"))):
        groups = list(strings(one.get("groups"))) or [string(one.get("category"))]
        group = "" if "main" in groups else groups[0]
        found.append(_locked(one, group))
    base = string(table(document, "metadata").get("python-versions"))
    return Environment(manager="poetry.lock", ecosystem="pypi", base=base, packages=limited(found))


def _uv_lock(reading: Reading) -> Environment:
    document = toml(reading)
    own = ("virtual", "editable")
    locked = [table(one) for one in items(document.get("package"))]
    found = [_locked(one, "") for one in locked if not any(key in table(one, "source") for key in own)]
    base = string(document.get("requires-python"))
    return Environment(manager="uv.lock", ecosystem="pypi", base=base, packages=limited(found))


def _locked(one: Mapping[str, Value], group: str) -> Package:
    return Package(name=pypi_name(string(one.get("name"))), pinned=string(one.get("version")), group=group)


def _pipfile(reading: Reading) -> Environment:
    document = toml(reading)
    found: list[Package] = []
    for section, wanted in document.items():
        if section in ("source", "requires", "scripts", "pipenv"):
            continue
        group = {"packages": "", "dev-packages": "dev"}.get(section, section)
        found += [_package(name, value, group) for name, value in table(wanted).items()]
    requires = table(document, "requires")
    base = string(requires.get("python_full_version")) or string(requires.get("python_version"))
    return Environment(manager="Pipfile", ecosystem="pypi", base=base, packages=limited(found))


def _pipfile_lock(reading: Reading) -> Environment:
    document = json(reading)
    found: list[Package] = []
    for section, locked in document.items():
        if section != "_meta":
            group = {"default": "", "develop": "dev"}.get(section, section)
            for name, value in table(locked).items():
                version = string(table(value).get("version")).lstrip("=")
                place = "" if version else _constraint(value)
                found.append(Package(name=pypi_name(name), constraint=place, pinned=version, group=group))
    base = string(table(document, "_meta", "requires").get("python_version"))
    return Environment(manager="Pipfile.lock", ecosystem="pypi", base=base, packages=limited(found))


FORMATS = (
    Format(path=re.compile(r"(?:^|/)pyproject\.toml$"), reads=_pyproject),
    Format(path=re.compile(r"(?:^|/)poetry\.lock$"), reads=_poetry_lock, max_bytes=MAX_LOCK_BYTES),
    Format(path=re.compile(r"(?:^|/)uv\.lock$"), reads=_uv_lock, max_bytes=MAX_LOCK_BYTES),
    Format(path=re.compile(r"(?:^|/)Pipfile$"), reads=_pipfile),
    Format(path=re.compile(r"(?:^|/)Pipfile\.lock$"), reads=_pipfile_lock, max_bytes=MAX_LOCK_BYTES),
)
