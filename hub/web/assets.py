"""Addresses of built front-end files, from the manifest that the build writes."""

import json
from functools import lru_cache
from pathlib import Path

from django.templatetags.static import static

_DIST = Path(__file__).resolve().parents[1] / "static" / "dist"


def manifest_path() -> Path:
    """Where the build leaves its manifest."""
    return _DIST / "manifest.json"


def asset_url(source: str) -> str:
    """The address of the built file of `source`, a path in frontend/; unbuilt, one that is not served."""
    return static(f"dist/{_built().get(source, source)}")


def style_url(entry: str) -> str:
    """The address of the style sheet that the script `entry` imports."""
    return asset_url(f"{entry}.css")


def _built() -> dict[str, str]:
    path = manifest_path()
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else {}


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> dict[str, str]:
    built: dict[str, str] = {}
    for source, chunk in json.loads(path.read_text()).items():
        built[source] = chunk["file"]
        for sheet in chunk.get("css", ()):
            built[f"{source}.css"] = sheet
    return built
