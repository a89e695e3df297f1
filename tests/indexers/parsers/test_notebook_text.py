import json
from typing import Any

import jupytext
import pytest

from indexers.parsers.notebook import ParsedNotebook, parse
from tests.indexers.parsers.notebooks import code, markdown, notebook


def read(path: str, text: str) -> ParsedNotebook:
    parsed = parse(path, text.encode())
    assert parsed.document is not None
    assert parsed.faults == ()
    return parsed


def brief(parsed: ParsedNotebook) -> list[tuple[str, str, str]]:
    assert parsed.document is not None
    return [(cell.kind, cell.language, cell.source) for cell in parsed.document.cells]


STUDY: dict[str, Any] = notebook(
    markdown("# Rain\n\nDoes it matter?"),
    code("%matplotlib inline\nimport pandas as pd"),
    code("def wet(day):\n    # a comment\n\n    return day > 1"),
    markdown("## Result"),
    code("%%bash\nls -l"),
    code("wet(2)"),
    minor=4,
)
EXPECTED = [
    ("markdown", "markdown", "# Rain\n\nDoes it matter?"),
    ("code", "python", "%matplotlib inline\nimport pandas as pd"),
    ("code", "python", "def wet(day):\n    # a comment\n\n    return day > 1"),
    ("markdown", "markdown", "## Result"),
    ("code", "shell", "ls -l"),
    ("code", "python", "wet(2)"),
]


@pytest.mark.parametrize(
    ("path", "jupytext_format", "format_name"),
    [
        ("a.py", "py:percent", "percent"),
        ("a.py", "py:hydrogen", "percent"),
        ("a.py", "py:light", "light"),
        ("a.md", "md:markdown", "markdown"),
        ("a.md", "md:myst", "myst"),
        ("a.Rmd", "Rmd", "rmarkdown"),
    ],
)
def test_what_jupytext_writes_is_read_back(path: str, jupytext_format: str, format_name: str) -> None:
    text = jupytext.writes(jupytext.reads(json.dumps(STUDY), "ipynb"), jupytext_format)
    parsed = read(path, text)
    cells = [
        (kind, language, source.removeprefix("%%bash\n").removeprefix("!").replace("bash\n", ""))
        for kind, language, source in brief(parsed)
        if kind != "raw"
    ]
    assert cells == EXPECTED
    assert parsed.summary.format == format_name
    assert parsed.summary.kernel == "python3"
    assert parsed.summary.title == "Rain"
    assert parsed.summary.imports == ("pandas",)


def test_percent_cells_have_titles_tags_and_kinds() -> None:
    parsed = read(
        "a.py",
        'import sys\n\n# %% Load it tags=["slow", "io"]\nx = 1\n\n# %% [markdown]\n# # Head\n# text\n'
        '# %% [md]\n"""\n## In a string\n"""\n# %% [raw]\n# raw\n#%%\n# !ls\ny = 2\n',
    )
    assert brief(parsed) == [
        ("code", "python", "import sys"),
        ("code", "python", "x = 1"),
        ("markdown", "markdown", "# Head\ntext"),
        ("markdown", "markdown", "## In a string"),
        ("raw", "", "raw"),
        ("code", "python", "!ls\ny = 2"),
    ]
    assert parsed.document is not None
    assert (parsed.document.cells[1].title, parsed.document.cells[1].tags) == ("Load it", ("slow", "io"))


@pytest.mark.parametrize(("path", "mark"), [("a.jl", "#"), ("a.scala", "//"), ("a.sql", "--"), ("a.R", "#")])
def test_percent_scripts_of_other_languages(path: str, mark: str) -> None:
    parsed = read(path, f"{mark} %% [markdown]\n{mark} # Head\n{mark} %%\nx\n")
    assert parsed.summary.title == "Head"
    assert [source for _, _, source in brief(parsed)] == ["# Head", "x"]


