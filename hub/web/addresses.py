"""Addresses of things, as people read them, and back: the one place that knows how a urn looks in a URL."""

import re
from typing import Final
from urllib.parse import quote, unquote

_SECTION: Final = {
    "repository": "repos",
    "notebook": "notebooks",
    "file": "files",
    "dataset": "tables",
    "environment": "environments",
}
_DATA_FILE: Final = re.compile(
    r"/|\.(csv|tsv|json|jsonl|ndjson|parquet|orc|avro|feather|xlsx?|pkl|h5|npy|npz|txt)$", re.IGNORECASE
)


def address_of(urn: str, entity_id: str) -> str:
    """The page of an entity: `/tables/lake/mart/trips` for `dataset:lake/mart.trips`.

    A column is a place on its dataset's page. Kinds without a section of their own, and names that a
    path cannot hold (`.` and `..` segments), get their permanent link.
    """
    kind, _, rest = urn.partition(":")
    if kind == "column":
        dataset, _, column = rest.partition("#")
        return f"{address_of(f'dataset:{dataset}', entity_id)}#{quote(column)}"
    section = _SECTION.get(kind)
    if kind == "dataset":
        namespace, _, name = rest.partition("/")
        rest = rest if _DATA_FILE.search(name) else f"{namespace}/{name.replace('.', '/')}"
    if section is None or any(part in ("", ".", "..") for part in rest.split("/")):
        return permanent(entity_id)
    return f"/{section}/{quote(rest)}"


def permanent(entity_id: str) -> str:
    """The short link that survives every rename."""
    return f"/e/{entity_id}"


def urns_of(section: str, rest: str) -> list[str]:
    """The urns that the path below a section may mean, likeliest first; tables write dots as slashes."""
    rest = unquote(rest).rstrip("/")
    kind = next(kind for kind, name in _SECTION.items() if name == section)
    if kind != "dataset":
        return [f"{kind}:{rest}"]
    namespace, _, name = rest.partition("/")
    return list(dict.fromkeys(f"dataset:{namespace}/{one}" for one in (name.replace("/", "."), name)))
