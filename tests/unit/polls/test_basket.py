"""The basket: sums, what no longer fits and why, and the same verdict as the ballot's own rules."""

from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.polls import basket
from civicvote.domain.polls.basket import WhyNot
from civicvote.domain.polls.freezing import FrozenOption
from civicvote.domain.tally.ballot_rules import (
    BallotRule,
    BrokenBallotRule,
    CostSumTooHigh,
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


def why(filled: basket.Basket) -> dict[str, WhyNot | None]:
    return {each.option.key: each.why_not for each in filled.options}


def test_what_no_longer_fits_says_how_much_is_missing():
    filled = basket.fill(OPTIONS, ["a"], BUDGET)
    assert (filled.spent, filled.left, filled.count) == (60, 40, 1)
    assert why(filled) == {"a": None, "b": WhyNot.DOES_NOT_FIT, "c": None, "d": None}
    assert filled.options[1].lacking == 10
    assert filled.fault is None


def test_exactly_the_limit_fits():
    assert basket.fill(OPTIONS, ["a", "c"], BUDGET).fault is None


def test_too_much_is_a_fault_with_a_negative_rest_and_everything_else_is_short_by_its_whole_cost():
    filled = basket.fill(OPTIONS, ["a", "b"], BUDGET)
    assert filled.left == -10
    assert isinstance(filled.fault, CostSumTooHigh)
    assert filled.options[2].lacking == 40


def test_a_full_ballot_takes_no_more():
    rule = BallotRule(BallotType.APPROVAL, max_choices=2)
    assert why(basket.fill(OPTIONS, ["a", "d"], rule)) == {
        "a": None,
        "b": WhyNot.LIMIT_REACHED,
        "c": WhyNot.LIMIT_REACHED,
        "d": None,
    }
    assert isinstance(basket.fill(OPTIONS, ["a", "b", "c"], rule).fault, TooManyChoices)
    assert isinstance(basket.fill(OPTIONS, [], rule).fault, TooFewChoices)


def test_keys_that_are_on_no_option_and_repetitions_change_nothing():
    assert basket.fill(OPTIONS, ["a", "a", "moon"], BUDGET) == basket.fill(OPTIONS, ["a"], BUDGET)


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
    fault = basket.fill(OPTIONS, chosen, rule).fault
    assert (type(fault) if fault else None) is refused


@given(st.sets(st.sampled_from("abcd")), st.integers(1, 4), st.integers(0, 160))
def test_what_is_not_dimmed_can_really_be_added(chosen, most, limit):
    rule = BallotRule(BallotType.APPROVAL, min_choices=0, max_choices=most, max_sum_cost=limit)
    filled = basket.fill(OPTIONS, chosen, rule)
    if filled.fault:
        return
    for each in filled.options:
        if not each.is_chosen:
            bigger = basket.fill(OPTIONS, {*chosen, each.option.key}, rule)
            assert (bigger.fault is None) is (each.why_not is None)
