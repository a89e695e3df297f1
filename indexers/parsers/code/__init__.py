"""Source files to definitions, imports, calls and the data they name. One module a language.

A new language is a module with a `Language` and its line in `_LANGUAGES`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from indexers.parsers.code.java import JAVA_LANGUAGE
from indexers.parsers.code.language import Analysis, Language, TooSlow
from indexers.parsers.code.python import PYTHON_LANGUAGE
from indexers.parsers.code.r import R_LANGUAGE
from indexers.parsers.code.scala import SCALA_LANGUAGE
from indexers.parsers.code.shell import SHELL_LANGUAGE
from indexers.parsers.code.source_file import ParsedCode, parse_as
from indexers.parsers.code.sql import SQL_LANGUAGE

__all__ = ["LANGUAGES", "Analysis", "ParsedCode", "analyse", "language_of", "parse"]

_LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {
        language.name: language
        for language in (
            PYTHON_LANGUAGE,
            R_LANGUAGE,
            SCALA_LANGUAGE,
            JAVA_LANGUAGE,
            SQL_LANGUAGE,
            SHELL_LANGUAGE,
        )
    }
)

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {suffix: language.name for language in _LANGUAGES.values() for suffix in language.suffixes}
)
"""File name ending (lower case, with the dot) to the language's name."""

_INTERPRETERS = {name: language.name for language in _LANGUAGES.values() for name in language.interpreters}

MAX_BYTES = 4 * 2**20


def language_of(path: str, head: bytes = b"") -> str:
    """The language of a file by its ending, else by its `#!` line; empty if neither tells."""
    name = path.rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    if dot and stem:
        return LANGUAGES.get(f".{suffix}".casefold(), "")
    if not head.startswith(b"#!"):
        return ""
    words = head[2:200].split(b"\n")[0].decode("ascii", "replace").split()
    if words and words[0].endswith("/env"):
        words = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    command = words[0].rpartition("/")[2].rstrip("0123456789.") if words else ""
    return _INTERPRETERS.get(command, "")


def analyse(language: str, text: str) -> Analysis:
    """What a text in one of the languages defines, imports, calls and names. Never raises for any text.

    What cannot be parsed in reasonable time is empty and not complete.

    KeyError: the language is none of `LANGUAGES`.
    """
    try:
        return _LANGUAGES[language].analyse(text)
    except TooSlow:
        return Analysis(complete=False)


def parse(path: str, data: bytes, *, max_bytes: int = MAX_BYTES) -> ParsedCode:
    """The facet and text of a file, with a fault for whatever could not be read. Never raises.

    Without a facet where the path and the `#!` line name no known language, or the bytes are no text.
    """
    language = language_of(path, data[:200])
    return parse_as(_LANGUAGES[language], path, data, max_bytes) if language else ParsedCode()
