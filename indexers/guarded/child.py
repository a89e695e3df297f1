"""The program of a child process: `python -m indexers.guarded.child BYTES SECONDS`.

It sets its own limits, then answers messages until its input ends or stays empty for SECONDS.
"""

import contextlib
import importlib
import io
import os
import pickle
import resource
import select
import sys
from typing import BinaryIO, Final

from indexers.guarded.channel import LENGTH, pack

IDLE: Final = 75
"""Exit status of a child that nobody asked anything for a while."""


def main() -> int:
    """Serve on standard input and output. Whatever else prints goes nowhere."""
    memory, patience = int(sys.argv[1]), float(sys.argv[2])
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CORE, 0)
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    questions = os.fdopen(os.dup(0), "rb", buffering=0)
    os.dup2(nowhere, 0)
    while True:
        if not select.select([questions], [], [], patience)[0]:
            return IDLE
        header = _exactly(questions, LENGTH.size)
        if len(header) < LENGTH.size:
            return 0
        question = _exactly(questions, LENGTH.unpack(header)[0])
        answers.write(_answer(question))
        answers.flush()


def _limit(what: int, amount: int) -> None:
    with contextlib.suppress(
        ValueError, OSError
    ):  # a lower limit is already set, or there is none on this system
        resource.setrlimit(what, (amount, amount))


def _exactly(stream: io.RawIOBase | BinaryIO, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        chunk = stream.read(size - len(data))
        if not chunk:
            break
        data += chunk
    return bytes(data)


def _answer(question: bytes) -> bytes:
    try:
        module, name, arguments = pickle.loads(question)  # noqa: S301  # from our parent
        return pack((True, getattr(importlib.import_module(module), name)(*arguments)))
    except MemoryError:
        return pack((False, "memory"))
    except RecursionError:
        return pack((False, "it is nested too deeply"))
    except Exception as error:  # noqa: BLE001  # the parser's bug costs this item only, and is named
        return pack(
            (
                False,
                f"{type(error).__name__}: {error}"[:300].encode("utf-8", "replace").decode(),
            )
        )


if __name__ == "__main__":
    sys.exit(main())
