"""A notebook with its cells, today or at a commit, for whoever asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from hub.catalogue import queries
from hub.catalogue.models import Edge, Entity, Facet, Version
from hub.catalogue.policies import open_at
from hub.catalogue.queries import EntityRead
from hub.core import files
from hub.core.asker import Asker
from hub.core.errors import HubError, NotFound
from hub.ingestion.models import RunFault
from hub.ingestion.queries import faults_at
from indexers.parsers.notebook.document import (
    MEDIA_TYPE,
    DocumentInvalid,
    NotebookDocument,
    from_json,
)
from indexers.vocabulary.facets import Environment, Notebook


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookRead:
    """A notebook as somebody may see it. `document` is None where nothing could be read, or may be."""

    read: EntityRead
    summary: Notebook | None
    document: NotebookDocument | None
    version: Version | None
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentRead:
    """An environment file of the notebook's repository, and what it asks for."""

    entity: Entity
    environment: Environment


def notebook(
    asker: Asker, urns: Sequence[str], *, commit: str = "", as_of: datetime | None = None
) -> NotebookRead:
    """The notebook; at a commit (7 or more hex digits) that version of it. NotFound, also for the commit.

    At most 9 queries.
    """
    read = queries.find(asker, urns, as_of=as_of)
    if read.entity.kind != "notebook":
        raise NotFound
    if not read.describable:
        return NotebookRead(read=read, summary=None, document=None, version=None, edges=())
    version = _version(read.entity, commit)
    past = _summary_at(read.entity, version) if commit and version is not None else None
    summary = past if commit else read.facet(Notebook)
    return NotebookRead(
        read=read,
        summary=summary,
        document=document_of(summary),
        version=version,
        edges=tuple(queries.edges(asker, read.entity, "out", as_of=as_of)),
    )


def faults_in(found: NotebookRead) -> list[RunFault]:
    """What could not be read of the notebook as it is today, by the run that read it. At most 2 queries.

    Later runs leave out what did not change, and with it its faults.
    """
    entity = found.read.entity
    if not found.read.describable or (found.summary != found.read.facet(Notebook)):
        return []
    if found.version is not None:
        run_id = found.version.opened.run
    else:
        rows = Facet.objects.filter(open_at(None), entity=entity, facet="notebook", historic=False)
        run_id = rows.values_list("opened__run", flat=True).order_by("-pk").first()
    return faults_at(run_id, entity.path) if run_id else []


def document_of(summary: Notebook | None) -> NotebookDocument | None:
    """The stored cells of a summary, if there are any that can be read."""
    return _document(summary.content) if summary is not None and summary.content else None


@lru_cache(maxsize=16)
def _document(digest: str) -> NotebookDocument | None:
    """Content never changes: the last few notebooks that somebody opened are kept as they were read."""
    try:
        return from_json(files.get(digest, MEDIA_TYPE))
    except (DocumentInvalid, HubError):
        return None


def environments(asker: Asker, repository: Entity | None) -> list[EnvironmentRead]:
    """The environment files of a repository that the asker may read. 2 queries."""
    if repository is None:
        return []
    entities = list(queries.children(asker, repository, kinds=["environment"]))
    facets = queries.facets_of([entity.pk for entity in entities], names=["environment"])
    return [
        EnvironmentRead(entity=entity, environment=value)
        for entity in entities
        if (row := facets.get(entity.pk, {}).get("environment"))
        and isinstance(value := row.value, Environment)
    ]


def picture(asker: Asker, entity_id: str, digest: str) -> tuple[bytes, str]:
    """A picture of a notebook's outputs, for those with the right to its outputs. NotFound for all else.

    The digest must belong to a version of this notebook: knowing a digest gives nobody anything.
    """
    read = queries.by_id(asker, _uuid(entity_id))
    if not read.derivable:
        raise NotFound
    rows = Facet.objects.filter(entity=read.entity, facet="notebook").order_by("historic", "-pk")
    for row in rows.iterator():
        value = queries.value_of(row)
        if isinstance(value, Notebook) and _holds(value, digest):
            return queries.content(digest)
    raise NotFound


def _holds(summary: Notebook, digest: str) -> bool:
    if any(digest == thumbnail for _, thumbnail in summary.thumbnails):
        return True
    document = document_of(summary)
    if document is None:
        return False
    outputs = (output for cell in document.cells for output in cell.outputs)
    attachments = (attachment for cell in document.cells for attachment in cell.attachments)
    return any(digest in (output.digest, output.data_digest) for output in outputs) or any(
        digest == attachment.digest for attachment in attachments
    )


def _version(entity: Entity, commit: str) -> Version | None:
    rows = queries.versions(entity)
    if not commit:
        return rows.first()
    found = rows.filter(source_version__startswith=commit.lower()).first() if len(commit) >= 7 else None
    if found is None:
        raise NotFound
    return found


def _summary_at(entity: Entity, version: Version) -> Notebook | None:
    rows = Facet.objects.filter(
        open_at(None) | open_at(version.opened.sequence),
        entity=entity,
        facet="notebook",
        source_version=version.source_version,
    )
    row = rows.order_by("historic", "-pk").first()
    value = queries.value_of(row) if row else None
    return value if isinstance(value, Notebook) else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
