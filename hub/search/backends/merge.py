"""Which writes of a batch count: the newest of each id, and none older than what the index holds."""

from collections.abc import Iterable, Mapping
from itertools import chain

from hub.search.port import Deletion, Document

Write = Document | Deletion


def newest(documents: Iterable[Document], deletions: Iterable[Deletion]) -> dict[str, Write]:
    """The last write of each id by sequence; a deletion wins over a document of the same sequence."""
    writes: dict[str, Write] = {}
    for write in chain[Write](documents, deletions):
        held = writes.get(write.id)
        if held is None or held.sequence <= write.sequence:
            writes[write.id] = write
    return writes


def due(writes: Mapping[str, Write], held: Mapping[str, tuple[int, str]]) -> list[Write]:
    """Those of `writes` that change the index.

    `held` has the (sequence, version) of ids; the version of a deleted document is empty.
    """
    changes: list[Write] = []
    for write in writes.values():
        sequence, version = held.get(write.id, (-1, ""))
        wanted = write.version if isinstance(write, Document) else ""
        if write.sequence > sequence or (write.sequence == sequence and wanted != version):
            changes.append(write)
    return changes
