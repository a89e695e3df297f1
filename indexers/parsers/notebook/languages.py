"""Names of languages, and the language that a cell's magic line gives it."""

import re
from typing import Final

_NAMES: Final = {
    "ipython": "python",
    "ipython2": "python",
    "ipython3": "python",
    "python2": "python",
    "python3": "python",
    "py": "python",
    "pyspark": "python",
    "pypy": "python",
    "cython": "python",
    "ir": "r",
    "sparkr": "r",
    "rscript": "r",
    "bash": "shell",
    "sh": "shell",
    "zsh": "shell",
    "console": "shell",
    "spark": "scala",
    "js": "javascript",
    "node": "javascript",
    "md": "markdown",
    "c++": "cpp",
    "sparksql": "sql",
    "bigquery": "sql",
    "duckdb": "sql",
    "sqlite": "sql",
    "postgresql": "sql",
    "mysql": "sql",
}

_CELL_MAGICS: Final = {
    **dict.fromkeys(("bash", "sh", "system", "sx", "!"), "shell"),
    **dict.fromkeys(("sql", "bigquery", "sparksql", "read_sql", "ksql", "spark_sql", "bq", "bqsql"), "sql"),
    **dict.fromkeys(("r", "sparkr"), "r"),
    **dict.fromkeys(("javascript", "js"), "javascript"),
    **dict.fromkeys(("markdown", "md"), "markdown"),
    **dict.fromkeys(("html", "svg", "perl", "ruby", "julia", "scala"), ""),
    "latex": "latex",
    "python": "python",
    "pyspark": "python",
    "python2": "python",
    "python3": "python",
    "pypy": "python",
    "writefile": "text",
    "file": "text",
}
_MAGIC = re.compile(r"\s*%%?([A-Za-z_]\w*)([^\n]*)")
_ONE_PERCENT = frozenset(("sql", "r", "scala", "python", "sh", "md", "html", "sparksql"))
"""Databricks magics: one percent sign on the first line turns the whole cell."""

EXTENSIONS: Final = {
    "py": "python",
    "r": "r",
    "sql": "sql",
    "scala": "scala",
    "sc": "scala",
    "jl": "julia",
    "sh": "shell",
    "js": "javascript",
    "ts": "typescript",
    "java": "java",
    "cpp": "cpp",
    "rs": "rust",
    "lua": "lua",
    "hs": "haskell",
    "m": "matlab",
}
COMMENTS: Final = {
    **dict.fromkeys(("python", "r", "julia", "shell"), "#"),
    **dict.fromkeys(("scala", "javascript", "typescript", "java", "cpp", "rust"), "//"),
    **dict.fromkeys(("sql", "lua", "haskell"), "--"),
    "matlab": "%",
}


def language_name(name: str) -> str:
    """`IPython3` is python, `R` is r, `bash` is shell: lower case, one word a language."""
    folded = name.strip().casefold()[:40]
    return _NAMES.get(folded, folded)


def path_language(path: str) -> str:
    """The language of a text notebook by its extension, empty where the extension does not say."""
    return EXTENSIONS.get(path.rpartition(".")[2].casefold(), "")


def cell_language(source: str, default: str) -> str:
    """The language of a code cell: of its `%%magic`, else `default`."""
    if "%" not in source[:200]:
        return default
    magic = _MAGIC.match(source)
    if magic is None:
        return default
    name, double = magic[1].casefold(), source.lstrip().startswith("%%")
    if name == "script" and double:
        return language_name(magic[2].split()[0].rpartition("/")[2]) if magic[2].split() else default
    if name not in _CELL_MAGICS or not (double or _turns_cell(name, magic[2], source[magic.end() :])):
        return default
    return _CELL_MAGICS[name] or name


def _turns_cell(name: str, rest_of_line: str, rest: str) -> bool:
    return name in _ONE_PERCENT and (bool(rest.strip()) != bool(rest_of_line.strip()))


def without_magic(source: str) -> str:
    """The cell without its first line's magic word: what is left is in the cell's language."""
    magic = _MAGIC.match(source) if "%" in source[:200] else None
    return source[magic.end(1) :] if magic else source
