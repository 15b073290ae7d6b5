"""Phragmén's sequential rule for budgets: voters earn money evenly over time and buy together what they want.

From 0 on every voter earns the same. As soon as those who support an option have together earned what it costs, each
since last paying, it is bought with all of that. The count stops where the option that is next costs more than what is
left of the budget. Source: Los, Christoff, Grossi 2022, "Proportional Budget Allocations: Towards a Systematization"
(IJCAI 2022), after Phragmén's method of 1894 for committees (Brill, Freeman, Janson, Lackner 2017, "Phragmén's Voting
Methods and Justified Representation"). Whoever gives an option more than 0 points supports it, whatever the kind of
ballot.

What every voter has earned by a purchase is its load. An option's load is its cost and the loads at which its
supporters last paid, added up and divided by their number. Exactly: the loads bought at are whole numbers over one
denominator, and how many supporters last paid at which of them is counted. In floats all terms are positive, so with n
groups of ballots no load is off by more than a factor of 1 + (n + 5) * 2**-53: a bound takes twice that off.

Options of equal load are bought in the declared order, and where the first of them does not fit, the count stops. A tie
changed the winners if some other of the tied options, taken first, leads to another set.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd

import numpy as np

from civicvote.domain.tally.eligibility import eligibility
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Profile
from civicvote.domain.tally.result import Reason, TallyResult, Verdict
from civicvote.domain.tally.shares_explained import Load, NotReached, PhragmenExplained
from civicvote.domain.tally.shares_lowest import Exact, Lowest
from civicvote.domain.tally.shares_supports import Column, Supports
from civicvote.domain.tally.shares_ties import Tied, ties
from civicvote.kernel.voting import CountingRule

_TWICE_U = 2.0**-52


def count(profile: Profile, parameters: CountingParameters) -> TallyResult:
    """Costs and budget in the currency's smallest unit; never overspends.

    The explanation is a :class:`.PhragmenExplained`, a tie's score the load.
    """
    taking_part = eligibility(profile, parameters)
    supports = Supports.of(profile, taking_part.options, counts_points=False)
    rivals = supports.rivals(parameters.rivals)
    course = _follow(supports, profile.budget, rivals, {})

    def wins_alike(at: int, place: int) -> bool:
        return set(_follow(supports, profile.budget, rivals, {at: place}).places) == set(course.places)

    bought = [(place, each.load) for place, each in zip(course.places, course.purchases, strict=True)]
    return TallyResult(
        rule=CountingRule.PHRAGMEN,
        parameters=parameters,
        budget=profile.budget,
        voters=profile.voters,
        valid_ballots=profile.valid_ballots,
        verdicts=(*_verdicts(profile, supports, rivals, course), *taking_part.excluded),
        ties=tuple(ties(course.tied, bought, taking_part.options, wins_alike)),
        explanation=PhragmenExplained(
            purchases=tuple(course.purchases),
            stopped_at=None if course.stopped_at is None else taking_part.options[course.stopped_at].id,
            not_reached=tuple(_not_reached(supports, course)),
        ),
    )


class _Loads:
    """At which load each voter last paid: ``_last_paid`` is the number of the purchase, 0 for none yet."""

    def __init__(self, groups: int) -> None:
        self._last_paid = np.zeros(groups, np.intp)
        self._loads = [0]
        self._denominator = 1
        self._loads_near = np.zeros(1)

    def at_least(self, column: Column) -> float:
        """No more than the load at which the option can be bought now."""
        paid = self._loads_near[self._last_paid[column.groups]]
        total = column.option.cost + float((paid * column.counts_near).sum())
        return total / column.supporters * (1 - (len(column.groups) + 5) * _TWICE_U)

    def of(self, column: Column) -> Fraction:
        """The load at which the option can be bought now."""
        supporters = np.zeros(len(self._loads), column.counts.dtype)
        np.add.at(supporters, self._last_paid[column.groups], column.counts)
        paid = sum(load * count for load, count in zip(self._loads, supporters.tolist(), strict=True))
        return Fraction(column.option.cost * self._denominator + paid, self._denominator * column.supporters)

    def payments(self, column: Column, load: Fraction) -> tuple[Fraction, Fraction]:
        """The smallest and the largest that a supporter would pay at this load."""
        last = self._last_paid[column.groups]
        # Loads only rise: who last paid later has earned less since.
        return tuple(load - Fraction(self._loads[at], self._denominator) for at in (last.max(), last.min()))  # type: ignore[return-value]

    def buy(self, column: Column, load: Fraction) -> None:
        self._last_paid[column.groups] = len(self._loads)
        factor = load.denominator // gcd(self._denominator, load.denominator)
        if factor > 1:
            self._denominator *= factor
            self._loads = [each * factor for each in self._loads]
        self._loads.append(load.numerator * (self._denominator // load.denominator))
        self._loads_near = np.append(self._loads_near, float(load))


@dataclass(slots=True)
class _Course:
    """How one count went: the places of the columns bought, and where it stopped."""

    loads: _Loads
    places: list[int] = field(default_factory=list)
    purchases: list[Load] = field(default_factory=list)
    tied: list[Tied] = field(default_factory=list)
    stopped_at: int | None = None


def _follow(
    supports: Supports, budget: int, rivals: Mapping[int, Sequence[int]], instead: Mapping[int, int]
) -> _Course:
    """``instead``: at which purchase (from 0) which of the tied columns is taken against their order."""
    columns = supports.columns
    loads = _Loads(len(supports.counts))

    def exact(place: int) -> Exact[Fraction]:
        load = loads.of(columns[place])
        return load, load

    opening = [(each.option.cost / each.supporters, each.place) for each in columns if each.supporters]
    lowest = Lowest(opening, lambda place: loads.at_least(columns[place]), exact)
    course = _Course(loads)
    left = budget
    while tied := lowest.find():
        now = len(course.places)
        place = instead.get(now, min(tied))
        column, (load, _) = columns[place], tied[place]
        if len(tied) > 1:
            course.tied.append(Tied(now, load, tuple(sorted(tied))))
        if column.option.cost > left:
            course.stopped_at = place
            break
        left -= column.option.cost
        payments = loads.payments(column, load)
        course.places.append(place)
        course.purchases.append(Load(column.option.id, now + 1, load, column.supporters, *payments))
        loads.buy(column, load)
        lowest.bought(place, beaten=rivals.get(place, ()))
    return course


def _verdicts(
    profile: Profile, supports: Supports, rivals: Mapping[int, Sequence[int]], course: _Course
) -> Iterator[Verdict]:
    """Of all that could win: the bought by step, the one that did not fit, then the others by id."""
    left = profile.budget
    looked_at = course.places if course.stopped_at is None else [*course.places, course.stopped_at]
    for step, place in enumerate(looked_at, start=1):
        option = supports.columns[place].option
        reason = Reason.DOES_NOT_FIT if place == course.stopped_at else Reason.SELECTED
        yield Verdict(option.id, reason, profile.scores[option.id], option.cost, step, left)
        left -= option.cost
    beaten = {rival for place in course.places for rival in rivals.get(place, ())}
    for column in sorted(supports.columns, key=lambda column: column.option.id):
        if column.place in looked_at:
            continue
        if column.place in beaten:
            reason = Reason.RIVAL_WON
        elif column.supporters:
            reason = Reason.AFTER_THE_STOP
        else:
            reason = Reason.SUPPORTERS_CANNOT_PAY
        yield Verdict(column.option.id, reason, profile.scores[column.option.id], column.option.cost)


def _not_reached(supports: Supports, course: _Course) -> Iterator[NotReached]:
    for column in sorted(supports.columns, key=lambda column: column.option.id):
        if column.place not in course.places:
            load = course.loads.of(column) if column.supporters else None
            yield NotReached(column.option.id, column.supporters, load)
