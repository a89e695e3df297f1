"""Python, also where it does not parse: old syntax, merge markers, half a file."""

import re
from collections.abc import Iterator

from indexers.parsers.code.data_access import (
    HOLE,
    PYTHON,
    Access,
    Arguments,
    Value,
    names_data,
    python_access,
)
from indexers.parsers.code.language import (
    Analysis,
    Captures,
    Defined,
    Grammar,
    Language,
    Node,
    analysis,
    bounded,
    first_named,
    first_paragraph,
    nested,
    text_of,
)

GRAMMAR = Grammar(
    name="python",
    query="""
        (function_definition) @function
        (class_definition) @class
        (import_statement) @import
        (import_from_statement) @from
        (call) @call
        (assignment left: (identifier)) @assignment
    """,
    chains={"attribute": ("object", "attribute"), "call": ("function", None), "subscript": ("value", None)},
)
MAX_STEPS = 50
_STRINGS = frozenset({"string", "concatenated_string", "binary_operator", "parenthesized_expression", "call"})
_ESCAPES = {"\\n": "\n", "\\t": "\t", "\\\\": "\\", "\\'": "'", '\\"': '"', "\\\n": "", "\\r": "\r"}
_ESCAPE = re.compile(r"\\[ntr\\'\"\n]")
_JOINS = frozenset(
    {"os.path.join", "path.join", "join", "Path", "pathlib.Path", "pathlib.PurePath", "joinpath"}
)


def analyse(text: str) -> Analysis:
    """Functions, classes, imports, calls and data of a Python text."""
    captures = GRAMMAR.captured(text)
    imports = list(_imports(captures))
    aliases = dict(pair for _, pairs in imports for pair in pairs)
    calls = [(node, _resolved(GRAMMAR.dotted(node), aliases)) for node in bounded(captures["call"])]
    literals = Literals(captures, aliases)
    return analysis(
        definitions=nested(_definitions(captures)),
        imports=(module for module, _ in imports),
        calls=(name for _, name in calls),
        accesses=(literals.access(node, name) for node, name in calls if names_data(name, PYTHON)),
        complete=captures.complete,
    )


def _definitions(captures: Captures) -> Iterator[Defined]:
    for kind in ("function", "class"):
        for node in captures[kind]:
            name = node.child_by_field_name("name")
            yield Defined(
                node=node, kind=kind, name=text_of(name) if name else "", docstring=_docstring(node)
            )


def _docstring(definition: Node) -> str:
    body = definition.child_by_field_name("body")
    first = first_named(body)
    while first is not None and first.type == "comment":
        first = first.next_named_sibling
    literal = first_named(first) if first is not None and first.type == "expression_statement" else first
    if literal is None or literal.type != "string":
        return ""
    return first_paragraph(re.sub(r"^[rRbBuU]*(\"{3}|'{3}|\"|')|(\"{3}|'{3}|\"|')$", "", text_of(literal)))


