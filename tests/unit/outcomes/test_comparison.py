"""Rules side by side: which are laid there, what differs, and in what steps shares grow."""

from dataclasses import replace

import pytest

from civicvote.domain.outcomes.comparison import (
    MOST_RUNS,
    Selection,
    compare,
    parameters_beside,
    round_increment,
    rules_beside,
)
from civicvote.domain.polls.ballots.shape import BallotShape, Electorate
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.states import PollKind
from civicvote.kernel.voting import BallotType, CountingRule
from tests.unit.outcomes.rules import BUDGET_RULES, agenda_rules

BODIES = BallotShape(
    electorates=(Electorate("residents", "주민", "Residents", 60), Electorate("panel", "패널", "", 40))
)


def test_greedy_and_equal_shares_are_always_beside_a_budget_poll_and_its_own_rule_is_not():
    beside = rules_beside(replace(BUDGET_RULES, counting_rule=CountingRule.EQUAL_SHARES))
    assert beside == (CountingRule.GREEDY, CountingRule.GREEDY_PER_COST, CountingRule.PHRAGMEN)
    assert CountingRule.EQUAL_SHARES in rules_beside(replace(BUDGET_RULES, counting_rule=CountingRule.GREEDY_STOP))


def test_where_electorates_are_weighed_only_rules_by_sums_are_laid_beside():
    weighed = replace(BUDGET_RULES, ballot=BODIES, counting_rule=CountingRule.GREEDY)
    assert rules_beside(weighed) == (CountingRule.GREEDY_PER_COST,)


def test_rankings_are_counted_by_borda_and_schulze_other_agenda_polls_by_nothing_else():
    ordinal = agenda_rules(counting_rule=CountingRule.BORDA, ballot_type=BallotType.ORDINAL)
    assert rules_beside(ordinal) == (CountingRule.SCHULZE,)
    assert rules_beside(agenda_rules()) == ()
    assert ordinal.kind is PollKind.AGENDA


def test_differences_name_what_was_gained_and_lost_in_the_order_of_each_rule():
    own = Selection(CountingRule.EQUAL_SHARES, ("a", "b", "c"), 30)
    comparison = compare(
        own,
        [Selection(CountingRule.PHRAGMEN, ("c", "b", "a"), 30), Selection(CountingRule.GREEDY, ("d", "a", "e"), 25)],
    )
    greedy, phragmen = comparison.differences
    assert (greedy.gained, greedy.lost) == (("d", "e"), ("b", "c"))
    assert (phragmen.gained, phragmen.lost) == ((), ())
    assert [(row.option, row.marks) for row in comparison.rows] == [
        ("a", (True, True, True)),
        ("b", (True, False, True)),
        ("c", (True, False, True)),
        ("d", (False, True, False)),
        ("e", (False, True, False)),
    ]
    assert [row.option for row in comparison.rows if row.differs] == ["b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("budget", "voters", "increment"),
    [(100_000_000, 6_586, 100), (611_286_800, 90_494, 100), (300_000_000, 1_000, 1_000), (100, 1_000, 1), (100, 0, 1)],
)
def test_shares_grow_by_a_power_of_ten_of_at_most_a_fiftieth(budget, voters, increment):
    assert round_increment(budget, voters) == increment
    assert increment == 1 or increment * 50 * voters <= budget


def test_a_poll_by_equal_shares_keeps_the_steps_it_declared():
    own = replace(BUDGET_RULES, counting=CountingChoice(increment_amount=7))
    by_shares = replace(own, counting_rule=CountingRule.EQUAL_SHARES)
    assert parameters_beside(CountingRule.EQUAL_SHARES, by_shares, 10).increment == 7
    assert parameters_beside(CountingRule.EQUAL_SHARES, own, 10).increment == 100_000
    assert parameters_beside(CountingRule.EQUAL_SHARES, own, 10).most_runs == MOST_RUNS
    assert parameters_beside(CountingRule.GREEDY, own, 10) == own.counting_parameters
