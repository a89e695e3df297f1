"""The pages that every test of pages walks through."""

from collections.abc import Callable

from playwright.sync_api import Page

Open = Callable[..., Page]

PAGES = {
    "home": "/",
    "search": "/search?q=rain",
    "no-results": "/search?q=zzqqxx",
    "filtered": "/search?q=rain&kind=notebook&team=Growth",
    "notebook": "/notebooks/rondo-demand/studies/rain_effect.ipynb",
    "history": "/notebooks/rondo-demand/studies/rain_effect.ipynb?view=history",
    "environment": "/notebooks/rondo-demand/studies/rain_effect.ipynb?view=environment",
    "raw": "/notebooks/rondo-demand/studies/rain_effect.ipynb?view=raw",
    "withheld": "/notebooks/rondo-growth/churn/rider_rain.ipynb",
    "broken": "/notebooks/rondo-growth/churn/winback.ipynb",
    "repository": "/repos/rondo-demand",
    "file": "/files/rondo-demand/README.md",
    "table": "/tables/lake/mart/station_hourly",
    "sources": "/settings/sources",
    "runs": "/runs",
    "me": "/settings/me",
    "nothing": "/tables/lake/raw/payments",
}
