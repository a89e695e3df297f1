"""All routes. The only module that knows every app; `hub.access.policies.ROUTES` says who may call which."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from hub.accounts import views as accounts
from hub.discovery import views as discovery
from hub.ingestion import views as ingestion
from hub.notebooks import views as notebooks


def alive(request: HttpRequest) -> HttpResponse:
    """For whoever watches the process: it answers."""
    del request
    return HttpResponse("ok", content_type="text/plain")


urlpatterns: list[URLPattern | URLResolver] = [
    path("", discovery.start, name="home"),
    path("", include("hub.web.urls")),
    path("alive", alive, name="health-check"),
    path("sign-in", accounts.sign_in, name="sign-in"),
    path("sign-out", accounts.sign_out, name="sign-out"),
    path("demo/person", accounts.become, name="demo-person"),
    path("settings/me", accounts.me, name="me"),
    path("settings/me/tokens/<uuid:token_id>/revoke", accounts.revoke_token, name="me-token-remove"),
    path("search", discovery.search, name="search"),
    path("search/suggest", discovery.suggest, name="suggest"),
    path("search/save", discovery.save_search, name="saved-search"),
    path("search/saved/<uuid:search_id>/remove", discovery.remove_search, name="saved-search-remove"),
    path("e/<uuid:entity_id>", discovery.permalink, name="permalink"),
    path("repos/<path:rest>", discovery.repository, name="repository"),
    path("files/<path:rest>", discovery.file, name="file"),
    path("tables/<path:rest>", discovery.table, name="table"),
    path("environments/<path:rest>", discovery.environment, name="environment"),
    path("notebooks/<path:rest>", notebooks.notebook, name="notebook"),
    path("content/<str:entity_id>/<str:digest>", notebooks.content, name="content"),
    path("settings/sources", ingestion.sources, name="sources"),
    path("settings/sources/add", ingestion.add, name="source-add"),
    path("settings/sources/<str:name>/crawl", ingestion.crawl, name="source-crawl"),
    path("settings/sources/<str:name>/confirm", ingestion.confirm, name="source-confirm"),
    path("runs", ingestion.runs, name="runs"),
    path("runs/<uuid:run_id>", ingestion.run, name="run"),
    path("runs/<uuid:run_id>/progress", ingestion.progress, name="run-progress"),
    path("runs/<uuid:run_id>/cancel", ingestion.cancel, name="run-cancel"),
    path("api/v1/", include("hub.api_urls")),
]

handler404 = "hub.web.problems.not_found"
handler403 = "hub.web.problems.forbidden"
handler500 = "hub.web.problems.server_error"
