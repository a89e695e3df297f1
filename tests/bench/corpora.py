"""Public repositories to measure on, as they lie in the folder `BOXWOOD_CORPORA`."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

HANDBOOK = "PythonDataScienceHandbook"
WAREHOUSE = "bigquery-etl"
NOT_MEASURED = {"measured": False, "why": "the corpus is not in the folder that BOXWOOD_CORPORA names"}
HOMES = Path("build/bench/homes")


def corpus(name: str) -> Path | None:
    """The Git folder `<owner>+<name>/repo`, `<name>` or `<name>.git` of a corpus; None if it is absent."""
    root = Path(os.environ.get("BOXWOOD_CORPORA", "build/corpora"))
    for pattern in (f"*+{name}/repo", name, f"{name}.git"):
        for found in sorted(root.glob(pattern)):
            return found.resolve()
    return None


def home(name: str) -> Path:
    """The data folder in which the benchmarks keep a corpus that was indexed once."""
    return (HOMES / name).resolve()


def boxwood(name: str, *arguments: str) -> str:
    """Run the command on that data folder; its standard output."""
    command = [str(Path(sys.executable).with_name("boxwood")), *arguments]
    environment = {**os.environ, "BOXWOOD_HOME": str(home(name)), "DJANGO_SETTINGS_MODULE": "hub.settings"}
    return subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True).stdout


def index(name: str) -> dict[str, Any]:
    """Index the corpus into its data folder; the report of `boxwood index --json`."""
    report: dict[str, Any] = json.loads(
        boxwood(name, "index", str(corpus(name)), "--name", name.lower(), "--json")
    )
    return report


def ensure_indexed(name: str) -> bool:
    """Index the corpus unless that was done; False when it is not there."""
    if corpus(name) is None:
        return False
    if not (home(name) / "boxwood.sqlite3").exists():
        index(name)
    return True


def percentile(times: list[float], share: float) -> float:
    """The value below which `share` of the times lie, in the unit they have."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
