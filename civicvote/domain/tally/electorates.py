"""Several electorates, such as residents, a committee and a panel, whose votes weigh 50, 40 and 10.

The score of an option is the sum, over the electorates, of weight × votes for the option / votes cast. Votes cast are
all votes (or points) that the electorate gave to options that were not withdrawn. So every electorate hands out
exactly its weight, however many options its members may name. This is the share (득표율) that cities publish: Sejong's
Dodam-dong printed 42.81 % for 256 of 299 ballots with two votes each. The share of ballots would give an
electorate that may name seven options more than twice the say of one that may name three (docs/decisions/0051).

The weight of an electorate that cast no vote goes to the others in proportion to theirs. Exact throughout.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from civicvote.domain.tally import approval, borda, greedy
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.parts_explained import ElectoratePart, ElectoratesExplained
from civicvote.domain.tally.profile import Choices, Points, Profile
from civicvote.domain.tally.result import TallyResult
from civicvote.kernel.errors import Invalid
from civicvote.kernel.voting import CountingRule

_RuleByScores: TypeAlias = Callable[[Profile, CountingParameters, Mapping[str, Points]], TallyResult]

RULES_BY_SCORES: Mapping[CountingRule, _RuleByScores] = {
    CountingRule.APPROVAL: approval.count,
    CountingRule.BORDA: borda.count,
    CountingRule.GREEDY: greedy.count,
    CountingRule.GREEDY_STOP: greedy.count_with_stop,
    CountingRule.GREEDY_PER_COST: greedy.count_per_cost,
}
"""The rules that go by sums of votes or points, which can be weighed; the others look at single ballots."""


class RuleTakesNoWeights(Invalid):
    """The rule looks at single ballots, not at sums."""

    code = "tally_rule_takes_no_weights"


class WeightNotPositive(Invalid):
    code = "tally_weight_not_positive"


class NegativePointsWeighed(Invalid):
    """An electorate gave an option less than nothing, so its votes can't be divided into shares."""

    code = "tally_negative_points_weighed"


@dataclass(frozen=True, slots=True)
class Electorate:
    """One body of voters and what it cast; all of one poll have the same options and budget."""

    key: str
    weight: int
    profile: Profile


def together(electorates: Sequence[Electorate]) -> Profile:
    """All ballots as if there were one electorate."""
    first = electorates[0].profile
    counts: Counter[Choices] = Counter()
    for electorate in electorates:
        for group in electorate.profile.ballots:
            counts[group.choices] += group.count
    return Profile.of_counts(first.options, counts, budget=first.budget)


def count(electorates: Sequence[Electorate], parameters: CountingParameters, rule: CountingRule) -> TallyResult:
    """By the weighted shares. A score lies between 0 and the sum of the weights; supporters are those of all.

    Raises :class:`RuleTakesNoWeights`, :class:`WeightNotPositive`, :class:`NegativePointsWeighed` and what the rule
    raises.
    """
    if rule not in RULES_BY_SCORES:
        raise RuleTakesNoWeights(field="counting_rule", rule=rule)
    parts = _parts(electorates, rule)
    profile = together(electorates)
    scores: dict[str, Points] = {
        option.id: Fraction(0) if option.is_withdrawn else sum((p.contribution(option.id) for p in parts), Fraction(0))
        for option in profile.options
    }
    result = RULES_BY_SCORES[rule](profile, parameters, scores)
    return replace(result, explanation=ElectoratesExplained(parts))


def _parts(electorates: Sequence[Electorate], rule: CountingRule) -> tuple[ElectoratePart, ...]:
    votes = {electorate.key: _votes(electorate, rule) for electorate in electorates}
    cast = {key: sum(given.values()) for key, given in votes.items()}
    declared = sum(electorate.weight for electorate in electorates)
    voting = sum(electorate.weight for electorate in electorates if cast[electorate.key])
    return tuple(
        ElectoratePart(
            key=electorate.key,
            weight=electorate.weight,
            weight_used=Fraction(electorate.weight * declared, voting) if cast[electorate.key] else Fraction(0),
            voters=electorate.profile.voters,
            valid_ballots=electorate.profile.valid_ballots,
            votes_cast=cast[electorate.key],
            votes=votes[electorate.key],
        )
        for electorate in electorates
    )


def _votes(electorate: Electorate, rule: CountingRule) -> Mapping[str, Points]:
    if electorate.weight <= 0:
        raise WeightNotPositive(field="electorates", electorate=electorate.key)
    profile = electorate.profile
    scores = borda.scores_of(profile) if rule is CountingRule.BORDA else profile.scores
    votes = {option.id: scores[option.id] for option in profile.options if not option.is_withdrawn}
    if any(given < 0 for given in votes.values()):
        raise NegativePointsWeighed(field="electorates", electorate=electorate.key)
    return votes
