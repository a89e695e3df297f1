"""A document as every backend indexes it: exact keys, words by right, orders, facets, and what shows a hit.

Words lie in fields by the right that they need: `name` and `public` (name, path, team, platform, kind) are
for all who know that the thing exists; `about` (title, headings, columns, symbols, description, facts) and
`body` (all of these and code) for those who may read about it; `outputs` have an audience of their own.
"""

import re
from dataclasses import dataclass, fields
from math import log2
from typing import Final

import orjson

from hub.search.port import Document, Facet, TextField
from hub.search.question import kind_words
from hub.search.text import KEY_LENGTH, encodable, key, token_text

CODE_LENGTH: Final = 40_000
PROSE_LENGTH: Final = 20_000
"""Characters of code, and of descriptions, outputs or joined lists, that are indexed and shown."""
PATH_PARTS: Final = 12
"""Parts of a path from whose beginnings on it is found."""
OWN: Final = "\x01"
"""Marks a thing's own name among its keys, once more: other names are as good, but come after it. No key
of a question holds it.
"""
VALUE_LENGTH: Final = 200
"""Characters of a facet's value."""
MAX_POPULARITY: Final = 0xFFFFFF

_KIND_ORDER: Final = (
    "repository",
    "dataset",
    "model",
    "box",
    "notebook",
    "dashboard",
    "metric",
    "term",
    "job",
    "file",
    "environment",
    "model-version",
    "team",
    "person",
    "run",
    "column",
)
_KIND_RANKS: Final = {kind: rank for rank, kind in enumerate(_KIND_ORDER)} | {"cell": 99}
_SUFFIXED: Final = frozenset({"file", "notebook", "cell", "environment"})
_TEST: Final = re.compile(
    r"(?:^|/)(?:__tests__|spec|testdata|testing|tests?)/|(?:^|/)test_[^/]*$|_test\.\w+$", re.IGNORECASE
)
"""Paths of tests and what belongs to them: what they are about comes first."""
_NO_TEST: Final = 0.5
_TITLE_WEIGHT: Final = 3
_LIST_WEIGHT: Final = 2
_REPOSITORY_WEIGHT: Final = 4
"""What holds for all that lies in a repository, such as its licence, is said of it first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`rank` (tests last, kind, popularity, depth and length of the path, name) sorts ascending, and so do
    `newest` and `by_name`; each is a total order.

    `weight` is a popularity of 0-1, and more if no test. `keys` compare with a whole question; `paths` too,
    but as a prefix only where the question has a `/`.
    """

    document: Document
    keys: tuple[str, ...]
    paths: tuple[str, ...]
    name: str
    public: str
    about: str
    body: str
    outputs: str
    rank: str
    newest: str
    by_name: str
    weight: float
    facets: dict[Facet, tuple[str, ...]]
    source: bytes


def entry_of(document: Document) -> Entry:
    """Everything that a backend writes of a document."""
    texts = texts_of(document)
    try:
        source = _source(document, texts)
    except orjson.JSONEncodeError:  # a lone surrogate somewhere
        return entry_of(_encodable(document))
    facets = _facets(document)
    name = token_text("\n".join((texts["name"], *document.names)))
    public = " ".join(
        (
            name,
            token_text(texts["path"]),
            token_text(f"{document.team} {document.platform}"),
            kind_words(document.kind),
        )
    )
    title = token_text(texts["title"])
    lists = token_text("\n".join((texts["headings"], texts["columns"], texts["symbols"])))
    prose = f"{token_text(texts['description'])} {_fact_words(document)}"
    code = token_text(texts["code"], distinct=True)
    name_key = key(document.name)
    order = f"{name_key}\t{document.id}"
    kind = _KIND_RANKS.get(document.kind, 50)
    popularity = max(0, min(document.popularity, MAX_POPULARITY))
    said = _REPOSITORY_WEIGHT if document.kind == "repository" else 1
    place = texts["path"] or document.name
    test = _TEST.search(place) is not None
    return Entry(
        document=document,
        keys=_keys(document),
        paths=paths_of(document),
        name=name,
        public=public,
        about=" ".join((*[title] * _TITLE_WEIGHT, *[lists] * _LIST_WEIGHT, *[prose] * said)),
        body=" ".join((public, title, lists, prose, code)),
        outputs=token_text(texts["outputs"], distinct=True),
        rank=f"{test:d}{kind:02d}{MAX_POPULARITY - popularity:06x}{_distance(place)}{order}",
        newest=f"{0xFFFFFFFFFF - max(0, min(document.freshness, 0xFFFFFFFFFF)):010x}{order}",
        by_name=order,
        weight=log2(1 + popularity) / 24 + (0.0 if test else _NO_TEST),
        facets=facets,
        source=source,
    )


