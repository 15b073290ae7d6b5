"""Every counting rule by name."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from civicvote.domain.tally import approval, borda, greedy, phragmen, schulze, shares_comparison
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Profile
from civicvote.domain.tally.result import TallyResult
from civicvote.kernel.voting import CountingRule

TallyRule: TypeAlias = Callable[[Profile, CountingParameters], TallyResult]

TALLY_RULES: Mapping[CountingRule, TallyRule] = {
    CountingRule.APPROVAL: approval.count,
    CountingRule.BORDA: borda.count,
    CountingRule.SCHULZE: schulze.count,
    CountingRule.GREEDY: greedy.count,
    CountingRule.GREEDY_STOP: greedy.count_with_stop,
    CountingRule.GREEDY_PER_COST: greedy.count_per_cost,
    CountingRule.EQUAL_SHARES: shares_comparison.count,
    CountingRule.PHRAGMEN: phragmen.count,
}

BUDGET_RULES = (
    CountingRule.GREEDY,
    CountingRule.GREEDY_STOP,
    CountingRule.GREEDY_PER_COST,
    CountingRule.EQUAL_SHARES,
    CountingRule.PHRAGMEN,
)
"""The rules that divide a budget; the others fill seats."""
