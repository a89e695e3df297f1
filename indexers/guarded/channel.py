"""Messages between a parent and its child: a length of eight bytes, then a pickle.

The parent trusts no child that has read a stranger's bytes: of what comes back only plain values
and the project's own dataclasses are built.
"""

import dataclasses
import enum
import io
import pickle
import struct
from typing import Any, Final

LENGTH: Final = struct.Struct(">Q")


class AnswerRefused(pickle.UnpicklingError):
    """A child answered with something that is no plain value and no dataclass of this project."""


class _PlainValues(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:  # the signature of pickle
        if module == "indexers" or module.startswith("indexers."):
            found = super().find_class(module, name)
            if isinstance(found, type) and (dataclasses.is_dataclass(found) or issubclass(found, enum.Enum)):
                return found
        raise AnswerRefused(f"{module}.{name} may not come back from a child process")


def pack(message: object) -> bytes:
    """A message with its length before it."""
    data = pickle.dumps(message, protocol=5)
    return LENGTH.pack(len(data)) + data


def unpack_answer(data: bytes) -> tuple[bool, object]:
    """Whether it worked, and the result or the reason. Raises what broken pickles raise."""
    worked, result = _PlainValues(io.BytesIO(data)).load()
    return bool(worked), result
