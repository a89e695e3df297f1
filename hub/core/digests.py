"""Content hashes: equal content, equal digest, whatever the order of keys."""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson


def digest_of(payload: Mapping[str, Any] | list[Any]) -> str:
    """The first 32 hex digits (128 bits) of the BLAKE2b of the payload's canonical JSON."""
    canonical = orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(canonical, digest_size=16).hexdigest()


def person_digest(email: str) -> str:
    """The name of a person where personal text must not stand: SHA-256 of the lower-cased address."""
    return hashlib.sha256(email.strip().casefold().encode()).hexdigest()
