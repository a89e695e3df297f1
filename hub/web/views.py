"""The one page-less view of the toolkit: what somebody chose for this device."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from hub.web.context import DENSITIES, DENSITY_COOKIE, KEYS_COOKIE, THEME_COOKIE, THEMES

_CHOICES = {THEME_COOKIE: THEMES, DENSITY_COOKIE: DENSITIES, KEYS_COOKIE: ("on", "off")}
_YEAR = 365 * 24 * 3600


@require_POST
def choose_appearance(request: HttpRequest) -> HttpResponse:
    """Keep the posted theme, density or single_keys in cookies and go back to `next`."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    for name, known in _CHOICES.items():
        if (value := request.POST.get(name, "")) in known:
            response.set_cookie(name, value, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
    return response
