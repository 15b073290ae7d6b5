"""Whose turn it is today, and cursors of the order by helpfulness."""

import random
from bisect import bisect_left
from datetime import date, timedelta

import pytest

from civicvote.domain.threads.ordering import Place, Section, first_lot, read_place
from civicvote.kernel.lots import PRIME
from civicvote.kernel.paging import BadCursor

A_DAY = date(2026, 3, 2)
A_PAGE = 20


def test_the_first_lot_is_the_same_for_everybody_and_another_one_tomorrow() -> None:
    starts = [first_lot(A_DAY + timedelta(days=day), 123_456_789) for day in range(1000)]
    assert len(set(starts)) == 1000
    assert starts[0] == first_lot(A_DAY, 123_456_789)
    assert all(1 <= start < PRIME for start in starts)


def test_threads_do_not_turn_in_step() -> None:
    assert len({first_lot(A_DAY, thread_id) for thread_id in range(50)}) == 50


def _days_on_the_first_page(source: random.Random, *, comments: int, days: int) -> list[int]:
    lots = sorted(source.randrange(1, PRIME) for _ in range(comments))
    thread_id, shown = source.getrandbits(60), [0] * comments
    for day in range(days):
        start = bisect_left(lots, first_lot(A_DAY + timedelta(days=day), thread_id))
        for place in range(A_PAGE):
            shown[(start + place) % comments] += 1
    return shown


def test_within_a_month_every_comment_of_a_hundred_comes_to_the_first_page() -> None:
    """A new shuffle every day would leave some out, and show others fifteen times (docs/decisions/0043)."""
    source = random.Random(43)  # noqa: S311
    for _thread in range(40):
        shown = _days_on_the_first_page(source, comments=100, days=30)
        assert min(shown) >= 1
        assert max(shown) <= 14


def test_a_place_survives_the_address() -> None:
    place = Place(Section.TURN, 2_000_000_000, 2**62, 0, 77, 1)
    assert read_place(place.to_cursor()) == place
    assert read_place(None) is None
    assert read_place("") is None


@pytest.mark.parametrize("cursor", ["1", "0.1.1.1.1.1", "5.1.1.1.1.1", "2.1.1.1.1.1.1", "zzzz", "2.1.1.1.1.!"])
def test_a_made_up_place_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        read_place(cursor)
