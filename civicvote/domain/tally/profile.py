"""What a counting rule is given: options, a budget, and ballots of which equal ones are kept once."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from civicvote.kernel.errors import Invalid

Points: TypeAlias = int | Fraction
"""Points of one ballot or a sum of them: exact always, a whole number nearly always."""

Choices: TypeAlias = tuple[tuple[str, Points], ...]
"""One ballot as (option id, points) pairs in ascending order of id; empty for a blank ballot."""

Exacts: TypeAlias = npt.NDArray[Any]
"""Exact numbers: int64, or Python's own (dtype object) where they are no whole numbers or sums need more bits."""

_MOST_BITS = 62
_CHOICES, _COUNT = attrgetter("choices"), attrgetter("count")
_ID, _POINTS = itemgetter(0), itemgetter(1)


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
    """One thing that can be chosen. ``cost`` is in the currency's smallest unit, 0 in an agenda poll.

    ``field`` and ``district`` are what limits of a ballot and envelopes go by; empty where it belongs to none.
    """

    id: str
    cost: int = 0
    name: str = ""
    is_withdrawn: bool = False
    field: str = ""
    district: str = ""


@dataclass(frozen=True, slots=True)
class BallotGroup:
    """``count`` voters who filled in equal ballots."""

    choices: Choices
    count: int


@dataclass(frozen=True, slots=True)
class Cells:
    """Every choice of every ballot group, group by group: place of the group, place of the option, points.

    ``counts`` are the voters of each group. All numbers are of one dtype, in which no sum over voters overflows.
    """

    groups: npt.NDArray[np.intp]
    options: npt.NDArray[np.intp]
    points: Exacts
    counts: Exacts


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
        chosen = set(map(_ID, chain.from_iterable(map(_CHOICES, self.ballots))))
        if unknown := chosen - known:
            raise BallotForUnknownOption(option=min(unknown))

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
        return sum(map(_COUNT, self.ballots))

    @cached_property
    def valid_ballots(self) -> int:
        """Ballots that choose at least one option."""
        return sum(group.count for group in self.ballots if group.choices)

    @cached_property
    def cells(self) -> Cells:
        """The ballots as arrays."""
        place = {option.id: index for index, option in enumerate(self.options)}
        # Ids and points in turn: ballots of a large vote hold millions of pairs, so they are gone through once.
        flat = list(chain.from_iterable(chain.from_iterable(map(_CHOICES, self.ballots))))
        ids, points = flat[::2], flat[1::2]
        distinct = set(points)
        is_whole = all(type(value) is int for value in distinct)
        most = max((abs(value) for value in distinct), default=0)
        is_short = is_whole and (int(most) * self.voters).bit_length() <= _MOST_BITS
        kind = np.dtype(np.int64 if is_short else object)
        lengths = np.fromiter(map(len, map(_CHOICES, self.ballots)), np.intp, len(self.ballots))
        return Cells(
            groups=np.repeat(np.arange(len(lengths)), lengths),
            options=np.fromiter(map(place.__getitem__, ids), np.intp, len(ids)),
            points=np.full(len(points), points[0], kind)
            if len(distinct) == 1
            else np.fromiter(points, kind, len(points)),
            counts=np.fromiter(map(_COUNT, self.ballots), kind, len(self.ballots)),
        )

    @cached_property
    def scores(self) -> Mapping[str, Points]:
        """The sum of points of every option, 0 for one that nobody chose; approvals are votes."""
        return self._sums(self.cells.points * self.cells.counts[self.cells.groups])

    @cached_property
    def supporters(self) -> Mapping[str, int]:
        """How many ballots name each option, whatever points they give it."""
        return self._sums(self.cells.counts[self.cells.groups])

    @cached_property
    def backers(self) -> Mapping[str, int]:
        """How many ballots give each option more than 0 points."""
        gives = np.asarray(self.cells.points > 0, bool)
        return self._sums(self.cells.counts[self.cells.groups] * gives)

    def _sums(self, of_cells: Exacts) -> dict[str, Any]:
        sums = np.zeros(len(self.options), of_cells.dtype)
        np.add.at(sums, self.cells.options, of_cells)
        return dict(zip((option.id for option in self.options), sums.tolist(), strict=True))
