"""What Scala and Java share: literals joined by `+`, and values that hold one."""

import re
from collections.abc import Iterable, Mapping

from indexers.parsers.code.data_access import HOLE, JVM, Access, Arguments, Value, jvm_access, names_data
from indexers.parsers.code.language import Grammar, Node, first_named, text_of

MAX_STEPS = 50
PLAIN = frozenset({"string", "string_literal", "character_literal"})
SUMS = frozenset({"infix_expression", "binary_expression"})


def constants_of(pairs: Iterable[tuple[Node | None, Node | None]]) -> dict[str, Node | None]:
    """Names that hold one literal: (name, value) pairs in, names that are set twice left out."""
    found: dict[str, Node | None] = {}
    for name, value in pairs:
        if name is not None and name.type == "identifier":
            found[text_of(name)] = None if text_of(name) in found else value
    return found


def accesses_of(calls: Iterable[tuple[Node, str]], constants: Mapping[str, Node | None]) -> Iterable[Access]:
    """Data that calls name; each call comes with its dotted name."""
    for node, name in calls:
        if names_data(name, JVM):
            yield jvm_access(name, _arguments(node, constants))


def _arguments(call: Node, constants: Mapping[str, Node | None]) -> Arguments:
    given = call.child_by_field_name("arguments")
    positional: list[Value] = []
    for node in given.named_children[:100] if given is not None else []:
        if node.type in ("line_comment", "block_comment", "comment"):
            continue
        literal = _text(node, constants, [0])
        positional.append(literal if literal.strip(HOLE) else None)
    return Arguments(positional=tuple(positional))


def _text(node: Node | None, constants: Mapping[str, Node | None], steps: list[int]) -> str:
    steps[0] += 1
    if node is None or steps[0] > MAX_STEPS:
        return HOLE
    if node.type in PLAIN:
        return _unquoted(text_of(node))
    if node.type == "interpolated_string_expression":
        literal = re.sub(r"\$\{[^{}]*\}|\$[A-Za-z_]\w*", HOLE, text_of(node))
        return _unquoted(literal[literal.find('"') :])
    if node.type == "identifier":
        return _text(constants.get(text_of(node)), constants, steps)
    if node.type in SUMS:
        if "+" not in [text_of(child) for child in node.children[1:-1]]:
            return HOLE
        sides = (node.child_by_field_name("left"), node.child_by_field_name("right"))
        return "".join(_text(side, constants, steps) for side in sides)
    if node.type == "field_expression":
        return _text(node.child_by_field_name("value"), constants, steps).replace("\n|", "\n")
    if node.type == "parenthesized_expression":
        return _text(first_named(node), constants, steps)
    return HOLE


def _unquoted(literal: str) -> str:
    if literal.startswith('"""'):
        return re.sub(r"(?m)^\s*\|", "", literal[3:].removesuffix('"""'))
    return literal[1:-1].replace("\\n", "\n").replace('\\"', '"')


def resolved(grammar: Grammar, node: Node | None, aliases: Mapping[str, str]) -> str:
    """The dotted name of a callee with its first part as the imports name it."""
    name = grammar.dotted(node)
    head, dot, rest = name.partition(".")
    return f"{aliases[head]}{dot}{rest}" if head in aliases else name
