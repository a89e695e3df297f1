"""Home, search, and the pages of things."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from hub.accounts.models import User
from hub.catalogue import queries as catalogue
from hub.catalogue.pages import url_of
from hub.core.errors import NotFound
from hub.discovery import entity_pages, home, pages, queries, services
from hub.search.port import FACETS, Sort
from hub.web.addresses import urns_of
from hub.web.pages import Action
from hub.web.requests import as_of_in, asker_of, page_in, paged
from indexers.vocabulary.facets import Ownership, Schema


def start(request: HttpRequest) -> HttpResponse:
    """Home: what changed near me, saved searches, the catalogue in numbers."""
    return render(request, "discovery/home.html", {"page": home.home_page(asker_of(request), _user(request))})


def search(request: HttpRequest) -> HttpResponse:
    """Results; the fragment of them for a filter that was clicked."""
    text = request.GET.get("q", "").strip()[:1000]
    number = page_in(request)
    filters = tuple(
        (name, tuple(values))
        for name in FACETS
        if (values := [one for one in request.GET.getlist(name) if one])
    )
    sort = cast("Sort", request.GET.get("sort", "best"))
    found = queries.search(
        asker_of(request),
        text,
        filters=filters,
        offset=(number - 1) * pages.PER_PAGE,
        limit=pages.PER_PAGE,
        sort=sort if sort in ("best", "newest", "name") else "best",
        pictures=True,
    )
    save = (
        Action(
            label="Save",
            url="/search/save",
            icon="bookmark",
            post=True,
            name="query",
            value=request.GET.urlencode(),
        )
        if text or filters
        else None
    )
    page = pages.search_page(text, request.GET, found, number=number, save=save)
    fragment = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    return render(request, "discovery/_results.html" if fragment else "discovery/search.html", {"page": page})


def suggest(request: HttpRequest) -> HttpResponse:
    """Type-ahead: at most eight names."""
    text = request.GET.get("q", "").strip()
    found = queries.suggest(asker_of(request), text) if text else ()
    urls = queries.addresses(asker_of(request), [one.id for one in found])
    return render(request, "discovery/_suggestions.html", {"page": pages.suggestions_page(text, found, urls)})


@require_POST
def save_search(request: HttpRequest) -> HttpResponse:
    """Keep the posted query string under its own words."""
    query = request.POST.get("query", "")
    services.save_search(actor=_user(request).principal, name=home.name_of(query), query=query)
    return redirect(f"/search?{query}")


@require_POST
def remove_search(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Forget a saved search."""
    services.remove_search(actor=_user(request).principal, search_id=search_id)
    return redirect("home")


def permalink(request: HttpRequest, entity_id: UUID) -> HttpResponse:
    """The page that an entity has today, or this page itself for kinds without one."""
    read = catalogue.by_id(asker_of(request), entity_id, as_of=as_of_in(request))
    url = url_of(read.entity)
    return redirect(url) if url != request.path else _any(request, read)


def repository(request: HttpRequest, rest: str) -> HttpResponse:
    """A repository or one of its folders."""
    asker = asker_of(request)
    read = catalogue.find(asker, urns_of("repos", rest), as_of=as_of_in(request))
    inside = list(catalogue.children(asker, read.entity, as_of=as_of_in(request))) if read.describable else []
    page = entity_pages.repository_page(
        read,
        inside,
        folder=request.GET.get("folder", "").strip("/"),
        edges_in=catalogue.edges_shown(asker, read.entity, "in"),
        authors=catalogue.authors_in(read.entity) if read.describable else [],
        readme=catalogue.readme_of(inside),
    )
    return render(request, "catalogue/repository.html", {"page": page})


def file(request: HttpRequest, rest: str) -> HttpResponse:
    """A file's text, or its history."""
    asker = asker_of(request)
    read = catalogue.find(asker, urns_of("files", rest), as_of=as_of_in(request))
    if read.entity.kind != "file":
        return redirect(url_of(read.entity))
    versions = catalogue.versions(read.entity)
    if request.GET.get("view") == "history" and read.describable:
        rows, pagination = paged(request, versions, per_page=50)
        return render(
            request, "notebooks/history.html", {"page": entity_pages.history_page(read, rows, pagination)}
        )
    page = entity_pages.file_page(
        read,
        catalogue.text_of(read),
        catalogue.edges_shown(asker, read.entity, "out") if read.describable else [],
        catalogue.edges_shown(asker, read.entity, "in") if read.describable else [],
        versions.first() if read.describable else None,
    )
    return render(request, "catalogue/file.html", {"page": page})


def table(request: HttpRequest, rest: str) -> HttpResponse:
    """A dataset; a name it had before leads to the one it has."""
    asker = asker_of(request)
    read = catalogue.find(asker, urns_of("tables", rest), as_of=as_of_in(request))
    if read.entity.kind != "dataset":
        raise NotFound
    edges_in = catalogue.edges_shown(asker, read.entity, "in") if read.describable else []
    edges_out = catalogue.edges_shown(asker, read.entity, "out") if read.describable else []
    owned = read.facet(Ownership)
    owners = catalogue.author_names(owned.people) if owned else {}
    notes = catalogue.column_notes(read.entity) if read.facet(Schema) else {}
    page = entity_pages.dataset_page(read, edges_in, edges_out, owners=sorted(owners.values()), notes=notes)
    return render(request, "catalogue/dataset.html", {"page": page})


def environment(request: HttpRequest, rest: str) -> HttpResponse:
    """An environment file: the packages it asks for."""
    read = catalogue.find(asker_of(request), urns_of("environments", rest), as_of=as_of_in(request))
    return _any(request, read)


def _any(request: HttpRequest, read: catalogue.EntityRead) -> HttpResponse:
    asker = asker_of(request)
    edges_out = catalogue.edges_shown(asker, read.entity, "out") if read.describable else []
    edges_in = catalogue.edges_shown(asker, read.entity, "in") if read.describable else []
    return render(
        request, "catalogue/entity.html", {"page": entity_pages.entity_page(read, edges_out, edges_in)}
    )


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
