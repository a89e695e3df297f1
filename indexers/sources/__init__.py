"""Sources, one module or package a kind. Importing this package registers them."""

from indexers.sources.filesystem import FolderSource
from indexers.sources.git.source import GitSource

__all__ = ["FolderSource", "GitSource"]
