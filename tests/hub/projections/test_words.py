from pathlib import PurePosixPath

import pytest

from hub.projections import words
from indexers.vocabulary.facets import Documentation


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("shop/mart/trips/query.sql", ["trips", "mart.trips"]),
        ("shop/mart/trips/README.md", ["trips", "mart.trips"]),
        ("shop/etl/__init__.py", ["etl"]),
        ("shop/README.md", ["shop"]),
        ("shop/setup.py", []),
        ("shop/mart/trips.sql", []),
    ],
)
def test_a_file_named_for_its_role_goes_by_its_folder(place: str, names: list[str]) -> None:
    assert words._folder_names(PurePosixPath(place)) == names


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("lake.mart.trips", ["trips", "mart.trips"]),
        ("trips", ["trips", "trips"]),
        ("data/Trips 2024.csv", ["Trips 2024.csv", "Trips 2024"]),
        ("trips.parquet", ["trips.parquet", "trips"]),
    ],
)
def test_a_dataset_has_shorter_names(name: str, parts: list[str]) -> None:
    assert words._parts(name) == parts


def test_headings_of_markdown_are_found_outside_code() -> None:
    text = "# Scheduling #\n\n```sh\n# no heading\n```\n## DAGs\n#tag\n### \n"
    assert words._headings(Documentation(text=text, markup="markdown")) == ("Scheduling", "DAGs")
    assert words._headings(Documentation(text=text)) == ()


@pytest.mark.parametrize(
    ("identifier", "name"),
    [
        ("MPL-2.0", "Mozilla Public License (MPL)"),
        ("CC-BY-NC-ND-3.0", "Creative Commons Attribution NonCommercial license (CC-BY-NC-ND)"),
        ("Apache-2.0", "Apache License (Apache)"),
        ("", ""),
        ("Proprietary", ""),
    ],
)
def test_people_know_licences_by_name(identifier: str, name: str) -> None:
    assert words._licence_name(identifier) == name
