"""First crawl and unchanged crawl of public repositories: seconds, memory, what was found, rows written."""

import json
import shutil
import sqlite3
from typing import Any

from tests.bench.corpora import HANDBOOK, NOT_MEASURED, WAREHOUSE, corpus, home, index

TABLES = ("catalogue_entity", "catalogue_alias", "catalogue_facet", "catalogue_edge", "catalogue_change")


def main() -> None:
    print(json.dumps({name: measured(name) for name in (HANDBOOK, WAREHOUSE)}))


def measured(name: str) -> dict[str, Any]:
    if corpus(name) is None:
        return dict(NOT_MEASURED)
    shutil.rmtree(home(name), ignore_errors=True)
    first = index(name)
    before = rows(name)
    again = index(name)
    faults: dict[str, int] = {}
    for fault in first.pop("faults"):
        faults[fault["code"]] = faults.get(fault["code"], 0) + 1
    written = {table: rows(name)[table] - before[table] for table in TABLES}
    return {
        "measured": True,
        "first": {**first, "faults": faults},
        "unchanged": {"seconds": again["seconds"], "rows_written": sum(written.values())},
    }


def rows(name: str) -> dict[str, int]:
    with sqlite3.connect(home(name) / "boxwood.sqlite3") as database:
        return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


if __name__ == "__main__":
    main()
