"""Notebooks for tests, built in place: a good one with every kind of output, and the ways to break it."""

import base64
import copy
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image

Node = dict[str, Any]
GONE = object()
"""A value that `changed` takes for the absence of the key."""


def png(width: int = 12, height: int = 8, colour: tuple[int, int, int] = (31, 119, 180)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def code(source: str, *outputs: Node, count: int | None = None, **more: Any) -> Node:
    cell: Node = {"cell_type": "code", "execution_count": count, "metadata": {}, "outputs": list(outputs)}
    return cell | {"source": source} | more


def markdown(source: str, **more: Any) -> Node:
    return {"cell_type": "markdown", "metadata": {}, "source": source} | more


def shown(data: Node) -> Node:
    return {"output_type": "display_data", "data": data, "metadata": {}}


def stream(text: str, name: str = "stdout") -> Node:
    return {"output_type": "stream", "name": name, "text": text}


def notebook(*cells: Node, minor: int = 5, **more: Any) -> Node:
    if minor >= 5:
        cells = tuple({"id": f"cell-{at}"} | cell for at, cell in enumerate(cells))
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return {
        "cells": list(cells),
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": minor,
    } | more


def dumped(node: Node) -> bytes:
    return json.dumps(node, indent=1).encode()


def rides() -> Node:
    """A study as a person leaves it: run from top to bottom, with every kind of output."""
    return notebook(
        markdown("# Rides per station\n\nHow many *rides* a station sees.\n\n## Load"),
        code("import pandas as pd\nfrom sklearn.linear_model import Ridge as R", count=1),
        code(
            'trips = pd.read_parquet("raw/trips.parquet")\ntrips.head()',
            stream("loading 10%\rloading 100%\n"),
            stream("done\n"),
            shown({"text/html": "<div><table><tr><td>1</td></tr></table></div>", "text/plain": "   a\n0  1"}),
            count=2,
        ),
        code(
            "R().fit(trips).plot()",
            shown({"image/png": base64.b64encode(png()).decode() + "\n", "text/plain": "<Figure>"}),
            shown({"application/vnd.plotly.v1+json": {"data": [], "layout": {}}, "text/html": "<div></div>"}),
            shown({"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "Slider()"}),
            shown({"text/html": "<b>bold</b>", "text/plain": "bold"}),
            count=3,
        ),
        code(
            "1 / 0",
            {
                "output_type": "error",
                "ename": "ZeroDivisionError",
                "evalue": "division by zero",
                "traceback": ["\x1b[0;31m---\x1b[0m", "ZeroDivisionError: division by zero"],
            },
            count=4,
        ),
        {"cell_type": "raw", "metadata": {"tags": ["draft"]}, "source": "not run"},
    )


def changed(*steps: str | int, to: Any) -> Node:
    """The good notebook with one place in it changed, or removed for `GONE`."""
    root = copy.deepcopy(rides())
    node: Any = root
    for step in steps[:-1]:
        node = node[step]
    if to is GONE:
        del node[steps[-1]]
    else:
        node[steps[-1]] = to
    return root


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A malformed notebook: the fault that must be named, and how many cells must survive."""

    name: str
    data: bytes
    code: str
    cells: int | None = 6


WRONG_VALUES: tuple[Any, ...] = (None, 7, "text", [1, None, {}], {"a": []}, True)


def malformed() -> Iterator[Broken]:
    yield from _broken_bytes()
    yield from _broken_json()
    yield from _broken_shape()
    yield from _broken_cells()
    yield from _broken_outputs()


def _broken_bytes() -> Iterator[Broken]:
    good = dumped(rides())
    yield Broken(name="empty", data=b"", code="notebook_empty", cells=None)
    yield Broken(name="blank", data=b"\n \n", code="notebook_empty", cells=None)
    yield Broken(name="zero bytes", data=bytes(4096), code="notebook_empty", cells=None)
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    yield Broken(name="LFS pointer", data=pointer, code="notebook_is_lfs_pointer", cells=None)
    page = b"<!DOCTYPE html>\n<html><body><form action='/login'></form></body></html>"
    yield Broken(name="login page", data=page, code="notebook_is_html", cells=None)
    yield Broken(name="gzip", data=b"\x1f\x8b\x08\0rest", code="notebook_not_json", cells=None)
    yield Broken(name="zip", data=b"PK\x03\x04rest", code="notebook_not_json", cells=None)
    yield Broken(name="prose", data=b"this is a text\n", code="notebook_not_json", cells=None)
    latin = good.replace(b"How many", "Wie häufig".encode("latin-1"))
    yield Broken(name="Latin-1", data=latin, code="notebook_not_utf8")


def _broken_json() -> Iterator[Broken]:
    good = dumped(rides())
    text = good.decode()
    in_fourth = text.index("R().fit")
    yield Broken(name="cut in a cell", data=good[:in_fourth], code="notebook_truncated", cells=3)
    yield Broken(name="cut in the metadata", data=good[:-120], code="notebook_truncated")
    yield Broken(name="cut before any cell", data=good[:20], code="notebook_truncated", cells=None)
    comma = text.replace('"outputs": [],', '"outputs": []', 1)
    yield Broken(name="comma missing", data=comma.encode(), code="notebook_not_json", cells=5)
    trailing = text.replace("\n ],\n", ",\n ],\n", 1)
    yield Broken(name="comma too many", data=trailing.encode(), code="notebook_not_json")
    quotes = text.replace('"', "'")
    yield Broken(name="single quotes", data=quotes.encode(), code="notebook_not_json", cells=None)
    raw = text.replace("\\n\\nHow", "\n\nHow")
    yield Broken(name="raw line breaks", data=raw.encode(), code="notebook_not_json")
    yield Broken(name="text before", data=b"# a remark\n" + good, code="notebook_text_around")
    yield Broken(name="text after", data=good + b"\nEOF\n", code="notebook_text_around")
    yield Broken(name="two notebooks", data=good + good, code="notebook_text_around")
    lone = text.replace("How many", "How \\ud83d many")
    yield Broken(name="lone surrogate", data=lone.encode(), code="notebook_lone_surrogate")
    digits = text.replace('"execution_count": 1,', f'"execution_count": {"9" * 5000},')
    yield Broken(name="huge number", data=digits.encode(), code="notebook_not_json", cells=5)
    yield Broken(name="nested lists", data=b"[" * 200_000, code="notebook_nested_too_deep", cells=None)
    bomb = text.replace('"outputs": [],', '"outputs": ' + "[" * 5000 + "]" * 5000 + ",", 1)
    yield Broken(name="nested outputs", data=bomb.encode(), code="notebook_nested_too_deep", cells=5)
    yield Broken(
        name="merge of a line", data=conflict(text, "1 / 0", "1 / 2"), code="notebook_merge_conflict"
    )
    base = conflict(text, "1 / 0", "1 / 2", base=True)
    yield Broken(name="merge with a base", data=base, code="notebook_merge_conflict")
    open_end = base[: base.index(b">>>>>>>")]
    yield Broken(name="merge never closed", data=open_end, code="notebook_merge_conflict", cells=4)


def conflict(text: str, ours: str, theirs: str, *, base: bool = False) -> bytes:
    """The text with the line that holds `ours` left in a merge with another version of it."""
    lines = text.split("\n")
    at = next(at for at, line in enumerate(lines) if ours in line)
    other = lines[at].replace(ours, theirs)
    middle = ["||||||| parent", other] if base else []
    lines[at : at + 1] = ["<<<<<<< HEAD", lines[at], *middle, "=======", other, ">>>>>>> feature"]
    return "\n".join(lines).encode()


def _broken_shape() -> Iterator[Broken]:
    for value in (b"null", b"7", b'"text"', b"[]", b"{}", b"true"):
        yield Broken(name=f"only {value.decode()}", data=value, code="notebook_wrong_shape", cells=None)
    yield _changed("no nbformat", "nbformat", to=GONE, code="notebook_version_missing")
    yield _changed("nbformat is text", "nbformat", to="4", code="notebook_version_missing")
    yield _changed("nbformat 9", "nbformat", to=9, code="notebook_version_unknown")
    yield _changed("no metadata", "metadata", to=GONE, code="notebook_wrong_shape")
    yield _changed("no cells", "cells", to=GONE, code="notebook_wrong_shape", cells=None)
    for value in WRONG_VALUES:
        if not isinstance(value, dict):
            yield _changed(f"metadata is {value!r}", "metadata", to=value, code="notebook_wrong_shape")
        if not isinstance(value, list):
            name = f"cells are {value!r}"
            yield _changed(name, "cells", to=value, code="notebook_wrong_shape", cells=None)


def _broken_cells() -> Iterator[Broken]:
    yield _changed("null cell", "cells", 1, to=None, code="notebook_cell_invalid", cells=5)
    yield _changed("null id", "cells", 1, "id", to=None, code="notebook_cell_id_invalid")
    yield _changed("no id", "cells", 1, "id", to=GONE, code="notebook_cell_id_invalid")
    yield _changed("id twice", "cells", 1, "id", to="cell-0", code="notebook_cell_id_invalid")
    yield _changed("id with blanks", "cells", 1, "id", to="a b", code="notebook_cell_id_invalid")
    yield _changed("id is a number", "cells", 1, "id", to=3, code="notebook_cell_id_invalid")
    for key in ("cell_type", "source", "metadata"):
        yield _changed(f"no {key}", "cells", 1, key, to=GONE, code="notebook_cell_invalid")
        for value in (None, 7, [1, None], {"a": 1}):
            if key != "metadata" or not isinstance(value, dict):
                name = f"{key} is {value!r}"
                yield _changed(name, "cells", 1, key, to=value, code="notebook_cell_invalid")
    for count in ("one", -1, 2.5, [1]):
        name = f"execution count is {count!r}"
        yield _changed(name, "cells", 1, "execution_count", to=count, code="notebook_cell_invalid")
    attached = {"a.png": {"image/png": "no picture"}}
    yield _changed("attachment", "cells", 0, "attachments", to=attached, code="notebook_cell_invalid")


def _broken_outputs() -> Iterator[Broken]:
    yield _changed("no outputs", "cells", 2, "outputs", to=GONE, code="notebook_output_invalid")
    for value in (None, 7, "text", {"a": 1}):
        name = f"outputs are {value!r}"
        yield _changed(name, "cells", 2, "outputs", to=value, code="notebook_output_invalid")
    yield _output("output is null", to=None)
    yield _output("output of no type", to={})
    yield _output("output of unknown type", to={"output_type": "hologram"})
    yield _output("stream without text", to={"output_type": "stream", "name": "stdout"})
    yield _output("stream of numbers", to={"output_type": "stream", "name": "stdout", "text": [1, 2]})
    yield _output("data is null", to={"output_type": "display_data", "data": None})
    yield _output("picture is a number", to=shown({"image/png": 7}))
    picture = shown({"image/png": "iVBORw0KGgo#", "text/plain": "<Figure>"})
    yield _output("picture is no base64", to=picture, code="notebook_picture_invalid")
    yield _output("picture is empty", to=shown({"image/png": ""}), code="notebook_picture_invalid")


def _changed(name: str, *steps: str | int, to: Any, code: str, cells: int | None = 6) -> Broken:
    return Broken(name=name, data=dumped(changed(*steps, to=to)), code=code, cells=cells)


def _output(name: str, *, to: Any, code: str = "notebook_output_invalid") -> Broken:
    return _changed(name, "cells", 2, "outputs", 0, to=to, code=code)
