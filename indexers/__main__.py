"""`python -m indexers facts LOCATION [KIND]`: the facts of a place as JSON lines, without a hub."""

import os
import sys

from indexers.facts_json import lines
from indexers.registry import SourceUnknown, SourceUnreadable


def main(arguments: list[str]) -> int:
    """Print facts; 0 when the place could be read, 1 when not, 2 when the command is not understood."""
    if len(arguments) not in (2, 3) or arguments[0] != "facts":
        sys.stderr.write("usage: python -m indexers facts LOCATION [KIND]\n")
        return 2
    try:
        for line in lines(arguments[1], kind=arguments[2] if len(arguments) > 2 else ""):
            sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()
    except (SourceUnknown, SourceUnreadable) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except BrokenPipeError:  # whoever read the lines has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