def test_r_markdown_has_chunks_with_labels_and_languages() -> None:
    parsed = read(
        "a.Rmd",
        '---\ntitle: "Churn"\noutput: html_document\n---\n\nIntro `r 1 + 1`\n\n'
        "```{r setup, include=FALSE}\nlibrary(dplyr)\n```\n\n```{python}\nimport pandas\n```\n\n"
        "```{r, echo=TRUE}\nsummary(x)\n```\n\n````text\n```{r}\nnot code\n```\n````\n\n"
        "~~~{sql}\nselect 1\n~~~\n",
    )
    assert brief(parsed)[1:] == [
        ("markdown", "markdown", "Intro `r 1 + 1`"),
        ("code", "r", "library(dplyr)"),
        ("code", "python", "import pandas"),
        ("code", "r", "summary(x)"),
        ("markdown", "markdown", "````text\n```{r}\nnot code\n```\n````"),
        ("code", "sql", "select 1"),
    ]
    assert parsed.document is not None
    assert [cell.title for cell in parsed.document.cells if cell.kind == "code"] == ["setup", "", "", ""]
    assert (parsed.summary.title, parsed.summary.language) == ("Churn", "r")


def test_quarto_takes_its_kernel_from_the_front_matter() -> None:
    parsed = read(
        "a.qmd",
        "---\ntitle: Rides\njupyter: python3\n---\n\n::: {.callout-note}\n## Note\n:::\n\n"
        "```{python}\n#| label: fig\nimport pandas\n```\n\n"
        "```python\nshown only\n```\n\n```{{python}}\nshown too\n```\n",
    )
    assert (parsed.summary.format, parsed.summary.kernel, parsed.summary.language) == (
        "quarto",
        "python3",
        "python",
    )
    assert [source for kind, _, source in brief(parsed) if kind == "code"] == ["#| label: fig\nimport pandas"]
    assert parsed.summary.title == "Rides"


def test_myst_cells_have_tags_and_directives_are_text() -> None:
    parsed = read(
        "a.md",
        "---\nkernelspec:\n  name: python3\n---\n\n# Head\n\n"
        "```{code-cell} ipython3\n:tags: [hide-input]\n\nx = 1\n```\n"
        "first\n\n+++\n\n```{note}\nsecond\n```\n\n```{code-cell}\n---\ntags: [a, b]\n---\ny\n```\n",
    )
    assert brief(parsed) == [
        ("markdown", "markdown", "# Head"),
        ("code", "python", "x = 1"),
        ("markdown", "markdown", "first"),
        ("markdown", "markdown", "```{note}\nsecond\n```"),
        ("code", "python", "y"),
    ]
    assert parsed.document is not None
    assert [cell.tags for cell in parsed.document.cells if cell.kind == "code"] == [
        ("hide-input",),
        ("a", "b"),
    ]


def test_a_fence_that_is_never_closed_is_named_with_its_line() -> None:
    parsed = parse("a.Rmd", b"# Head\n\n```{r}\nx <- 1\n")
    assert [(fault.code, fault.place) for fault in parsed.faults] == [("notebook_fence_open", "a.Rmd line 3")]
    assert brief(parsed)[1] == ("code", "r", "x <- 1")


def test_front_matter_that_is_no_yaml_is_named_with_its_line_and_the_rest_is_read() -> None:
    parsed = parse("a.Rmd", b"---\ntitle: [\n---\n\n```{r}\nx\n```\n")
    (fault,) = parsed.faults
    assert (fault.code, fault.place) == ("notebook_front_matter_invalid", "a.Rmd line 3")
    assert ("code", "r", "x") in brief(parsed)


def test_a_script_that_jupytext_cannot_read_is_one_cell_with_a_fault() -> None:
    text = "# ---\n# jupyter:\n#   kernelspec: 5\n# ---\n\nx = 1\n"
    parsed = parse("a.py", text.encode())
    assert [fault.code for fault in parsed.faults] == ["notebook_text_unreadable"]
    assert brief(parsed) == [("code", "python", "x = 1")]


def test_reading_a_script_twice_gives_the_same_document() -> None:
    text = jupytext.writes(jupytext.reads(json.dumps(STUDY), "ipynb"), "py:light")
    assert parse("a.py", text.encode()) == parse("a.py", text.encode())


