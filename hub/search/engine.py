"""The search engine of this process, as the settings choose it."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from hub.core.config import setting
from hub.core.errors import Invalid
from hub.search.port import SearchPort


@lru_cache(maxsize=1)
def engine() -> SearchPort:
    """The one engine, opened at first use. Raises Invalid for a name that is none."""
    name, home = setting("BOXWOOD_SEARCH"), Path(settings.HOME) / "search"
    if name == "tantivy":
        from hub.search.backends.tantivy_index import TantivySearch  # noqa: PLC0415  # a wheel that may be missing

        return TantivySearch(home / name)
    if name == "fts5":
        from hub.search.backends.sqlite_fts5 import Fts5Search  # noqa: PLC0415  # the fallback

        return Fts5Search(home / name)
    raise Invalid(f"BOXWOOD_SEARCH is {name}; it must be tantivy or fts5", code="setting_invalid")
