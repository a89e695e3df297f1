import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexers.parsers.notebook import ParsedNotebook, is_notebook, parse
from indexers.parsers.notebook.cells import MAX_CELLS
from indexers.parsers.notebook.document import DocumentInvalid, from_json, to_json
from indexers.parsers.notebook.outputs import MAX_OUTPUTS
from tests.indexers.parsers.notebooks import Broken, conflict, dumped, malformed, rides

CASES = list(malformed())


def codes(parsed: ParsedNotebook) -> set[str]:
    return {fault.code for fault in parsed.faults}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_malformed_notebook_names_its_fault_and_keeps_the_cells_that_are_whole(case: Broken) -> None:
    parsed = parse("studies/rides.ipynb", case.data)
    assert case.code in codes(parsed)
    assert "notebook_parser_failed" not in codes(parsed)
    assert (None if parsed.document is None else len(parsed.document.cells)) == case.cells
    for fault in parsed.faults:
        assert fault.place.startswith("studies/rides.ipynb")
        assert fault.message.endswith(".")


def test_the_corpus_is_large_and_its_good_notebook_is_good() -> None:
    assert len(CASES) >= 40
    assert parse("rides.ipynb", dumped(rides())).faults == ()


def test_the_place_of_a_broken_line_is_its_line_column_and_cell() -> None:
    text = dumped(rides()).decode().replace('"outputs": [],', '"outputs": []', 1)
    line = text[: text.index('"outputs": []')].count("\n") + 2
    places = [fault.place for fault in parse("a.ipynb", text.encode()).faults]
    assert places == [f"a.ipynb line {line} column 4", f"a.ipynb line {line} column 4 cell 2"]


def test_a_bad_cell_is_named_by_its_number_from_one() -> None:
    notebook = rides()
    notebook["cells"][3]["id"] = None
    (fault,) = parse("a.ipynb", dumped(notebook)).faults
    assert fault.place == "a.ipynb cell 4"


def test_an_open_merge_shows_the_first_side_and_says_at_which_line_it_starts() -> None:
    text = dumped(rides()).decode()
    line = text[: text.index("1 / 0")].count("\n") + 1
    parsed = parse("a.ipynb", conflict(text, "1 / 0", "1 / 2"))
    assert parsed.document is not None
    assert parsed.document.cells[4].source == "1 / 0"
    assert [fault.place for fault in parsed.faults] == [f"a.ipynb line {line}"]


def test_a_merge_in_a_text_notebook_shows_the_first_side_too() -> None:
    text = "# %%\na = 1\n# %%\n<<<<<<< HEAD\nb = 1\n=======\nb = 2\n>>>>>>> other\n"
    parsed = parse("a.py", text.encode())
    assert parsed.document is not None
    assert parsed.document.cells[1].source.strip() == "b = 1"
    assert codes(parsed) == {"notebook_merge_conflict"}


def test_a_truncated_notebook_of_format_3_keeps_its_cells() -> None:
    text = (
        b'{"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": ['
        b'{"cell_type": "code", "input": ["x = 1"], "language": "python", "outputs": []}, {"cell_type": "co'
    )
    parsed = parse("old.ipynb", text)
    assert parsed.document is not None
    assert parsed.document.format_version == "3.0"
    assert [cell.source for cell in parsed.document.cells] == ["x = 1"]


def test_a_thousand_bad_cells_give_a_handful_of_faults() -> None:
    notebook = rides()
    notebook["cells"] = [None] * 1000
    faults = parse("a.ipynb", dumped(notebook)).faults
    assert len(faults) == 21
    assert faults[-1].message.startswith("980 more")


def test_a_notebook_above_the_limit_is_named_and_not_read() -> None:
    parsed = parse("a.ipynb", dumped(rides()), max_bytes=100)
    assert codes(parsed) == {"notebook_too_large"}
    assert parsed.document is None
    assert parsed.summary.bytes > 100


def test_more_json_values_than_memory_should_hold_are_not_read() -> None:
    parsed = parse("a.ipynb", b'{"cells": [' + b"{}," * 4_000_000 + b"{}]}")
    assert codes(parsed) == {"notebook_too_many_values"}


def test_numbers_that_only_python_writes_are_read_as_jupyter_reads_them() -> None:
    text = dumped(rides()).replace(b'"layout": {}', b'"layout": NaN')
    parsed = parse("a.ipynb", text)
    assert parsed.faults == ()
    assert parsed.document is not None
    assert parsed.document.cells[3].outputs[1].data == '{"data":[],"layout":null}'


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_no_fault(encoding: str) -> None:
    parsed = parse("a.ipynb", dumped(rides()).decode().encode(encoding))
    assert parsed.faults == ()
    assert parsed.summary.cells == 6


