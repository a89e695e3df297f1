import base64
import hashlib
from typing import Any

import pytest

from indexers.parsers.notebook import ParsedNotebook, is_notebook, parse
from indexers.parsers.notebook.document import Cell, Output, from_json, to_json
from indexers.parsers.notebook.outputs import DATA_LIMIT, TEXT_LIMIT
from tests.indexers.parsers.notebooks import code, dumped, markdown, notebook, png, rides, shown, stream


def cells(parsed: ParsedNotebook) -> tuple[Cell, ...]:
    assert parsed.document is not None
    return parsed.document.cells


def output(*outputs: dict[str, Any]) -> Output:
    """The one output that these become."""
    ((found,),) = [cell.outputs for cell in cells(parse("a.ipynb", dumped(notebook(code("x", *outputs)))))]
    return found


def test_a_notebook_is_summed_up() -> None:
    data = dumped(rides())
    summary = parse("rides.ipynb", data).summary
    assert summary.format == "ipynb"
    assert summary.title == "Rides per station"
    assert summary.headings == ("Rides per station", "Load")
    assert (summary.language, summary.kernel) == ("python", "python3")
    assert (summary.cells, summary.code_cells) == (6, 4)
    assert dict(summary.outputs) == {
        "text": 1,
        "table": 1,
        "picture": 1,
        "plot": 1,
        "html": 1,
        "widget": 1,
        "error": 1,
    }
    assert summary.order == "top-to-bottom"
    assert summary.imports == ("pandas", "sklearn.linear_model")
    assert summary.reads == ("raw/trips.parquet",)
    assert summary.bytes == len(data)


def test_the_summary_names_the_stored_document() -> None:
    parsed = parse("rides.ipynb", dumped(rides()))
    stored = {blob.digest: blob.data for blob in parsed.blobs}[parsed.summary.content]
    assert parsed.document is not None
    assert from_json(stored) == parsed.document
    assert to_json(from_json(stored)) == stored
    assert parse("rides.ipynb", dumped(rides())).summary.content == parsed.summary.content


def test_a_picture_is_a_blob_with_its_size_and_its_text_beside_it() -> None:
    data = png(12, 8)
    parsed = parse(
        "a.ipynb",
        dumped(
            notebook(
                code("x", shown({"image/png": base64.b64encode(data).decode(), "text/plain": "<Figure>"})),
                code("y", shown({"image/png": base64.encodebytes(data).decode().splitlines(keepends=True)})),
            )
        ),
    )
    first, second = (cell.outputs[0] for cell in cells(parsed))
    assert (first.kind, first.media_type, first.text) == ("picture", "image/png", "<Figure>")
    assert (first.width, first.height) == (12, 8)
    assert first.digest == second.digest == hashlib.sha256(data).hexdigest()
    assert [blob.data for blob in parsed.blobs if blob.media_type == "image/png"] == [data]


def test_drawn_pictures_are_kept_as_text_and_sized_by_their_attributes() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="640px" height="480.5"></svg>'
    found = output(shown({"image/svg+xml": svg, "text/html": "<p>x</p>"}))
    assert (found.kind, found.width, found.height) == ("picture", 640, 480)


def test_the_best_representation_is_shown() -> None:
    picture = base64.b64encode(png()).decode()
    plotly, table = "application/vnd.plotly.v1+json", "<table><tr><td>1</td></tr></table>"
    assert output(shown({"text/plain": "t", "text/html": table, "image/png": picture})).kind == "picture"
    both = output(shown({plotly: {"data": [1]}, "image/png": picture, "text/html": "<div></div>"}))
    assert (both.kind, both.data, both.data_type) == ("picture", '{"data":[1]}', plotly)
    alone = output(shown({plotly: {"data": [1]}, "text/html": "<div></div>", "text/plain": "Figure"}))
    assert (alone.kind, alone.media_type, alone.text) == ("plot", plotly, "Figure")
    vega = output(shown({"application/vnd.vegalite.v5+json": {"mark": "bar"}}))
    assert vega.kind == "plot"
    found = output(shown({"text/plain": "t", "text/html": ["<TABLE", ">1</TABLE>"]}))
    assert (found.kind, found.data, found.text) == ("table", "<TABLE>1</TABLE>", "t")
    assert output(shown({"text/html": "<tablet>", "text/plain": "t"})).kind == "html"
    assert output(shown({"text/latex": "$x$", "text/plain": "x"})).media_type == "text/latex"
    assert output(shown({"application/json": {"a": 1}})).text == '{"a":1}'


