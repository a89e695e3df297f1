"""Java."""

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
    name="java",
    query="""
        (class_declaration) @class
        (interface_declaration) @interface
        (enum_declaration) @enum
        (record_declaration) @record
        (method_declaration) @function
        (import_declaration) @import
        (method_invocation) @call
        (variable_declarator) @value
        (block_comment) @comment
    """,
    chains={
        "method_invocation": ("object", "name"),
        "field_access": ("object", "field"),
        "object_creation_expression": ("type", None),
    },
    leaves=frozenset({"identifier", "this", "super", "type_identifier", "scoped_type_identifier"}),
)


def analyse(text: str) -> Analysis:
    """Types, methods, imports, calls and data of a Java text."""
    captures = GRAMMAR.captured(text)
    imports = list(_imports(captures))
    aliases = {local: full for full, local in imports if local}
    calls = [(node, resolved(GRAMMAR, node, aliases)) for node in bounded(captures["call"])]
    constants = constants_of(
        (node.child_by_field_name("name"), node.child_by_field_name("value")) for node in captures["value"]
    )
    return analysis(
        definitions=nested(_definitions(captures)),
        imports=(full for full, _ in imports),
        calls=(name for _, name in calls),
        accesses=accesses_of(calls, constants),
        complete=captures.complete,
    )


def _imports(captures: Captures) -> Iterator[tuple[str, str]]:
    for node in captures["import"]:
        name = re.sub(r"^import\s+(?:static\s+)?|\s|;", "", text_of(node))
        if name.endswith(".*"):
            yield name[:-2], ""
        else:
            yield name, name.rpartition(".")[2]


def _definitions(captures: Captures) -> Iterator[Defined]:
    comments = Comments.of(captures["comment"])
    for kind in ("class", "interface", "enum", "record", "function"):
        for node in captures[kind]:
            name = node.child_by_field_name("name")
            yield Defined(
                node=node,
                kind=kind,
                name=text_of(name) if name else "",
                docstring=doc_comment(comments.above(first_line(node))),
            )


JAVA_LANGUAGE = Language(name="java", suffixes=(".java",), analyse=analyse)
