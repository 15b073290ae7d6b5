"""The one way to count a poll, whatever it has: one electorate or several, one budget or an envelope for each part."""

from collections.abc import Sequence

from civicvote.domain.tally import electorates as weighing
from civicvote.domain.tally import envelopes
from civicvote.domain.tally.electorates import Electorate
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Profile
from civicvote.domain.tally.registry import BUDGET_RULES, TALLY_RULES
from civicvote.domain.tally.result import TallyResult
from civicvote.kernel.voting import CountingRule

_WHOLE = "whole"


def count(rule: CountingRule, profile: Profile, parameters: CountingParameters) -> TallyResult:
    """Ballots of one electorate. Raises what the rule and :func:`.envelopes.split` raise."""
    return count_electorates(rule, [Electorate(_WHOLE, 1, profile)], parameters)


def count_electorates(
    rule: CountingRule, electorates: Sequence[Electorate], parameters: CountingParameters
) -> TallyResult:
    """At least one electorate, with the same options and budget in each. Weights matter where there are several.

    With envelopes each part is weighed on its own: an electorate's share is of the votes it cast for that part.
    """
    if parameters.envelopes is None or rule not in BUDGET_RULES:
        return _count_together(rule, electorates, parameters)
    whole = weighing.together(electorates) if len(electorates) > 1 else electorates[0].profile
    counted = []
    for part in envelopes.split(whole.options, whole.budget, parameters, parameters.envelopes):
        of_part = [Electorate(each.key, each.weight, part.of(each.profile)) for each in electorates]
        counted.append((part, _count_together(rule, of_part, parameters)))
    return envelopes.join(whole, parameters, counted)


def _count_together(
    rule: CountingRule, electorates: Sequence[Electorate], parameters: CountingParameters
) -> TallyResult:
    if len(electorates) == 1:
        return TALLY_RULES[rule](electorates[0].profile, parameters)
    return weighing.count(electorates, parameters, rule)
