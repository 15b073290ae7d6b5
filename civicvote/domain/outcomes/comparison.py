"""The same ballots under several rules, side by side: which rules are laid beside a poll's own, and what differs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from civicvote.domain.outcomes.satisfaction import Satisfaction
from civicvote.domain.polls.freezing import FrozenRules
from civicvote.domain.polls.planning.suggestions import GROWING
from civicvote.domain.polls.states import PollKind
from civicvote.domain.tally.electorates import RULES_BY_SCORES
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.registry import TALLY_RULES
from civicvote.kernel.voting import BallotType, CountingRule

BUDGET_COMPARED = (
    CountingRule.GREEDY,
    CountingRule.GREEDY_PER_COST,
    CountingRule.EQUAL_SHARES,
    CountingRule.PHRAGMEN,
)
"""Laid beside each other in every budget poll, greedy always (docs/decisions/0066)."""

MOST_RUNS = 2_000
"""Equal Shares beside another rule, or on trial where that is not the poll's, ends after so many runs."""

RANKING_COMPARED = (CountingRule.BORDA, CountingRule.SCHULZE)


def rules_beside(rules: FrozenRules) -> tuple[CountingRule, ...]:
    """The rules by which the same ballots can be counted, the poll's own not among them. Where electorates are weighed,
    only rules that go by sums of votes can be."""
    if rules.kind is PollKind.BUDGET:
        compared: tuple[CountingRule, ...] = BUDGET_COMPARED
    else:
        compared = RANKING_COMPARED if rules.ballot_type is BallotType.ORDINAL else ()
    usable = RULES_BY_SCORES if len(rules.ballot.electorates) > 1 else TALLY_RULES
    return tuple(rule for rule in compared if rule in usable and rule is not rules.counting_rule)


def has_own_steps(rules: FrozenRules) -> bool:
    """Whether the poll's rules say by how much shares grow: where its count by Equal Shares makes them grow."""
    return rules.counting_rule is CountingRule.EQUAL_SHARES and rules.counting.completion in GROWING


def parameters_beside(rule: CountingRule, rules: FrozenRules, voters: int) -> CountingParameters:
    """The poll's own parameters; of Equal Shares beside another rule, whose steps nobody chose, with such steps as
    ``steps_beside`` gives."""
    own = rules.counting_parameters
    if rule is not CountingRule.EQUAL_SHARES or rules.counting_rule is rule:
        return own
    return steps_beside(own, rules.envelope_amount or 0, voters)


def steps_beside(own: CountingParameters, budget: int, voters: int) -> CountingParameters:
    """Shares grow by a power of ten that is at most a fiftieth of a voter's share, so that the count ends after some
    hundred runs, and after ``MOST_RUNS`` where a few voters have shares that would have to grow a thousandfold."""
    return replace(own, increment=round_increment(budget, voters), most_runs=min(own.most_runs, MOST_RUNS))


def round_increment(budget: int, voters: int) -> int:
    """In the currency's smallest unit, at least 1."""
    return int(10 ** (len(str(budget // (50 * max(voters, 1)))) - 1))


@dataclass(frozen=True, slots=True)
class Selection:
    """What one rule selects, in its order. ``total_cost`` in the currency's smallest unit. ``satisfaction`` is None
    where it was never counted."""

    rule: CountingRule
    selected: tuple[str, ...]
    total_cost: int
    satisfaction: Satisfaction | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Against the poll's own rule: ``gained`` would have won, ``lost`` would not, each in the order of its rule."""

    selection: Selection
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One option and, for each selection of the comparison, whether it is in it."""

    option: str
    marks: tuple[bool, ...]

    @property
    def differs(self) -> bool:
        return len(set(self.marks)) > 1


@dataclass(frozen=True)
class Comparison:
    """``own`` is the rule that holds; ``others`` in the order in which rules are shown."""

    own: Selection
    others: tuple[Selection, ...]

    @cached_property
    def selections(self) -> tuple[Selection, ...]:
        return (self.own, *self.others)

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        return tuple(difference(self.own, other) for other in self.others)

    @cached_property
    def rows(self) -> tuple[ComparedRow, ...]:
        """Options that some rule selects: the own rule's winners in its order, then what only others select."""
        seen = dict.fromkeys(option for selection in self.selections for option in selection.selected)
        sets = [frozenset(selection.selected) for selection in self.selections]
        return tuple(ComparedRow(option, tuple(option in chosen for chosen in sets)) for option in seen)


def difference(own: Selection, other: Selection) -> Difference:
    held, chosen = frozenset(own.selected), frozenset(other.selected)
    return Difference(
        selection=other,
        gained=tuple(option for option in other.selected if option not in held),
        lost=tuple(option for option in own.selected if option not in chosen),
    )


def compare(own: Selection, others: Sequence[Selection]) -> Comparison:
    """``others`` in any order."""
    order = {rule: place for place, rule in enumerate(CountingRule)}
    return Comparison(own, tuple(sorted(others, key=lambda each: order[each.rule])))
