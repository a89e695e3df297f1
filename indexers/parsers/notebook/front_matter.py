"""The YAML before a text notebook: title, kernel and language."""

import re
from dataclasses import dataclass
from typing import Final

import yaml

from indexers.parsers.notebook.encoding import well_formed
from indexers.parsers.notebook.languages import language_name
from indexers.parsers.notebook.reading import Reading

LIMIT: Final = 64 * 1024
"""Characters of front matter that are read as YAML."""

_BLOCK = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """`end` is the offset of the text after it, 0 where there is none. `language` is lower case."""

    source: str = ""
    end: int = 0
    title: str = ""
    kernel: str = ""
    language: str = ""


def front_matter(reading: Reading, text: str) -> FrontMatter:
    """The front matter that `text` starts with; one that is no YAML is a fault and counts as text only."""
    block = _BLOCK.match(text[:LIMIT])
    if block is None:
        return FrontMatter()
    source = block[0].rstrip("\n")
    values = _yaml(reading, block[1])
    jupyter = values.get("jupyter")
    nested = jupyter if isinstance(jupyter, dict) else values
    spec = nested.get("kernelspec")
    kernelspec = spec if isinstance(spec, dict) else {}
    kernel = _line(jupyter) or _line(kernelspec.get("name")) or _line(kernelspec.get("display_name"))
    language = _line(kernelspec.get("language")) or _jupytext_language(nested) or _kernel_language(kernel)
    return FrontMatter(
        source=source,
        end=block.end(),
        title=_line(values.get("title")) or _line(nested.get("title")),
        kernel=kernel,
        language=language_name(language),
    )


def _yaml(reading: Reading, source: str) -> dict[object, object]:
    try:
        values = yaml.safe_load(source)
    except Exception as error:  # noqa: BLE001  # strangers' YAML: ValueError, RecursionError and more beside YAMLError
        mark = getattr(error, "problem_mark", None)
        reading.fault(
            "notebook_front_matter_invalid",
            "The YAML at the top of the notebook cannot be read; title and kernel are unknown. Mend it.",
            line=mark.line + 2 if mark is not None else 1,
        )
        return {}
    return values if isinstance(values, dict) else {}


def _jupytext_language(nested: dict[object, object]) -> str:
    jupytext = nested.get("jupytext")
    return _line(jupytext.get("main_language")) if isinstance(jupytext, dict) else ""


def _kernel_language(kernel: str) -> str:
    folded = kernel.casefold()
    if folded.startswith("python"):
        return "python"
    return "r" if folded == "ir" else "julia" if folded.startswith("julia") else ""


def _line(value: object) -> str:
    return " ".join(well_formed(value[:1000]).split())[:200] if isinstance(value, str) else ""
