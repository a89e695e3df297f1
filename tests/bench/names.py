"""Search over an indexed repository: exact names come first, and how long an answer takes.

Names are drawn from the catalogue with a fixed seed. Every answer has total, tiers, facets, reasons and
highlights, filtered by the rights of who asks and checked again in the catalogue.
"""

import json
import os
import random
import time
from typing import Any

from tests.bench.corpora import HANDBOOK, NOT_MEASURED, WAREHOUSE, ensure_indexed, home, percentile

EXACT, QUERIES = 500, 1_000


def main() -> None:
    name = next((one for one in (WAREHOUSE, HANDBOOK) if ensure_indexed(one)), None)
    print(json.dumps(measured(name) if name else NOT_MEASURED))


def measured(name: str) -> dict[str, Any]:
    os.environ["BOXWOOD_HOME"] = str(home(name))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    import django

    django.setup()
    from hub.catalogue.models import Entity
    from hub.core.asker import INSTALLATION_OWNER
    from hub.discovery.queries import search

    things = list(
        Entity.objects.filter(kind__in=("file", "notebook", "dataset", "repository"))
        .order_by("urn")
        .values_list("urn", "name")
    )
    draw = random.Random(7)
    sample = draw.sample(things, min(EXACT, len(things)))
    first = 0
    for _, found in sample:
        first += search(INSTALLATION_OWNER, found, limit=1).hits[0].name.casefold() == found.casefold()
    words = [found.rpartition(".")[2] or found for _, found in draw.choices(things, k=QUERIES)]
    times = []
    for text in words:
        started = time.perf_counter()
        search(INSTALLATION_OWNER, text)
        times.append((time.perf_counter() - started) * 1000)
    return {
        "measured": True,
        "corpus": name,
        "exact_names": len(sample),
        "exact_first": first,
        "queries": len(times),
        "p50_ms": round(percentile(times, 0.5), 2),
        "p95_ms": round(percentile(times, 0.95), 2),
        "p99_ms": round(percentile(times, 0.99), 2),
    }


if __name__ == "__main__":
    main()