PATHS = [
    "a.ipynb",
    "a.zpln",
    "note.json",
    "a.Rmd",
    "a.qmd",
    "a.md",
    "a.py",
    "a.r",
    "a.sql",
    "a.scala",
    "a.jl",
]
HEADS = [
    b"",
    b"# Databricks notebook source\n",
    b"-- Databricks notebook source\n",
    b"# %%\n# %%\n",
    b"---\nkernelspec:\n  name: python3\n---\n",
    b"---\njupyter: [\n---\n",
    b"# ---\n# jupyter:\n#   jupytext:\n#     text_representation:\n#       format_name: light\n# ---\n",
    b"# ---\n# jupyter: 5\n# ---\n",
    b'{"paragraphs": [',
    b'{"cells": [',
]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=200)
@given(st.sampled_from(PATHS), st.sampled_from(HEADS), st.binary(max_size=300))
def test_no_bytes_make_the_parser_raise(path: str, head: bytes, rest: bytes) -> None:
    parsed = parse(path, head + rest)
    assert "notebook_parser_failed" not in codes(parsed)
    assert is_notebook(path, head + rest) != ("notebook_format_unknown" in codes(parsed))
    assert_whole(parsed)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=200)
@given(st.data())
def test_no_wrong_value_anywhere_makes_the_parser_raise(data: st.DataObject) -> None:
    notebook = rides()
    node: object = notebook
    while True:
        keys = (
            list(node) if isinstance(node, dict) else list(range(len(node))) if isinstance(node, list) else []
        )
        key = data.draw(st.sampled_from(keys))
        inner = node[key]  # type: ignore[index]  # a dict or a list, or there would be no keys
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            node[key] = data.draw(json_values)  # type: ignore[index]
            break
        node = inner
    parsed = parse("a.ipynb", dumped(notebook))
    assert "notebook_parser_failed" not in codes(parsed)
    assert_whole(parsed)


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 3000), st.integers(0, 40), st.binary(max_size=12))
def test_no_damage_to_the_bytes_makes_the_parser_raise(at: int, length: int, patch: bytes) -> None:
    good = dumped(rides())
    parsed = parse("a.ipynb", good[:at] + patch + good[at + length :])
    assert "notebook_parser_failed" not in codes(parsed)
    assert_whole(parsed)


def assert_whole(parsed: ParsedNotebook) -> None:
    """The document survives its JSON, its digests name blobs, its cells have ids of their own."""
    if parsed.document is None:
        assert parsed.faults
        assert parsed.summary.content == ""
        return
    blobs = {blob.digest: blob for blob in parsed.blobs}
    assert from_json(to_json(parsed.document)) == parsed.document
    assert from_json(blobs[parsed.summary.content].data) == parsed.document
    ids = [cell.id for cell in parsed.document.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,80}", cell_id) for cell_id in ids)
    assert [cell.index for cell in parsed.document.cells] == list(range(len(ids)))
    for cell in parsed.document.cells:
        assert {output.digest for output in cell.outputs} <= blobs.keys() | {""}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"format": 1}',
        b'{"format": "ipynb", "version": 2}',
        b'{"format": "ipynb", "colour": "red"}',
        b'{"format": "ipynb", "cells": [{"id": "a"}]}',
        b'{"format": "ipynb", "cells": [{"id":"a","index":0,"kind":"poem","language":"","source":""}]}',
    ],
)
def test_what_is_no_stored_document_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentInvalid):
        from_json(data)


def test_more_cells_and_outputs_than_a_page_could_hold_are_named_and_left_out() -> None:
    notebook = rides()
    notebook["cells"] = [dict(notebook["cells"][5], id=f"c{at}") for at in range(MAX_CELLS + 1)]
    parsed = parse("a.ipynb", dumped(notebook))
    assert codes(parsed) == {"notebook_too_many_cells"}
    assert parsed.summary.cells == MAX_CELLS
    notebook = rides()
    notebook["cells"][2]["outputs"] *= MAX_OUTPUTS
    parsed = parse("a.ipynb", dumped(notebook))
    assert codes(parsed) == {"notebook_too_many_outputs"}
    assert parsed.document is not None
    assert len(parsed.document.cells[2].outputs) <= MAX_OUTPUTS
