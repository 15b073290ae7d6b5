"""One run of Equal Shares: everyone gets the same share, and options are bought while their supporters can pay.

Floats are lower bounds of prices and say where to look; which option is bought, and what is paid, is decided exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from civicvote.domain.tally.profile import Option
from civicvote.domain.tally.shares_lowest import Exact, Lowest
from civicvote.domain.tally.shares_purses import Offer, Purses
from civicvote.domain.tally.shares_supports import Column, Supports
from civicvote.domain.tally.shares_ties import Tied


@dataclass(frozen=True, slots=True)
class Run:
    """``bought`` are the offers taken, in order. ``spent`` is more than the budget where the run ended because of that.
    ``purses`` are as they were left."""

    share: Fraction
    bought: tuple[tuple[Column, Offer], ...]
    tied: tuple[Tied, ...]
    spent: int
    purses: Purses

    @property
    def options(self) -> list[Option]:
        return [column.option for column, _ in self.bought]


@dataclass(frozen=True)
class Market:
    """What all runs of a count share. ``rivals``: place of a column to those that can't be bought beside it.

    ``by_cost`` is cost satisfaction: the price is the rate per unit of cost. Otherwise it is the rate.
    """

    supports: Supports
    budget: int
    by_cost: bool
    rivals: Mapping[int, Sequence[int]]

    def price(self, column: Column, offer: Offer) -> Fraction:
        """Of a unit of satisfaction, by which options are bought."""
        return offer.rate * self.supports.scale / self._divisor(column)

    def run(self, share: Fraction, instead: Mapping[int, int] | None = None) -> Run:
        """Buys, again and again, what has the lowest price, equal prices in the order of the columns, up to the first
        option that is more than the budget.

        ``instead``: at which purchase (from 0) which of the tied columns is taken against that order.
        """
        columns = self.supports.columns
        purses = Purses(self.supports, share)

        def bound(place: int) -> float:
            return purses.at_least(place) * self.supports.scale / self._divisor(columns[place])

        def exact(place: int) -> Exact[Offer] | None:
            offer = purses.offer(place)
            return (self.price(columns[place], offer), offer) if offer else None

        lowest = Lowest(self._opening, bound, exact)
        bought: list[tuple[Column, Offer]] = []
        tied: list[Tied] = []
        spent = 0
        while spent <= self.budget and (found := lowest.find()):
            place = (instead or {}).get(len(bought), min(found))
            price, offer = found[place]
            if len(found) > 1:
                tied.append(Tied(len(bought), price, tuple(sorted(found))))
            purses.buy(columns[place], offer)
            lowest.bought(place, beaten=self.rivals.get(place, ()))
            bought.append((columns[place], offer))
            spent += columns[place].option.cost
        return Run(share, tuple(bought), tuple(tied), spent, purses)

    def costs_of_unbought(self, run: Run) -> list[int]:
        """Of what somebody supports, the budget could pay for and no rival keeps out."""
        bought = {column.place for column, _ in run.bought}
        out = bought.union(*(self.rivals.get(place, ()) for place in bought))
        return [
            column.option.cost
            for column in self.supports.columns
            if column.supporters and column.place not in out and column.option.cost <= self.budget
        ]

    def _divisor(self, column: Column) -> int:
        """Makes a price of a rate. What costs nothing has the price 0, whatever that is divided by."""
        return (column.option.cost or 1) if self.by_cost else 1

    @cached_property
    def _opening(self) -> list[tuple[float, int]]:
        """Prices where everybody can pay in full: they are never less, whatever the share."""
        return [
            (column.option.cost * self.supports.scale / (column.total_units * self._divisor(column)), column.place)
            for column in self.supports.columns
            if column.supporters
        ]