def _distance(path: str) -> str:
    """Of things alike, the one nearer the root, then the one with less in its name comes first."""
    return f"{min(path.count('/'), 99):02d}{len(path):04d}"


def texts_of(document: Document) -> dict[TextField, str]:
    """The text of each field as it is indexed and shown, within bounds. Facts stand one a line."""
    return {
        "name": document.name[:KEY_LENGTH],
        "path": document.path[: 2 * KEY_LENGTH],
        "title": document.title[:PROSE_LENGTH],
        "headings": "\n".join(document.headings)[:PROSE_LENGTH],
        "columns": "\n".join(document.columns)[:PROSE_LENGTH],
        "symbols": "\n".join(document.symbols)[:PROSE_LENGTH],
        "description": document.description[:PROSE_LENGTH],
        "facts": "\n".join((*document.owner, document.licence, document.language, *document.uses))[
            :PROSE_LENGTH
        ],
        "code": document.code[:CODE_LENGTH],
        "outputs": document.outputs[:PROSE_LENGTH],
    }


def _keys(document: Document) -> tuple[str, ...]:
    own = _with_stem(key(document.name), document.kind)
    names: dict[str, None] = dict.fromkeys((*own, *(f"{OWN}{name}" for name in own)))
    for name in document.names:
        names |= dict.fromkeys(_with_stem(key(name), document.kind))
    return tuple(names)


def paths_of(document: Document) -> tuple[str, ...]:
    """The path, and its ends from every folder but the last on: `shop/mart/trips.sql` is `mart/trips.sql`."""
    whole = key(document.path)
    folders = whole.split("/")[-PATH_PARTS:]
    ends = ("/".join(folders[at:]) for at in range(1, len(folders) - 1))
    return tuple(dict.fromkeys(one for path in (whole, *ends) for one in _with_stem(path, document.kind)))


def _with_stem(name: str, kind: str) -> tuple[str, ...]:
    """A name, and without its suffix where the kind has one: `rain_effect.ipynb`, `rain_effect`."""
    if not name:
        return ()
    stem, dot, suffix = name.rpartition(".") if kind in _SUFFIXED else ("", "", "")
    has_suffix = dot and suffix and stem and not stem.endswith("/") and "/" not in suffix
    return (name, stem) if has_suffix else (name,)


def _facets(document: Document) -> dict[Facet, tuple[str, ...]]:
    values: dict[Facet, tuple[str, ...]] = {
        "kind": (document.kind,),
        "team": (document.team,),
        "platform": (document.platform,),
        "language": (document.language,),
        "owner": document.owner,
        "licence": (document.licence,),
        "uses": document.uses,
    }
    return {
        facet: tuple(dict.fromkeys(value[:VALUE_LENGTH] for value in held if value))
        for facet, held in values.items()
    }


def _fact_words(document: Document) -> str:
    known = f"{' '.join(document.owner)} {document.licence} {document.language} {' '.join(document.uses)}"
    words = token_text(known[:PROSE_LENGTH])
    return f"{words} licence license" if document.licence else words


def _encodable(document: Document) -> Document:
    def clean(value: object) -> object:
        if isinstance(value, tuple):
            return tuple(clean(part) for part in value)
        return encodable(value) if isinstance(value, str) else value

    return Document(**{field.name: clean(getattr(document, field.name)) for field in fields(document)})  # type: ignore[arg-type]  # each value keeps its type


def _source(document: Document, texts: dict[TextField, str]) -> bytes:
    shown = {field: text for field, text in texts.items() if text}
    return orjson.dumps(
        {
            "id": document.id,
            "entity": document.entity,
            "kind": document.kind,
            "keys": _keys(document),
            "paths": paths_of(document),
            "names": document.names,
            "team": document.team,
            "platform": document.platform,
            "audience": document.audience,
            "output_audience": document.output_audience,
            "payload": document.payload,
            "details": document.details,
            "texts": shown,
        }
    )