def test_streams_are_joined_and_progress_bars_keep_their_last_state() -> None:
    (cell,) = cells(
        parse(
            "a.ipynb",
            dumped(
                notebook(
                    code(
                        "x",
                        stream("one\n10%\r"),
                        stream("\x1b[32m100%\x1b[0m\r\n"),
                        stream("careful\n", "stderr"),
                        stream("two\n"),
                    )
                )
            ),
        )
    )
    assert [(one.name, one.text) for one in cell.outputs] == [
        ("stdout", "one\n100%\n"),
        ("stderr", "careful\n"),
        ("stdout", "two\n"),
    ]


def test_an_error_keeps_its_name_value_and_coloured_traceback() -> None:
    error = cells(parse("a.ipynb", dumped(rides())))[4].outputs[0]
    assert (error.name, error.value) == ("ZeroDivisionError", "division by zero")
    assert error.text == "ZeroDivisionError: division by zero"
    assert error.traceback.startswith("\x1b[0;31m---\x1b[0m\n")


def test_long_text_is_cut_and_says_so_and_long_markup_becomes_a_blob() -> None:
    found = output(stream("x" * (TEXT_LIMIT + 1)))
    assert (len(found.text), found.truncated) == (TEXT_LIMIT, True)
    markup = "<table>" + "x" * DATA_LIMIT
    parsed = parse("a.ipynb", dumped(notebook(code("x", shown({"text/html": markup})))))
    (large,) = cells(parsed)[0].outputs
    assert (large.kind, large.data) == ("table", "")
    assert {blob.digest: blob.data for blob in parsed.blobs}[large.data_digest] == markup.encode()


def test_ids_are_the_notebooks_own_else_made_of_the_content() -> None:
    own = cells(parse("a.ipynb", dumped(notebook(markdown("a", id="intro"), markdown("b", id="x_2-y")))))
    assert [cell.id for cell in own] == ["intro", "x_2-y"]
    one = cells(parse("a.ipynb", dumped(notebook(markdown("a"), code("b"), code("b\n"), minor=4))))
    two = cells(parse("a.ipynb", dumped(notebook(code("new"), code("b"), markdown("a"), minor=4))))
    assert one[0].id == two[2].id
    assert one[1].id == two[1].id
    assert one[2].id == f"{one[1].id}-2"


def test_a_cell_of_another_language_says_so() -> None:
    sources = {
        "x = 1": "python",
        "%%bash\nls": "shell",
        "%%script bash\nls": "shell",
        "%%R -i df\nsummary(df)": "r",
        "%%sql\nselect 1": "sql",
        "%sql select 1": "sql",
        "%sql\nselect 1": "sql",
        "%matplotlib inline\nx": "python",
        "%%time\nx": "python",
        "%%javascript\nx": "javascript",
        "%%writefile a.txt\nx": "text",
        "a % sql": "python",
    }
    found = cells(parse("a.ipynb", dumped(notebook(*map(code, sources)))))
    assert [cell.language for cell in found] == list(sources.values())


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({"kernelspec": {"name": "ir"}, "language_info": {"name": "R"}}, "r"),
        ({"kernelspec": {"name": "ir"}}, "r"),
        ({"kernelspec": {"name": "julia-1.10", "language": "julia"}}, "julia"),
        ({"language_info": {"name": "scala"}}, "scala"),
        ({"kernelspec": {"name": "venv"}}, "python"),
        ({}, "python"),
        ({"application/vnd.databricks.v1+notebook": {"language": "sql"}}, "sql"),
    ],
)
def test_the_language_is_the_kernels(metadata: dict[str, Any], language: str) -> None:
    assert parse("a.ipynb", dumped(notebook(code("x"), metadata=metadata))).summary.language == language


@pytest.mark.parametrize(
    ("counts", "order"),
    [
        ([], "not-run"),
        ([None, None], "not-run"),
        ([1, None, 5], "top-to-bottom"),
        ([2, 1], "out-of-order"),
        ([3, 3], "out-of-order"),
    ],
)
def test_the_order_of_the_run_is_read_off_the_counts(counts: list[int | None], order: str) -> None:
    data = dumped(notebook(*(code(str(at), count=count) for at, count in enumerate(counts))))
    assert parse("a.ipynb", data).summary.order == order


