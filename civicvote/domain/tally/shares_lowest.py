"""Which option is the next to buy: bounds in floats say which prices are worth finding exactly."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import inf
from typing import Generic, TypeAlias, TypeVar

_Found = TypeVar("_Found")
Exact: TypeAlias = tuple[Fraction, _Found]

_A_LITTLE_MORE = 1 + 2.0**-50
"""Lifts a correctly rounded number above the one that it stands for, or lowers it below."""


class Lowest(Generic[_Found]):
    """Options by place, with a price each that rises or stays while others are bought.

    As prices never fall, what once was a lower bound still is one, and an option whose bound is above the lowest price
    need not be looked at. ``opening``: places with the prices before anything is bought, or less than those, correctly
    rounded. ``bound``: a float that is no more than the price now, infinite for what certainly can't be bought any
    more. ``exact``: the price now and whatever belongs to it, None for what can't be bought any more.
    """

    def __init__(
        self,
        opening: Iterable[tuple[float, int]],
        bound: Callable[[int], float],
        exact: Callable[[int], Exact[_Found] | None],
    ) -> None:
        self._bound, self._exact = bound, exact
        self._heap = [(price / _A_LITTLE_MORE, place, -1) for price, place in opening]
        heapify(self._heap)
        self._purchases = 0
        self._out: set[int] = set()

    def find(self) -> dict[int, Exact[_Found]]:
        """The options of the lowest price, which all have; empty when nothing can be bought."""
        lowest: dict[int, Exact[_Found]] = {}
        lowest_price = Fraction(0)
        highest_to_look_at = inf
        looked_at = []
        while self._heap and self._heap[0][0] <= highest_to_look_at:
            bound, place, found_at = heappop(self._heap)
            if place in self._out:
                continue
            if found_at != self._purchases:
                if (bound := self._bound(place)) < inf:
                    heappush(self._heap, (bound, place, self._purchases))
                continue
            if (found := self._exact(place)) is None:
                continue
            looked_at.append((bound, place, found_at))
            if not lowest or found[0] < lowest_price:
                lowest, lowest_price = {}, found[0]
                highest_to_look_at = float(lowest_price) * _A_LITTLE_MORE
            if found[0] == lowest_price:
                lowest[place] = found
        for entry in looked_at:
            heappush(self._heap, entry)
        return lowest

    def bought(self, place: int, beaten: Iterable[int] = ()) -> None:
        """The option is bought; ``beaten`` are out with it. Bounds found before are old now."""
        self._out.add(place)
        self._out.update(beaten)
        self._purchases += 1
