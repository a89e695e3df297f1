"""Errors as pages: what is, why, and the step that leads on. A fragment gets the sentence alone."""

import logging
import secrets
import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from hub.core.errors import HubError, NotFound
from hub.web.context import appearance
from hub.web.pages import Action, ErrorPage, Shell

log = logging.getLogger(__name__)

_TITLES = {
    403: "You may not do this",
    404: "Nothing here",
    409: "Something changed meanwhile",
    422: "There is a problem",
    503: "Not available right now",
}
_HOME = Action(label="Go to the start page", url="/")
_SEARCH = Action(label="Search", url="/search", icon="search", primary=True)


def page(request: HttpRequest, error: HubError) -> HttpResponse:
    """The error page of a `HubError`, with its status."""
    view = ErrorPage(
        title=_TITLES.get(error.status, "Something went wrong"),
        text=error.message,
        status=error.status,
        code=error.code,
        actions=(_SEARCH, _HOME) if error.status == 404 else (_HOME,),
    )
    return _response(request, view)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler404`: the same words for what never existed and what is hidden."""
    del exception
    return page(request, NotFound())


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """`handler403`."""
    del exception
    view = ErrorPage(
        title=_TITLES[403],
        text="Your rights do not cover this. The owner of the thing can grant them.",
        status=403,
        actions=(_HOME,),
    )
    return _response(request, view)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """`CSRF_FAILURE_VIEW`: usually a form that was open for long, or a browser without cookies."""
    log.warning("form refused: %s", reason)
    view = ErrorPage(
        title="The form was not sent",
        text="It was open too long, or your browser keeps no cookies here. Go back, reload, send it again.",
        status=403,
        actions=(_HOME,),
    )
    return _response(request, view)


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: a page that needs neither database nor session, with a reference that is logged."""
    reference = f"{secrets.token_hex(2)}-{secrets.token_hex(1)}".upper()
    log.error("server error %s at %s", reference, request.path, exc_info=sys.exception())
    view = ErrorPage(
        title="Something broke on our side",
        text="Your change was not made; what you typed is kept.",
        status=500,
        reference=reference,
        actions=(_HOME,),
    )
    if request.headers.get("HX-Request"):
        return _sentence(view)
    shell = Shell(appearance=appearance(request), path=request.path)
    return HttpResponse(render_to_string("errors/500.html", {"page": view, "shell": shell}), status=500)


def _response(request: HttpRequest, view: ErrorPage) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return _sentence(view)
    template = f"errors/{view.status}.html" if view.status in {403, 404} else "errors/error.html"
    return HttpResponse(render_to_string(template, {"page": view}, request), status=view.status)


def _sentence(view: ErrorPage) -> HttpResponse:
    """What the islands show in place, as text, where a fragment could not come."""
    quoted = f" Quote {view.reference} to your administrator." if view.reference else ""
    return HttpResponse(
        f"{view.text}{quoted}",
        content_type="text/plain; charset=utf-8",
        status=view.status,
    )
