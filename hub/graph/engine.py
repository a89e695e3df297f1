"""The graph of this process, as the settings choose it."""

from functools import lru_cache

from hub.graph.backends.sql import SqlGraph
from hub.graph.port import Graph


@lru_cache(maxsize=1)
def engine() -> Graph:
    """The one graph store."""
    return SqlGraph()
