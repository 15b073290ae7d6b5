"""Electorates with weights: the formula in numbers, the weight of an empty one, and what must hold of any poll."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.tally import electorates
from civicvote.domain.tally.counting import count, count_electorates
from civicvote.domain.tally.electorates import Electorate
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Profile
from civicvote.domain.tally.result import Reason
from civicvote.kernel.voting import CountingRule
from tests.unit.tally.profiles import ballots, parameters

OPTIONS = [Option("a", 60), Option("b", 50), Option("c", 40)]
WEIGHED = sorted(electorates.RULES_BY_SCORES)
by_scores = pytest.mark.parametrize("rule", WEIGHED)


def voted(key: str, weight: int, **votes: int) -> Electorate:
    """An electorate that gave these votes, one a ballot."""
    cast = [{option_id: 1} for option_id, number in votes.items() for _ in range(number)]
    return Electorate(key, weight, Profile.of_ballots(OPTIONS, cast, budget=100))


@st.composite
def several(draw: st.DrawFn) -> list[Electorate]:
    return [
        Electorate(
            key, draw(st.integers(1, 60)), Profile.of_ballots(OPTIONS, draw(ballots(["a", "b", "c"])), budget=100)
        )
        for key in ("residents", "committee", "panel")[: draw(st.integers(1, 3))]
    ]


def test_fifty_forty_ten_by_shares_of_the_votes_cast():
    # Residents 60:30:10 of 100, committee 1:3:0 of 4, panel 0:0:2 of 2.
    cast = [voted("residents", 50, a=60, b=30, c=10), voted("committee", 40, a=1, b=3), voted("panel", 10, c=2)]

    result = count_electorates(CountingRule.APPROVAL, cast, CountingParameters(seats=2))

    assert {v.option_id: v.score for v in result.verdicts} == {"a": 30 + 10, "b": 15 + 30, "c": 5 + 10}
    assert result.selected == ("b", "a")
    assert (result.voters, result.valid_ballots) == (106, 106)
    committee = result.explanation.parts[1]
    assert (committee.weight_used, committee.votes_cast) == (40, 4)
    assert (committee.share("b"), committee.contribution("b")) == (Fraction(3, 4), 30)


def test_a_share_is_of_votes_and_not_of_ballots_so_naming_many_gives_no_electorate_more_say():
    # Dodam-dong 2020 printed 42.81 % for 256 of 299 ballots with two votes each.
    profile = Profile.of_ballots(OPTIONS, [{"a": 1, "b": 1}] * 256 + [{"b": 1, "c": 1}] * 43)

    result = count_electorates(
        CountingRule.APPROVAL,
        [Electorate("residents", 100, profile), replace(voted("panel", 100, c=1), profile=profile)],
        CountingParameters(seats=1),
    )

    assert result.explanation.parts[0].share("a") == Fraction(256, 598)
    assert f"{float(100 * result.explanation.parts[0].share('a')):.2f}" == "42.81"


@by_scores
def test_the_weight_of_an_electorate_without_votes_goes_to_the_others_in_proportion(rule):
    silent = Electorate("panel", 10, Profile.of_ballots(OPTIONS, [{}, {}], budget=100))
    cast = [voted("residents", 50, a=1), voted("committee", 40, b=1)]

    with_silent = count_electorates(rule, [*cast, silent], CountingParameters(seats=1))
    without = count_electorates(rule, cast, CountingParameters(seats=1))

    assert [part.weight_used for part in with_silent.explanation.parts] == [Fraction(500, 9), Fraction(400, 9), 0]
    assert with_silent.selected == without.selected
    assert with_silent.voters == 4


def test_where_nobody_votes_every_score_is_zero():
    silent = [voted("residents", 50), voted("panel", 50)]

    result = count_electorates(CountingRule.APPROVAL, silent, CountingParameters(seats=1))

    assert {verdict.score for verdict in result.verdicts} == {0}


def test_votes_for_what_was_withdrawn_are_no_votes_cast():
    options = [Option("a"), Option("gone", is_withdrawn=True)]
    cast = [
        Electorate("residents", 50, Profile.of_ballots(options, [{"a": 1}, {"gone": 1}, {"gone": 1}])),
        Electorate("panel", 50, Profile.of_ballots(options, [{"a": 1}])),
    ]

    result = count_electorates(CountingRule.APPROVAL, cast, CountingParameters(seats=1))

    assert result.verdict_by_id["a"].score == 100
    assert (result.verdict_by_id["gone"].reason, result.verdict_by_id["gone"].score) == (Reason.WITHDRAWN, 0)


def test_points_are_shared_as_votes_are_and_borda_weighs_points_by_place():
    cast = [
        Electorate("residents", 60, Profile.of_ballots(OPTIONS, [{"a": 3, "b": 1}])),
        Electorate("panel", 40, Profile.of_ballots(OPTIONS, [{"b": 7}])),
    ]

    by_points = count_electorates(CountingRule.APPROVAL, cast, CountingParameters(seats=1))
    by_place = count_electorates(CountingRule.BORDA, cast, CountingParameters(seats=1))

    assert by_points.verdict_by_id["b"].score == 15 + 40
    assert by_place.verdict_by_id["b"].score == 20 + 40


def test_the_threshold_is_asked_of_the_weighted_score():
    cast = [voted("residents", 50, a=99, b=1), voted("panel", 50, b=1)]

    result = count_electorates(CountingRule.GREEDY, cast, CountingParameters(threshold=50))

    assert result.selected == ("b",)
    assert result.verdict_by_id["a"].score == Fraction(99, 2)


@pytest.mark.parametrize("rule", sorted(set(CountingRule) - set(WEIGHED)))
def test_rules_that_look_at_single_ballots_refuse_weights(rule):
    with pytest.raises(electorates.RuleTakesNoWeights):
        count_electorates(rule, [voted("a", 1, a=1), voted("b", 1, a=1)], CountingParameters(seats=1))


def test_weights_and_points_that_make_no_share_are_refused():
    negative = Electorate("panel", 1, Profile.of_ballots(OPTIONS, [{"a": -1}]))
    for wrong, error in [
        (voted("panel", 0, a=1), electorates.WeightNotPositive),
        (negative, electorates.NegativePointsWeighed),
    ]:
        with pytest.raises(error) as refused:
            count_electorates(CountingRule.APPROVAL, [voted("residents", 1), wrong], CountingParameters(seats=1))
        assert refused.value.params == {"electorate": "panel"}


@by_scores
@given(cast=several(), given_parameters=parameters(), shuffle=st.randoms(use_true_random=False))
def test_scores_hand_out_the_weights_and_no_order_matters(rule, cast, given_parameters, shuffle):
    result = count_electorates(rule, cast, given_parameters)
    if len(cast) > 1:
        handed_out = sum(verdict.score for verdict in result.verdicts)
        voting = [part for part in result.explanation.parts if part.votes_cast]
        assert handed_out == (sum(electorate.weight for electorate in cast) if voting else 0)
    if rule in (CountingRule.GREEDY, CountingRule.GREEDY_STOP, CountingRule.GREEDY_PER_COST):
        assert result.total_cost <= 100
    shuffle.shuffle(cast)
    again = count_electorates(rule, cast, given_parameters)
    assert again.verdicts == result.verdicts
    assert again.ties == result.ties


@by_scores
@given(cast=ballots(["a", "b", "c"]), given_parameters=parameters(), weight=st.integers(1, 9))
def test_electorates_that_vote_alike_decide_as_one_would(rule, cast, given_parameters, weight):
    alike = Profile.of_ballots(OPTIONS, cast, budget=100)
    unlimited = replace(given_parameters, threshold=None)

    weighed = count_electorates(rule, [Electorate("a", weight, alike), Electorate("b", 3, alike)], unlimited)

    assert weighed.selected == count(rule, alike, unlimited).selected


@by_scores
@given(cast=several(), given_parameters=parameters())
def test_one_more_vote_for_a_winner_alone_keeps_it_a_winner(rule, cast, given_parameters):
    unlimited = replace(given_parameters, threshold=None)
    before = count_electorates(rule, cast, unlimited)
    voting = [electorate for electorate in cast if any(electorate.profile.scores.values())]
    for winner in before.selected:
        for electorate in voting:
            ballots_now = [dict(g.choices) for g in electorate.profile.ballots for _ in range(g.count)]
            more = Profile.of_ballots(OPTIONS, [*ballots_now, {winner: 1}], budget=100)
            after = [replace(each, profile=more) if each is electorate else each for each in cast]
            assert winner in count_electorates(rule, after, unlimited).selected
