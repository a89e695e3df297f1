"""Crawls of folders: tables, notebooks and code as they lie there."""

import os
from pathlib import Path

import deltalake
import pyarrow
import pyarrow.parquet
import pytest

from indexers.facts import EdgeFact, EntityFact, FacetFact, Fact, Fault, ScopeEnd, Unchanged
from indexers.registry import Crawl, Limits, SourceUnreadable, open_source
from indexers.sources.filesystem import FolderSource
from indexers.vocabulary.facets import Notebook, Schema, Storage
from tests.indexers.repositories import Building, notebook


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A folder to fill."""
    (tmp_path / "lake").mkdir()
    return tmp_path / "lake"


def look(lake: Path, checkpoints: dict[str, object] | None = None) -> list[Fact]:
    crawl = Crawl(
        name="lake",
        scratch=lake.parent / "scratch",
        checkpoints=checkpoints or {},  # type: ignore[arg-type]  # JSON of an earlier crawl
        limits=Limits(item_bytes=100_000),
    )
    return list(FolderSource.at(str(lake)).crawl(crawl))


def parquet(file: Path, **columns: list[object]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(pyarrow.table(columns), file)


def facets(facts: list[Fact], urn: str) -> dict[str, object]:
    return {fact.value.facet: fact.value for fact in facts if isinstance(fact, FacetFact) and fact.urn == urn}


def faults(facts: list[Fact]) -> dict[str, str]:
    return {fact.code: fact.place for fact in facts if isinstance(fact, Fault)}


def test_partitions_are_one_table_with_their_key_as_a_column(lake: Path) -> None:
    parquet(lake / "raw/trips/month=01/part-0.parquet", trip=[1, 2])
    parquet(lake / "raw/trips/month=02/part-0.parquet", trip=[3], dock=["a"])
    found = facets(look(lake), "dataset:lake/raw.trips")
    schema, storage = found["schema"], found["storage"]
    assert isinstance(schema, Schema)
    assert isinstance(storage, Storage)
    assert [(column.name, column.type) for column in schema.columns] == [
        ("month", "string"),
        ("trip", "int64"),
        ("dock", "string"),
    ]
    assert schema.partition_columns == ("month",)
    assert (storage.rows, storage.files, storage.format) == (3, 2, "parquet")


def test_a_delta_table_is_read_at_its_newest_version(lake: Path) -> None:
    table = str(lake / "mart" / "daily")
    deltalake.write_deltalake(table, pyarrow.table({"day": [1]}))
    deltalake.write_deltalake(
        table, pyarrow.table({"day": [2, 3]}), mode="overwrite", description="Rides a day."
    )
    facts = look(lake)
    storage = facets(facts, "dataset:lake/mart.daily")["storage"]
    assert isinstance(storage, Storage)
    assert (storage.rows, storage.files, storage.format) == (2, 1, "delta")
    assert {fact.source_version for fact in facts if isinstance(fact, FacetFact)} == {"1"}


def test_a_text_table_gives_its_header(lake: Path) -> None:
    (lake / "stations.csv").write_text('\ufeffid;name;"a;b"\n1;x;y\n')
    schema = facets(look(lake), "dataset:lake/stations")["schema"]
    assert isinstance(schema, Schema)
    assert [column.name for column in schema.columns] == ["id", "name", "a;b"]


def test_tables_of_one_name_stay_two_tables(lake: Path) -> None:
    parquet(lake / "raw/rides.parquet", ride=[1])
    (lake / "raw/rides.csv").write_text("ride\n1\n")
    stated = {fact.urn for fact in look(lake) if isinstance(fact, EntityFact)}
    assert stated == {"dataset:lake/raw.rides", "dataset:lake/raw.rides.parquet"}


def test_code_and_the_table_that_it_names_meet_by_an_alias(lake: Path) -> None:
    parquet(lake / "raw/trips/part-0.parquet", trip=[1])
    (lake / "work.ipynb").write_text(notebook("import pandas as pd\npd.read_parquet('lake/raw/trips')"))
    facts = look(lake)
    edge = next(fact for fact in facts if isinstance(fact, EdgeFact) and fact.relation == "reads")
    table = next(
        fact for fact in facts if isinstance(fact, EntityFact) and fact.urn == "dataset:lake/raw.trips"
    )
    assert edge.target.removeprefix("dataset:named/") in table.aliases
    assert isinstance(facets(facts, "notebook:lake/work.ipynb")["notebook"], Notebook)


def test_a_broken_file_is_a_fault_and_the_rest_of_its_table_is_read(lake: Path) -> None:
    parquet(lake / "raw/zones/2023.parquet", zone=[1])
    (lake / "raw/zones/2024.parquet").write_bytes(b"PAR1 broken off")
    (lake / "mart/hurt/_delta_log").mkdir(parents=True)
    (lake / "mart/hurt/_delta_log/00000000000000000000.json").write_text("{")
    facts = look(lake)
    assert faults(facts) == {
        "delta_unreadable": "mart/hurt",
        "parquet_unreadable": "raw/zones/2024.parquet",
    }
    assert "schema" in facets(facts, "dataset:lake/raw.zones")


def test_nothing_outside_of_the_folder_is_read(lake: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("password = 'swordfish'\n")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "more.py").write_text("password = 'swordfish'\n")
    (lake / "link.py").symlink_to(tmp_path / "secret.py")
    (lake / "linked").symlink_to(tmp_path / "secrets")
    (lake / "loop").symlink_to(lake)
    os.mkfifo(lake / "pipe.py")
    facts = look(lake)
    assert faults(facts) == {"symlink_not_followed": "link.py"}
    assert not [fact for fact in facts if isinstance(fact, EntityFact)]


def test_odd_files_are_named_faults(lake: Path) -> None:
    (lake / "good.py").write_text("x = 1\n")
    (lake / "big.ipynb").write_bytes(b" " * 200_000)
    Path(os.fsdecode(os.fsencode(lake) + b"/caf\xe9.py")).write_text("x = 1\n")
    Building(lake / "nested.git").commit({"a.py": "x = 1\n"})
    facts = look(lake)
    assert faults(facts) == {
        "blob_too_large": "big.ipynb",
        "path_not_utf8": "caf%E9.py",
        "repository_not_entered": "nested.git",
    }
    assert "code" in facets(facts, "file:lake/good.py")
    assert "code" in facets(facts, "file:lake/caf%E9.py")


def test_a_folder_that_goes_down_without_end_is_left(lake: Path) -> None:
    deep = lake
    for _ in range(110):
        deep = deep / "d"
        deep.mkdir()
    (deep / "a.py").write_text("x = 1\n")
    facts = look(lake)
    assert faults(facts).keys() == {"folder_unreadable"}
    assert [str(fact.outcome) for fact in facts if isinstance(fact, ScopeEnd)] == ["partial"]


def test_an_unchanged_folder_is_said_to_be_unchanged(lake: Path) -> None:
    (lake / "good.py").write_text("x = 1\n")
    end = look(lake)[-1]
    assert isinstance(end, ScopeEnd)
    assert look(lake, {"files": end.checkpoint}) == [Unchanged(scope="files")]
    (lake / "good.py").write_text("x = 22\n")
    assert len(look(lake, {"files": end.checkpoint})) > 1


def test_a_folder_that_vanished_says_so(lake: Path) -> None:
    source = FolderSource.at(str(lake))
    lake.rmdir()
    with pytest.raises(SourceUnreadable):
        list(source.crawl(Crawl(name="lake", scratch=lake.parent / "scratch", checkpoints={})))


def test_a_repository_is_not_taken_for_a_folder(lake: Path) -> None:
    repository = Building(lake / "demo.git")
    repository.commit({"a.py": "x = 1\n"})
    assert open_source(str(repository.folder)).kind == "git"
    assert open_source(str(lake)).kind == "folder"
