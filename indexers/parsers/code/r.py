"""R, with packages as R writes them: `dplyr::filter`."""

import re
from collections.abc import Iterator

from indexers.parsers.code.data_access import HOLE, Arguments, R, Value, names_data, r_access
from indexers.parsers.code.language import (
    Analysis,
    Captures,
    Comments,
    Defined,
    Grammar,
    Language,
    Node,
    analysis,
    bounded,
    first_line,
    first_paragraph,
    nested,
    text_of,
)

GRAMMAR = Grammar(
    name="r",
    query="""
        (binary_operator lhs: (identifier) rhs: (function_definition)) @function
        (binary_operator lhs: (identifier) rhs: [(string) (call)]) @assignment
        (call) @call
        (namespace_operator) @namespace
        (comment) @comment
    """,
    chains={"extract_operator": ("lhs", "rhs"), "namespace_operator": ("", None), "call": ("function", None)},
)
MAX_STEPS = 50
_CLASSES = frozenset({"setClass", "setRefClass", "R6Class", "R6::R6Class", "new_class", "S7::new_class"})
_FUNCTIONS = frozenset({"setMethod", "setGeneric"})
_ATTACHING = frozenset(
    {"library", "require", "requireNamespace", "loadNamespace", "p_load", "pacman::p_load", "import_from"}
)
_OPTIONS = frozenset({"character.only", "quietly", "warn.conflicts", "install", "lib.loc", "help", "pos"})
_PACKAGE = re.compile(r"[A-Za-z][A-Za-z0-9.]+")
_BESIDE = frozenset(
    {"paste0", "str_c", "glue", "sprintf", "glue_sql", "sql", "SQL", "normalizePath", "as.character"}
)
_PATHS = frozenset({"file.path", "here", "path", "path_join", "system.file"})
_DOTTED = frozenset({"in_schema", "in_catalog", "Id"})


def analyse(text: str) -> Analysis:
    """Functions, classes, packages, calls and data of an R text."""
    captures = GRAMMAR.captured(text)
    constants = _constants(captures)
    calls = [(node, _callee(node)) for node in bounded(captures["call"])]
    return analysis(
        definitions=nested(_definitions(captures, calls)),
        imports=_packages(captures, calls),
        calls=(name for _, name in calls),
        accesses=(r_access(name, _arguments(node, constants)) for node, name in calls if names_data(name, R)),
        complete=captures.complete,
    )


def _callee(call: Node) -> str:
    function = call.child_by_field_name("function")
    if function is not None and function.type == "namespace_operator":
        return text_of(function)
    return GRAMMAR.dotted(function)


def _definitions(captures: Captures, calls: list[tuple[Node, str]]) -> Iterator[Defined]:
    comments = Comments.of(captures["comment"])
    for node in captures["function"]:
        name = node.child_by_field_name("lhs")
        yield Defined(
            node=node, kind="function", name=text_of(name) if name else "", docstring=_roxygen(comments, node)
        )
    for node, called in calls:
        if called in _CLASSES or called in _FUNCTIONS:
            names = [value for value in _arguments(node, {}).positional[:1] if isinstance(value, str)]
            kind = "class" if called in _CLASSES else "function"
            yield Defined(node=node, kind=kind, name="".join(names), docstring=_roxygen(comments, node))


def _roxygen(comments: Comments, node: Node) -> str:
    lines = [
        line.removeprefix("#'").strip() for line in comments.above(first_line(node)) if line.startswith("#'")
    ]
    described: list[str] = []
    for line in lines:
        tag, _, rest = line.partition(" ")
        if tag in ("@title", "@description"):
            described.append(rest)
        elif tag.startswith("@"):
            break
        else:
            described.append(line)
    return first_paragraph("\n".join(described))


def _packages(captures: Captures, calls: list[tuple[Node, str]]) -> Iterator[str]:
    found: list[tuple[int, str]] = []
    for node, called in calls:
        if called in _ATTACHING:
            given = node.child_by_field_name("arguments")
            found += [(node.start_byte, name) for name in _names(given, many="p_load" in called)]
    for node in captures["namespace"]:
        package = node.child_by_field_name("lhs")
        if package is not None:
            found.append((node.start_byte, text_of(package)))
    return (name for _, name in sorted(found))


def _names(given: Node | None, *, many: bool) -> list[str]:
    names: list[str] = []
    for argument in given.children_by_field_name("argument") if given else []:
        key, value = argument.child_by_field_name("name"), argument.child_by_field_name("value")
        if value is None or (key is not None and text_of(key) in _OPTIONS):
            continue
        name = text_of(value).strip("\"'")
        if value.type in ("identifier", "string") and _PACKAGE.fullmatch(name):
            names.append(name)
    return names if many else names[:1]


def _constants(captures: Captures) -> dict[str, Node | None]:
    found: dict[str, Node | None] = {}
    for node in captures["assignment"]:
        name, value = node.child_by_field_name("lhs"), node.child_by_field_name("rhs")
        if name is not None:
            found[text_of(name)] = None if text_of(name) in found else value
    return found


def _arguments(call: Node, constants: dict[str, Node | None]) -> Arguments:
    positional: list[Value] = []
    keywords: dict[str, Value] = {}
    given = call.child_by_field_name("arguments")
    for argument in given.children_by_field_name("argument")[:100] if given else []:
        key, value = argument.child_by_field_name("name"), argument.child_by_field_name("value")
        literal = _text(value, constants, [0]) if value is not None else ""
        known = literal if literal.strip(HOLE) else None
        if key is None:
            positional.append(known)
        else:
            keywords[text_of(key)] = known
    return Arguments(positional=tuple(positional), keywords=keywords)


def _text(node: Node | None, constants: dict[str, Node | None], steps: list[int]) -> str:
    steps[0] += 1
    if node is None or steps[0] > MAX_STEPS:
        return HOLE
    if node.type == "string":
        content = node.child_by_field_name("content")
        return (
            text_of(content).replace("\\n", "\n").replace("\\\\", "\\").replace('\\"', '"') if content else ""
        )
    if node.type == "identifier":
        return _text(constants.get(text_of(node)), constants, steps)
    if node.type != "call":
        return HOLE
    called = _callee(node).rpartition("::")[2]
    if called not in _BESIDE | _PATHS | _DOTTED:
        return HOLE
    parts = [_text(value, constants, steps) for value in _values(node, named=called in _DOTTED)]
    return _joined(called, parts)


def _values(call: Node, *, named: bool) -> Iterator[Node | None]:
    given = call.child_by_field_name("arguments")
    for argument in given.children_by_field_name("argument")[:20] if given else []:
        if named or argument.child_by_field_name("name") is None:
            yield argument.child_by_field_name("value")


def _joined(called: str, parts: list[str]) -> str:
    if called in _DOTTED:
        return ".".join(parts)
    if called in _PATHS:
        return "/".join(part.rstrip("/") for part in parts)
    if called == "sprintf":
        return re.sub(r"%[-\d.]*[sdifg]", HOLE, parts[0] if parts else "")
    return re.sub(r"\{[^{}]*\}", HOLE, "".join(parts)) if called.startswith("glue") else "".join(parts)


R_LANGUAGE = Language(name="r", suffixes=(".r",), interpreters=("Rscript", "r", "R"), analyse=analyse)
