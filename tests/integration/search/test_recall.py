"""The search finds what a reader means: at least nine tenths of the expected texts stand among the first ten."""

import pytest

from benchmarks.search.evaluation import FIRST, answers, corpus, mean_recall, queries_of, write_corpus
from civicvote.domain.findable.matching import Scope
from civicvote.domain.search.queries import find
from tests.factories.places import make_region

FLOOR = 0.9


def test_the_set_is_what_it_says() -> None:
    keys = {row["id"] for row in corpus()}
    held_out, tuning = queries_of("held_out"), queries_of("tuning")
    assert len(held_out) >= 30
    assert len(held_out) + len(tuning) >= 60
    assert not {query.text for query in held_out} & {query.text for query in tuning}
    for query in (*held_out, *tuning):
        assert query.expected <= keys
        assert 1 <= len(query.expected) <= FIRST


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("name", ["held_out", "tuning"])
def test_recall_at_ten_stays_above_the_floor(name: str) -> None:
    region, elsewhere = make_region(), make_region()
    keys = write_corpus(region.id)
    write_corpus(elsewhere.id, numbered_from=1_000)

    def search(text: str) -> list[int]:
        return [one.entry.subject_id for one in find(text, Scope(region.id)).ranked]

    given = answers(queries_of(name), search, keys)
    missed = {answer.query.text: round(answer.recall, 2) for answer in given if answer.recall < 1}
    assert mean_recall(given) >= FLOOR, missed
    assert all(None not in answer.found for answer in given), "another region's texts stay out"
