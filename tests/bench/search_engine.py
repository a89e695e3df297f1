"""How fast a search engine is built and asked: `python -m tests.bench.search_engine [--documents N]`.

Invented documents of about 2 KB: words by Zipf's law from 60,000, names, columns, code with punctuation,
owners, packages; a quarter is for everybody, the rest for one of 500 classes. Questions: names, one to three
words of one document, misspelled words; a fifth has filters. Each answer has total, tiers, 20 hits with
reasons and highlights, and all facets, filtered by rights. Prints one JSON document.
"""

import argparse
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Final

from hub.search.backends.sqlite_fts5 import Fts5Search
from hub.search.backends.tantivy_index import TantivySearch
from hub.search.entry import entry_of
from hub.search.port import Document, Rights, SearchPort, SearchRequest
from hub.search.text import tokens

ENGINES: Final[dict[str, Callable[[Path], SearchPort]]] = {"tantivy": TantivySearch, "fts5": Fts5Search}
KINDS: Final = ("dataset",) * 9 + ("notebook",) * 4 + ("file",) * 4 + ("model", "repository", "job")
TODAY: Final = 20_750
DAY: Final = 86_400
WARM_UP: Final = 50


class Words:
    """Draws of invented words: a few are very common, most are rare."""

    def __init__(self, random_: random.Random, size: int = 60_000, drawn: int = 2_000_000) -> None:
        syllables = [first + vowel for first in "bdfgklmnprstvz" for vowel in "aeiou"]
        words: dict[str, None] = {}
        while len(words) < size:
            words["".join(random_.choices(syllables, k=random_.randint(2, 4)))] = None
        self.known = list(words)
        weights = list(accumulate((rank + 1) ** -1.07 for rank in range(size)))
        self._pool = random_.choices(self.known, cum_weights=weights, k=drawn)
        self._random = random_

    def draw(self, least: int, most: int) -> list[str]:
        start = self._random.randrange(len(self._pool) - most)
        return self._pool[start : start + self._random.randint(least, most)]


def documents(number: int, seed: int = 7) -> Iterator[Document]:
    """The same documents for the same seed."""
    random_ = random.Random(seed)
    words = Words(random_)
    classes = list(accumulate((rank + 1) ** -0.5 for rank in range(500)))
    for position in range(number):
        kind = random_.choice(KINDS)
        name = (
            "_".join(words.draw(1, 3))
            + f"_{position % 997}"
            + {"notebook": ".ipynb", "file": ".py"}.get(kind, "")
        )
        code = "".join(
            f"{word}(" if n % 7 else f"{word}, {n})\n" for n, word in enumerate(words.draw(60, 130))
        )
        audience = 0 if random_.random() < 0.25 else 1 + random_.choices(range(500), cum_weights=classes)[0]
        columns = [
            f"{one}_{other}" for one, other in zip(words.draw(20, 20), words.draw(4, 20), strict=False)
        ]
        yield Document(
            id=f"{position:08x}-0000-4000-8000-000000000000",
            entity=f"{position:08x}-0000-4000-8000-000000000000",
            kind=kind,
            name=name,
            path=f"{words.known[position % 200]}/{words.known[position % 37]}/{name}",
            title=" ".join(words.draw(2, 8)),
            description=" ".join(words.draw(10, 70)),
            columns=tuple(columns) if kind == "dataset" else (),
            code=code,
            team=f"Team {position % 120}",
            platform=f"platform{position % 12}",
            language=random_.choice(("python", "sql", "r", "")),
            owner=(f"Person {random_.randrange(2_000)}",),
            licence=random_.choice(("MIT", "Apache-2.0", "")),
            freshness=(TODAY - random_.randrange(1_000)) * DAY,
            uses=tuple(
                f"package{min(299, int(random_.paretovariate(0.8)))}" for _ in range(random_.randint(0, 5))
            ),
            popularity=int(random_.paretovariate(1.0)),
            audience=audience,
            output_audience=audience,
            version=str(position),
            sequence=1,
        )


def questions(number: int, some: list[Document], seed: int = 11) -> Iterator[tuple[str, SearchRequest]]:
    """(sort of question, request): names, words that one document holds, and misspelled words."""
    random_ = random.Random(seed)
    for _ in range(number):
        document = random_.choice(some)
        held = [word for word in tokens(f"{document.title} {document.description}") if len(word) > 3]
        sort, text = random_.choice(
            [
                ("name", document.name),
                ("words", " ".join(random_.sample(held, min(len(held), 1)))),
                ("words", " ".join(random_.sample(held, min(len(held), 2)))),
                ("words", " ".join(random_.sample(held, min(len(held), 3)))),
                ("typo", _misspelled(random_.choice(held), random_)),
            ]
        )
        mine = frozenset({0, *random_.sample(range(1, 501), 60)})
        rights = Rights(
            exists=mine, describe=frozenset(sorted(mine)[:40]), derived=frozenset(sorted(mine)[:20])
        )
        request = SearchRequest(text=text, rights=rights, today=TODAY)
        if random_.random() < 0.2:
            request = replace(request, filters=(("kind", (document.kind,)), ("team", (document.team,))))
        yield sort, request


def measure(engine: str, number: int, asked: int) -> dict[str, object]:
    """Build once, then ask; times in ms, rates in documents a second."""
    with tempfile.TemporaryDirectory() as folder, closing(ENGINES[engine](Path(folder, "index"))) as port:
        made = list(documents(number))
        started = time.process_time()
        for document in made[:5_000]:
            entry_of(document)
        tokenising = (time.process_time() - started) / min(number, 5_000)
        started, busy = time.perf_counter(), time.process_time()
        port.rebuild(made)
        built, busy = time.perf_counter() - started, time.process_time() - busy
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        times: dict[str, list[float]] = {"all": [], "all, processor": []}
        for place, (sort, request) in enumerate(questions(asked + WARM_UP, made)):
            started, worked = time.perf_counter(), time.process_time()
            port.search(request)
            taken, worked = (time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000
            if place >= WARM_UP:
                times["all"].append(taken)
                times["all, processor"].append(worked)
                times.setdefault(sort, []).append(taken)
        changes = []
        for place in range(30):
            changed = replace(made[place], name=f"changed_{place}", version="changed", sequence=2)
            started = time.perf_counter()
            port.write([changed])
            port.search(SearchRequest(text=changed.name, rights=Rights(exists=frozenset({changed.audience}))))
            changes.append((time.perf_counter() - started) * 1000)
        return {
            "engine": engine,
            "documents": number,
            "build_seconds": round(built, 2),
            "build_documents_per_second": round(number / built),
            "build_processor_microseconds_per_document": round(busy / number * 1e6),
            "tokenising_processor_microseconds_per_document": round(tokenising * 1e6),
            "megabytes": round(size / 1e6),
            "search_ms": {sort: _percentiles(taken) for sort, taken in times.items()},
            "change_to_visible_ms": _percentiles(changes),
        }


def _misspelled(word: str, random_: random.Random) -> str:
    place = random_.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _percentiles(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {"n": len(ordered)} | {
        f"p{percent}": round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 2)
        for percent in (50, 95, 99)
    }


def main() -> None:
    """Measure the engines and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=40_000)
    parser.add_argument("--questions", type=int, default=1_000)
    parser.add_argument("--engine", choices=sorted(ENGINES), action="append")
    options = parser.parse_args()
    results = [
        measure(engine, options.documents, options.questions) for engine in options.engine or ["tantivy"]
    ]
    print(json.dumps({"load_average": os.getloadavg()[0], "results": results}, indent=2))


if __name__ == "__main__":
    main()
