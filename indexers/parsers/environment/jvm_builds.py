"""Builds of the Java world: Maven, sbt, Gradle. sbt and Gradle files are programs: only literals are read."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from indexers.parsers.environment.reading import Format, Reading, Unreadable, limited
from indexers.vocabulary.facets import Environment, Package

_COMMENT = re.compile(r"(?<![:\"'\w])//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_PROPERTY = re.compile(r"\$\{([^${}]{1,100})\}")
_RANGE = re.compile(r"[\[(,+*]|latest|\$")
_SBT = re.compile(
    r'"(?P<group>[\w.-]+)"\s*%{1,3}\s*"(?P<name>[\w.-]+)"\s*%\s*(?:"(?P<version>[^"\n]*)"|(?P<value>[\w.]+))'
    r'(?:\s*%\s*"?(?P<scope>\w+)"?)?'
)
_VALUE = re.compile(
    r"(?<![\w.])([\w.]{1,80})[ \t]{0,20}(?::[ \t]{0,20}String[ \t]{0,20})?:?=\s{0,20}"
    r"[\"']([^\"'\n]{1,100})[\"']"
)
_GRADLE = re.compile(
    r"^[ \t]*(?P<scope>[A-Za-z]\w*)[ \t(]+(?:(?:enforcedP|p)latform[ \t]*\([ \t]*)?"
    r"[\"'](?P<group>[\w.-]+):(?P<name>[\w.-]+)(?::(?P<version>[^\"'@\n]+))?(?:@\w+)?[\"']",
    re.MULTILINE,
)
_GRADLE_MAP = re.compile(
    r"^[ \t]*(?P<scope>[A-Za-z]\w*)[ \t(]+group\s*[:=]\s*[\"'](?P<group>[\w.-]+)[\"']\s*,\s*"
    r"name\s*[:=]\s*[\"'](?P<name>[\w.-]+)[\"'](?:\s*,\s*version\s*[:=]\s*[\"']?(?P<version>[^\"'\s),]+))?",
    re.MULTILINE,
)
_GRADLE_JAVA = re.compile(
    r"JavaLanguageVersion\.of\(\s*[\"']?(\d+)|jvmToolchain\(\s*(\d+)|"
    r"(?:source|target)Compatibility\s*=?\s*(?:JavaVersion\.VERSION_)?[\"']?([\d._]+)"
)
_JAVA_VERSIONS = ("maven.compiler.release", "java.version", "maven.compiler.source")
_ALWAYS = frozenset({"implementation", "api", "compile", "runtimeOnly", "runtime"})


def _maven_package(group: str, name: str, version: str, scope: str) -> Package:
    floating = bool(_RANGE.search(version))
    return Package(
        name=f"{group}:{name}",
        constraint=version if floating else "",
        pinned="" if floating else version,
        group=scope,
    )


def _pom(reading: Reading) -> Environment:
    root = _xml(reading.text)
    values = _properties(root)
    managed = list(_dependencies(root, ("dependencyManagement", "dependencies"), values))
    versions = {(group, name): version for group, name, version, _ in managed}
    found: list[Package] = []
    used: set[tuple[str, str]] = set()
    for group, name, version, scope in _dependencies(root, ("dependencies",), values):
        used.add((group, name))
        found.append(_maven_package(group, name, version or versions.get((group, name), ""), scope))
    for group, name, version, _ in managed:
        if (group, name) not in used:
            found.append(_maven_package(group, name, version, "managed"))
    base = next((values[key] for key in _JAVA_VERSIONS if key in values), "")
    return Environment(manager="maven", ecosystem="maven", base=base, packages=limited(found))


def _xml(text: str) -> Element:
    try:
        root: Element = fromstring(text.encode(), forbid_dtd=True)
    except DefusedXmlException as error:
        raise Unreadable(
            "xml_forbidden", "it declares a document type or entities, which can multiply"
        ) from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise Unreadable("environment_unreadable", f"it is no XML ({error})") from error
    for element in root.iter():
        element.tag = str(element.tag).rpartition("}")[2]
    return root


def _properties(root: Element) -> dict[str, str]:
    values: dict[str, str] = {}
    parent, properties = root.find("parent"), root.find("properties")
    for element, prefix in ((parent, "project.parent."), (parent, "project."), (root, "project.")):
        for key in ("groupId", "artifactId", "version"):
            if element is not None and (value := _text(element, key)):
                values[f"{prefix}{key}"] = value
    for one in properties if properties is not None else ():
        values[str(one.tag)] = (one.text or "").strip()
    return {key: _filled(value, values) for key, value in values.items()}


def _filled(value: str, values: dict[str, str]) -> str:
    """A value with its `${…}` replaced, five levels deep; longer than 200 characters it is left as it is."""
    for _ in range(5):
        filled = _PROPERTY.sub(lambda found: values.get(found.group(1), found.group()), value)
        if filled == value or len(filled) > 200:
            break
        value = filled
    return value


def _dependencies(
    root: Element, path: tuple[str, ...], values: dict[str, str]
) -> Iterator[tuple[str, str, str, str]]:
    container = root.find("/".join(path))
    for one in container.findall("dependency") if container is not None else []:
        group, name, version, scope = (
            _filled(_text(one, key), values) for key in ("groupId", "artifactId", "version", "scope")
        )
        if group and name:
            yield group, name, version, "" if scope in ("compile", "import") else scope


def _text(element: Element, key: str) -> str:
    return (element.findtext(key) or "").strip()


def _sbt(reading: Reading) -> Environment | None:
    text = _COMMENT.sub(" ", reading.text)
    values = {name.rpartition(".")[2]: value for name, value in _VALUE.findall(text)}
    found: list[Package] = []
    for one in _SBT.finditer(text):
        version = one.group("version") or values.get((one.group("value") or "").rpartition(".")[2], "")
        plugin = text[max(0, one.start() - 40) : one.start()].rstrip().endswith("addSbtPlugin(")
        scope = "plugin" if plugin else (one.group("scope") or "").lower()
        found.append(
            _maven_package(
                one.group("group"), one.group("name"), version, "" if scope == "compile" else scope
            )
        )
    base = values.get("scalaVersion", "")
    return (
        Environment(manager="sbt", ecosystem="maven", base=base, packages=limited(found))
        if found or base
        else None
    )


def _gradle(reading: Reading) -> Environment | None:
    text = _COMMENT.sub(" ", reading.text)
    values = {name.rpartition(".")[2]: value for name, value in _VALUE.findall(text)}
    matches = sorted([*_GRADLE.finditer(text), *_GRADLE_MAP.finditer(text)], key=lambda one: one.start())
    found = [
        _maven_package(
            one.group("group"), one.group("name"), _interpolated(one.group("version"), values), scope
        )
        for one in matches
        for scope in ["" if one.group("scope") in _ALWAYS else one.group("scope")]
    ]
    java = _GRADLE_JAVA.search(text)
    base = next((value for value in java.groups() if value), "") if java else ""
    if not found and not base:
        return None
    return Environment(manager="gradle", ecosystem="maven", base=base, packages=limited(found))


def _interpolated(version: str | None, values: dict[str, str]) -> str:
    return re.sub(
        r"\$\{?([\w.]+)\}?",
        lambda found: values.get(found.group(1).rpartition(".")[2], found.group()),
        version or "",
    )


FORMATS = (
    Format(path=re.compile(r"(?:^|/)pom\.xml$"), reads=_pom),
    Format(path=re.compile(r"\.sbt$"), reads=_sbt),
    Format(path=re.compile(r"(?:^|/)[\w.-]*\.gradle(?:\.kts)?$"), reads=_gradle),
)
