"""Scala 2 and 3."""

import re
from collections.abc import Iterator

from indexers.parsers.code.jvm import accesses_of, constants_of, resolved
from indexers.parsers.code.language import (
    Analysis,
    Captures,
    Comments,
    Defined,
    Grammar,
    Language,
    analysis,
    bounded,
    doc_comment,
    first_line,
    nested,
    text_of,
)

GRAMMAR = Grammar(
    name="scala",
    query="""
        (class_definition) @class
        (object_definition) @object
        (trait_definition) @trait
        (enum_definition) @enum
        (function_definition) @function
        (import_declaration) @import
        (call_expression) @call
        (val_definition) @value
        (block_comment) @comment
    """,
    chains={
        "field_expression": ("value", "field"),
        "call_expression": ("function", None),
        "generic_function": ("function", None),
        "instance_expression": ("", None),
    },
)
MAX_IMPORT = 5000
_SELECTORS = re.compile(r"\{([^{}]*)\}")
_WILDCARDS = frozenset({"_", "*", "given"})


def analyse(text: str) -> Analysis:
    """Types, functions, imports, calls and data of a Scala text."""
    captures = GRAMMAR.captured(text)
    imports = [pair for node in captures["import"] for pair in imported(text_of(node)[:MAX_IMPORT])]
    aliases = {local: full for full, local in imports if local}
    calls = [
        (node, resolved(GRAMMAR, node.child_by_field_name("function"), aliases))
        for node in bounded(captures["call"])
    ]
    constants = constants_of(
        (node.child_by_field_name("pattern"), node.child_by_field_name("value")) for node in captures["value"]
    )
    return analysis(
        definitions=nested(_definitions(captures)),
        imports=(full for full, _ in imports),
        calls=(name for _, name in calls),
        accesses=accesses_of(calls, constants),
        complete=captures.complete,
    )


def imported(statement: str) -> Iterator[tuple[str, str]]:
    """(full name, local name) of `import a.b.{C, D => E}`; a wildcard is its package, without local name."""
    clauses = re.sub(r"^\s*import\s+", "", re.sub(r"//[^\n]*|/\*.*?\*/", "", statement, flags=re.DOTALL))
    for clause in re.split(r",(?![^{]{0,2000}\})", clauses):
        path = re.sub(r"\s+", " ", clause).strip()
        selectors = _SELECTORS.search(path)
        base = path[: selectors.start()].strip().rstrip(".") if selectors else path.rpartition(".")[0]
        for chosen in selectors.group(1).split(",") if selectors else [path.rpartition(".")[2]]:
            name, _, local = (part.strip() for part in re.sub(r"=>| as ", "\0", chosen).partition("\0"))
            if name in _WILDCARDS or name.startswith("given "):
                yield base, ""
            elif name:
                yield (f"{base}.{name}" if base else name), ("" if local == "_" else local or name)


def _definitions(captures: Captures) -> Iterator[Defined]:
    comments = Comments.of(captures["comment"])
    for kind in ("class", "object", "trait", "enum", "function"):
        for node in captures[kind]:
            name = node.child_by_field_name("name")
            yield Defined(
                node=node,
                kind=kind,
                name=text_of(name) if name else "",
                docstring=doc_comment(comments.above(first_line(node))),
            )


SCALA_LANGUAGE = Language(name="scala", suffixes=(".scala", ".sc"), interpreters=("scala",), analyse=analyse)
