"""What a language module gives, and what the tree-sitter languages share."""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import cast

import tree_sitter
from tree_sitter_language_pack import SupportedLanguage, get_language

from indexers.parsers.code.data_access import Access, combined
from indexers.vocabulary.facets import Definition

Node = tree_sitter.Node

MAX_DEFINITIONS = 1000
MAX_IMPORTS = 300
MAX_CALLS = 300
MAX_DATASETS = 1000
MAX_DOCSTRING = 500
MAX_COMMENT_LINES = 2000
MAX_CALL_NODES = 20_000
MAX_DEPTH = 1000
MAX_CHAIN = 40
MAX_SECONDS = 3.0
MAX_ERRORS = 20_000
PIECE = 4096
MAX_ERROR_WIDTH = 3000
_CONFLICT = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?: .*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What a text defines, imports, calls, reads and writes, each in order of first appearance.

    `complete` is false where the text has errors: what could be read is there all the same.
    """

    definitions: tuple[Definition, ...] = ()
    imports: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language: its name in the catalogue, how its files are known, and what reads them.

    `suffixes` are lower case with the dot; `interpreters` the commands of a `#!` line, without version.
    """

    name: str
    suffixes: tuple[str, ...]
    analyse: Callable[[str], Analysis]
    interpreters: tuple[str, ...] = ()
    tree: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """A tree-sitter grammar and the query whose captures a language module reads.

    `chains` says how a dotted name is built: node type to the field that holds what stands before and
    the field that holds the name itself; None where the node adds no name (a call in a chain).
    """

    name: str
    query: str
    chains: Mapping[str, tuple[str, str | None]]
    leaves: frozenset[str] = frozenset({"identifier"})

    def captured(self, text: str) -> "Captures":
        """Parse the text and run the query, no deeper than `MAX_DEPTH` (deeper ones cost square time).

        Raises TooSlow where the parse takes more than `MAX_SECONDS`: hostile nesting costs square time too.
        """
        language, query = _loaded(self.name, self.query)
        plain = without_conflicts(text)
        root = _root(language, plain.encode("utf-8", "replace"))
        if root.has_error or root.type == "ERROR":
            _refuse_rubble(root)
        cursor = tree_sitter.QueryCursor(query)
        cursor.set_max_start_depth(MAX_DEPTH)
        nodes = {
            name: sorted(found, key=lambda node: (node.start_byte, node.end_byte))
            for name, found in cursor.captures(root).items()
        }
        return Captures(nodes=nodes, complete=plain is text and not (root.has_error or root.type == "ERROR"))

    def dotted(self, node: Node | None) -> str:
        """The dotted name of a callee: `spark.read.format.load`; only its end where a value starts it."""
        names: list[str] = []
        for _ in range(MAX_CHAIN):
            if node is None:
                break
            if node.type in self.leaves:
                names.append(text_of(node))
                break
            if node.type not in self.chains:
                break
            before, name = self.chains[node.type]
            if name and (named := node.child_by_field_name(name)):
                names.append(text_of(named))
            node = node.child_by_field_name(before) if before else None
        return ".".join(reversed(names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Captures:
    """Nodes by the name of their capture, in the order of the text."""

    nodes: Mapping[str, list[Node]]
    complete: bool

    def __getitem__(self, name: str) -> list[Node]:
        return self.nodes.get(name, [])


class TooSlow(ValueError):
    """The parse took more than `MAX_SECONDS` of this thread's time, or left nothing but errors."""


def _refuse_rubble(root: Node) -> None:
    """Raise TooSlow for errors that are too wide or too many: a query over them costs square time."""
    seen = 0
    pending = [(root, 0)]
    while pending:
        node, depth = pending.pop()
        seen += 1
        if (node.is_error and node.child_count > MAX_ERROR_WIDTH) or seen > MAX_ERRORS:
            raise TooSlow("there are more errors than text")
        if depth < MAX_DEPTH:
            pending += [(child, depth + 1) for child in node.children if child.has_error or child.is_error]


def _root(language: tree_sitter.Language, source: bytes) -> Node:
    """Parse with a limit of time, which only text that is read piece by piece has, then let the tree
    have its text: the second parse takes over the first one's nodes.
    """
    end = time.thread_time() + MAX_SECONDS
    parser = tree_sitter.Parser(language)

    def piece(offset: int, _: object) -> bytes:
        return source[offset : offset + PIECE] if time.thread_time() < end else b""

    try:
        tree = parser.parse(piece, progress_callback=lambda *_: time.thread_time() > end)
    except ValueError:
        tree = None
    if tree is None or time.thread_time() > end:
        raise TooSlow(f"the parse took more than {MAX_SECONDS:g} seconds")
    return parser.parse(source, tree).root_node


@cache
def _loaded(grammar: str, query: str) -> tuple[tree_sitter.Language, tree_sitter.Query]:
    language = get_language(cast("SupportedLanguage", grammar))
    return language, tree_sitter.Query(language, query)


def without_conflicts(text: str) -> str:
    """The text with the marker lines of a merge conflict blanked, so that both sides are read."""
    return _CONFLICT.sub("", text) if "\n<<<<<<< " in f"\n{text}" else text


def first_named(node: Node | None) -> Node | None:
    """The first child that is no punctuation; None where there is none."""
    children = node.named_children if node is not None else []
    return children[0] if children else None


def text_of(node: Node) -> str:
    """The text of a node."""
    return (node.text or b"").decode("utf-8", "replace")


def first_paragraph(comment: str) -> str:
    """The first paragraph on one line, at most `MAX_DOCSTRING` characters."""
    paragraph = re.split(r"\n\s*\n", comment.strip()[: MAX_DOCSTRING * 20], maxsplit=1)[0]
    return " ".join(paragraph.split())[:MAX_DOCSTRING]


@dataclass(slots=True)
class Comments:
    """Comments by the line they end on, to find the one right above a definition."""

    by_last_line: dict[int, Node] = field(default_factory=dict)

    @classmethod
    def of(cls, nodes: Iterable[Node]) -> "Comments":
        return cls({last_line(node): node for node in nodes})

    def above(self, line: int) -> list[str]:
        """The texts of the comments that end right above `line` (from 1), in order."""
        found: list[str] = []
        while (node := self.by_last_line.get(line - 1)) is not None and len(found) < MAX_COMMENT_LINES:
            found.append(text_of(node))
            line = first_line(node)
        return found[::-1]


def first_line(node: Node) -> int:
    """Counted from 1."""
    return node.start_point[0] + 1


def last_line(node: Node) -> int:
    """Counted from 1; a node that ends at the start of a line ends on the one before."""
    row, column = node.end_point
    return row if column == 0 and row > node.start_point[0] else row + 1


def doc_comment(comments: list[str]) -> str:
    """The first paragraph of a `/** … */` comment without its stars and tags; empty for plain comments."""
    for comment in reversed(comments):
        if comment.startswith("/**"):
            lines = [re.sub(r"^\s*\*+ ?", "", line) for line in comment[3:].removesuffix("*/").splitlines()]
            described = "\n".join(lines).split("\n@")[0]
            described = re.sub(r"\{@\w+ ([^{}]{1,200})\}", r"\1", described)
            return (
                ""
                if described.strip().startswith("@")
                else first_paragraph(re.sub(r"<[^<>]{1,80}>", "", described))
            )
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defined:
    """A definition as the grammar shows it, before it is named by what it stands in."""

    node: Node
    kind: str
    name: str
    docstring: str = ""


TYPES = frozenset({"class", "object", "trait", "interface", "enum", "record"})


def nested(found: Iterable[Defined]) -> Iterator[Definition]:
    """Definitions by place, named by what holds them (`Station.rides`); a function in a type is a method."""
    around: list[Defined] = []
    for one in sorted(found, key=lambda one: (one.node.start_byte, -one.node.end_byte)):
        while around and around[-1].node.end_byte <= one.node.start_byte:
            around.pop()
        method = one.kind == "function" and bool(around) and around[-1].kind in TYPES
        if one.name:
            yield Definition(
                kind="method" if method else one.kind,
                name=".".join([*(outer.name for outer in around[-5:]), one.name])[:300],
                first_line=first_line(one.node),
                last_line=last_line(one.node),
                docstring=one.docstring,
            )
            around.append(one)


def unique(values: Iterable[str], limit: int) -> tuple[str, ...]:
    """The first `limit` different values that are not empty, each at most 300 characters."""
    found: dict[str, None] = {}
    for value in values:
        if value and len(value) <= 300:
            found[value] = None
            if len(found) == limit:
                break
    return tuple(found)


def bounded(nodes: list[Node]) -> Iterator[Node]:
    """The nodes of calls, as many as are worth looking at."""
    return iter(nodes[:MAX_CALL_NODES])


def analysis(
    *,
    definitions: Iterable[Definition],
    imports: Iterable[str],
    calls: Iterable[str],
    accesses: Iterable[Access],
    complete: bool,
) -> Analysis:
    """Put together what a language module found: without repeats, within the limits."""
    access = combined(accesses)
    return Analysis(
        definitions=tuple(islice(definitions, MAX_DEFINITIONS)),
        imports=unique(imports, MAX_IMPORTS),
        calls=unique(calls, MAX_CALLS),
        reads=unique(access.reads, MAX_DATASETS),
        writes=unique(access.writes, MAX_DATASETS),
        complete=complete,
    )
