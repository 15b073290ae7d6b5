"""Wilson's bound and the rank that is stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.threads.rating import ENOUGH_RATINGS, lower_bound, rank_of

COUNTS = st.integers(0, 100_000)


@pytest.mark.parametrize(
    ("up", "down", "expected"),
    # From the closed form with z = 1.959964, worked out with 30 digits (mpmath).
    [(1, 0, 0.206549), (5, 0, 0.565518), (4, 1, 0.375535), (0, 5, 0.0), (10, 10, 0.299298), (90, 10, 0.825634)],
)
def test_the_bound_is_wilsons(up: int, down: int, expected: float) -> None:
    assert lower_bound(up, down) == pytest.approx(expected, abs=1e-5)


def test_more_ratings_of_the_same_share_are_trusted_more() -> None:
    bounds = [lower_bound(9 * times, times) for times in (1, 2, 5, 20, 100)]
    assert bounds == sorted(bounds)
    assert bounds[0] < bounds[-1] < 0.9


@given(COUNTS, COUNTS)
def test_the_bound_never_exceeds_the_share(up: int, down: int) -> None:
    if up + down:
        assert 0.0 <= lower_bound(up, down) <= up / (up + down)


@given(COUNTS, COUNTS)
def test_one_more_who_finds_it_helpful_never_lowers_the_rank(up: int, down: int) -> None:
    assert rank_of(up + 1, down, is_visible=True) >= rank_of(up, down, is_visible=True)


def test_only_enough_ratings_rank_and_only_what_is_visible() -> None:
    assert rank_of(ENOUGH_RATINGS - 1, 0, is_visible=True) == 0
    assert rank_of(ENOUGH_RATINGS, 0, is_visible=True) == 565_517_535
    assert rank_of(0, ENOUGH_RATINGS, is_visible=True) == 1, "ranked, though last"
    assert rank_of(50, 0, is_visible=False) == 0
