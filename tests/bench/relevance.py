"""Relevance of search beside plain BM25 over the same documents and tokens: nDCG@10, for all and by class.

`relevance.jsonl` holds a query a line with what a reading of the two repositories judged: 3 the thing itself,
2 very relevant, 1 related; a path may be a pattern, a table is named by its urn, all else is 0. A cell counts
as its notebook, and what comes twice counts where it comes first. Gains are 2^grade - 1.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import log2
from pathlib import Path
from typing import Any

from tests.bench.corpora import HANDBOOK, NOT_MEASURED, WAREHOUSE, boxwood, corpus, home

QUESTIONS = Path(__file__).with_suffix(".jsonl")
HOME = "relevance"
LOOKED_AT, COUNTED = 60, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A query and the grades of paths, patterns of paths and urns of the corpus."""

    query: str
    kind: str
    corpus: str
    judged: dict[str, int]

    def grade(self, found: str) -> int:
        """The highest grade that says something of `<repository>/<path>`, or of a urn."""
        path = found.removeprefix(f"{self.corpus.lower()}/")
        return max((grade for thing, grade in self.judged.items() if fnmatchcase(path, thing)), default=0)


def main() -> None:
    if any(corpus(name) is None for name in (HANDBOOK, WAREHOUSE)):
        print(json.dumps(NOT_MEASURED))
        return
    if not (home(HOME) / "boxwood.sqlite3").exists():
        for name in (HANDBOOK, WAREHOUSE):
            boxwood(HOME, "index", str(corpus(name)), "--name", name.lower(), "--json")
    os.environ["BOXWOOD_HOME"] = str(home(HOME))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    import django

    django.setup()
    print(json.dumps(measured(questions(), plain="--no-bm25" not in sys.argv)))


def questions() -> list[Question]:
    lines = map(json.loads, QUESTIONS.read_text("utf-8").splitlines())
    return [
        Question(query=line["query"], kind=line["class"], corpus=line["corpus"], judged=line["judged"])
        for line in lines
    ]


def measured(asked: Sequence[Question], *, plain: bool) -> dict[str, Any]:
    things = known_things()
    ideals = [sorted(map(one.grade, things[one.corpus]), reverse=True) for one in asked]
    ours = [ndcg(one, ours_found(one.query), ideal) for one, ideal in zip(asked, ideals, strict=True)]
    report: dict[str, Any] = {"measured": True, "queries": len(asked), "ndcg_10": by_class(asked, ours)}
    if plain:
        answers = bm25_found([one.query for one in asked])
        theirs = [ndcg(one, found, ideal) for one, found, ideal in zip(asked, answers, ideals, strict=True)]
        report["bm25_ndcg_10"] = by_class(asked, theirs)
    report["worst"] = [
        {"query": asked[at].query, "ndcg_10": round(ours[at], 2)}
        for at in sorted(range(len(asked)), key=ours.__getitem__)[:15]
    ]
    return report


def known_things() -> dict[str, list[str]]:
    """What there is to find: the paths of each corpus, and the urns of tables and repositories."""
    from hub.catalogue.models import Entity

    urns = list(Entity.objects.filter(kind__in=("dataset", "repository")).values_list("urn", flat=True))
    return {name: [*urns, *paths(name)] for name in (HANDBOOK, WAREHOUSE)}


def paths(name: str) -> list[str]:
    command = ["git", f"--git-dir={corpus(name)}", "ls-tree", "-r", "-z", "--name-only", "HEAD"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split("\0")


def ours_found(query: str) -> list[str]:
    """What the search gives, best first, as the command line would print it."""
    from hub.core.asker import INSTALLATION_OWNER
    from hub.discovery.queries import search

    hits = search(INSTALLATION_OWNER, query, limit=LOOKED_AT).hits
    return [f"{hit.repository}/{hit.path}" if hit.path else hit.urn for hit in hits]


def bm25_found(asked: Sequence[str]) -> list[list[str]]:
    """What BM25 gives over the texts of all documents as they are, with our tokens."""
    import bm25s

    from hub.catalogue.models import Entity
    from hub.projections.search import SearchProjection
    from hub.search.entry import texts_of
    from hub.search.text import tokens

    named = {
        str(pk): f"{parent}/{path}" if path else urn
        for pk, urn, parent, path in Entity.objects.values_list("pk", "urn", "parent__name", "path")
    }
    held, texts = [], []
    for document in SearchProjection()._all(0):
        held.append(named[document.entity])
        texts.append(tokens("\n".join((*texts_of(document).values(), *document.names))))
    retriever = bm25s.BM25()
    retriever.index(texts, show_progress=False)
    answers = []
    for query in asked:
        places, scores = retriever.retrieve([tokens(query)], k=LOOKED_AT, show_progress=False)
        answers.append([held[place] for place, score in zip(places[0], scores[0], strict=True) if score > 0])
    return answers


def ndcg(question: Question, found: Sequence[str], ideal: Sequence[int]) -> float:
    """nDCG@10 of what was found, each thing once."""
    grades = [question.grade(one) for one in dict.fromkeys(found)]
    return gain(grades) / gain(ideal)


def gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / log2(place + 2) for place, grade in enumerate(grades[:COUNTED]))


def by_class(asked: Sequence[Question], values: Sequence[float]) -> dict[str, float]:
    kinds = {"all": list(values)}
    for one, value in zip(asked, values, strict=True):
        kinds.setdefault(one.kind, []).append(value)
    return {kind: round(sum(held) / len(held), 3) for kind, held in kinds.items()}


if __name__ == "__main__":
    main()
