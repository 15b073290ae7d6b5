"""How much of their wish voters got: of what a ballot names, which part was selected, by number and by cost.

Counted for ballots, not for people's minds: what somebody wanted and found no room for is not known. Blank ballots
wish for nothing and are left out.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from civicvote.domain.tally.profile import Profile


class Part(StrEnum):
    """Which part of what a ballot names was selected."""

    NOTHING = "nothing"
    UP_TO_A_QUARTER = "up_to_a_quarter"
    UP_TO_HALF = "up_to_half"
    UP_TO_THREE_QUARTERS = "up_to_three_quarters"
    MORE = "more"
    ALL = "all"


_UPPER_ENDS = (
    (Part.UP_TO_A_QUARTER, Fraction(1, 4)),
    (Part.UP_TO_HALF, Fraction(1, 2)),
    (Part.UP_TO_THREE_QUARTERS, Fraction(3, 4)),
)


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """``ballots`` name something; ``with_a_winner`` of them name at least one selected option.

    ``by_number`` and ``by_cost``: how many ballots got which part, in the order of ``Part``; each adds up to
    ``ballots``. A ballot whose options cost nothing counts by number in both. ``cost_won`` is, over all ballots, the
    cost of the selected options that each names, in the currency's smallest unit; ``marks`` and ``marks_won`` count
    what all ballots name.
    """

    ballots: int
    with_a_winner: int
    marks: int
    marks_won: int
    cost_won: int
    by_number: tuple[int, ...]
    by_cost: tuple[int, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """What ``by_number`` and ``by_cost`` count, in their order."""
        return tuple(Part)

    @property
    def average_cost_won(self) -> int:
        """A ballot's selected options cost so much on average, in whole units, halves up."""
        return (2 * self.cost_won + self.ballots) // (2 * self.ballots) if self.ballots else 0


def part_of(won: int, named: int) -> Part:
    """``named`` is above 0 and no less than ``won``."""
    if won == 0:
        return Part.NOTHING
    if won == named:
        return Part.ALL
    share = Fraction(won, named)
    return next((part for part, end in _UPPER_ENDS if share <= end), Part.MORE)


def satisfaction(profile: Profile, selected: Collection[str]) -> Satisfaction:
    """What each ballot of the profile got from the ``selected`` option ids. Options given 0 points or less are not
    named."""
    cost = {option.id: option.cost for option in profile.options}
    chosen = frozenset(selected)
    by_number, by_cost = dict.fromkeys(Part, 0), dict.fromkeys(Part, 0)
    ballots = marks = marks_won = cost_won = 0
    for group in profile.ballots:
        named = [option_id for option_id, points in group.choices if points > 0]
        if not named:
            continue
        won = [option_id for option_id in named if option_id in chosen]
        worth, worth_won = sum(cost[each] for each in named), sum(cost[each] for each in won)
        by_number[part_of(len(won), len(named))] += group.count
        by_cost[part_of(worth_won, worth) if worth else part_of(len(won), len(named))] += group.count
        ballots += group.count
        marks += len(named) * group.count
        marks_won += len(won) * group.count
        cost_won += worth_won * group.count
    return Satisfaction(
        ballots=ballots,
        with_a_winner=ballots - by_number[Part.NOTHING],
        marks=marks,
        marks_won=marks_won,
        cost_won=cost_won,
        by_number=tuple(by_number.values()),
        by_cost=tuple(by_cost.values()),
    )
