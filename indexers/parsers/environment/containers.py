"""Containers: Dockerfiles and dev containers, with the packages that their commands install."""

import re
import shlex
from collections.abc import Iterator, Mapping

import orjson

from indexers.parsers.environment.conda import specification
from indexers.parsers.environment.reading import Format, Reading, Unreadable, limited, string, strings, table
from indexers.parsers.environment.requirements import package
from indexers.vocabulary.facets import Environment, Package

_VARIABLE = re.compile(r"\$\{(\w+)(?::[-+]([^{}]*))?\}|\$(\w+)")
_R_INSTALL = re.compile(
    r"install(?:\.packages|_github|_version|_cran)?\s*\(\s*(c\s*\([^()]*\)|[\"'][^\"']+[\"'])"
)
_SYSTEM = {
    "apt-get": "apt",
    "apt": "apt",
    "aptitude": "apt",
    "apk": "apk",
    "yum": "yum",
    "dnf": "yum",
    "microdnf": "yum",
}
_CONDA = frozenset({"conda", "mamba", "micromamba"})
_WITH_VALUE = frozenset(
    {
        "-r",
        "-c",
        "-i",
        "-f",
        "-n",
        "-p",
        "-t",
        "-q",
        "--requirement",
        "--constraint",
        "--index-url",
        "--extra-index-url",
    }
    | {
        "--find-links",
        "--target",
        "--channel",
        "--name",
        "--prefix",
        "--file",
        "--repository",
        "-X",
        "--virtual",
        "--trusted-host",
    }
)
_FLAGS_OF_CONDA = frozenset({"-q"})


def installed(command: str) -> Iterator[Package]:
    """The packages that one or more shell commands install by pip, conda, apt, apk, yum or R."""
    for found in _R_INSTALL.finditer(command):
        for name in re.findall(r"[\"']([\w.]+/)?([A-Za-z][\w.]*)(?:@[^\"']*)?[\"']", found.group(1)):
            yield Package(name=name[1], group="cran")
    for part in re.split(r"&&|\|\||[;|\n]", command):
        try:
            words = shlex.split(part, comments=True)
        except ValueError:
            words = part.split()
        yield from _installed_by(words)


def _installed_by(words: list[str]) -> Iterator[Package]:
    tool, words = _tool(words)
    if "install" not in words[:3] and "add" not in words[:2] and tool != "install2.r":
        return
    named = list(_operands(words))
    if re.fullmatch(r"pip[\d.]*", tool):
        yield from _by_pip(named)
    elif tool in _CONDA:
        yield from (one for name in named if "/" not in name and (one := specification(name, "conda")))
    elif tool in _SYSTEM:
        yield from _by_system(named, _SYSTEM[tool])
    elif tool == "install2.r":
        yield from (
            Package(name=name, group="cran") for name in named if re.fullmatch(r"[A-Za-z][\w.]*", name)
        )


def _tool(words: list[str]) -> tuple[str, list[str]]:
    """The tool that a command runs and its arguments, without `sudo`, assignments and `python -m`."""
    while words and (words[0] in ("sudo", "exec", "time", "env") or re.match(r"\w+=|--mount", words[0])):
        words = words[1:]
    if not words:
        return "", []
    tool, rest = words[0].rpartition("/")[2], words[1:]
    if re.fullmatch(r"python[\d.]*", tool) and rest[:1] == ["-m"] and len(rest) > 1:
        return rest[1], rest[2:]
    return ("pip", rest[1:]) if tool == "uv" and rest[:1] == ["pip"] else (tool, rest)


def _by_system(named: list[str], group: str) -> Iterator[Package]:
    for name in named:
        word, _, version = re.sub(r":(?:amd64|arm64|i386)$", "", name).partition("=")
        if re.fullmatch(r"[a-z0-9][\w.+-]*", word):
            yield Package(name=word, pinned=version.lstrip("=~"), group=group)


def _operands(words: list[str]) -> Iterator[str]:
    """The words that are neither options, values of options nor the sub-command itself."""
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = word in _WITH_VALUE and word not in _FLAGS_OF_CONDA
        elif word not in ("install", "add", "pip"):
            yield word


