"""Phragmén's rule: worked examples, its reasons, the slow reference, and what must hold of any poll."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civicvote.domain.tally import phragmen
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Profile
from civicvote.domain.tally.result import Reason, Tie
from civicvote.domain.tally.shares_explained import Load, NotReached
from tests.unit.tally.profiles import money_parameters, money_profiles
from tests.unit.tally.shares_reference import PhragmenReference
from tests.unit.tally.test_equal_shares import COMMITTEE, approvals

# Lackner and Skowron 2023, "Multi-Winner Voting with Approval Preferences", example 1: twelve voters, four seats.
TWELVE = approvals(4, dict.fromkeys("abcdefg", 1), "3 ab", "3 ac", "2 ad", "1 bcf", "1 e", "1 f", "1 g")


def loads(profile: Profile) -> list[tuple[str, Fraction]]:
    return [(each.option_id, each.load) for each in phragmen.count(profile, CountingParameters()).explanation.purchases]


def test_worked_example_9_of_lackner_and_skowron():
    assert loads(TWELVE) == [
        ("a", Fraction(1, 8)),
        ("b", Fraction(11, 32)),
        ("c", Fraction(55, 128)),
        ("d", Fraction(5, 8)),
    ]


def test_worked_example_12_of_lackner_and_skowron():
    assert loads(COMMITTEE) == [("c", Fraction(1, 5)), ("b", Fraction(1, 3)), ("d", Fraction(29, 60))]


def test_reasons_payments_and_ties_of_the_worked_example():
    result = phragmen.count(TWELVE, CountingParameters())

    assert result.explanation.purchases[1] == Load(
        "b", 2, Fraction(11, 32), 4, Fraction(11, 32) - Fraction(1, 8), Fraction(11, 32)
    )
    assert list(result.explanation.payments((("a", 1), ("c", 1)))) == [
        ("a", Fraction(1, 8), Fraction(1, 8)),
        ("c", Fraction(55, 128) - Fraction(1, 8), Fraction(55, 128)),
    ]
    # f has two supporters, one of whom paid for c; e and g one each.
    assert result.explanation.stopped_at == "f"
    assert result.explanation.not_reached[1] == NotReached("f", 2, (1 + Fraction(55, 128)) / 2)
    assert result.ties == (Tie(Fraction(11, 32), ("b", "c"), changed_winners=False),)
    assert [(v.option_id, v.reason, v.step, v.left) for v in result.verdicts[3:]] == [
        ("d", Reason.SELECTED, 4, 1),
        ("f", Reason.DOES_NOT_FIT, 5, 0),
        ("e", Reason.AFTER_THE_STOP, None, None),
        ("g", Reason.AFTER_THE_STOP, None, None),
    ]


def test_the_count_stops_at_what_is_next_and_does_not_fit():
    result = phragmen.count(approvals(5, {"a": 4, "b": 2, "c": 1}, "4 a", "1 b"), CountingParameters())

    assert result.selected == ("a",)
    assert result.explanation.stopped_at == "b"
    assert result.verdict_by_id["c"].reason is Reason.SUPPORTERS_CANNOT_PAY


def test_a_tie_at_the_stop_changes_the_winners():
    result = phragmen.count(approvals(1, {"a": 2, "b": 1}, "2 a", "1 b"), CountingParameters())

    assert result.selected == ()
    assert result.ties == (Tie(1, ("a", "b"), changed_winners=True),)


def test_a_rival_of_what_was_bought_is_passed_over():
    parameters = CountingParameters(incompatible=(("a", "b"),))

    result = phragmen.count(approvals(5, {"a": 1, "b": 1, "c": 1}, "2 ab", "1 c"), parameters)

    assert result.selected == ("a", "c")
    assert result.verdict_by_id["b"].reason is Reason.RIVAL_WON


@st.composite
def polls(draw: st.DrawFn) -> tuple[Profile, CountingParameters]:
    profile = draw(money_profiles())
    return profile, draw(money_parameters(profile))


@settings(max_examples=200, deadline=None)
@given(poll=polls())
def test_selects_what_the_reference_selects_in_its_order(poll):
    assert list(phragmen.count(*poll).selected) == PhragmenReference(*poll).selected()


@settings(max_examples=100, deadline=None)
@given(poll=polls())
def test_the_books_add_up(poll):
    profile, parameters = poll
    result = phragmen.count(profile, parameters)
    cost = {option.id: option.cost for option in profile.options}

    paid = dict.fromkeys(cost, Fraction(0))
    for group in profile.ballots:
        for option_id, amount, earned in result.explanation.payments(group.choices):
            assert 0 <= amount <= earned
            paid[option_id] += amount * group.count
    assert all(paid[each.option_id] == cost[each.option_id] for each in result.explanation.purchases)
    assert result.total_cost <= profile.budget


@settings(max_examples=100, deadline=None)
@given(poll=polls(), times=st.integers(2, 3))
def test_every_ballot_several_times_changes_nothing(poll, times):
    profile, parameters = poll
    parameters = replace(parameters, threshold=None)  # which counts votes, and there are more
    larger = Profile.of_counts(
        profile.options,
        {group.choices: group.count * times for group in profile.ballots},
        budget=profile.budget,
    )

    assert phragmen.count(larger, parameters).selected == phragmen.count(profile, parameters).selected


class CostForgotten(PhragmenReference):
    def load(self, option, supporters, loads):
        return Fraction(1 + sum(loads[voter] for voter in supporters)) / len(supporters)


class LoadsForgotten(PhragmenReference):
    def load(self, option, supporters, loads):
        return Fraction(option.cost, len(supporters))


class GoesOn(PhragmenReference):
    def stops(self, option, left):
        return False


@pytest.mark.parametrize(
    ("mutant", "noticed_in"),
    [
        (CostForgotten, approvals(3, {"a": 3, "b": 1}, "2 a", "1 b")),
        (LoadsForgotten, approvals(2, {"a": 1, "b": 1, "c": 1}, "3 ab", "2 c")),
        (GoesOn, approvals(1, {"a": 1, "b": 1}, "2 a", "1 b")),
    ],
)
def test_a_changed_rule_is_noticed(mutant, noticed_in):
    result = list(phragmen.count(noticed_in, CountingParameters()).selected)

    assert result == PhragmenReference(noticed_in, CountingParameters()).selected()
    assert set(result) != set(mutant(noticed_in, CountingParameters()).selected())
