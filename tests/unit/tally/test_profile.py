"""Profiles: equal ballots once, sums exact, and no order of coming in that matters."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import (
    BallotForUnknownOption,
    BallotGroup,
    BudgetNegative,
    Option,
    OptionCostNegative,
    OptionRepeated,
    Profile,
)
from civicvote.domain.tally.registry import BUDGET_RULES, TALLY_RULES
from civicvote.kernel.voting import CountingRule
from tests.unit.tally.profiles import ballots, options, parameters

every_rule = pytest.mark.parametrize("rule", list(CountingRule))


def test_equal_ballots_are_kept_once_with_their_number():
    profile = Profile.of_ballots([Option("a"), Option("b")], [{"a": 1, "b": 2}, {"b": 2, "a": 1}, {}, {"a": 2}, {}])

    assert profile.ballots == (
        BallotGroup((), 2),
        BallotGroup((("a", 1), ("b", 2)), 2),
        BallotGroup((("a", 2),), 1),
    )
    assert (profile.voters, profile.valid_ballots) == (5, 3)
    assert profile.scores == {"a": 4, "b": 4}
    assert profile.supporters == {"a": 3, "b": 2}


def test_parts_of_points_add_up_exactly():
    profile = Profile.of_ballots([Option("a")], [{"a": Fraction(1, 3)}] * 3)

    assert profile.scores == {"a": 1}


@pytest.mark.parametrize(
    ("offered", "cast", "budget", "error"),
    [
        ([Option("a")], [], -1, BudgetNegative),
        ([Option("a"), Option("a", 5)], [], 0, OptionRepeated),
        ([Option("a", -1)], [], 0, OptionCostNegative),
        ([Option("a")], [{"b": 1}], 0, BallotForUnknownOption),
    ],
)
def test_a_profile_that_makes_no_sense_cannot_be_built(offered, cast, budget, error):
    with pytest.raises(error):
        Profile.of_ballots(offered, cast, budget=budget)


def test_every_counting_rule_is_registered_under_its_own_name():
    profile = Profile.of_ballots([Option("a", 1)], [{"a": 1}], budget=1)

    assert set(TALLY_RULES) == set(CountingRule)
    assert set(BUDGET_RULES) < set(CountingRule)
    for rule, count in TALLY_RULES.items():
        assert count(profile, CountingParameters(seats=1)).rule is rule


@every_rule
@given(data=st.data(), given_parameters=parameters(), shuffle=st.randoms(use_true_random=False))
def test_the_order_of_ballots_and_of_options_does_not_matter(rule, data, given_parameters, shuffle: random.Random):
    offered = data.draw(options())
    cast = data.draw(ballots([option.id for option in offered]))
    before = TALLY_RULES[rule](Profile.of_ballots(offered, cast, budget=12), given_parameters)

    shuffle.shuffle(offered)
    shuffle.shuffle(cast)
    after = TALLY_RULES[rule](Profile.of_ballots(offered, cast, budget=12), given_parameters)

    assert after == before


@every_rule
@given(data=st.data(), given_parameters=parameters())
def test_one_more_vote_keeps_a_winner_a_winner_and_never_later(rule, data, given_parameters):
    offered = data.draw(options())
    cast = data.draw(ballots([option.id for option in offered]))
    before = TALLY_RULES[rule](Profile.of_ballots(offered, cast, budget=12), given_parameters)
    for option_id in before.selected:
        more = Profile.of_ballots(offered, [*cast, {option_id: 1}], budget=12)
        after = TALLY_RULES[rule](more, given_parameters)
        assert option_id in after.selected
        assert after.verdict_by_id[option_id].step <= before.verdict_by_id[option_id].step
