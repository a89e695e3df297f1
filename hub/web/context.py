"""The context processor: `shell`, what stands round every page."""

from django.conf import settings
from django.http import HttpRequest

from hub.web.navigation import navigation
from hub.web.pages import Appearance, Shell

THEMES = ("auto", "light", "dark")
DENSITIES = ("comfortable", "compact")
THEME_COOKIE = "theme"
DENSITY_COOKIE = "density"
KEYS_COOKIE = "single_keys"


def appearance(request: HttpRequest) -> Appearance:
    """The choices in the cookies of `request`; anything unknown counts as not chosen."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    density = request.COOKIES.get(DENSITY_COOKIE, "")
    return Appearance(
        theme=theme if theme in THEMES else THEMES[0],
        density=density if density in DENSITIES else DENSITIES[0],
        single_keys=request.COOKIES.get(KEYS_COOKIE) != "off",
    )


def page(request: HttpRequest) -> dict[str, Shell]:
    """`shell` for the base template. A fragment has no frame, an error before sign-in has a bare one."""
    organisation = str(getattr(settings, "ORGANISATION", ""))
    bare = Shell(
        appearance=appearance(request),
        path=request.get_full_path(),
        organisation=organisation,
    )
    framed = hasattr(request, "user") and not getattr(request, "htmx", False)
    if not framed or (person := navigation.person(request)) is None:
        return {"shell": bare}
    waiting = navigation.waiting(request)
    shell = Shell(
        appearance=bare.appearance,
        path=bare.path,
        organisation=organisation,
        bar=navigation.places(request, "bar"),
        menu=navigation.places(request, "menu"),
        person=person,
        waiting=waiting.count if waiting else 0,
        waiting_url=waiting.url if waiting else "",
        demo=navigation.demo(request),
    )
    return {"shell": shell}
