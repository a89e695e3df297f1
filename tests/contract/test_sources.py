"""Every registered source keeps the promises of `indexers.testing` on a small corpus of its own."""

from collections.abc import Callable
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from indexers import testing
from indexers.registry import Source, load_sources
from tests.indexers.repositories import Building, Content, MovedFrom, Special, notebook

FILES: dict[str, Content] = {
    "README.md": "# Rides\n\nBicycles of the city.\n",
    "work/rain.ipynb": notebook("import pandas as pd\npd.read_parquet('lake/raw/trips')", "import tidy"),
    "work/tidy.py": "import json\n\n\ndef tidy(rides):\n    '''Tidy rides.'''\n    return rides\n",
    "work/hurt.ipynb": "{",
    "mart.sql": "CREATE TABLE mart.daily AS SELECT * FROM raw.trips",
    "requirements.txt": "pandas>=2\n",
    "caf\u00e9.py": "x = 1\n",
}


def repository(folder: Path) -> Path:
    """History with a rename, a merge, a link and a file that is not UTF-8."""
    building = Building(folder / "rides.git")
    base = building.commit(FILES)
    side = building.commit({"work/tidy.py": "y = 1\n"}, branch="side", parents=(base,))
    building.commit({b"caf\xe9.sql": "SELECT 1"})
    main = building.commit({"work/rain.ipynb": notebook("1")})
    building.commit({"link.py": Special(mode="120000", content="/etc/hostname")}, parents=(main, side))
    building.commit({"work/wet.ipynb": MovedFrom(path="work/rain.ipynb", content=notebook("1", "2"))})
    return building.folder


def folder(folder: Path) -> Path:
    """The same files as they lie on a disk, and a table."""
    for path, content in FILES.items():
        (folder / "rides" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "rides" / path).write_text(str(content))
    (folder / "rides/raw/trips/month=01").mkdir(parents=True)
    pyarrow.parquet.write_table(
        pyarrow.table({"ride": [1]}), folder / "rides/raw/trips/month=01/part-0.parquet"
    )
    (folder / "rides/raw/trips/month=01/part-1.parquet").write_bytes(b"PAR1")
    return folder / "rides"


CORPORA: dict[str, Callable[[Path], Path]] = {"git": repository, "folder": folder}


OURS = sorted(kind for kind, source in load_sources().items() if source.__module__.startswith("indexers."))


@pytest.fixture(params=OURS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where the corpus of one source lies; a source without a corpus fails here."""
    (tmp_path / "corpus").mkdir()
    return CORPORA[request.param](tmp_path / "corpus")


@pytest.fixture
def make(request: pytest.FixtureRequest, place: Path) -> Callable[[], Source]:
    """Gives the source of the corpus anew."""
    kind = load_sources()[request.node.callspec.params["place"]]
    return lambda: kind.at(str(place))


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """The folder that belongs to the source."""
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


@pytest.mark.parametrize(
    "check",
    [
        testing.check_well_formed,
        testing.check_deterministic,
        testing.check_unchanged,
        testing.check_resumable,
        testing.check_limited,
    ],
)
def test_a_source_is(
    check: Callable[[Callable[[], Source], Path], None], make: Callable[[], Source], scratch: Path
) -> None:
    check(make, scratch)


def test_a_source_only_reads(make: Callable[[], Source], scratch: Path, place: Path) -> None:
    testing.check_read_only(make, scratch, place)


def test_a_source_accepts_its_own_corpus_alone(make: Callable[[], Source], place: Path) -> None:
    accepting = [kind for kind, source in load_sources().items() if source.accepts(str(place))]
    assert accepting == [make().kind]


def test_sources_hold_little_however_much_passes_through(tmp_path: Path, scratch: Path) -> None:
    big: dict[str, Content] = {
        f"{at}.ipynb": notebook(*(f"text{at}_{cell} = '{'x' * 20_000}'" for cell in range(50)))
        for at in range(80)
    }
    building = Building(tmp_path / "big.git")
    building.commit(big)
    make = lambda: load_sources()["git"].at(str(building.folder))  # noqa: E731  # one line says it all
    testing.check_bounded(make, scratch, mebibytes=64)
