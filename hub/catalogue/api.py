"""Entities over the API: lists, one with its facets, its versions, edges and changes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.endpoint import Endpoint, Moment, TimeInput
from hub.api.pagination import PageInput, PageOutput, page_of, page_with
from hub.api.schema import described, shape_of
from hub.catalogue import queries
from hub.catalogue.models import Edge, Entity
from hub.catalogue.policies import Plane, audience_ids
from hub.catalogue.queries import EntityRead, FacetRow
from hub.core.asker import Asker
from hub.core.errors import NotFound, NotPermitted
from hub.web.addresses import address_of
from indexers.vocabulary.facets import FACETS, Identity, Ownership
from indexers.vocabulary.facets import Facet as FacetValue
from indexers.vocabulary.kinds import KINDS
from indexers.vocabulary.relations import RELATIONS


class EntitiesInput(PageInput, TimeInput):
    kind = serializers.ListField(
        child=serializers.ChoiceField(sorted(KINDS)), required=False, help_text="One of these kinds."
    )
    parent = serializers.CharField(  # type: ignore[assignment]  # hides a field's own attribute
        required=False, max_length=1000, help_text="Only what lies in this: an id or a urn."
    )


class EntityInput(TimeInput):
    source_time = Moment(
        required=False, help_text="Facets as they were true at the source then, as known at `as_of`."
    )


class VersionsInput(PageInput, TimeInput):
    """What the lists below an entity take."""


class EdgesInput(VersionsInput):
    direction = serializers.ChoiceField(
        ["out", "in"], default="out", help_text="`out`: what it depends on; `in`: what depends on it."
    )
    relation = serializers.ListField(child=serializers.ChoiceField(sorted(RELATIONS)), required=False)


class TeamOutput(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()


class EntityReference(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Never changes, whatever the thing is called.")
    urn = serializers.CharField()
    kind = serializers.CharField()
    name = serializers.CharField()


class EntityOutput(EntityReference):
    platform = serializers.CharField(help_text="Empty where only code names the thing.")
    path = serializers.CharField(help_text="The place in its container, empty where there is none.")
    url = serializers.SerializerMethodField(help_text="Its page.")
    team = TeamOutput(source="space", allow_null=True)
    parent = EntityReference(allow_null=True, help_text="What it lies in, where you may see that.")

    def get_url(self, entity: Entity) -> str:
        """The path of the page."""
        return address_of(entity.urn, str(entity.pk))


class EntitiesOutput(PageOutput):
    items = EntityOutput(many=True)


def _facet_shape() -> dict[str, Any]:
    where = {
        "source_version": {"type": "string", "description": "Commit or table version, empty where unknown."},
        "source_time": {"type": ["string", "null"], "format": "date-time"},
    }
    return {
        "type": "object",
        "description": "What is stated of it, by facet; empty without the right to its description.",
        "additionalProperties": False,
        "properties": {
            name: {
                "type": "object",
                "properties": {"value": _value_shape(kind), **where},
                "required": ["value", *where],
            }
            for name, kind in sorted(FACETS.items())
            if kind is not Identity
        },
    }


def _value_shape(kind: type[FacetValue]) -> dict[str, Any]:
    shape = shape_of(kind)
    return {**shape, "description": "Names of people and teams."} if kind is Ownership else shape


@extend_schema_field(_facet_shape())
class FacetsField(serializers.Field[Any, Any, dict[str, Any], Mapping[str, FacetRow]]):
    """Facets with every field written out; owners by name, since digests of addresses are personal."""

    def to_representation(self, value: Mapping[str, FacetRow]) -> dict[str, Any]:
        """JSON by name of facet."""
        return {
            name: {
                "value": asdict(cast("Any", _with_names(row.value))),
                "source_version": row.source_version,
                "source_time": row.source_time,
            }
            for name, row in sorted(value.items())
        }


class EntityDetailOutput(EntityOutput):
    describable = serializers.BooleanField(help_text="Whether you may read about it.")
    derivable = serializers.BooleanField(help_text="Whether you may see what was made of its data.")
    facets = FacetsField()

    def to_representation(self, instance: EntityRead) -> dict[str, Any]:
        """The fields of the entity and what the asker may read of it, side by side."""
        return {
            **EntityOutput(instance.entity).data,
            "describable": instance.describable,
            "derivable": instance.derivable,
            "facets": self.fields["facets"].to_representation(instance.facets),
        }


class VersionOutput(serializers.Serializer[Any]):
    source_version = serializers.CharField(help_text="Commit or table version.")
    source_time = serializers.DateTimeField()
    author = serializers.CharField(source="author.name", help_text="Empty where it was erased.")
    subject = serializers.CharField()
    path = serializers.CharField(help_text="The path at that version.")
    content = serializers.CharField(help_text="The source's digest of the bytes.")
    change = serializers.CharField()


class VersionsOutput(PageOutput):
    items = VersionOutput(many=True)


class AnchorOutput(serializers.Serializer[Any]):
    repository = serializers.CharField()
    commit = serializers.CharField()
    path = serializers.CharField()
    cell = serializers.IntegerField(allow_null=True, help_text="Counts all cells from 0.")
    first_line = serializers.IntegerField(allow_null=True, help_text="Counts from 1.")
    last_line = serializers.IntegerField(allow_null=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeShown:
    """An edge as the asker may see it from one of its ends: `columns` and `anchor` may be withheld."""

    edge: Edge
    other: Entity
    columns: Sequence[Sequence[str]]
    anchor: Mapping[str, object] | None


class EdgeOutput(serializers.Serializer[Any]):
    relation = serializers.CharField(source="edge.relation")
    other = EntityReference(help_text="The other end.")
    columns = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="(source column, target column) pairs; none where you may not read about the other end.",
    )
    direct = serializers.BooleanField(
        source="edge.direct", help_text="False where the edge only decides rows or a condition."
    )
    evidence = serializers.CharField(source="edge.evidence")
    anchor = AnchorOutput(allow_null=True, help_text="The code that shows it, where you may read that.")


class EdgesOutput(PageOutput):
    items = EdgeOutput(many=True)


class ChangeOutput(serializers.Serializer[Any]):
    at = serializers.DateTimeField(source="generation.published_at")
    subject = serializers.CharField(
        help_text="`entity`, `version`, `visibility`, `facet:<name>` or `edge:<relation>`."
    )
    change = serializers.CharField(help_text="added, removed, breaking, compatible or docs.")
    by = serializers.CharField(
        source="generation.actor.name", default=None, allow_null=True, help_text="The person who stated it."
    )
    run = serializers.UUIDField(
        source="generation.run", allow_null=True, help_text="The crawl that found it."
    )


class ChangesOutput(PageOutput):
    items = ChangeOutput(many=True)


class Entities(Endpoint):
    """The things that the catalogue holds."""

    @described(
        "list_entities",
        "Entities that you may see",
        takes=[EntitiesInput],
        answers={200: EntitiesOutput},
        problems=[404, 422],
    )
    def get(self, http: Request) -> Response:
        """By kind and name; with `parent` what lies in it, by path."""
        asker, given = self.asker(http), self.parse(EntitiesInput, http.query_params)
        kinds, as_of = given.get("kind", ()), given.get("as_of")
        if "parent" in given:
            parent = _named(asker, given["parent"], as_of=as_of).entity
            rows = queries.children(asker, parent, kinds=kinds, as_of=as_of)
        else:
            rows = queries.listing(asker, kinds=kinds, as_of=as_of)
        rows = rows.select_related("space", "parent")
        page = page_of(http, rows, page=given["page"], per_page=given["per_page"])
        queries.without_hidden_parents(asker, page.items)
        return Response(EntitiesOutput(page).data)


class OneEntity(Endpoint):
    """One thing."""

    @described(
        "get_entity",
        "One entity with its facets",
        takes=[EntityInput],
        answers={200: EntityDetailOutput},
        problems=[404, 422],
    )
    def get(self, http: Request, entity: str) -> Response:
        """By its id or its urn, percent-encoded. Names that it had before lead to it."""
        given = self.parse(EntityInput, http.query_params)
        read = _named(
            self.asker(http), entity, as_of=given.get("as_of"), source_time=given.get("source_time")
        )
        return Response(EntityDetailOutput(read).data)


class EntityVersions(Endpoint):
    """The history of a thing at its source."""

    @described(
        "list_versions",
        "Versions of an entity at its source",
        takes=[VersionsInput],
        answers={200: VersionsOutput},
        problems=[403, 404, 422],
    )
    def get(self, http: Request, entity_id: UUID) -> Response:
        """Newest first; renames are followed."""
        given = self.parse(VersionsInput, http.query_params)
        read = _describable(self.asker(http), entity_id, as_of=given.get("as_of"))
        rows = queries.versions(read.entity, as_of=given.get("as_of"))
        page = page_of(http, rows, page=given["page"], per_page=given["per_page"])
        return Response(VersionsOutput(page).data)


class EntityEdges(Endpoint):
    """What a thing depends on, and what depends on it."""

    @described(
        "list_edges",
        "Edges of an entity",
        takes=[EdgesInput],
        answers={200: EdgesOutput},
        problems=[403, 404, 422],
    )
    def get(self, http: Request, entity_id: UUID) -> Response:
        """By relation and name of the other end; edges to things that you may not see are not there."""
        asker, given = self.asker(http), self.parse(EdgesInput, http.query_params)
        direction, as_of = given["direction"], given.get("as_of")
        read = _describable(asker, entity_id, as_of=as_of)
        rows = queries.edges(asker, read.entity, direction, relations=given.get("relation", ()), as_of=as_of)
        found = page_of(http, rows, page=given["page"], per_page=given["per_page"])
        shown = _shown(asker, found.items, direction)
        page = page_with(http, shown, page=found.page, per_page=found.per_page, total=found.total)
        return Response(EdgesOutput(page).data)


class EntityChanges(Endpoint):
    """What the hub saw change of a thing."""

    @described(
        "list_changes",
        "Changes of an entity, as the hub saw them",
        takes=[VersionsInput],
        answers={200: ChangesOutput},
        problems=[403, 404, 422],
    )
    def get(self, http: Request, entity_id: UUID) -> Response:
        """Newest first."""
        asker, given = self.asker(http), self.parse(VersionsInput, http.query_params)
        read = _describable(asker, entity_id, as_of=given.get("as_of"))
        rows = queries.changes(asker, read.entity, as_of=given.get("as_of"))
        page = page_of(http, rows, page=given["page"], per_page=given["per_page"])
        return Response(ChangesOutput(page).data)


def _with_names(value: FacetValue) -> FacetValue:
    if isinstance(value, Ownership):
        return replace(value, people=tuple(sorted(queries.author_names(value.people).values())))
    return value


def _named(
    asker: Asker, name: str, *, as_of: datetime | None, source_time: datetime | None = None
) -> EntityRead:
    """The entity of this id or urn."""
    if "\0" in name:
        raise NotFound
    try:
        entity_id = UUID(name)
    except ValueError:
        return queries.find(asker, [name], as_of=as_of, source_time=source_time)
    return queries.by_id(asker, entity_id, as_of=as_of, source_time=source_time)


def _describable(asker: Asker, entity_id: UUID, *, as_of: datetime | None) -> EntityRead:
    read = queries.by_id(asker, entity_id, as_of=as_of)
    if not read.describable:
        raise NotPermitted(
            "You may know that this exists. The rest is for its team until you are given access."
        )
    return read


def _shown(asker: Asker, rows: Sequence[Edge], direction: str) -> list[EdgeShown]:
    described, anchored = audience_ids(asker, Plane.DESCRIBE), queries.readable_anchors(asker, rows)
    shown = []
    for row in rows:
        other = row.target if direction == "out" else row.source
        shown.append(
            EdgeShown(
                edge=row,
                other=other,
                columns=row.columns if other.audience_id in described else [],
                anchor=row.anchor if row.pk in anchored else None,
            )
        )
    return shown
