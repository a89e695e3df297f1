"""Notebooks of every kind, read and never run: bytes in, document, summary, blobs and faults out."""

from indexers.parsers.notebook.detect import HEAD_BYTES, is_notebook
from indexers.parsers.notebook.parsing import ParsedNotebook, parse
from indexers.parsers.notebook.previews import with_thumbnails
from indexers.parsers.notebook.thumbnail import thumbnail
from indexers.parsers.notebook.usage import DataUse

__all__ = ["HEAD_BYTES", "DataUse", "ParsedNotebook", "is_notebook", "parse", "thumbnail", "with_thumbnails"]
