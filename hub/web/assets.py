"""Addresses of built front-end files, from the manifest that the build writes."""

import json
from functools import lru_cache
from pathlib import Path

from django.templatetags.static import static

_DIST = Path(__file__).resolve().parents[1] / "static" / "dist"


def manifest_path() -> Path:
    """Where the build leaves its manifest."""
    return _DIST / "manifest.json"


@lru_cache(maxsize=256)
def asset_url(source: str) -> str:
    """The address of the built file of `source`, a path in frontend/; unbuilt, one that is not served.

    Read once a process: a server is started anew after a build.
    """
    return static(f"dist/{_built().get(source, source)}")


def style_url(entry: str) -> str:
    """The address of the style sheet that the script `entry` imports."""
    return asset_url(f"{entry}.css")


@lru_cache(maxsize=1)
def _built() -> dict[str, str]:
    path = manifest_path()
    built: dict[str, str] = {}
    if not path.is_file():
        return built
    for source, chunk in json.loads(path.read_text()).items():
        built[source] = chunk["file"]
        for sheet in chunk.get("css", ()):
            built[f"{source}.css"] = sheet
    return built