def _by_pip(named: list[str]) -> Iterator[Package]:
    for name in named:
        if name.startswith(("$", ".", "/")) or "$" in name:
            continue
        try:
            found = package(name, "pip")
        except Unreadable:
            continue
        if found:
            yield found


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    """(instruction, arguments) of a Dockerfile, continuations joined, here-documents taken as commands."""
    joined = ""
    ending = ""
    for line in text.splitlines():
        stripped = line.strip()
        if ending:
            if stripped == ending:
                yield _instruction(joined)
                joined = ending = ""
            else:
                joined += f"\n{line}"
            continue
        if not stripped or stripped.startswith("#"):
            continue
        joined += stripped
        if joined.endswith(("\\", "`")):
            joined = f"{joined[:-1]} "
        elif document := re.search(r"<<-?[\"']?(\w+)[\"']?", joined):
            ending = document.group(1)
        else:
            yield _instruction(joined)
            joined = ""
    if joined:
        yield _instruction(joined)


def _instruction(line: str) -> tuple[str, str]:
    word, _, rest = line.strip().partition(" ")
    return word.upper(), rest.strip()


def _dockerfile(reading: Reading) -> Environment:
    values: dict[str, str] = {}
    stages: dict[str, str] = {}
    base = ""
    found: list[Package] = []
    for instruction, rest in _instructions(reading.text):
        if instruction in ("ARG", "ENV"):
            for name, value in re.findall(r"(\w+)=[\"']?([^\s\"']*)", rest):
                values.setdefault(name, value)
        elif instruction == "FROM":
            words = [word for word in rest.split() if not word.startswith("--")]
            image = _substituted(words[0], values) if words else ""
            base = stages.get(image.casefold(), image)
            if len(words) > 2 and words[1].casefold() == "as":
                stages[words[2].casefold()] = base
        elif instruction == "RUN":
            command = " ".join(strings(_array(rest))) if rest.startswith("[") else rest
            found += installed(_substituted(command, values))
    if not base and not found:
        raise Unreadable("environment_unreadable", "it has no FROM instruction")
    return Environment(manager="dockerfile", ecosystem="system", base=base[:300], packages=limited(found))


def _array(text: str) -> list[str]:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return [text]
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def _substituted(text: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(
        lambda found: values.get(found.group(1) or found.group(3)) or found.group(2) or found.group(), text
    )


_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_STRING_OR_COMMA = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|,(?=\s*[\]}])', re.DOTALL)


def _devcontainer(reading: Reading) -> Environment:
    plain = _STRING_OR_COMMENT.sub(
        lambda found: found.group() if found.group()[0] == '"' else " ", reading.text
    )
    plain = _STRING_OR_COMMA.sub(lambda found: found.group() if found.group()[0] == '"' else "", plain)
    try:
        document = table(orjson.loads(plain))
    except orjson.JSONDecodeError as error:
        raise Unreadable("environment_unreadable", f"it is no JSON with comments ({error})") from error
    found: list[Package] = []
    for name, options in table(document, "features").items():
        feature, _, tag = name.rpartition(":") if ":" in name.rpartition("/")[2] else (name, "", "")
        version = string(table(options).get("version")) or tag
        found.append(Package(name=feature, constraint=version, group="features"))
    for key in ("onCreateCommand", "updateContentCommand", "postCreateCommand"):
        value = document.get(key)
        commands = list(strings(value)) if isinstance(value, str) else [" ".join(strings(value))]
        commands += [" ".join(strings(one)) for one in table(value).values()]
        found += [one for command in commands for one in installed(command)]
    build = string(table(document, "build").get("dockerfile")) or string(document.get("dockerFile"))
    base = string(document.get("image")) or build
    return Environment(manager="devcontainer", ecosystem="system", base=base, packages=limited(found))


FORMATS = (
    Format(
        path=re.compile(r"(?:^|/)(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?$|(?:^|/)[\w.-]+\.[Dd]ockerfile$"),
        reads=_dockerfile,
    ),
    Format(path=re.compile(r"(?:^|/)\.?devcontainer\.json$"), reads=_devcontainer),
)
