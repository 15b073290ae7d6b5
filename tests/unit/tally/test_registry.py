"""What must be true of every counting rule, whichever are registered."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Profile
from civicvote.domain.tally.registry import BUDGET_RULES, TALLY_RULES
from civicvote.domain.tally.result import Reason
from civicvote.kernel.voting import CountingRule
from tests.unit.tally.profiles import ballots, money_parameters, money_profiles, options, parameters

every_rule = pytest.mark.parametrize("rule", list(TALLY_RULES))
every_budget_rule = pytest.mark.parametrize("rule", BUDGET_RULES)


def test_every_counting_rule_is_registered_under_its_own_name():
    profile = Profile.of_ballots([Option("a", 1)], [{"a": 1}], budget=1)

    assert set(TALLY_RULES) == set(CountingRule)
    assert set(BUDGET_RULES) < set(CountingRule)
    for rule, count in TALLY_RULES.items():
        assert count(profile, CountingParameters(seats=1)).rule is rule


@every_rule
@settings(deadline=None)
@given(data=st.data(), given_parameters=parameters(), shuffle=st.randoms(use_true_random=False))
def test_the_order_of_ballots_and_of_options_does_not_matter(rule, data, given_parameters, shuffle: random.Random):
    offered = data.draw(options())
    cast = data.draw(ballots([option.id for option in offered]))
    before = TALLY_RULES[rule](Profile.of_ballots(offered, cast, budget=12), given_parameters)

    shuffle.shuffle(offered)
    shuffle.shuffle(cast)
    after = TALLY_RULES[rule](Profile.of_ballots(offered, cast, budget=12), given_parameters)

    assert after == before


@every_budget_rule
@settings(max_examples=50, deadline=None)
@given(data=st.data(), profile=money_profiles())
def test_a_budget_is_never_overspent_and_every_option_gets_one_verdict(rule, data, profile):
    result = TALLY_RULES[rule](profile, data.draw(money_parameters(profile)))

    assert sorted(result.verdict_by_id) == sorted(option.id for option in profile.options)
    assert len(result.verdicts) == len(profile.options)
    left = profile.budget
    for step, verdict in enumerate((each for each in result.verdicts if each.step is not None), start=1):
        assert (verdict.step, verdict.left) == (step, left)
        if verdict.reason is Reason.SELECTED:
            left -= verdict.cost
    assert left == profile.budget - result.total_cost >= 0


@pytest.mark.parametrize(
    "rule",
    [CountingRule.APPROVAL, CountingRule.GREEDY, CountingRule.GREEDY_STOP, CountingRule.GREEDY_PER_COST],
)
@settings(deadline=None)
@given(data=st.data(), given_parameters=parameters())
def test_one_more_vote_keeps_a_winner_a_winner_and_never_later(rule, data, given_parameters):
    """By score only: where a voter brings a share of the budget or a comparison of others, one more changes those."""
    offered = data.draw(options())
    cast = data.draw(ballots([option.id for option in offered]))
    before = TALLY_RULES[rule](Profile.of_ballots(offered, cast, budget=12), given_parameters)
    for option_id in before.selected:
        more = Profile.of_ballots(offered, [*cast, {option_id: 1}], budget=12)
        after = TALLY_RULES[rule](more, given_parameters)
        assert option_id in after.selected
        assert after.verdict_by_id[option_id].step <= before.verdict_by_id[option_id].step
