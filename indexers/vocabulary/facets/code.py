"""A source file: what it defines, imports and calls; its text lies in the content store."""

from dataclasses import dataclass

from indexers.vocabulary.facets.base import Facet, facet


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A function, class or table definition; lines count from 1."""

    kind: str
    name: str
    first_line: int
    last_line: int
    docstring: str = ""


@facet("code", version=1)
@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Facet):
    """`content` is the digest of the text (UTF-8) in the content store. `reads` and `writes` are
    datasets as the code names them. `language` is a lower-case word: python, r, scala, java, sql, shell.
    """

    language: str
    content: str = ""
    lines: int = 0
    bytes: int = 0
    definitions: tuple[Definition, ...] = ()
    imports: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
