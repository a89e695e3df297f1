"""Requirement lines as pip reads them, and the small Python files around them."""

import configparser
import re
from collections.abc import Iterable, Iterator

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from indexers.parsers.environment.reading import Format, Reading, Unreadable, address, limited, pypi_name
from indexers.vocabulary.facets import Environment, Package

MAX_LINE = 2000
_OPTION = re.compile(
    r"\s--?(?:hash|global-option|config-settings|install-option|no-binary|only-binary)\b.*$", re.DOTALL
)
_URL = re.compile(r"(?:[a-z]+\+)?[a-z]+://")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]+)")
_LOCAL = re.compile(r"(?:\.{0,2}/|[A-Za-z]:\\|file:|~/|\.$)|\.(?:whl|tar\.gz|zip)$")
_PINNED = re.compile(r"={2,3}\s*([^\s,;*]+)")
_NAMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def package(line: str, group: str = "") -> Package | None:
    """The package of one requirement line without comments; None for an option or a file to include.

    Raises Unreadable where the line is no requirement.
    """
    text = _OPTION.sub("", f" {line}").strip()
    editable = re.match(r"(?:-e|--editable)[\s=]+", text)
    if editable:
        return _from_address(text[editable.end() :].strip("\"'"), group)
    if not text or text.startswith("-"):
        return None
    if len(text) > MAX_LINE:
        raise Unreadable("requirement_unreadable", f"a line has more than {MAX_LINE} characters")
    by_place = _URL.match(text) or _LOCAL.search(text.split(";")[0].strip())
    if by_place and "@ " not in text.partition("://")[0]:
        return _from_address(text, group)
    try:
        requirement = Requirement(text)
    except (InvalidRequirement, ValueError, RecursionError) as error:
        raise Unreadable("requirement_unreadable", f"{text[:80]!r} is no requirement") from error
    name = pypi_name(requirement.name)
    if requirement.url:
        return Package(name=name, constraint=f"@ {address(requirement.url)}", group=group)
    return Package(name=name, constraint=constraint(text), pinned=pinned(text), group=group)


def constraint(text: str) -> str:
    """What stands behind the name and the extras of a requirement, as written, with its marker."""
    rest = re.sub(r"^[A-Za-z0-9._-]+\s*(?:\[[^\]]*\])?\s*", "", text)
    wanted, _, marker = rest.partition(";")
    wanted = " ".join(wanted.strip().removeprefix("(").removesuffix(")").split())
    return f"{wanted}; {' '.join(marker.split())}".lstrip("; ") if marker else wanted


def pinned(text: str) -> str:
    """The version that a lone `==` fixes."""
    wanted = re.sub(r"^[A-Za-z0-9._-]+\s*(?:\[[^\]]*\])?\s*", "", text.partition(";")[0]).strip(" ()")
    found = _PINNED.fullmatch(wanted)
    return found.group(1) if found else ""


def packages(lines: Iterable[str], group: str, reading: Reading) -> Iterator[Package]:
    """The packages of requirement lines that stand in a list; a broken one is a fault."""
    for line in lines:
        try:
            found = package(line, group)
        except Unreadable as error:
            reading.fault(error.code, _line_of(reading.text, line), _sentence(reading.path, str(error)))
            continue
        if found:
            yield found


def _from_address(text: str, group: str) -> Package | None:
    """A package by URL or path: by `#egg=`, wheel or path; None for the project itself."""
    egg = _EGG.search(text)
    place = re.split(r"[;\s]|#", text)[0] or text
    last = re.sub(r"\.git(?:@.*)?$", "", address(place).rstrip("/")).rpartition("/")[2].partition("@")[0]
    name = egg.group(1) if egg else last
    pin = ""
    if not egg and last.endswith(".whl"):
        try:
            wheel, version, *_ = parse_wheel_filename(last)
            name, pin = str(wheel), str(version)
        except InvalidWheelFilename:
            name = last.partition("-")[0]
    if not egg and (archive := re.match(r"(.+?)-(\d[^-]*)\.(?:tar\.gz|zip)$", last)):
        name, pin = archive.group(1), archive.group(2)
    found = _NAMED.search(name)
    if found is None:
        return None
    return Package(name=pypi_name(found.group()), constraint=f"@ {address(place)}", pinned=pin, group=group)


