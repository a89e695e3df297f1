"""A source file as bytes: decoding, limits, and the faults of what breaks them."""

import codecs
import re
from dataclasses import dataclass

from indexers.facts import Fault
from indexers.parsers.code.language import Analysis, Language
from indexers.vocabulary.facets import Code

MAX_TREE_BYTES = 2**19
"""A syntax tree takes 150 to 450 times the size of its text: above this only the text is kept."""

_DECLARED = re.compile(
    rb"^[^\n]*\n?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)|^[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)"
)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedCode:
    """What a file gave. `text` belongs into the content store; the facet's `content` is still empty."""

    facet: Code | None = None
    text: str = ""
    faults: tuple[Fault, ...] = ()


def parse_as(language: Language, path: str, data: bytes, max_bytes: int) -> ParsedCode:
    """Read the bytes as a text of the language. Never raises."""
    if len(data) > max_bytes:
        return ParsedCode(faults=(_too_large(path, len(data), max_bytes),))
    text, fault = decoded(path, data)
    if text is None:
        return ParsedCode(faults=(fault,) if fault else ())
    faults = [fault] if fault else []
    analysis = Analysis()
    if language.tree and len(data) > MAX_TREE_BYTES:
        faults.append(_not_analysed(path, f"it is larger than {MAX_TREE_BYTES // 1024} KiB"))
    else:
        try:
            analysis = language.analyse(text)
        except (RecursionError, MemoryError, ValueError, LookupError) as error:
            faults.append(
                _not_analysed(path, f"the {language.name} parser gave up on it ({type(error).__name__})")
            )
    facet = Code(
        language=language.name,
        lines=text.count("\n") + (not text.endswith("\n") and bool(text)),
        bytes=len(data),
        definitions=analysis.definitions,
        imports=analysis.imports,
        calls=analysis.calls,
        reads=analysis.reads,
        writes=analysis.writes,
    )
    return ParsedCode(facet=facet, text=text, faults=tuple(faults))


def decoded(path: str, data: bytes) -> tuple[str | None, Fault | None]:
    """Text by byte-order mark, UTF-8, declared coding, else Latin-1 with a fault; None where it is none."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace").replace("\0", "\ufffd"), None
    if b"\0" in data:
        return None, Fault(
            code="code_is_binary",
            place=path,
            message=f"{path} has the name of a source file but holds binary data; it was left out. "
            "Rename it, or leave it out of the crawl.",
        )
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        pass
    if text := _as_declared(data):
        return text, None
    return data.decode("latin-1"), Fault(
        code="text_not_utf8",
        place=path,
        message=f"{path} is not UTF-8 and declares no coding; it was read as Latin-1, so some letters "
        "may be wrong. Save it as UTF-8.",
    )


def _as_declared(data: bytes) -> str:
    declared = _DECLARED.match(data[:400])
    if declared is None:
        return ""
    name = (declared.group(1) or declared.group(2)).decode("ascii")
    try:
        if not codecs.lookup(name)._is_text_encoding:  # noqa: SLF001  # `zlib` would unpack
            return ""
        return data.decode(name)
    except (LookupError, ValueError):
        return ""


def _too_large(path: str, size: int, limit: int) -> Fault:
    return Fault(
        code="code_too_large",
        place=path,
        message=f"{path} has {size:,} bytes, more than the limit of {limit:,}; it was left out. "
        "Raise the limit of the crawl if it is no generated file.",
    )


def _not_analysed(path: str, reason: str) -> Fault:
    return Fault(
        code="code_not_analysed",
        place=path,
        message=f"{path} can be searched by its text only: {reason}. "
        "Split the file to have its definitions listed.",
    )
