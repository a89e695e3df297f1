"""Search over the API: hits with their reasons, type-ahead, saved searches."""

from typing import Any, cast, get_args
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.models import User
from hub.api.endpoint import Endpoint
from hub.api.pagination import PageInput, PageOutput, page_of, page_with
from hub.api.schema import described
from hub.core.errors import Invalid
from hub.discovery import queries, services
from hub.discovery.queries import Found
from hub.search.port import FACETS, FRESHNESS, MAX_OFFSET, Sort, Tier
from hub.web.addresses import permanent
from indexers.vocabulary.kinds import KINDS


def _any_of(help_text: str, choices: list[str] | None = None) -> serializers.ListField:
    child = serializers.ChoiceField(choices) if choices else serializers.CharField(max_length=200)
    return serializers.ListField(child=child, required=False, max_length=50, help_text=help_text)


class SearchInput(PageInput):
    """A thing must have one of the values of each filter that is given."""

    q = serializers.CharField(
        max_length=1000, allow_blank=True, default="", help_text="Empty browses all, newest first."
    )
    kind = _any_of("`cell` is a cell of a notebook.", sorted({*KINDS, "cell"}))
    team = _any_of("The name of a team.")
    platform = _any_of("git, delta, parquet …")
    language = _any_of("python, r, sql …")
    owner = _any_of("The name of a person or team.")
    licence = _any_of("An SPDX identifier.")
    freshness = _any_of("When it last changed.", [*FRESHNESS, "older"])
    uses = _any_of("A package that it imports.")
    sort = serializers.ChoiceField(get_args(Sort), default="best")


class SuggestInput(serializers.Serializer[Any]):
    q = serializers.CharField(
        max_length=200, allow_blank=True, default="", help_text="What was typed so far."
    )
    limit = serializers.IntegerField(min_value=1, max_value=20, default=8)


class ReasonOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    field = serializers.CharField()
    words = serializers.ListField(child=serializers.CharField())
    sentence = serializers.CharField()


class HighlightOutput(serializers.Serializer[Any]):
    field = serializers.CharField()
    text = serializers.CharField()
    marks = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="(start, end) positions of the matches, in characters of `text`.",
    )
    line = serializers.IntegerField(help_text="Of the field, from 1.")


class DetailsOutput(serializers.Serializer[Any]):
    """Empty where you may not read about the thing."""

    summary = serializers.CharField()
    title = serializers.CharField()
    owners = serializers.ListField(child=serializers.CharField())
    changed = serializers.DateTimeField(allow_null=True)
    used_by = serializers.IntegerField(help_text="Things that depend on it and that you may see.")
    language = serializers.CharField()
    columns = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), help_text="The first (name, type) pairs."
    )
    rows = serializers.IntegerField(allow_null=True)
    cell = serializers.IntegerField(source="number", help_text="Of a hit in a cell, counted from 1; else 0.")
    commit = serializers.CharField()
    outputs = serializers.IntegerField(help_text="How many outputs the cell has.")


class HitOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="entity_id", help_text="Of the entity; of a cell's notebook.")
    urn = serializers.CharField(help_text="A cell's is its notebook's and `#cell-<id>`.")
    kind = serializers.CharField()
    name = serializers.CharField()
    team = serializers.CharField()
    repository = serializers.CharField()
    path = serializers.CharField()
    url = serializers.CharField()
    tier = serializers.ChoiceField(get_args(Tier))
    why = ReasonOutput(many=True)
    highlights = HighlightOutput(many=True)
    describable = serializers.BooleanField(help_text="Whether you may read about it.")
    derivable = serializers.BooleanField(help_text="Whether you may see its outputs.")
    details = DetailsOutput()


class TierOutput(serializers.Serializer[Any]):
    tier = serializers.CharField()
    count = serializers.IntegerField()


class FacetValueOutput(serializers.Serializer[Any]):
    value = serializers.CharField()
    count = serializers.IntegerField()


