"""The pages of a notebook."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.catalogue import queries as catalogue
from hub.catalogue.pages import url_of
from hub.notebooks import pages, queries
from hub.web.addresses import urns_of
from hub.web.requests import as_of_in, asker_of, page_in, paged


def notebook(request: HttpRequest, rest: str) -> HttpResponse:
    """Cells, history, environment or text of a notebook; an old name leads to today's."""
    asker = asker_of(request)
    found = queries.notebook(
        asker, urns_of("notebooks", rest), commit=request.GET.get("commit", ""), as_of=as_of_in(request)
    )
    url = url_of(found.read.entity)
    if request.path != url and request.path.rstrip("/") != url:
        return redirect(f"{url}?{request.GET.urlencode()}" if request.GET else url)
    view = request.GET.get("view", "")
    if view == "history" and found.read.describable:
        rows, pagination = paged(request, catalogue.versions(found.read.entity), per_page=50)
        return render(
            request, "notebooks/history.html", {"page": pages.history_page(found, rows, pagination)}
        )
    if view == "environment":
        files = queries.environments(asker, found.read.entity.parent)
        return render(request, "notebooks/notebook.html", {"page": pages.environment_page(found, files)})
    if view == "raw":
        return render(request, "notebooks/notebook.html", {"page": pages.raw_page(found)})
    faults = pages.fault_rows(queries.faults_in(found))
    page = pages.cells_page(found, number=page_in(request), faults=faults)
    return render(request, "notebooks/notebook.html", {"page": page})


def content(request: HttpRequest, entity_id: str, digest: str) -> HttpResponse:
    """A picture of a notebook's outputs: immutable, and for those with the right alone."""
    data, media_type = queries.picture(asker_of(request), entity_id, digest)
    response = HttpResponse(data, content_type=media_type)
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    response["Content-Disposition"] = "inline" if media_type.startswith("image/") else "attachment"
    return response