def test_format_3_is_read_with_its_headings_prompts_and_short_names_of_media() -> None:
    raw = {
        "metadata": {"name": "old"},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 2, "source": ["Old", " title"], "metadata": {}},
                    {
                        "cell_type": "code",
                        "collapsed": False,
                        "input": ["import numpy"],
                        "language": "python",
                        "prompt_number": 7,
                        "outputs": [
                            {"output_type": "pyout", "prompt_number": 7, "text": ["4"], "html": "<b>4</b>"},
                            {"output_type": "display_data", "png": base64.b64encode(png()).decode()},
                            {"output_type": "stream", "stream": "stderr", "text": "warn"},
                            {"output_type": "pyerr", "ename": "E", "evalue": "v", "traceback": ["t"]},
                        ],
                    },
                ]
            }
        ],
    }
    parsed = parse("old.ipynb", dumped(raw))
    assert parsed.faults == ()
    heading, cell = cells(parsed)
    assert (heading.kind, heading.source) == ("markdown", "## Old title")
    assert (cell.source, cell.execution_count) == ("import numpy", 7)
    assert [one.kind for one in cell.outputs] == ["html", "picture", "text", "error"]
    assert cell.outputs[2].name == "stderr"
    assert parsed.document is not None
    assert parsed.document.format_version == "3.0"


def test_attached_pictures_are_blobs_by_their_name() -> None:
    attachments = {"map.png": {"image/png": base64.b64encode(png()).decode()}}
    parsed = parse("a.ipynb", dumped(notebook(markdown("![](attachment:map.png)", attachments=attachments))))
    (attached,) = cells(parsed)[0].attachments
    assert (attached.name, attached.media_type) == ("map.png", "image/png")
    assert attached.digest in {blob.digest for blob in parsed.blobs}


def test_headings_are_plain_text_and_those_in_code_are_none() -> None:
    source = (
        "# A *bold* `move` with a [link](http://x) ##\n\n```python\n# no heading\n```\n\n"
        "Setext\n===\n\n<h2 id='x'>Written <b>in</b> HTML</h2>\n\n| a |\n|---|\n\n#no\n### Third {#id}"
    )
    summary = parse("a.ipynb", dumped(notebook(markdown(source)))).summary
    assert summary.headings == ("A bold move with a link", "Setext", "Written in HTML", "Third")


@pytest.mark.parametrize(
    ("path", "head", "expected"),
    [
        ("a.ipynb", b"", True),
        ("A.IPYNB", b"{}", True),
        ("a.zpln", b"{}", True),
        ("n/note.json", b'{"paragraphs": []}', True),
        ("n/note.json", b'{"title": "a note"}', False),
        ("a.json", b'{"cells": []}', False),
        ("a.Rmd", b"", True),
        ("a.qmd", b"", True),
        ("README.md", b"# Hello\n```python\nx\n```\n", False),
        ("a.md", b"---\ntitle: x\n---\n# Hello", False),
        ("a.md", b"---\nkernelspec:\n  name: python3\n---\n", True),
        ("a.md", b"---\njupyter:\n  kernelspec:\n    name: ir\n---\n", True),
        ("a.py", b"import os\n", False),
        ("a.py", b"# %% only one\nimport os\n", False),
        ("a.py", b"# %%\nimport os\n# %%\nx\n", True),
        ("a.py", b"#%%\r\nimport os\r\n#%%\r\nx\r\n", True),
        ("a.py", b"print('# %%')\n# %%timeit\n", False),
        ("a.py", b"# ---\n# jupyter:\n#   kernelspec:\n#     name: x\n# ---\n", True),
        ("a.py", b"# ---\n# author: me\n# ---\n", False),
        ("a.py", b"# Databricks notebook source\nx", True),
        ("a.scala", b"// Databricks notebook source\n", True),
        ("a.sql", b"-- Databricks notebook source\n", True),
        ("a.r", b"# Databricks notebook source\n", True),
        ("a.sql", b"select 1 -- Databricks notebook source\n", False),
        ("a.txt", b"# %%\n# %%\n", False),
        ("Makefile", b"# %%\n# %%\n", False),
    ],
)
def test_what_is_a_notebook(path: str, head: bytes, expected: bool) -> None:
    assert is_notebook(path, head) is expected