class FacetsOutput(serializers.Serializer[Any]):
    """The most frequent values of each filter, counted as if it had none of its own."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """One list a filter."""
        return {name: FacetValueOutput(many=True) for name in FACETS}


class FoundOutput(PageOutput):
    items = HitOutput(many=True)
    tiers = TierOutput(many=True)
    facets = FacetsOutput()
    did_you_mean = serializers.CharField(help_text="A better spelling, or empty.")
    withheld = serializers.IntegerField(help_text="Hits of this page whose outputs you may not see.")


class SuggestionOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.CharField()
    path = serializers.CharField()
    url = serializers.SerializerMethodField(help_text="Its permanent link.")

    @extend_schema_field(OpenApiTypes.STR)
    def get_url(self, suggestion: Any) -> str:
        """The link that survives renames."""
        return permanent(suggestion.id)


class SuggestionsOutput(serializers.Serializer[Any]):
    items = SuggestionOutput(many=True)


class SavedSearchInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    query = serializers.CharField(max_length=1000, help_text="The query string: `q=rain&kind=notebook`.")


class SavedSearchOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    query = serializers.CharField()
    saved_at = serializers.DateTimeField()


class SavedSearchesOutput(PageOutput):
    items = SavedSearchOutput(many=True)


class Search(Endpoint):
    """Search of everything."""

    @described(
        "search",
        "Search what you may see",
        takes=[SearchInput],
        answers={200: FoundOutput},
        problems=[422, 503],
    )
    def get(self, http: Request) -> Response:
        """Hits in tiers: exact name, name, words of the name, text. A page ends within the first 10,000."""
        given = self.parse(SearchInput, http.query_params)
        page, per_page = given["page"], given["per_page"]
        offset = (page - 1) * per_page
        if offset > MAX_OFFSET:
            raise Invalid(
                f"Only the first {MAX_OFFSET:,} results have pages. Narrow the search.", field="page"
            )
        filters = tuple((name, tuple(given[name])) for name in FACETS if given.get(name))
        found = queries.search(
            self.asker(http), given["q"], filters=filters, offset=offset, limit=per_page, sort=given["sort"]
        )
        hits = page_with(http, found.hits, page=page, per_page=per_page, total=found.total)
        return Response({**PageOutput(hits).data, **_answer(found)})


class Suggest(Endpoint):
    """Type-ahead."""

    @described(
        "suggest",
        "Names that start like what was typed",
        takes=[SuggestInput],
        answers={200: SuggestionsOutput},
        problems=[422, 503],
    )
    def get(self, http: Request) -> Response:
        """Different names of things that you may see, best first."""
        given = self.parse(SuggestInput, http.query_params)
        found = queries.suggest(self.asker(http), given["q"], limit=given["limit"]) if given["q"] else ()
        return Response(SuggestionsOutput({"items": found}).data)


class SavedSearches(Endpoint):
    """What you keep of your searches."""

    @described(
        "list_saved_searches",
        "Your saved searches",
        takes=[PageInput],
        answers={200: SavedSearchesOutput},
        problems=[422],
    )
    def get(self, http: Request) -> Response:
        """By name. They are run again with your rights of the day."""
        given = self.parse(PageInput, http.query_params)
        rows = queries.saved_searches(_user(http).principal)
        return Response(SavedSearchesOutput(page_of(http, rows, **given)).data)

    @described(
        "save_search",
        "Save a search",
        body=SavedSearchInput,
        answers={201: SavedSearchOutput},
        problems=[403, 422],
    )
    def post(self, http: Request) -> Response:
        """Keep a search under a name; one of that name is replaced."""
        given = self.parse(SavedSearchInput, http.data)
        saved = services.save_search(actor=_user(http).principal, **given)
        return Response(SavedSearchOutput(saved).data, status=201)


class OneSavedSearch(Endpoint):
    """A search you saved."""

    @described("forget_search", "Forget a saved search", answers={204: None}, problems=[403, 404])
    def delete(self, http: Request, search_id: UUID) -> Response:
        """It is gone for good."""
        services.remove_search(actor=_user(http).principal, search_id=search_id)
        return Response(status=204)


def _answer(found: Found) -> dict[str, Any]:
    return {
        "items": HitOutput(found.hits, many=True).data,
        "tiers": [{"tier": tier, "count": count} for tier, count in found.tiers],
        "facets": {
            name: [{"value": value, "count": count} for value, count in found.facets.get(name, ())]
            for name in FACETS
        },
        "did_you_mean": found.did_you_mean,
        "withheld": found.withheld,
    }


def _user(http: Request) -> User:
    return cast("User", http.user)
