"""Scripts whose comments mark the cells: the percent format of Jupytext, VS Code, Spyder and PyCharm."""

import re
from typing import Final

from indexers.parsers.notebook.cells import CellList
from indexers.parsers.notebook.document import CellKind, NotebookDocument
from indexers.parsers.notebook.front_matter import LIMIT, FrontMatter, front_matter
from indexers.parsers.notebook.languages import COMMENTS, language_name, path_language
from indexers.parsers.notebook.reading import Reading

_KIND = re.compile(r"\[(markdown|md|raw)\]")
_LANGUAGE = re.compile(r"""\blanguage\s*=\s*["']([\w+-]+)["']""")
_ID = re.compile(r"""\bid\s*=\s*["']([\w-]+)["']""")
_TAGS = re.compile(r"\btags\s*=\s*\[([^\]\n]{0,1000})\]")
_OPTIONS = re.compile(r"\[(?:markdown|md|raw)\]|\{.*\}|\b[\w.-]+\s*=.*")
_DOCSTRING = re.compile(r"""\s*[rR]?(?P<q>\"{3}|'{3})[ \t]*\n?(?P<text>.*?)\n?(?P=q)\s*""", re.DOTALL)
_PREAMBLE: Final = "(?:#![^\\n]*\\n|{mark}[^\\n]*coding[:=][^\\n]*\\n)*"


def read_percent(reading: Reading, text: str) -> NotebookDocument:
    """The document of a script; what stands before the first mark is a cell of its own."""
    language = path_language(reading.path)
    comment = COMMENTS.get(language, "#")
    mark = re.escape(comment)
    header, start = commented_front_matter(reading, text, comment)
    cells = CellList(reading, header.language or language)
    marks = list(re.compile(rf"^{mark} ?%%(%*)(?:[ \t]+([^\n]*))?$", re.MULTILINE).finditer(text, start))
    if (before := text[start : marks[0].start() if marks else len(text)]).strip():
        cells.add("code", with_magics(before, comment))
    for at, found in enumerate(marks):
        if cells.full():
            break
        end = marks[at + 1].start() if at + 1 < len(marks) else len(text)
        _add(cells, found[2] or "", text[found.end() : end], comment)
    return NotebookDocument(
        format="percent",
        title=header.title,
        language=cells.language,
        kernel=header.kernel,
        cells=tuple(cells.cells),
    )


def commented_front_matter(reading: Reading, text: str, comment: str) -> tuple[FrontMatter, int]:
    """The YAML in the comment block at the top of a script, and where the script goes on."""
    mark = re.escape(comment)
    opening = re.compile(rf"{_PREAMBLE.format(mark=mark)}(?={mark} ---[ \t]*\n)").match(text)
    if opening is None:
        return FrontMatter(), 0
    block = re.compile(rf"{mark} ---[ \t]*\n(?:{mark}[^\n]*\n)*?{mark} ---[ \t]*(?:\n|\Z)").match(
        text, opening.end(), opening.end() + LIMIT
    )
    if block is None:
        return FrontMatter(), 0
    return front_matter(reading, _uncommented(block[0], comment)), block.end()


def _add(cells: CellList, options: str, body: str, comment: str) -> None:
    kind_word = _KIND.search(options)
    kind: CellKind = "code" if kind_word is None else "raw" if kind_word[1] == "raw" else "markdown"
    language, own_id, tags = _LANGUAGE.search(options), _ID.search(options), _TAGS.search(options)
    if kind == "code":
        source = _foreign(body, comment) if language else with_magics(body, comment)
    elif docstring := _DOCSTRING.fullmatch(body):
        source = docstring["text"]
    else:
        source = _uncommented(body, comment)
    cells.add(
        kind,
        source.strip("\r\n"),
        own_id=own_id[1] if own_id else "",
        language=language_name(language[1]) if language and kind == "code" else "",
        title=_OPTIONS.sub("", options).strip()[:200],
        tags=tuple(tag.strip(" '\"")[:100] for tag in tags[1].split(",")) if tags else (),
    )


def with_magics(body: str, comment: str) -> str:
    """Code with its magics back: Jupytext comments them out so that the script runs."""
    mark = re.escape(comment)
    body = body.strip("\r\n")
    return re.sub(rf"^{mark} ?(?=%{{1,2}}[A-Za-z]|![A-Za-z])", "", body, flags=re.MULTILINE).rstrip()


def _foreign(body: str, comment: str) -> str:
    """Code in another language than the script's: Jupytext comments all of it out."""
    lines = [line for line in body.split("\n") if line.strip()]
    return _uncommented(body, comment) if all(line.startswith(comment) for line in lines) else body


def _uncommented(body: str, comment: str) -> str:
    return re.sub(rf"^{re.escape(comment)} ?", "", body.strip("\r\n"), flags=re.MULTILINE)