@pytest.mark.parametrize(
    ("path", "mark", "language", "import_line", "module"),
    [
        ("a.py", "#", "python", "import pandas", "pandas"),
        ("a.r", "#", "r", "library(dplyr)", "dplyr"),
        ("a.scala", "//", "scala", "import org.apache.spark", "org.apache.spark"),
    ],
)
def test_databricks_source(path: str, mark: str, language: str, import_line: str, module: str) -> None:
    text = (
        f"{mark} Databricks notebook source\n{mark} MAGIC %md\n{mark} MAGIC # Station hours\n{mark} MAGIC\n"
        f"{mark} MAGIC text\n\n{mark} COMMAND ----------\n\n"
        f"{mark} DBTITLE 1,Load, then clean\n{import_line}\n\n"
        f"{mark} COMMAND ----------\n\n{mark} MAGIC %sql\n{mark} MAGIC select * from raw.trips\n\n"
        f"{mark} COMMAND ----------\n\n{mark} MAGIC %run ./setup\n"
    )
    parsed = read(path, text)
    assert brief(parsed) == [
        ("markdown", "markdown", "# Station hours\n\ntext"),
        ("code", language, import_line),
        ("code", "sql", "select * from raw.trips"),
        ("code", language, "%run ./setup"),
    ]
    assert parsed.document is not None
    assert parsed.document.cells[1].title == "Load, then clean"
    assert (parsed.summary.format, parsed.summary.title) == ("databricks", "Station hours")
    assert parsed.summary.imports == (module,)
    assert parsed.summary.reads == ("raw.trips",)


def test_databricks_sql_with_carriage_returns() -> None:
    text = (
        "-- Databricks notebook source\r\nselect * from a.b\r\n\r\n-- COMMAND ----------\r\n\r\n"
        "-- MAGIC %python\r\n-- MAGIC x = 1\r\n"
    )
    parsed = read("a.sql", text)
    assert brief(parsed) == [("code", "sql", "select * from a.b"), ("code", "python", "x = 1")]


NOTE = {
    "name": "team/Rides per zone",
    "id": "2A94M5J1Z",
    "defaultInterpreterGroup": "spark",
    "paragraphs": [
        {"id": "20160101-1_1", "text": "%md\n# Zones"},
        {
            "id": "20160101-1_2",
            "title": "Load",
            "text": "%spark.pyspark\nimport pandas",
            "results": {
                "code": "SUCCESS",
                "msg": [
                    {"type": "TABLE", "data": "zone\trides\nA<\t1\n"},
                    {"type": "TEXT", "data": "done\n"},
                ],
            },
        },
        {
            "text": "%sql select * from trips",
            "results": {"code": "ERROR", "msg": [{"type": "TEXT", "data": "Oops: no\n at x"}]},
        },
        {"text": "val x = 1", "result": {"code": "SUCCESS", "type": "HTML", "msg": "<b>1</b>"}},
        {"text": "%sh\nls", "results": {"code": "SUCCESS", "msg": []}},
        {"config": {}},
    ],
}


@pytest.mark.parametrize(
    "comment", ["", "/*\n * Licensed {under} some terms\n */\n", "// a licence\n\n", "<!-- x -->\n"]
)
def test_zeppelin_notes_with_and_without_a_licence(comment: str) -> None:
    parsed = read("a.zpln", comment + json.dumps(NOTE))
    assert parsed.document is not None
    cells = parsed.document.cells
    assert [(cell.kind, cell.language) for cell in cells] == [
        ("markdown", "markdown"),
        ("code", "python"),
        ("code", "sql"),
        ("code", "scala"),
        ("code", "shell"),
        ("code", "scala"),
    ]
    table, text = cells[1].outputs
    assert (table.kind, table.text) == ("table", "zone\trides\nA<\t1\n")
    assert "<td>A&lt;</td><td>1</td>" in table.data
    assert (text.kind, text.text) == ("text", "done\n")
    assert (cells[2].outputs[0].kind, cells[2].outputs[0].name) == ("error", "Oops")
    assert cells[3].outputs[0].data == "<b>1</b>"
    assert (parsed.summary.title, cells[1].title) == ("Rides per zone", "Load")
    assert parsed.summary.reads == ("trips",)


def test_a_broken_note_keeps_the_paragraphs_that_are_whole() -> None:
    text = json.dumps(NOTE, indent=1)
    parsed = parse("note.json", text[: text.index("%sql")].encode())
    assert "notebook_truncated" in {fault.code for fault in parsed.faults}
    assert [language for _, language, _ in brief(parsed)] == ["markdown", "python"]


@pytest.mark.parametrize(
    "paragraphs",
    [
        None,
        7,
        [None],
        [{"text": 5}],
        [{"text": "x", "results": {"msg": [None, {"type": "IMG", "data": "#"}]}}],
    ],
)
def test_malformed_notes_give_faults(paragraphs: object) -> None:
    parsed = parse("a.zpln", json.dumps({"paragraphs": paragraphs}).encode())
    assert parsed.faults
    assert "notebook_parser_failed" not in {fault.code for fault in parsed.faults}
