"""Progress on a terminal, nothing elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

Show = Callable[[str, int, int | None], None]


@contextmanager
def shown_progress(what: str, *, quiet: bool) -> Iterator[Show]:
    """A bar on standard error; call what it gives with (doing, done, expected or None)."""
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=console, disable=quiet or not console.is_terminal, transient=True
    ) as progress:
        task = progress.add_task(what, total=None)
        yield lambda doing, done, expected: progress.update(
            task, description=f"{what}: {doing}", completed=done, total=expected
        )
