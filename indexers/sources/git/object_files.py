"""Take over the object files of a local repository: quicker than packing them anew, and possible where some
are missing or broken.

Symbolic links are never followed.
"""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_LOOSE_FOLDER: Final = re.compile(r"[0-9a-f]{2}")
_LOOSE: Final = re.compile(r"[0-9a-f]{38}|[0-9a-f]{62}")
_PACKED: Final = re.compile(r"pack-[0-9a-f]{40,64}\.(pack|idx)")
_POINTER_BYTES: Final = 64 * 1024
_MOST_STORES: Final = 16


def copy_objects(repository: Path, mirror: Path) -> None:
    """Bring the objects of `repository`, those it borrows included, into `mirror`. Raises OSError."""
    folder = common_folder(repository)
    for store in _stores(folder / "objects"):
        for file in _object_files(store):
            target = mirror / "objects" / file.relative_to(store)
            if not target.exists():
                target.parent.mkdir(exist_ok=True)
                _copy(file, target)
    shallow = folder / "shallow"
    if shallow.is_file() and not shallow.is_symlink():
        shutil.copyfile(shallow, mirror / "shallow")


def common_folder(repository: Path) -> Path:
    """The git directory that holds the objects: of a bare repository, a work tree or a linked work tree."""
    found = repository / ".git"
    if found.is_file():
        found = repository / _pointer(found).removeprefix("gitdir: ")
    elif not found.is_dir():
        found = repository
    common = found / "commondir"
    return (found / _pointer(common)).resolve() if common.is_file() else found.resolve()


def _pointer(file: Path) -> str:
    with file.open("rb") as opened:
        return opened.read(_POINTER_BYTES).decode("utf-8", "surrogateescape").strip()


def _stores(first: Path) -> list[Path]:
    stores = [first]
    for store in stores:
        alternates = store / "info" / "alternates"
        if not alternates.is_file() or len(stores) > _MOST_STORES:
            continue
        for line in _pointer(alternates).splitlines():
            borrowed = (store / line).resolve()
            if line and not line.startswith("#") and borrowed.is_dir() and borrowed not in stores:
                stores.append(borrowed)
    return stores


def _object_files(store: Path) -> Iterator[Path]:
    for folder in sorted(store.iterdir()):
        if folder.is_symlink() or not folder.is_dir():
            continue
        wanted = _PACKED if folder.name == "pack" else _LOOSE
        if folder.name != "pack" and not _LOOSE_FOLDER.fullmatch(folder.name):
            continue
        with os.scandir(folder) as entries:
            # A pack is of use to git as soon as its index is there: the pack comes first.
            for entry in sorted(entries, key=lambda entry: (entry.name.endswith(".idx"), entry.name)):
                if wanted.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                    yield Path(entry.path)


def _copy(file: Path, target: Path) -> None:
    """A copy, not a hard link: git touches the times of its files, and the source's are not ours."""
    partial = target.with_name(target.name + ".partial")
    shutil.copyfile(file, partial, follow_symlinks=False)
    partial.chmod(0o444)
    partial.replace(target)
