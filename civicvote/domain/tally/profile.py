"""What a counting rule is given: options, a budget, and ballots of which equal ones are kept once."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Self, TypeAlias

from civicvote.kernel.errors import Invalid

Points: TypeAlias = int | Fraction
"""Points of one ballot or a sum of them: exact always, a whole number nearly always."""

Choices: TypeAlias = tuple[tuple[str, Points], ...]
"""One ballot as (option id, points) pairs in ascending order of id; empty for a blank ballot."""


class BudgetNegative(Invalid):
    code = "tally_budget_negative"


class OptionRepeated(Invalid):
    code = "tally_option_repeated"


class OptionCostNegative(Invalid):
    code = "tally_option_cost_negative"


class BallotForUnknownOption(Invalid):
    code = "tally_ballot_for_unknown_option"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen. ``cost`` is in the currency's smallest unit, 0 in an agenda poll."""

    id: str
    cost: int = 0
    name: str = ""
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class BallotGroup:
    """``count`` voters who filled in equal ballots."""

    choices: Choices
    count: int


@dataclass(frozen=True)
class Profile:
    """Everything that a count depends on.

    ``budget`` is in the currency's smallest unit, 0 in an agenda poll. ``ballots`` are in ascending order of
    their choices, so that two profiles of the same ballots are equal whatever order those came in. Build one
    with :meth:`of_ballots` or :meth:`of_counts`.
    """

    options: tuple[Option, ...]
    budget: int
    ballots: tuple[BallotGroup, ...]

    def __post_init__(self) -> None:
        if self.budget < 0:
            raise BudgetNegative(budget=self.budget)
        known: set[str] = set()
        for option in self.options:
            if option.id in known:
                raise OptionRepeated(option=option.id)
            if option.cost < 0:
                raise OptionCostNegative(option=option.id, cost=option.cost)
            known.add(option.id)
        for group in self.ballots:
            for option_id, _ in group.choices:
                if option_id not in known:
                    raise BallotForUnknownOption(option=option_id)

    @classmethod
    def of_ballots(cls, options: Iterable[Option], ballots: Iterable[Mapping[str, Points]], *, budget: int = 0) -> Self:
        """``ballots``: option id to points, one mapping a voter; an approval is 1, a blank ballot ``{}``."""
        return cls.of_counts(options, Counter(tuple(sorted(b.items())) for b in ballots), budget=budget)

    @classmethod
    def of_counts(cls, options: Iterable[Option], counts: Mapping[Choices, int], *, budget: int = 0) -> Self:
        """``counts``: how many voters filled in each ballot."""
        groups = tuple(BallotGroup(choices, count) for choices, count in sorted(counts.items()) if count)
        return cls(options=tuple(options), budget=budget, ballots=groups)

    @cached_property
    def voters(self) -> int:
        """All ballots, blank ones included: the number that equal shares of a budget divide by."""
        return sum(group.count for group in self.ballots)

    @cached_property
    def valid_ballots(self) -> int:
        """Ballots that choose at least one option."""
        return sum(group.count for group in self.ballots if group.choices)

    @cached_property
    def scores(self) -> Mapping[str, Points]:
        """The sum of points of every option, 0 for one that nobody chose; approvals are votes."""
        scores: dict[str, Points] = {option.id: 0 for option in self.options}
        for group in self.ballots:
            for option_id, points in group.choices:
                scores[option_id] += points * group.count
        return scores

    @cached_property
    def supporters(self) -> Mapping[str, int]:
        """How many ballots name each option, whatever points they give it."""
        supporters = {option.id: 0 for option in self.options}
        for group in self.ballots:
            for option_id, _ in group.choices:
                supporters[option_id] += group.count
        return supporters
