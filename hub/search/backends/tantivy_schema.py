"""The fields of the embedded index, and an entry as one of its documents."""

from hashlib import blake2b
from typing import Final

from tantivy import Document as Row
from tantivy import Schema, SchemaBuilder

from hub.search.entry import Entry
from hub.search.port import Deletion

LAYOUT: Final = "tantivy1"
"""Name of this layout: a change of the schema or of the tokenizer needs a new one."""

WORD_FIELDS: Final = ("name", "public", "about", "body", "outputs")
KEY_FIELDS: Final = ("id", "stamp", "keys", "paths")
VALUE_FIELDS: Final = ("kind", "team", "platform", "language", "owner", "licence", "uses")
ORDER_FIELDS: Final = ("rank", "newest", "by_name")
AUDIENCE_FIELDS: Final = ("knows", "reads", "sees")
"""Audience that may know of it (absent: only readers may), read about it, see its outputs."""

SEPARATOR: Final = "\t"
"""Stands between id and version in `stamp`."""


def schema() -> Schema:
    """Text comes tokenised: the index splits at blanks only."""
    builder = SchemaBuilder()
    for field in WORD_FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    for field in KEY_FIELDS:
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    for field in (*VALUE_FIELDS, *ORDER_FIELDS):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic", fast=True)
    for field in AUDIENCE_FIELDS:
        builder.add_unsigned_field(field, indexed=True)
    for field in ("id_hash", "sequence", "version_hash", "freshness"):
        builder.add_unsigned_field(field, fast=True)
    builder.add_float_field("weight", fast=True)
    builder.add_bytes_field("source", stored=True)
    return builder.build()


def hashed(text: str) -> int:
    """64 bits of a hash: a fast field that tells ids (and versions) apart without a read of stored bytes."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())


def row_of(entry: Entry) -> Row:
    """An entry as the index takes it."""
    document = entry.document
    row = _identified(document.id, document.version, document.sequence)
    row.add_text("stamp", f"{document.id}{SEPARATOR}{document.version}")
    for name in entry.keys:
        row.add_text("keys", name)
    for path in entry.paths:
        row.add_text("paths", path)
    for field in (*WORD_FIELDS, *ORDER_FIELDS):
        row.add_text(field, getattr(entry, field))
    for facet, values in entry.facets.items():
        for value in values:
            row.add_text(facet, value)
    if document.kind != "cell":
        row.add_unsigned("knows", document.audience)
    row.add_unsigned("reads", document.audience)
    if entry.outputs:
        row.add_unsigned("sees", document.output_audience)
    if document.freshness > 0:
        row.add_unsigned("freshness", document.freshness)
    row.add_float("weight", entry.weight)
    row.add_bytes("source", entry.source)
    return row


def tombstone_of(deletion: Deletion) -> Row:
    """What stays of a deleted document, so that a late write cannot bring it back; nobody finds it."""
    return _identified(deletion.id, "", deletion.sequence)


def _identified(id_: str, version: str, sequence: int) -> Row:
    row = Row()
    row.add_text("id", id_)
    row.add_unsigned("id_hash", hashed(id_))
    row.add_unsigned("version_hash", hashed(version))
    row.add_unsigned("sequence", sequence)
    return row
