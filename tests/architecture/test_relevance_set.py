"""The judgements of the relevance benchmark, without the repositories that they are about."""

from collections import Counter

from tests.bench.corpora import HANDBOOK, WAREHOUSE
from tests.bench.relevance import Question, gain, ndcg, questions

ASKED = questions()


def test_there_are_enough_queries_half_of_them_names() -> None:
    kinds = Counter(one.kind for one in ASKED)
    assert len({one.query for one in ASKED}) == len(ASKED) >= 60
    assert kinds["name"] * 2 >= len(ASKED)
    assert set(kinds) == {"name", "words", "api", "column", "typo", "owner", "licence"}
    assert {one.corpus for one in ASKED} == {HANDBOOK, WAREHOUSE}


def test_every_query_is_judged_with_a_path_or_a_urn_of_its_corpus() -> None:
    for one in ASKED:
        assert one.judged, one.query
        assert set(one.judged.values()) <= {1, 2, 3}
        for thing in one.judged:
            assert thing.partition(":")[0] in ("dataset", "repository") or not thing.startswith(
                ("/", one.corpus)
            )


def test_the_best_order_scores_one_and_copies_score_once() -> None:
    asked = Question(query="rain", kind="name", corpus=HANDBOOK, judged={"a*.md": 3, "b.md": 1})
    place = HANDBOOK.lower()
    ideal = [3, 3, 1]
    assert ndcg(asked, [f"{place}/a1.md", f"{place}/a2.md", f"{place}/b.md"], ideal) == 1
    assert ndcg(asked, [f"{place}/a1.md", f"{place}/a1.md", f"{place}/a2.md"], ideal) == gain([3, 3]) / gain(
        ideal
    )
    assert ndcg(asked, ["elsewhere/b.md"], ideal) == 0
