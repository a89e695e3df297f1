"""Run the benchmarks, each in a process of its own, and keep what they print."""

import subprocess
import sys
from pathlib import Path

BENCHMARKS = ("crawl", "history", "notebooks", "names", "relevance", "pages", "search_engine", "graph_engine")
OUT = Path("build/bench")


def main() -> int:
    """Run those named on the command line, or all; returns how many failed."""
    OUT.mkdir(parents=True, exist_ok=True)
    failed = 0
    for name in sys.argv[1:] or BENCHMARKS:
        done = subprocess.run(
            [sys.executable, "-m", f"tests.bench.{name}"], stdout=subprocess.PIPE, check=False
        )
        (OUT / f"{name}.json").write_bytes(done.stdout)
        sys.stdout.write(f"{name}: {done.stdout.decode().strip() or 'printed nothing'}\n")
        failed += done.returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
