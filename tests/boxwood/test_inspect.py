"""`boxwood inspect`: what can be known of a file or table by itself."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from boxwood.cli import boxwood

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def inspect(path: Path, *options: str) -> dict[str, Any]:
    result = CliRunner().invoke(boxwood, ["inspect", str(path), "--json", *options])
    assert result.exit_code == 0, result.output
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def test_a_delta_table_tells_every_schema_that_it_had() -> None:
    report = inspect(FIXTURES / "lake/mart/station_hourly")
    assert (report["kind"], report["format"], report["newest_version"]) == ("table", "delta", 10)
    columns = [{column[0] for column in version["columns"]} for version in report["history"]]
    assert "zone_id" in columns[0]
    assert "zone_id" not in columns[-1]
    assert {column["name"] for column in report["columns"]} == columns[-1]


def test_a_partitioned_folder_is_one_table_with_its_keys() -> None:
    report = inspect(FIXTURES / "lake/raw/trips")
    assert (report["format"], report["rows"], report["partition_columns"]) == ("parquet", 23_988, ["month"])


def test_a_file_that_broke_off_is_a_fault_and_the_others_are_told() -> None:
    report = inspect(FIXTURES / "lake/raw/legacy_zones")
    assert [fault["code"] for fault in report["faults"]] == ["table_unreadable"]
    assert report["rows"] == 24


def test_a_notebook_tells_what_it_reads(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "source": "import pandas as pd\npd.read_csv('trips.csv')", "outputs": []}
    path = tmp_path / "study.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))
    report = inspect(path)
    assert (report["kind"], report["reads"], report["imports"]) == ("notebook", ["trips.csv"], ["pandas"])


def test_commands_of_the_hub_are_listed() -> None:
    result = CliRunner().invoke(boxwood, ["--help"])
    assert {"index", "search", "verify", "facts", "inspect"} <= set(result.output.split())
