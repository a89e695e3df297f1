"""The routes of the API, version 1. Like `hub.urls` it knows every app and is imported by none."""

from django.urls import URLPattern, path, re_path

from hub.accounts import api as accounts
from hub.api.endpoint import Absent
from hub.api.schema import Document
from hub.catalogue import api as catalogue
from hub.discovery import api as discovery
from hub.ingestion import api as ingestion

urlpatterns: list[URLPattern] = [
    path("schema", Document.as_view(), name="api-schema"),
    path("search", discovery.Search.as_view(), name="api-search"),
    path("suggest", discovery.Suggest.as_view(), name="api-suggest"),
    path("saved-searches", discovery.SavedSearches.as_view(), name="api-saved-searches"),
    path("saved-searches/<uuid:search_id>", discovery.OneSavedSearch.as_view(), name="api-saved-search"),
    path("entities", catalogue.Entities.as_view(), name="api-entities"),
    path(
        "entities/<uuid:entity_id>/versions", catalogue.EntityVersions.as_view(), name="api-entity-versions"
    ),
    path("entities/<uuid:entity_id>/edges", catalogue.EntityEdges.as_view(), name="api-entity-edges"),
    path("entities/<uuid:entity_id>/changes", catalogue.EntityChanges.as_view(), name="api-entity-changes"),
    path("entities/<path:entity>", catalogue.OneEntity.as_view(), name="api-entity"),
    path("sources", ingestion.Sources.as_view(), name="api-sources"),
    path("sources/<str:name>", ingestion.OneSource.as_view(), name="api-source"),
    path("sources/<str:name>/crawl", ingestion.SourceCrawl.as_view(), name="api-source-crawl"),
    path("runs", ingestion.Runs.as_view(), name="api-runs"),
    path("runs/<uuid:run_id>", ingestion.OneRun.as_view(), name="api-run"),
    path("tokens", accounts.Tokens.as_view(), name="api-tokens"),
    path("tokens/<uuid:token_id>", accounts.OneToken.as_view(), name="api-token"),
    re_path(r"^(?P<rest>.*)$", Absent.as_view(), name="api-absent"),
]
