"""Equal Shares against the slow reference, on any small poll; and that this comparison notices a changed rule."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civicvote.domain.tally import equal_shares
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Profile
from civicvote.kernel.voting import Completion, Satisfaction
from tests.unit.tally.profiles import money_parameters, money_profiles
from tests.unit.tally.shares_reference import EqualSharesReference

every_satisfaction = pytest.mark.parametrize("satisfaction", list(Satisfaction))
every_completion = pytest.mark.parametrize("completion", list(Completion))


@st.composite
def polls(draw: st.DrawFn) -> tuple[Profile, CountingParameters]:
    profile = draw(money_profiles())
    return profile, draw(money_parameters(profile))


@every_satisfaction
@every_completion
@settings(max_examples=60, deadline=None)
@given(poll=polls())
def test_selects_what_the_reference_selects_in_its_order(satisfaction, completion, poll):
    profile, parameters = poll
    parameters = replace(parameters, satisfaction=satisfaction, completion=completion)

    result = equal_shares.count(profile, parameters)

    assert list(result.selected) == EqualSharesReference(profile, parameters).selected()


class CostForgotten(EqualSharesReference):
    def utility(self, ballot, option):
        return Fraction(option.id in ballot)


class TheRestNotPaid(EqualSharesReference):
    def payment(self, left, asked):
        return asked if asked <= left else Fraction(0)


class SharesOfValidBallotsOnly(EqualSharesReference):
    def divided_by(self):
        return sum(bool(ballot) for ballot in self.voters)


class LastOfEqualsFirst(EqualSharesReference):
    def before(self, one, other):
        return one[0] <= other[0]


class RivalsTogether(EqualSharesReference):
    def is_beaten(self, option, bought):
        return False


class NeverExhaustive(EqualSharesReference):
    def is_exhaustive(self, bought):
        return False


class ExhaustiveIsEnough(EqualSharesReference):
    def grown(self, share):
        return EqualSharesReference(self.profile, replace(self.parameters, completion=Completion.ADD1)).grown(share)


class FloatsDecide(EqualSharesReference):
    def before(self, one, other):
        return float(one[0]) < float(other[0])


def poll(budget: int, costs: dict[str, int], ballots: str, **parameters) -> tuple[Profile, CountingParameters]:
    """``ballots``: the options of each voter as one word, ``-`` for a blank ballot."""
    options = [Option(option_id, cost) for option_id, cost in costs.items()]
    cast = [dict.fromkeys(ballot.strip("-"), 1) for ballot in ballots.split()]
    return Profile.of_ballots(options, cast, budget=budget), CountingParameters(**parameters)


@pytest.mark.parametrize(
    ("mutant", "noticed_in", "right"),
    [
        (CostForgotten, poll(12, {"a": 6, "b": 2}, "ab -"), ["a"]),
        (TheRestNotPaid, poll(20, {"a": 7, "b": 9, "c": 2}, "a abc b"), ["a", "b"]),
        (SharesOfValidBallotsOnly, poll(10, {"a": 10}, "a -"), []),
        (LastOfEqualsFirst, poll(14, {"a": 7, "b": 5}, "ab -"), ["a"]),
        (RivalsTogether, poll(2, {"a": 1, "b": 1}, "ab", incompatible=(("a", "b"),)), ["a"]),
        (NeverExhaustive, poll(9, {"a": 8, "b": 2}, "ab -", completion=Completion.ADD1), ["b"]),
        (ExhaustiveIsEnough, poll(9, {"a": 8, "b": 2}, "ab -", completion=Completion.ADD1_FEASIBLE), ["a"]),
        (
            FloatsDecide,
            poll(10**17 + 1, {"a": 10**17 + 1, "b": 10**17}, "ab", satisfaction=Satisfaction.CARDINALITY),
            ["b"],
        ),
    ],
)
def test_a_changed_rule_is_noticed(mutant, noticed_in, right):
    assert list(equal_shares.count(*noticed_in).selected) == right
    assert EqualSharesReference(*noticed_in).selected() == right
    assert mutant(*noticed_in).selected() != right
