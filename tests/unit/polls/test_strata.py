"""No group of fewer than ten ballots is shown apart, and none can be found by taking the others away."""

from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.polls.roll.strata import FEWEST, MERGED, Stratum, counted_as, may_show, publishable

strata = st.builds(Stratum, st.sampled_from(["residents", "panel", "committee"]), st.sampled_from(["", "1", "2", "3"]))
counts = st.dictionaries(strata, st.integers(0, 30))


def test_a_stratum_of_nine_is_not_shown_and_one_of_ten_is():
    residents, panel = Stratum("residents"), Stratum("panel")
    assert publishable({residents: 100, panel: 10}) == {residents: residents, panel: panel}
    assert publishable({residents: 100, panel: 9}) == {residents: MERGED, panel: MERGED}


def test_small_ones_are_merged_with_each_other_before_a_big_one_is():
    big, one, two = Stratum("residents"), Stratum("panel"), Stratum("committee")
    assert publishable({big: 100, one: 9, two: 1}) == {big: big, one: MERGED, two: MERGED}


def test_the_smallest_of_the_big_ones_joins_where_the_small_are_too_few():
    a, b, c = Stratum("residents", "1"), Stratum("residents", "2"), Stratum("residents", "3")
    assert publishable({a: 50, b: 20, c: 3}) == {a: a, b: MERGED, c: MERGED}


@given(counts)
def test_whatever_is_shown_has_ten_ballots_or_is_everything_there_is(ballots):
    shown = publishable(ballots)
    assert set(shown) == set(ballots)
    sums: dict[Stratum, int] = {}
    for stratum, under in shown.items():
        assert under in {stratum, MERGED}
        sums[under] = sums.get(under, 0) + ballots[stratum]
    total = sum(ballots.values())
    assert all(number == 0 or number >= min(FEWEST, total) for number in sums.values())


@given(counts)
def test_big_enough_strata_stay_apart_where_no_small_one_needs_them(ballots):
    if all(number == 0 or number >= FEWEST for number in ballots.values()):
        assert all(stratum == under for stratum, under in publishable(ballots).items())


def test_a_poll_of_nine_shows_no_ballot():
    assert not may_show(9)
    assert may_show(10)


def test_an_electorate_of_nine_is_counted_with_the_residents_and_one_of_ten_is_not():
    assert counted_as({"residents": 100, "panel": 9, "committee": 10}) == {
        "residents": "residents",
        "panel": "residents",
        "committee": "committee",
    }


def test_few_residents_are_counted_with_the_largest_and_so_is_every_other_small_electorate():
    assert counted_as({"residents": 3, "panel": 12, "committee": 30}) == {
        "residents": "committee",
        "panel": "panel",
        "committee": "committee",
    }
    assert counted_as({"residents": 0, "panel": 2, "committee": 30})["panel"] == "committee"


@given(st.dictionaries(st.sampled_from(["residents", "panel", "committee", "elders"]), st.integers(0, 30)))
def test_whatever_is_counted_apart_has_ten_ballots_or_is_everything_there_is(ballots):
    into = counted_as(ballots)
    assert set(into) == set(ballots)
    sums = dict.fromkeys(into.values(), 0)
    for electorate, number in ballots.items():
        sums[into[electorate]] += number
    total = sum(ballots.values())
    assert all(number == 0 or number >= FEWEST or number == total for number in sums.values())
