"""The content-addressed store: bytes under their SHA-256, beside the database.

Text and JSON are kept compressed (zlib, level 3); pictures are kept as they are. Writing what is
there already costs one look at a name. The store never overwrites and never trusts a digest.
"""

import hashlib
import tempfile
import zlib
from pathlib import Path

from django.conf import settings

from hub.core.errors import NotFound


def _compressed(media_type: str) -> bool:
    return media_type.startswith("text/") or media_type.endswith("json")


def _path(digest: str) -> Path:
    return Path(settings.HOME) / "content" / digest[:2] / digest[2:]


def put(digest: str, media_type: str, data: bytes) -> bool:
    """Keep the bytes; False when they were there. ValueError if the digest is not theirs."""
    path = _path(digest)
    if path.exists():
        return False
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError(f"content {digest} has another digest")
    stored = zlib.compress(data, 3) if _compressed(media_type) else data
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(stored)
    Path(file.name).replace(path)
    return True


def get(digest: str, media_type: str) -> bytes:
    """The bytes as they were put. NotFound when they are not here."""
    try:
        stored = _path(digest).read_bytes()
    except FileNotFoundError as error:
        raise NotFound(f"content {digest} is not in the store") from error
    return zlib.decompress(stored) if _compressed(media_type) else stored
