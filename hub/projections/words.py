"""What there is to find in an entity: its words, gathered from its facets, and its names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from hub.catalogue import queries
from hub.catalogue.queries import EntityState
from hub.core.errors import HubError
from indexers.parsers.licence import is_licence, licence_of
from indexers.parsers.notebook.document import Cell, NotebookDocument
from indexers.vocabulary.facets import (
    Code,
    Documentation,
    Environment,
    Notebook,
    Repository,
    Schema,
    Storage,
)

_CODE_LIMIT: Final = 60_000
_NOTEBOOK_CODE_LIMIT: Final = 20_000
_COLUMNS: Final = 2_000
_HEADINGS: Final = 200
_HEADING_LETTERS: Final = 200
_HEADING: Final = re.compile(r"^#{1,6}[ \t](.*)$", re.MULTILINE)
_FENCED: Final = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_FIELD: Final = re.compile(
    r"""^[ \t]*(?:-[ \t]+)?["']?name["']?[ \t]*:[ \t]*["']?(\w+)["']?,?[ \t]*$""", re.MULTILINE
)
"""The name of a field in a schema that is written in YAML or JSON, one a line."""
_ROLE_WORDS: Final = """
__init__ __main__ backfill build changelog checks config data dataset_metadata dataset_schema index init job
main makefile materialized_view metadata model models package pipeline query readme run schema script setup
stored_procedure test transform udf view
"""
_ROLES: Final = frozenset(_ROLE_WORDS.split())
"""Stems that say what a file is for, not what it is about: it goes by the name of its folder too."""
_DATA_FILE: Final = re.compile(
    r"/|\.(?:csv|tsv|txt|jsonl?|ndjson|parquet|feather|arrow|orc|avro|xlsx?|pkl|pickle|npy|npz|h5|nc)$",
    re.IGNORECASE,
)
_LICENCES: Final = {
    "AGPL": "GNU Affero General Public License",
    "APACHE": "Apache License",
    "BSD": "Berkeley Software Distribution license",
    "CC-BY-NC": "Creative Commons Attribution NonCommercial license",
    "CC-BY": "Creative Commons Attribution license",
    "CC0": "Creative Commons Zero",
    "EPL": "Eclipse Public License",
    "GPL": "GNU General Public License",
    "LGPL": "GNU Lesser General Public License",
    "MIT": "MIT License",
    "MPL": "Mozilla Public License",
}
"""What people call the licences whose identifiers start so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What there is to find in an entity, gathered from its facets."""

    title: str = ""
    description: str = ""
    headings: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    schema: tuple[Any, ...] = ()
    code: str = ""
    symbols: tuple[str, ...] = ()
    language: str = ""
    uses: tuple[str, ...] = ()
    licence: str = ""
    rows: int | None = None


def words_of(state: EntityState, notebook: NotebookDocument | None) -> Words:
    prose = state.facet(Documentation)
    description = f"{prose.summary}\n{prose.text}".strip() if prose else ""
    summary = state.facet(Notebook)
    if summary is not None:
        cells = notebook.cells if notebook else ()
        return Words(
            title=summary.title,
            description=description or _prose(cells),
            headings=summary.headings,
            code="\n".join(cell.source for cell in cells if cell.kind == "code")[:_NOTEBOOK_CODE_LIMIT],
            symbols=(*summary.imports, *summary.calls, *summary.reads, *summary.writes),
            language=summary.language,
            uses=_packages(summary.imports),
        )
    code = state.facet(Code)
    if code is not None:
        return Words(
            description=description,
            code=_text(code.content)[:_CODE_LIMIT],
            symbols=(
                *(one.name for one in code.definitions),
                *code.imports,
                *code.calls,
                *code.reads,
                *code.writes,
            ),
            language=code.language,
            uses=_packages(code.imports),
        )
    return _other_words(state, description)


