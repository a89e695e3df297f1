"""How kinds are called and drawn on pages: one word, one plural, one icon."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """`icon` is a name of `frontend/icons.txt`."""

    one: str
    many: str
    icon: str


_KINDS: Final = {
    "repository": KindWords(one="Repository", many="Repositories", icon="folder-git-2"),
    "notebook": KindWords(one="Notebook", many="Notebooks", icon="notebook-text"),
    "cell": KindWords(one="Cell", many="Cells", icon="notebook-text"),
    "file": KindWords(one="File", many="Files", icon="file-code-2"),
    "dataset": KindWords(one="Table", many="Tables", icon="table-2"),
    "column": KindWords(one="Column", many="Columns", icon="columns-3"),
    "environment": KindWords(one="Environment", many="Environments", icon="layers"),
    "model": KindWords(one="Model", many="Models", icon="cpu"),
    "model-version": KindWords(one="Model version", many="Model versions", icon="cpu"),
    "box": KindWords(one="Box", many="Boxes", icon="package"),
    "run": KindWords(one="Run", many="Runs", icon="play"),
    "job": KindWords(one="Job", many="Jobs", icon="play"),
    "term": KindWords(one="Term", many="Terms", icon="book-marked"),
    "person": KindWords(one="Person", many="People", icon="user"),
    "team": KindWords(one="Team", many="Teams", icon="users"),
}


def words_of(kind: str) -> KindWords:
    """The words of a kind; an unlisted one is called by its own name."""
    return _KINDS.get(kind) or KindWords(one=kind.capitalize(), many=f"{kind.capitalize()}s", icon="file")
