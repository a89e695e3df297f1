"""Notebooks of a whole history read and indexed, beside `nbformat.reads` and `validate` of the same bytes.

Every distinct `.ipynb` blob is given to both in turn. Ours is all that a crawl does with a notebook:
document, headings, imports and calls by language, data that is read and written, outputs taken apart.
"""

import json
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat

from indexers.parsers.notebook import parse
from indexers.sources.git.history import History, ancestry
from indexers.sources.git.objects import Objects
from indexers.sources.git.tree import list_tree
from indexers.sources.git.wrapper import Git
from tests.bench.corpora import HANDBOOK, NOT_MEASURED, corpus

BLOB_BYTES = 64 * 2**20


def main() -> None:
    folder = corpus(HANDBOOK)
    print(json.dumps(measured(folder) if folder else NOT_MEASURED))


def measured(folder: Path) -> dict[str, Any]:
    blobs = notebooks(folder)
    for data in blobs[:3]:  # the first of each loads grammars, and schemas
        parse("warm.ipynb", data)
        accepted(data)
    ours = theirs = 0.0
    faults: dict[str, int] = {}
    refused = 0
    for data in blobs:
        started = time.perf_counter()
        parsed = parse("notebook.ipynb", data)
        ours += time.perf_counter() - started
        for fault in parsed.faults:
            faults[fault.code] = faults.get(fault.code, 0) + 1
        started = time.perf_counter()
        refused += not accepted(data)
        theirs += time.perf_counter() - started
    size = sum(map(len, blobs)) / 2**20
    return {
        "measured": True,
        "notebooks": len(blobs),
        "mb": round(size, 1),
        "notebooks_per_second": round(len(blobs) / ours, 1),
        "mb_per_second": round(size / ours, 1),
        "nbformat_notebooks_per_second": round(len(blobs) / theirs, 1),
        "ratio": round(theirs / ours, 2),
        "faults": faults,
        "refused_by_nbformat": refused,
    }


def notebooks(folder: Path) -> list[bytes]:
    """All different notebooks that the history of the head holds."""
    ours = Git(directory=folder)
    shape = ancestry(ours, "HEAD")
    paths = [entry.path for entry in list_tree(ours, "HEAD") if entry.path.endswith(b".ipynb")]
    with tempfile.TemporaryDirectory() as scratch, History(ours, Path(scratch)) as history:
        history.walk(paths, old="", new="HEAD", levels=shape.levels, place="bench")
        wanted = {version.object_id for _, made in history.versions() for version in made}
    with Objects(ours, limit=BLOB_BYTES) as objects:
        return [found.data for found in objects.read(sorted(wanted)) if found.data]


def accepted(data: bytes) -> bool:
    """What nbformat makes of it: read, brought to version 4, checked."""
    try:
        nbformat.validate(nbformat.reads(data.decode(), as_version=4))  # type: ignore[no-untyped-call]  # has no types
    except Exception:  # noqa: BLE001  # nbformat raises errors of the parser, the schema, and of its own
        return False
    return True


if __name__ == "__main__":
    main()