def _sentence(path: str, reason: str) -> str:
    return f"In {path}, {reason}; the other packages were read. Correct the line."


def _line_of(text: str, line: str) -> int:
    at = text.find(line)
    return text.count("\n", 0, at) + 1 if at >= 0 else 1


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with continuations joined and comments gone, with the number of the first one."""
    joined: list[str] = []
    start = 1
    for number, line in enumerate(text.splitlines(), 1):
        if not joined:
            start = number
        body = re.sub(r"(^|\s)#.*$", "", line).rstrip()
        if body.endswith("\\"):
            joined.append(body[:-1])
            continue
        joined.append(body)
        yield start, " ".join(part.strip() for part in joined).strip()
        joined = []
    if joined:
        yield start, " ".join(part.strip() for part in joined).strip()


def group_of(path: str) -> str:
    """What a requirements file is for: `requirements-dev.txt` and `requirements/dev.txt` are for dev."""
    folder, _, name = path.rpartition("/")
    stem = re.sub(r"\.(?:txt|in|pip|lock)$", "", name.casefold())
    rest = re.sub(r"^[-_.]+|[-_.]+$", "", re.sub(r"requirements?", "", stem))
    inside = folder.rpartition("/")[2].casefold().startswith("requirements")
    return (
        "" if rest in ("base", "main", "prod", "production") or (inside and stem == "requirements") else rest
    )


def _requirements(reading: Reading) -> Environment:
    group = group_of(reading.path)
    found: list[Package] = []
    for number, line in _logical_lines(reading.text):
        try:
            if one := package(line, group):
                found.append(one)
        except Unreadable as error:
            reading.fault(error.code, number, _sentence(reading.path, str(error)))
    return Environment(manager="requirements", ecosystem="pypi", packages=limited(found))


def _setup_cfg(reading: Reading) -> Environment | None:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(reading.text)
    except (configparser.Error, ValueError) as error:
        raise Unreadable(
            "environment_unreadable", f"it is no INI file ({str(error).splitlines()[0]})"
        ) from error
    lists = [("", parser.get("options", "install_requires", fallback=""))]
    lists.append(("build", parser.get("options", "setup_requires", fallback="")))
    lists.append(("test", parser.get("options", "tests_require", fallback="")))
    if parser.has_section("options.extras_require"):
        lists += [(group, value) for group, value in parser["options.extras_require"].items()]
    base = parser.get("options", "python_requires", fallback="").strip()
    found = [one for group, value in lists for one in packages(_listed(value), group, reading)]
    if not found and not base:
        return None
    return Environment(manager="setup.cfg", ecosystem="pypi", base=base, packages=limited(found))


def _listed(value: str) -> list[str]:
    lines = (re.sub(r"(^|\s)#.*$", "", line).strip() for line in value.splitlines())
    return [line for line in lines if line]


def _python_version(reading: Reading) -> Environment | None:
    manager = reading.path.rpartition("/")[2]
    versions = [
        line.strip() for line in reading.text.splitlines() if line.strip() and not line.startswith("#")
    ]
    if not versions or len(versions[0]) > 80:
        return None
    ecosystem = "cran" if versions[0].startswith("r-") else "pypi"
    return Environment(manager=manager, ecosystem=ecosystem, base=versions[0])


FORMATS = (
    Format(
        path=re.compile(
            r"(?:^|/)(?:[\w.-]*requirements[\w.-]*\.(?:txt|in|pip)|constraints[\w.-]*\.(?:txt|in)|"
            r"requirements[\w.-]*/[\w.-]+\.(?:txt|in))$",
            re.IGNORECASE,
        ),
        reads=_requirements,
    ),
    Format(path=re.compile(r"(?:^|/)setup\.cfg$"), reads=_setup_cfg),
    Format(path=re.compile(r"(?:^|/)(?:\.python-version|runtime\.txt)$"), reads=_python_version),
)
