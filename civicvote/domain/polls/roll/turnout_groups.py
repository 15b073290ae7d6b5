"""Turnout by group, so that nobody can work out who voted and who did not.

A group is shown only if at least ``SMALLEST`` people of it voted and at least as many did not. The others stand in one
row together. As the poll's totals are public, that row could be had by subtraction anyway, so it must be large enough
itself, and somebody who knows this rule must not be able to tell how it came about: the neighbour of the first small
group always joins, whatever its size, then further neighbours until the row is large enough. Were the smallest or only
as many as needed to join, numbers at the edge would give the small ones away. Where nothing but that row would be left,
nothing is shown. (Threshold and secondary suppression: Hundepool et al., Statistical Disclosure Control, Wiley 2012,
chapter 4.)
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

SMALLEST = 5
#: The key of the row of groups that are not shown one by one.
TOGETHER = "together"
#: The key of people of whom it is not known where they belong.
UNKNOWN = "unknown"


class Division(StrEnum):
    """By what the people on the roll are divided."""

    DISTRICT = "district"
    AGE = "age"
    RESIDENCY = "residency"


class AgeBand(StrEnum):
    UNDER_20 = "under_20"
    FROM_20 = "from_20"
    FROM_30 = "from_30"
    FROM_40 = "from_40"
    FROM_50 = "from_50"
    FROM_60 = "from_60"
    FROM_70 = "from_70"


@dataclass(frozen=True, slots=True)
class Group:
    """People on the roll, and how many of them have a ballot in the box."""

    key: str
    on_roll: int
    voted: int

    @property
    def smallest_part(self) -> int:
        return min(self.voted, self.on_roll - self.voted)


def publishable(groups: Sequence[Group], *, smallest: int = SMALLEST) -> list[Group]:
    """The groups that may be shown, in the given order, and one row ``TOGETHER`` for the others, last; perhaps none."""
    groups = [group for group in groups if group.on_roll]
    small = {at for at, group in enumerate(groups) if group.smallest_part < smallest}
    if not small:
        return groups
    first = min(small)
    neighbours = [*range(first + 1, len(groups)), *range(first - 1, -1, -1)]
    for joined in range(1, len(neighbours)):
        hidden = small | set(neighbours[:joined])
        together, shown = _together(groups, hidden), [each for at, each in enumerate(groups) if at not in hidden]
        if shown and together.smallest_part >= smallest:
            return [*shown, together]
    return []


def _together(groups: Sequence[Group], hidden: Collection[int]) -> Group:
    chosen = [groups[at] for at in hidden]
    return Group(TOGETHER, sum(group.on_roll for group in chosen), sum(group.voted for group in chosen))


def age_band(birth_year: int | None, year: int) -> str:
    """The key of the band in which somebody born in ``birth_year`` is at the end of ``year``."""
    if birth_year is None:
        return UNKNOWN
    decades = (year - birth_year) // 10
    bands = list(AgeBand)
    return bands[min(max(decades - 1, 0), len(bands) - 1)]