def _other_words(state: EntityState, description: str) -> Words:
    environment, schema, storage = state.facet(Environment), state.facet(Schema), state.facet(Storage)
    repository = state.facet(Repository)
    described = [column.description for column in schema.columns if column.description] if schema else []
    licence = _licence_name(state.licence) if repository else ""
    headings = _headings(prose) if (prose := state.facet(Documentation)) else ()
    own = licence_of(state.entity.path, prose.text) if prose and is_licence(state.entity.path) else ""
    return Words(
        title=headings[0] if headings else _licence_name(own),
        licence=own,
        description="\n".join([description, *described, licence]).strip(),
        headings=headings,
        columns=tuple(column.name for column in schema.columns) if schema else _declared(state, prose),
        schema=schema.columns if schema else (),
        symbols=tuple(package.name for package in environment.packages) if environment else (),
        uses=tuple(package.name for package in environment.packages) if environment else (),
        language=repository.languages[0][0] if repository and repository.languages else "",
        rows=storage.rows if storage else None,
    )


def _headings(prose: Documentation) -> tuple[str, ...]:
    if prose.markup != "markdown":
        return ()
    found = (
        heading.strip(" \t#")[:_HEADING_LETTERS] for heading in _HEADING.findall(_FENCED.sub("", prose.text))
    )
    return tuple(heading for heading in found if heading)[:_HEADINGS]


def _declared(state: EntityState, prose: Documentation | None) -> tuple[str, ...]:
    """The columns that a file is the schema, or the header, of."""
    place = PurePosixPath(state.entity.name.lower())
    if prose is None or state.entity.kind != "file":
        return ()
    if place.suffix in (".csv", ".tsv"):
        return tuple(prose.summary.split(", "))[:_COLUMNS]
    if "schema" in place.name and place.suffix in (".yaml", ".yml", ".json"):
        return tuple(dict.fromkeys(_FIELD.findall(prose.text)))[:_COLUMNS]
    return ()


def _prose(cells: Iterable[Cell]) -> str:
    """All that a notebook says in words: a question may have its words in different cells."""
    markdown = (cell.source.strip().lstrip("# ") for cell in cells if cell.kind == "markdown")
    return "\n".join(filter(None, markdown))


def _licence_name(identifier: str) -> str:
    """`Mozilla Public License (MPL)` of `MPL-2.0`: people leave the version out."""
    family = re.split(r"-(?=\d)", identifier)[0]
    names = (f"{name} ({family})" for start, name in _LICENCES.items() if family.upper().startswith(start))
    return next(names, "")


def _text(digest: str) -> str:
    if not digest:
        return ""
    try:
        return queries.content(digest)[0].decode(errors="replace")
    except HubError:
        return ""


def _packages(imports: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.split(".")[0] for name in imports if name and not name.startswith(".")))


def names_of(state: EntityState) -> tuple[str, ...]:
    """Other exact names: without suffix, catalog, schema or folder, its folder's; aliases but no urns."""
    entity = state.entity
    names = [PurePosixPath(entity.name).stem] if entity.kind in ("notebook", "file") else []
    if entity.kind == "file":
        names += _folder_names(PurePosixPath(entity.urn.partition(":")[2]))
    if entity.kind == "dataset":
        names += [entity.urn.partition("/")[2], *_parts(entity.name)]
    names += [alias for alias in state.aliases if ":" not in alias]
    return tuple(dict.fromkeys(name for name in names if name and name != entity.name))


def _parts(name: str) -> list[str]:
    """`trips` and `mart.trips` of `lake.mart.trips`; `trips.csv` and `trips` of `data/trips.csv`."""
    if _DATA_FILE.search(name):
        place = PurePosixPath(name)
        return [place.name, place.stem]
    parts = name.split(".")
    return [parts[-1], ".".join(parts[-2:])]


def _folder_names(place: PurePosixPath) -> list[str]:
    """`mart/trips/query.sql` is also called `trips` and `mart.trips`, a README on top like its repository."""
    folders = place.parts[:-1]
    if place.stem.lower() not in _ROLES or (len(folders) == 1 and place.stem.lower() != "readme"):
        return []
    return [folders[-1], ".".join(folders[-2:])] if len(folders) > 2 else [folders[-1]]
