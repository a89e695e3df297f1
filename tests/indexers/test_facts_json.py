"""Facts as JSON lines, and the command that prints them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from indexers.__main__ import main
from indexers.facts_json import lines
from indexers.registry import SourceUnknown
from tests.indexers.repositories import Building


def test_facts_of_a_repository_are_lines_of_json_without_the_bytes_of_blobs(tmp_path: Path) -> None:
    building = Building(tmp_path / "rides.git")
    building.commit({b"caf\xe9.py": "x = 'swordfish'\n", b"load.sql": "SELECT * FROM raw.trips\n"})
    found = [json.loads(line) for line in lines(str(building.folder))]
    assert {one["fact"] for one in found} == {
        "scope-start", "entity", "facet", "edge", "blob", "version", "fault", "scope-end",
    }  # fmt: skip
    blob = next(one for one in found if one["fact"] == "blob")
    assert blob.keys() == {"fact", "digest", "media_type", "bytes"}
    code = next(one for one in found if one["fact"] == "facet" and one["facet"] == "code")
    assert (code["urn"], code["value"]["language"]) == ("file:rides/caf%E9.py", "python")
    version = next(one for one in found if one["fact"] == "version")
    assert version["author"] == {"name": "Ada", "email": "ada@example.org"}


def test_a_place_that_nothing_reads_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SourceUnknown):
        next(lines(str(tmp_path / "nothing")))
    assert main(["facts", str(tmp_path / "nothing")]) == 1
    assert main(["facts"]) == 2
    assert str(tmp_path / "nothing") in capsys.readouterr().err


def test_a_reader_that_has_seen_enough_ends_the_command_quietly(tmp_path: Path) -> None:
    for at in range(300):
        (tmp_path / f"{at}.py").write_text(f"x = {at}\n")
    command = [sys.executable, "-m", "indexers", "facts", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["fact"] == "scope-start"
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")
