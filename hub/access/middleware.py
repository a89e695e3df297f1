"""The policy table at the door: no route answers that the table does not name."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from hub.access.policies import ROUTES, Rule, asker_for


class RoutePolicy:
    """Puts `request.asker` in place and asks for a sign-in where the route needs one.

    API routes answer 401 by themselves, since they also take tokens.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.asker = SimpleLazyObject(lambda: asker_for(request.user))  # type: ignore[attr-defined]  # ours
        return self._get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],  # noqa: ARG002  # the signature is Django's
        args: Any,  # noqa: ARG002
        kwargs: Any,  # noqa: ARG002
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        rule = ROUTES.get(match.view_name or "") if match else None
        if rule is None:
            raise Http404
        if rule is Rule.SIGNED_IN and not request.user.is_authenticated and "/api/" not in request.path:
            return redirect_to_login(request.get_full_path())
        return None