def _imports(captures: Captures) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each imported module with the names that the file then knows: (local name, full name)."""
    found = [(node.start_byte, node) for kind in ("import", "from") for node in captures[kind]]
    for _, node in sorted(found, key=lambda pair: pair[0]):
        module = node.child_by_field_name("module_name")
        names = [_imported(name) for name in node.children_by_field_name("name")]
        if module is None:
            for full, local in names:
                yield full, [(local, full)] if local else [(full.partition(".")[0], full.partition(".")[0])]
            continue
        base = re.sub(r"\s", "", text_of(module))
        joined = base if base.endswith(".") else f"{base}."
        pairs = [(local or full, f"{joined}{full}") for full, local in names]
        if base.strip("."):
            yield base, pairs
        for full, _ in names if not base.strip(".") else []:
            yield f"{base}{full}", pairs


def _imported(node: Node) -> tuple[str, str]:
    if node.type != "aliased_import":
        return text_of(node), ""
    name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
    return (text_of(name) if name else "", text_of(alias) if alias else "")


def _resolved(name: str, aliases: dict[str, str]) -> str:
    head, dot, rest = name.partition(".")
    return f"{aliases[head]}{dot}{rest}" if head in aliases else name


class Literals:
    """The literal values of a file: strings, what is joined from them, and names that hold one."""

    def __init__(self, captures: Captures, aliases: dict[str, str]) -> None:
        self.aliases = aliases
        self.values: dict[str, Node | None] = {}
        self.steps = 0
        for node in captures["assignment"]:
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None:
                name = text_of(left)
                literal = right if right is not None and right.type in _STRINGS else None
                self.values[name] = None if name in self.values else literal

    def access(self, call: Node, name: str) -> Access:
        """The data that a call names; DuckDB also reads the file's own variables, which are no datasets."""
        access = python_access(name, self.arguments(call))
        if not name.startswith("duckdb."):
            return access
        return Access(
            reads=tuple(read for read in access.reads if read not in self.values), writes=access.writes
        )

    def arguments(self, call: Node) -> Arguments:
        """The literal arguments of a call."""
        positional: list[Value] = []
        keywords: dict[str, Value] = {}
        given = call.child_by_field_name("arguments")
        for node in given.named_children[:100] if given is not None else []:
            if node.type == "keyword_argument":
                key, value = node.child_by_field_name("name"), node.child_by_field_name("value")
                if key is not None and value is not None:
                    keywords[text_of(key)] = self.value(value)
            elif node.type not in ("comment", "dictionary_splat"):
                positional.append(self.value(node))
        return Arguments(positional=tuple(positional), keywords=keywords)

    def value(self, node: Node) -> Value:
        """A literal string or list of strings, None for anything else."""
        self.steps = 0
        if node.type in ("list", "tuple"):
            values = [self._text(item) for item in node.named_children[:100]]
            return tuple(value for value in values if value) or None
        return self._text(node) or None

    def _text(self, node: Node | None) -> str:
        """The text of an expression, HOLE for each part that is not literal."""
        self.steps += 1
        if node is None or self.steps > MAX_STEPS:
            return HOLE
        match node.type:
            case "string":
                return self._string(node)
            case "concatenated_string":
                return "".join(self._text(part) for part in node.named_children)
            case "parenthesized_expression":
                return self._text(first_named(node))
            case "identifier":
                return self._text(self.values.get(text_of(node)))
            case "binary_operator":
                return self._joined(node)
            case "call":
                return self._called(node)
        return HOLE

    def _string(self, node: Node) -> str:
        raw = "r" in text_of(node)[:3].split("'")[0].split('"')[0].casefold()
        parts: list[str] = []
        for part in node.named_children:
            if part.type == "interpolation":
                parts.append(HOLE)
            elif part.type == "string_content":
                content = text_of(part)
                parts.append(content if raw else _ESCAPE.sub(lambda found: _ESCAPES[found.group()], content))
        return "".join(parts)

    def _joined(self, node: Node) -> str:
        operator = node.child_by_field_name("operator")
        sign = text_of(operator) if operator else ""
        left = self._text(node.child_by_field_name("left"))
        if sign == "%":
            return re.sub(r"%(?:\(\w+\))?[-\d.]*[sdifr]", HOLE, left)
        right = self._text(node.child_by_field_name("right"))
        if sign == "+":
            return left + right
        return f"{left.rstrip('/')}/{right}" if sign == "/" else HOLE

    def _called(self, node: Node) -> str:
        function = node.child_by_field_name("function")
        if function is None:
            return HOLE
        given = node.child_by_field_name("arguments")
        if function.type == "attribute":
            name, owner = function.child_by_field_name("attribute"), function.child_by_field_name("object")
            if (
                name is not None
                and owner is not None
                and owner.type in ("string", "concatenated_string", "identifier")
            ):
                match text_of(name):
                    case "format":
                        return re.sub(r"\{[^{}]*\}", HOLE, self._text(owner))
                    case "strip" | "lower" | "dedent" | "as_posix":
                        return self._text(owner)
        called = _resolved(GRAMMAR.dotted(function), self.aliases)
        if given is None:
            return HOLE
        if called in ("textwrap.dedent", "dedent", "sqlalchemy.text", "str", "sqlalchemy.sql.text"):
            return self._text(first_named(given))
        if called in _JOINS and function.type in ("identifier", "attribute"):
            parts = [self._text(part) for part in given.named_children[:20] if part.type != "comment"]
            return "/".join(part.rstrip("/") for part in parts)
        return HOLE


PYTHON_LANGUAGE = Language(
    name="python", suffixes=(".py", ".pyi", ".pyw"), interpreters=("python",), analyse=analyse
)
