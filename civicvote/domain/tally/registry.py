"""Every counting rule by name."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from civicvote.domain.tally import approval, greedy
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Profile
from civicvote.domain.tally.result import TallyResult
from civicvote.kernel.voting import CountingRule

TallyRule: TypeAlias = Callable[[Profile, CountingParameters], TallyResult]

TALLY_RULES: Mapping[CountingRule, TallyRule] = {
    CountingRule.APPROVAL: approval.count,
    CountingRule.GREEDY: greedy.count,
    CountingRule.GREEDY_STOP: greedy.count_with_stop,
}

BUDGET_RULES = (CountingRule.GREEDY, CountingRule.GREEDY_STOP)
"""The rules that divide a budget; the others fill seats."""
