"""Who may win at all: withdrawn, threshold, minimum support, each exact at its boundary."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.tally.counting import count, count_electorates
from civicvote.domain.tally.electorates import Electorate
from civicvote.domain.tally.eligibility import eligibility
from civicvote.domain.tally.parameters import CountingParameters, ThresholdOf
from civicvote.domain.tally.profile import Option, Profile
from civicvote.domain.tally.result import Reason, Verdict
from civicvote.domain.tally.ties import TieBreak
from civicvote.kernel.voting import CountingRule
from tests.unit.tally.profiles import parameters, profiles


def test_options_stand_in_the_order_of_the_tie_break_and_the_excluded_by_id():
    offered = [Option("z", 9, is_withdrawn=True), Option("dear", 9), Option("cheap", 1), Option("a")]
    profile = Profile.of_ballots(offered, [{"dear": 1, "cheap": 1}, {"z": 1}], budget=20)

    found = eligibility(profile, CountingParameters(TieBreak.parse("cost,id"), threshold=1))

    assert [option.id for option in found.options] == ["cheap", "dear"]
    assert found.excluded == (
        Verdict("a", Reason.BELOW_THRESHOLD, 0, 0),
        Verdict("z", Reason.WITHDRAWN, 1, 9),
    )


def test_the_threshold_speaks_of_the_scores_it_is_given():
    profile = Profile.of_ballots([Option("a"), Option("b")], [{"a": 1}])

    found = eligibility(profile, CountingParameters(threshold=3), {"a": 2, "b": 3})

    assert [option.id for option in found.options] == ["b"]
    assert found.excluded[0].score == 2


LOVED_BY_ONE = Profile.of_ballots(
    [Option("a"), Option("b"), Option("c")], [{"a": 10, "c": 0}, {"b": 1}, {"b": 2}, {"b": 1, "c": 0}]
)


@pytest.mark.parametrize("rule", [CountingRule.APPROVAL, CountingRule.BORDA, CountingRule.SCHULZE])
def test_a_threshold_of_backers_asks_for_people_and_not_for_their_points(rule):
    asked = CountingParameters(seats=3, threshold=2, threshold_of=ThresholdOf.BACKERS)

    result = count(rule, LOVED_BY_ONE, asked)

    assert result.selected == ("b",)
    assert {v.option_id for v in result.verdicts if v.reason is Reason.BELOW_THRESHOLD} == {"a", "c"}


def test_a_threshold_of_scores_asks_for_points_as_pabulib_has_it():
    result = count(CountingRule.APPROVAL, LOVED_BY_ONE, CountingParameters(seats=3, threshold=4))

    assert result.selected == ("a", "b")


def test_weights_do_not_turn_the_votes_of_a_threshold_into_shares():
    # 30 of 40 residents name a, which is 37.5 of 50 in the weighted score; the threshold speaks of the 30.
    residents = Profile.of_ballots([Option("a"), Option("b")], [{"a": 1}] * 30 + [{"b": 1}] * 10)
    committee = Profile.of_ballots([Option("a"), Option("b")], [{"b": 1}] * 2)
    electorates = [Electorate("residents", 50, residents), Electorate("committee", 50, committee)]
    asked = CountingParameters(seats=2, threshold=30, threshold_of=ThresholdOf.BACKERS)

    result = count_electorates(CountingRule.APPROVAL, electorates, asked)

    assert result.selected == ("a",)
    assert result.verdict_by_id["b"].score == Fraction(125, 2)


def test_whoever_gives_nothing_neither_supports_nor_breaks_a_tie():
    options = [Option("a", 10), Option("b", 10)]
    profile = Profile.of_ballots(options, [{"a": 2, "b": 0}, {"b": 2}, {"a": 0, "b": 0}, {"b": 0}], budget=10)
    by_votes = TieBreak.parse("votes,id")

    assert [option.id for option in eligibility(profile, CountingParameters(by_votes)).options] == ["a", "b"]
    supported = eligibility(profile, CountingParameters(by_votes, support_divisor=3))
    assert [verdict.reason for verdict in supported.excluded] == [Reason.TOO_LITTLE_SUPPORT] * 2


@pytest.mark.parametrize(("cost", "is_enough"), [(300, True), (301, False), (0, True)])
def test_support_as_swiecie_asked_for_it_is_enough_at_the_boundary(cost, is_enough):
    # 2 of 20 voters name it: a tenth, which is enough for a cost of a tenth of three budgets of 1,000.
    profile = Profile.of_ballots([Option("a", cost)], [{"a": 5}] * 2 + [{}] * 18, budget=1000)

    found = eligibility(profile, CountingParameters(support_divisor=3))

    assert [verdict.reason for verdict in found.excluded] == ([] if is_enough else [Reason.TOO_LITTLE_SUPPORT])


@given(profile=profiles(), given_parameters=parameters(), divisor=st.integers(1, 4))
def test_support_is_the_published_fraction_wherever_that_is_defined(profile, given_parameters, divisor):
    asked = CountingParameters(given_parameters.tie_break, support_divisor=divisor)

    supported = {option.id for option in eligibility(profile, asked).options}

    for option in profile.options:
        if option.is_withdrawn or not profile.voters or not profile.budget:
            continue
        share = Fraction(profile.backers[option.id], profile.voters)
        assert (option.id in supported) is (share >= Fraction(option.cost, divisor * profile.budget))
