"""The real server on the sample organisation, for tests in a real browser."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.hostile import HOSTILE

COMMAND = str(Path(sys.executable).with_name("boxwood"))
PASSWORD = "rondo-lends-bicycles"


@contextmanager
def served() -> Iterator[str]:
    """Serve the sample organisation, and a folder with a hostile notebook, from a scratch folder."""
    with tempfile.TemporaryDirectory(prefix="boxwood-e2e-") as home, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = {
            **os.environ,
            "BOXWOOD_HOME": home,
            "BOXWOOD_ORIGIN": f"http://127.0.0.1:{port}",
            "DJANGO_SETTINGS_MODULE": "hub.settings",
        }
        subprocess.run(
            [COMMAND, "demo", "--no-serve"], check=True, env=environment, stdout=subprocess.DEVNULL
        )
        study = Path(home, "strangers", "study")
        study.mkdir(parents=True)
        (study / "hostile.ipynb").write_text(json.dumps(HOSTILE))
        subprocess.run(
            [COMMAND, "index", str(study.parent), "--name", "strangers", "--team", "Demand"],
            check=True,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        server = subprocess.Popen(
            [COMMAND, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait(address: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(f"{address}/alive", timeout=2).close()  # our own server
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"{address} does not answer")
