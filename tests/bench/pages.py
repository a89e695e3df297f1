"""Pages beside a plain Django page: 10 queries of 10 users each, rendered, with the usual middleware.

Both run in this process through the test client, in turn, on the sample organisation. Reported are p50
in milliseconds, the ratio to the plain page, and the number of queries of each page.
"""

import json
import os
import time
from typing import Any

from tests.bench.corpora import boxwood, home, percentile

ROUNDS = 60
PAGES = {
    "home": "/",
    "search": "/search?q=rain",
    "browse": "/search",
    "notebook": "/notebooks/rondo-demand/studies/rain_effect.ipynb",
    "repository": "/repos/rondo-demand",
    "table": "/tables/lake/mart/station_hourly",
    "sources": "/settings/sources",
    "runs": "/runs",
}


def main() -> None:
    boxwood("rondo", "demo", "--no-serve")
    os.environ["BOXWOOD_HOME"] = str(home("rondo"))
    os.environ["BOXWOOD_HOSTS"] = "testserver localhost"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    import django

    django.setup()
    print(json.dumps(measured()))


def measured() -> dict[str, Any]:
    from django.test import Client
    from django.urls import path

    from hub import urls
    from hub.access.policies import ROUTES, Rule
    from hub.accounts.models import User

    urls.urlpatterns.append(path("plain", plain_page, name="plain"))
    ROUTES["plain"] = Rule.SIGNED_IN
    client = Client()
    client.force_login(User.objects.get(email="mira.sato@rondo.example"))
    addresses = {"plain": "/plain", **PAGES}
    times: dict[str, list[float]] = {name: [] for name in addresses}
    for turn in range(ROUNDS + 5):
        for name, address in addresses.items():
            started = time.perf_counter()
            response = client.get(address)
            if turn >= 5:
                times[name].append((time.perf_counter() - started) * 1000)
            assert response.status_code == 200, f"{address} answered {response.status_code}"
    plain = percentile(times["plain"], 0.5)
    return {
        "measured": True,
        "rounds": ROUNDS,
        "plain_p50_ms": round(plain, 2),
        "pages": {
            name: {
                "p50_ms": round(percentile(times[name], 0.5), 2),
                "ratio": round(percentile(times[name], 0.5) / plain, 2),
                "engine_ms": round(engine_time(address), 2),
                "queries": queries_of(client, address),
            }
            for name, address in PAGES.items()
        },
    }


def plain_page(request: Any) -> Any:
    """The page to compare with: see the module."""
    from django.http import HttpResponse
    from django.template import Context, Engine

    from hub.accounts.models import User

    rows = [list(User.objects.select_related("principal").order_by("pk")[:10]) for _ in range(10)]
    template = Engine().from_string(
        "<!doctype html><title>{{ request.path }}</title><table>"
        "{% for users in rows %}{% for user in users %}"
        "<tr><td>{{ user.pk }}</td><td>{{ user.email }}</td><td>{{ user.principal.name }}</td>"
        "<td>{{ user.job }}</td></tr>{% endfor %}{% endfor %}</table>"
    )
    return HttpResponse(template.render(Context({"rows": rows, "request": request})))


def queries_of(client: Any, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def engine_time(address: str) -> float:
    """The search engine's own p50 for the question of a search page, 0 for others."""
    if not address.startswith("/search"):
        return 0.0
    from hub.core.asker import INSTALLATION_OWNER
    from hub.discovery.queries import rights_of
    from hub.search.engine import engine
    from hub.search.port import SearchRequest

    text = address.partition("q=")[2]
    request = SearchRequest(text=text, rights=rights_of(INSTALLATION_OWNER))
    times = []
    for _ in range(20):
        started = time.perf_counter()
        engine().search(request)
        times.append((time.perf_counter() - started) * 1000)
    return percentile(times, 0.5)


if __name__ == "__main__":
    main()
