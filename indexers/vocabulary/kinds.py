"""Kinds of entity."""

from typing import Final, Literal, get_args

Kind = Literal[
    "repository",
    "file",
    "notebook",
    "dataset",
    "column",
    "job",
    "run",
    "model",
    "model-version",
    "box",
    "environment",
    "dashboard",
    "metric",
    "term",
    "person",
    "team",
]

KINDS: Final[frozenset[str]] = frozenset(get_args(Kind))
