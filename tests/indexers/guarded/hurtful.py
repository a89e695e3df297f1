"""Functions that do to their process what a hostile file might."""

import os
import signal
import time
from fractions import Fraction
from pathlib import Path


def read(what: str, folder: str = "") -> object:
    """Hurt in the way named, or answer with the word itself."""
    match what:
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "hang":
            time.sleep(600)
        case "grow":
            return len(bytearray(3 * 2**30))
        case "sink" | "raise":
            return sink(deep=what == "sink")
        case "leave":
            os._exit(3)
        case "flood":
            return b"x" * (3 * 2**20)
        case "print":
            print("noise", flush=True)  # noqa: T201  # that is the point
        case "smuggle":
            return Fraction(1, 2)
        case "touch":
            Path(folder, "touched").touch()
    return what


def sink(*, deep: bool) -> object:
    """Recursion without an end, or an error whose message is not UTF-8."""
    if not deep:
        raise ValueError("broken \ud800")
    return sink(deep=deep)
