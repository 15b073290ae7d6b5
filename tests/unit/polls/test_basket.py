"""The basket: sums, what no longer fits and why, and the same verdict as the ballot's own rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.polls.ballots import basket
from civicvote.domain.polls.ballots.basket import WhyNot
from civicvote.domain.polls.ballots.wishes import (
    NumberUnreadable,
    PlaceTaken,
    Wish,
    of_choices,
    of_numbers,
    read,
    write,
)
from civicvote.domain.polls.freezing import FrozenOption
from civicvote.domain.tally.ballot_rules import (
    BallotRule,
    BrokenBallotRule,
    CostSumTooHigh,
    PointsSumTooHigh,
    TooFewChoices,
    TooManyChoices,
    check_choices,
)
from civicvote.domain.tally.profile import Option
from civicvote.kernel.voting import BallotType

OPTIONS = [
    FrozenOption(key=key, label=key, cost_amount=cost) for key, cost in (("a", 60), ("b", 50), ("c", 40), ("d", 0))
]
BUDGET = BallotRule(BallotType.APPROVAL, max_sum_cost=100)


def wish(chosen) -> Wish:
    return of_choices(sorted(chosen) if isinstance(chosen, set) else chosen, (), BallotType.APPROVAL)


def why(filled: basket.Basket) -> dict[str, WhyNot | None]:
    return {each.option.key: each.why_not for each in filled.options}


def test_what_no_longer_fits_says_how_much_is_missing():
    filled = basket.fill(OPTIONS, wish(["a"]), BUDGET)
    assert (filled.spent, filled.left, filled.count) == (60, 40, 1)
    assert why(filled) == {"a": None, "b": WhyNot.DOES_NOT_FIT, "c": None, "d": None}
    assert filled.options[1].lacking == 10
    assert filled.fault is None


def test_exactly_the_limit_fits():
    assert basket.fill(OPTIONS, wish(["a", "c"]), BUDGET).fault is None


def test_too_much_is_a_fault_with_a_negative_rest_and_everything_else_is_short_by_its_whole_cost():
    filled = basket.fill(OPTIONS, wish(["a", "b"]), BUDGET)
    assert filled.left == -10
    assert isinstance(filled.fault, CostSumTooHigh)
    assert filled.options[2].lacking == 40


def test_a_full_ballot_takes_no_more():
    rule = BallotRule(BallotType.APPROVAL, max_choices=2)
    assert why(basket.fill(OPTIONS, wish(["a", "d"]), rule)) == {
        "a": None,
        "b": WhyNot.LIMIT_REACHED,
        "c": WhyNot.LIMIT_REACHED,
        "d": None,
    }
    assert isinstance(basket.fill(OPTIONS, wish(["a", "b", "c"]), rule).fault, TooManyChoices)
    assert isinstance(basket.fill(OPTIONS, wish([]), rule).fault, TooFewChoices)


def test_keys_that_are_on_no_option_and_repetitions_change_nothing():
    assert basket.fill(OPTIONS, wish(["a", "a", "moon"]), BUDGET) == basket.fill(OPTIONS, wish(["a"]), BUDGET)


@given(
    st.sets(st.sampled_from("abcd")),
    st.integers(0, 4),
    st.one_of(st.none(), st.integers(0, 4)),
    st.one_of(st.none(), st.integers(0, 160)),
)
def test_a_basket_has_a_fault_exactly_where_casting_would_refuse(chosen, fewest, most, limit):
    rule = BallotRule(BallotType.APPROVAL, min_choices=fewest, max_choices=most, max_sum_cost=limit)
    known = {option.key: Option(option.key, option.cost_amount) for option in OPTIONS}
    try:
        check_choices(rule, known, sorted(chosen))
        refused = None
    except BrokenBallotRule as error:
        refused = type(error)
    fault = basket.fill(OPTIONS, wish(chosen), rule).fault
    assert (type(fault) if fault else None) is refused


@given(st.sets(st.sampled_from("abcd")), st.integers(1, 4), st.integers(0, 160))
def test_what_is_not_dimmed_can_really_be_added(chosen, most, limit):
    rule = BallotRule(BallotType.APPROVAL, min_choices=0, max_choices=most, max_sum_cost=limit)
    filled = basket.fill(OPTIONS, wish(chosen), rule)
    if filled.fault:
        return
    for each in filled.options:
        if not each.is_chosen:
            bigger = basket.fill(OPTIONS, wish({*chosen, each.option.key}), rule)
            assert (bigger.fault is None) is (each.why_not is None)


def test_a_field_that_is_full_says_so_and_options_of_none_are_not_limited():
    options = [
        FrozenOption(key=key, label=key, field_key=field) for key, field in (("a", "x"), ("b", "x"), ("c", None))
    ]
    filled = basket.fill(options, wish(["a"]), BallotRule(BallotType.APPROVAL, max_per_field=1))
    assert why(filled) == {"a": None, "b": WhyNot.FIELD_FULL, "c": None}


def test_on_a_ballot_of_one_choice_another_can_always_be_taken_instead():
    filled = basket.fill(OPTIONS, wish(["a"]), BallotRule(BallotType.CHOOSE_1, max_choices=1))
    assert set(why(filled).values()) == {None}
    assert isinstance(basket.fill(OPTIONS, wish(["a", "b"]), BallotRule(BallotType.CHOOSE_1)).fault, TooManyChoices)


def test_points_are_added_up_and_nothing_is_left_when_all_are_given():
    rule = BallotRule(BallotType.CUMULATIVE, min_points=1, max_sum_points=10)
    filled = basket.fill(OPTIONS, of_numbers({"a": "7", "b": "3", "c": "0"}, OPTIONS, rule.type), rule)
    assert (filled.points, filled.points_left, filled.count, filled.fault) == (10, 0, 2, None)
    assert why(filled) == {"a": None, "b": None, "c": WhyNot.NO_POINTS_LEFT, "d": WhyNot.NO_POINTS_LEFT}
    over = basket.fill(OPTIONS, of_numbers({"a": "11"}, OPTIONS, rule.type), rule)
    assert (over.points_left, type(over.fault)) == (-1, PointsSumTooHigh)


def test_a_ranking_is_in_the_order_of_its_numbers_gaps_do_no_harm():
    rule = BallotRule(BallotType.ORDINAL)
    filled = basket.fill(OPTIONS, of_numbers({"c": "1", "a": "7"}, OPTIONS, rule.type), rule)
    assert [each.option.key for each in filled.chosen] == ["c", "a"]
    assert filled.wish.choices == ("c", "a")


@pytest.mark.parametrize(
    ("typed", "ballot_type", "fault"),
    [
        ({"a": "1", "b": "1"}, BallotType.ORDINAL, PlaceTaken),
        ({"a": "one"}, BallotType.ORDINAL, NumberUnreadable),
        ({"a": "-1"}, BallotType.CUMULATIVE, NumberUnreadable),
        ({"a": "1.5"}, BallotType.SCORING, NumberUnreadable),
        ({"a": "12345"}, BallotType.SCORING, NumberUnreadable),
        ({"a": "²"}, BallotType.SCORING, NumberUnreadable),
    ],
)
def test_what_can_not_be_read_is_a_fault_and_stays_as_it_was_typed(typed, ballot_type, fault):
    filled = basket.fill(OPTIONS, of_numbers(typed, OPTIONS, ballot_type), BallotRule(ballot_type))
    assert isinstance(filled.fault, fault)
    assert {each.option.key: each.typed for each in filled.options if each.typed} == typed


@given(st.permutations("abcd"), st.lists(st.integers(1, 999), min_size=4, max_size=4))
def test_a_ballot_that_was_kept_comes_back_as_it_was(order, numbers):
    ranking = of_choices(order, (), BallotType.ORDINAL)
    assert read(write(ranking), BallotType.ORDINAL) == ranking
    points = of_choices(order, numbers, BallotType.SCORING)
    assert read(write(points), BallotType.SCORING) == points
