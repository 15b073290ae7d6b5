"""What voters have left while options are bought with equal shares: floats to find, whole numbers to decide.

While voters can pay in full, what they have left is ``share - sum(rate * units)`` over what they bought; whoever can't
pays the rest, and has nothing from then on. So what any set of voters has together is one sum over the rates, with
whole factors that arrays count: exact money of thousands costs no more than a few multiplications of long integers.
Rates and share are kept as whole numbers over one denominator.

**The floats, and how far they can be off.** Let u = 2**-53. ``left`` starts as the share s correctly rounded: off by
at most u*s. A purchase takes rate * units from those who pay in full, at most s. The rate in float is correctly rounded
from the exact one, units by at most one rounding, the product by one more: off by 3.01*u*s. The subtraction rounds once
more: 1.01*u*s. Lifting a negative result to 0 brings it nearer to the truth, and whoever has nothing is set to 0
exactly. So after k purchases no ``left`` is off by more than ``drift`` = 5*(k + 1)*u*s. (Nothing here is small enough
for subnormal numbers: costs are whole, units and voters have at most a few dozen digits.)

**A bound that needs no luck.** An option can be paid at rate r if ``f(r) = sum(count * min(left, r * units))`` reaches
its cost. For whatever part P of its supporters, ``f(r) <= (money of P) + r * (units of the others)``, so its rate is
at least ``(cost - money of P) / units of the others``, whether P was chosen well or not; :meth:`Purses.at_least` finds
P by Newton's method. In floats the money of n groups with N voters is off by at most N*drift (of each ``left``) +
(n + 3)*u*N*s (n products and additions, the product of rate and units, the subtraction from the cost), the cost by
4*u*cost, the quotient by a factor of 1 - (n + 8)*2*u: all of this is taken off. As money only gets less, a rate only
gets higher: a bound holds to the end of the run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, inf

import numpy as np
import numpy.typing as npt

from civicvote.domain.tally.shares_supports import Column, Floats, Integers, Places, Supports

_U = 2.0**-53


@dataclass(frozen=True, slots=True)
class Offer:
    """What an option costs its supporters now: ``numerator / denominator`` for each unit, exactly.

    ``pay_in_full`` of them, ``pay_the_rest`` and ``end_at_zero``, who pay in full and have nothing left then, are
    ballot groups that had something left; ``units`` belong to ``pay_in_full``.
    """

    numerator: int
    denominator: int
    pay_in_full: Places
    units: Integers
    pay_the_rest: Places
    end_at_zero: Places

    @property
    def rate(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)


class Purses:
    """The money of all voters during one run. ``share`` in the currency's smallest unit."""

    def __init__(self, supports: Supports, share: Fraction) -> None:
        self._supports = supports
        self._share_near = share.numerator / share.denominator
        self._left = np.full(len(supports.counts), self._share_near)
        self._is_empty = np.zeros(len(supports.counts), bool)
        self._share, self._denominator = share.numerator, share.denominator
        self._rates: list[int] = []
        self._bought_at = np.zeros(len(supports.row_units), np.intp)  # by cell: the number of the purchase, 0 for none
        self._columns = list(supports.columns)
        self._guesses = [column.option.cost / max(column.total_units, 1) for column in supports.columns]

    @property
    def _drift(self) -> float:
        return 5 * (len(self._rates) + 1) * _U * self._share_near

    def _slack(self, column: Column) -> float:
        money = self._drift + (len(column.groups) + 3) * _U * self._share_near
        return column.supporters * money + 4 * _U * column.option.cost

    def at_least(self, place: int) -> float:
        """No more than the rate at which the option can be bought now; infinite where it certainly can't be."""
        column = self._columns[place]
        left = self._left[column.groups]
        if 2 * np.count_nonzero(left) < len(left):
            column = self._columns[place] = column.only(~self._is_empty[column.groups])
            left = self._left[column.groups]
        cost, slack = column.option.cost, self._slack(column)
        if _product(left, column.counts_near) + slack < cost:
            return inf
        rate, bound = self._guesses[place], 0.0
        while True:
            asked = rate if column.is_single else rate * column.units_near
            others = _product(left >= asked, column.weights_near)
            if others <= 0:
                break
            missing = cost - _product(np.minimum(left, asked), column.counts_near)
            bound = max(bound, rate + (missing - slack) / others)
            if missing <= 0:
                break
            rate += missing / others
        self._guesses[place] = rate
        return bound * (1 - (len(column.groups) + 8) * 2 * _U)

    def offer(self, place: int) -> Offer | None:
        """The exact rate, None where the supporters can't pay. Voters far from the edge between paying in full and
        paying the rest are told apart by floats, those near it by exact numbers."""
        column = self._columns[place]
        cost = column.option.cost * self._denominator
        if self._is_empty[column.groups].any():
            column = column.only(~self._is_empty[column.groups])
        groups, nobody = column.groups, column.groups[:0]
        if cost == 0:
            return Offer(0, 1, groups, column.units, nobody, nobody)
        left = self._left[groups]
        if _product(left, column.counts_near) - self._slack(column) < column.option.cost and self._money(groups) < cost:
            return None
        poor = left < self._guesses[place] * column.units_near
        if poor.all():
            poor[:] = False
        # Newton's steps on f, which is concave: the first may land anywhere below the rate, the others rise to it.
        while True:
            others = int((column.weights * ~poor).sum())
            rate = cost - self._money(groups[poor])
            edge = rate / (self._denominator * others) * column.units_near
            still_poor = left < edge
            is_even = np.zeros(len(groups), bool)
            near = np.flatnonzero(np.abs(left - edge) <= self._drift + 4 * _U * edge)
            for at, exactly in zip(near, self._left_exactly(groups[near]), strict=True):
                difference = exactly * others - rate * int(column.units[at])
                still_poor[at], is_even[at] = difference < 0, difference == 0
            if np.array_equal(still_poor, poor):
                break
            poor = still_poor
        common = gcd(rate, others)
        return Offer(
            rate // common,
            self._denominator * (others // common),
            groups[~poor],
            column.units[~poor],
            groups[poor],
            groups[is_even],
        )

    def buy(self, column: Column, offer: Offer) -> None:
        """The supporters pay. ``offer`` must be of now."""
        rate = offer.numerator / offer.denominator
        paid = rate * offer.units.astype(np.float64)
        self._left[offer.pay_in_full] = np.maximum(self._left[offer.pay_in_full] - paid, 0.0)
        for emptied in (offer.pay_the_rest, offer.end_at_zero):
            self._left[emptied] = 0.0
            self._is_empty[emptied] = True
        factor = offer.denominator // gcd(self._denominator, offer.denominator)
        if factor > 1:
            self._share *= factor
            self._denominator *= factor
            self._rates = [rate * factor for rate in self._rates]
        self._rates.append(offer.numerator * (self._denominator // offer.denominator))
        self._bought_at[column.cells] = len(self._rates)

    def money_of_each(self, columns: Sequence[Column]) -> list[Fraction]:
        """What the supporters of each option have left together."""
        found: list[Fraction] = []
        for column in columns:
            groups = column.groups[~self._is_empty[column.groups]]
            found.append(Fraction(self._money(groups), self._denominator))
        return found

    def least_left(self, groups: Places) -> Fraction:
        """Of one voter, over the groups, which must not have run out and be at least one."""
        left = self._left[groups]
        return Fraction(min(self._left_exactly(groups[left <= left.min() + 2 * self._drift])), self._denominator)

    def most_left(self, groups: Places) -> Fraction:
        """As :meth:`least_left`."""
        left = self._left[groups]
        return Fraction(max(self._left_exactly(groups[left >= left.max() - 2 * self._drift])), self._denominator)

    def _money(self, groups: Places) -> int:
        """Of all voters of the groups together, over the denominator; they must not have run out."""
        money = int(self._supports.counts[groups].sum()) * self._share
        if not self._rates or not len(groups):
            return money
        cells, _ = self._cells_of(groups)
        purchases, weights = self._bought_at[cells], self._supports.row_weights[cells]
        if weights.dtype == object:
            units = np.zeros(1 + len(self._rates), object)
            np.add.at(units, purchases, weights)
        else:  # whole numbers of no more bits than a float has
            units = np.bincount(purchases, weights, 1 + len(self._rates)).astype(np.int64)
        paid: int = sum(rate * each for rate, each in zip(self._rates, units[1:].tolist(), strict=True) if each)
        return money - paid

    def _left_exactly(self, groups: Places) -> list[int]:
        """Of one voter of each group, over the denominator; they must not have run out."""
        left = [self._share] * len(groups)
        if self._rates and len(groups):
            cells, lengths = self._cells_of(groups)
            owners = np.repeat(np.arange(len(groups)), lengths)
            parts = owners, self._bought_at[cells], self._supports.row_units[cells]
            for owner, purchase, units in zip(*(part.tolist() for part in parts), strict=True):
                if purchase:
                    left[owner] -= self._rates[purchase - 1] * units
        return left

    def _cells_of(self, groups: Places) -> tuple[Places, Places]:
        """All cells of these groups, one group after the other, and how many each group has."""
        starts = self._supports.row_starts[groups]
        lengths = self._supports.row_starts[groups + 1] - starts
        before = np.cumsum(lengths) - lengths
        return np.repeat(starts - before, lengths) + np.arange(lengths.sum()), lengths


def _product(some: Floats | npt.NDArray[np.bool_], others: Floats) -> float:
    """The sum of products, in one pass and without a library that would start threads."""
    return float(np.einsum("i,i->", some, others))
