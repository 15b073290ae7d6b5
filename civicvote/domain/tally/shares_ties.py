"""Options of equal price, and whether their order decided who won."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from civicvote.domain.tally.profile import Option
from civicvote.domain.tally.result import Tie


@dataclass(frozen=True, slots=True)
class Tied:
    """``places`` of options, in the order used, that had the same ``price`` when purchase ``at`` (from 0) was due."""

    at: int
    price: Fraction
    places: tuple[int, ...]


def ties(
    tied: Iterable[Tied],
    bought: Sequence[tuple[int, Fraction]],
    options: Sequence[Option],
    wins_alike: Callable[[int, int], bool],
) -> Iterator[Tie]:
    """One for each group of options that had the same price at the same time.

    ``bought``: place and price by purchase. ``wins_alike``: whether the same options win if at a purchase (from 0) the
    tied option of some other place is taken.

    Where all of them were bought one after the other at that one price, none took away what another was paid with, and
    their order decided nothing. Otherwise each of them is tried first.
    """
    told: dict[int, Fraction] = {}
    for each in tied:
        if all(told.get(place) == each.price for place in each.places):
            continue
        told.update(dict.fromkeys(each.places, each.price))
        all_bought = set(bought[each.at : each.at + len(each.places)]) == {(place, each.price) for place in each.places}
        changed = not all_bought and not all(wins_alike(each.at, place) for place in each.places[1:])
        yield Tie(each.price, tuple(options[place].id for place in each.places), changed)
