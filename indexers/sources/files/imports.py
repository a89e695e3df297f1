"""Which file of the same repository an import means."""

import posixpath
from collections.abc import Collection, Iterator
from typing import Final

_SOURCE_ROOTS: Final = ("", "src", "lib", "python", "notebooks")
_ENDINGS: Final = (".py", "/__init__.py", ".ipynb")


def resolve_import(module: str, importer: str, paths: Collection[str]) -> str:
    """The path of a Python module or R file that `importer` names, empty where none or not in `paths`.

    `module` is dotted (`pkg.mod.name`, leading dots are relative), or a path as `source("x.R")` has
    it. The longest match wins; the importer's folder and those above it come before source roots.
    """
    if "/" in module or module.lower().endswith((".r", ".py", ".sh", ".sql")):
        direct = (posixpath.normpath(posixpath.join(base, module)) for base in _bases(importer))
        return next((path for path in direct if path in paths and path != importer), "")
    names = module.lstrip(".").split(".")
    level = len(module) - len(module.lstrip("."))
    bases = [_above(posixpath.dirname(importer), level - 1)] if level else list(_bases(importer))
    for length in range(len(names), 0, -1):
        dotted = "/".join(names[:length])
        for base in bases:
            for ending in _ENDINGS:
                path = posixpath.join(base, dotted + ending)
                if path in paths and path != importer:
                    return path
    return ""


def _bases(importer: str) -> Iterator[str]:
    folder = posixpath.dirname(importer)
    seen = set()
    while True:
        if folder not in seen:
            seen.add(folder)
            yield folder
        if not folder:
            break
        folder = posixpath.dirname(folder)
    for root in _SOURCE_ROOTS:
        if root not in seen:
            yield root


def _above(folder: str, levels: int) -> str:
    for _ in range(levels):
        folder = posixpath.dirname(folder)
    return folder
