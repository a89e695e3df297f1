"""Where an index lives: one folder a generation, a pointer to the current one, one lock for its writer.

<root>/current          the name of the current generation, replaced in one step
<root>/writer.lock      held (flock) by the process that writes
<root>/<generation>/    the files of one index
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

from hub.search.port import IndexLocked

_POLL_SECONDS: Final = 0.05


class Generations:
    """The generations of one index with a layout; those of another layout are as good as absent to writers.

    `patience`: seconds to wait for another process to let go of the writer's place.
    """

    def __init__(self, root: Path, layout: str, patience: float) -> None:
        self.root = root
        self._layout = layout
        self._patience = patience
        self._lock: int | None = None

    def current(self) -> Path | None:
        """The folder of the current generation; None before the first write. It may have another layout."""
        try:
            name = (self.root / "current").read_text().strip()
        except FileNotFoundError:
            return None
        return self.root / name

    def is_readable(self, generation: Path) -> bool:
        """Whether the generation has the layout that this code reads."""
        return generation.name.startswith(f"{self._layout}-")

    def hold(self) -> None:
        """Become the writer, if not yet. Raises IndexLocked after `patience`."""
        if self._lock is not None:
            return
        self.root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.root / "writer.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(descriptor)
                    raise IndexLocked(
                        f"Another process writes the search index {self.root}. Let it, or stop it."
                    ) from None
                time.sleep(_POLL_SECONDS)
            else:
                self._lock = descriptor
                self._remove_orphans()
                return

    def release(self) -> None:
        """Let another process be the writer."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @contextmanager
    def next(self) -> Iterator[Path]:
        """A folder for a new generation: it becomes the current one when the block ends without an error."""
        folder = self.root / f"{self._layout}-{uuid4().hex}"
        folder.mkdir()
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._point_to(folder)
        self._remove_orphans()

    def _point_to(self, folder: Path) -> None:
        pointer = self.root / f"current.{uuid4().hex}"
        with pointer.open("w") as file:
            file.write(folder.name)
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(self.root / "current")

    def _remove_orphans(self) -> None:
        """Remove what a rebuild left that was cut off, and generations that were replaced."""
        current = self.current()
        for entry in self.root.iterdir():
            if entry.is_dir() and entry != current:
                shutil.rmtree(entry, ignore_errors=True)
            elif entry.name.startswith("current."):
                entry.unlink(missing_ok=True)
