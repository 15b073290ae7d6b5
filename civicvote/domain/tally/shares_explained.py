"""Why Equal Shares and Phragmén decided as they did: enough to check every payment, one ballot at a time.

What each voter paid is not stored, for it follows: whoever supports an option pays its rate for every unit that the
ballot gives it, or all that is left where that is less. :meth:`SharesExplained.payments` does that sum for a ballot.
Amounts are in the currency's smallest unit, exact, and often no whole number.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from civicvote.domain.tally.profile import Choices, Points


class RunsEnded(StrEnum):
    """Why no share was made larger than the last."""

    ONE_RUN = "one_run"
    """The completion asks for one run."""
    EXHAUSTIVE = "exhaustive"
    """Nothing that anybody supports fits into what is left of the budget."""
    NEXT_OVERSPENDS = "next_overspends"
    """The next run would have spent more than the budget."""
    ALL_BOUGHT = "all_bought"
    """All has been bought that anybody supports and the budget could pay for, but for rivals of what was. One of these
    might win with larger shares, in the place of its rival; shares do not grow for that."""
    MOST_RUNS = "most_runs"
    """The largest number of runs was reached."""


@dataclass(frozen=True, slots=True)
class Runs:
    """``number`` counts every run, one that overspent included; ``first_share`` and ``share`` are what each voter
    has at the start of the first run and of the run whose outcome stands."""

    number: int
    first_share: Fraction
    share: Fraction
    ended: RunsEnded


@dataclass(frozen=True, slots=True)
class Purchase:
    """One option that its supporters paid for.

    ``rate``: what one unit costs a supporter, a unit being a point under points satisfaction, else the whole support.
    ``price``: the rate per unit of satisfaction, by which the option came before the others: the rate divided by the
    cost under cost satisfaction, else the rate itself. Of the ``supporters``, ``paid_in_full`` paid the rate for all
    their units, ``paid_the_rest`` paid less, all that they had left, and the others had nothing left.
    ``smallest_payment`` and ``largest_payment`` are of those who paid anything; 0 where nobody had to.
    """

    option_id: str
    step: int
    rate: Fraction
    price: Fraction
    supporters: int
    paid_in_full: int
    paid_the_rest: int
    smallest_payment: Fraction
    largest_payment: Fraction

    @property
    def had_nothing_left(self) -> int:
        return self.supporters - self.paid_in_full - self.paid_the_rest


@dataclass(frozen=True, slots=True)
class NotPaid:
    """One option that was not paid from shares: what its supporters have together when the last run ends.

    Where ``missing`` is 0 they could pay, but a rival had won.
    """

    option_id: str
    cost: int
    supporters: int
    money_left: Fraction

    @property
    def missing(self) -> Fraction:
        return max(self.cost - self.money_left, Fraction(0))


@dataclass(frozen=True, slots=True)
class SharesExplained:
    """How Equal Shares came to its outcome. ``purchases`` by step; ``added_after`` are the options that the greedy
    completion added, in its order; ``not_paid`` by id has every other option that could have won and these too.

    ``counts_points`` is True where a voter's units are the ballot's points; else each supported option is one unit.
    """

    runs: Runs
    purchases: tuple[Purchase, ...]
    added_after: tuple[str, ...]
    not_paid: tuple[NotPaid, ...]
    counts_points: bool

    def payments(self, choices: Choices) -> Iterator[tuple[str, Fraction, Fraction]]:
        """For one ballot, purchase by purchase: the option id, what the voter paid, what was left then."""
        units: dict[str, Points] = {
            option_id: points if self.counts_points else 1 for option_id, points in choices if points > 0
        }
        left = self.runs.share
        for purchase in self.purchases:
            if purchase.option_id in units:
                paid = min(left, purchase.rate * units[purchase.option_id])
                left -= paid
                yield purchase.option_id, paid, left


@dataclass(frozen=True, slots=True)
class Load:
    """One option bought by Phragmén's rule. Voters earn evenly from 0 on; ``load`` is what each has earned, spent
    or not, when the supporters together can pay. Each of them paid ``load`` less what they had earned when they last
    paid: ``smallest_payment`` and ``largest_payment`` are the range of that."""

    option_id: str
    step: int
    load: Fraction
    supporters: int
    smallest_payment: Fraction
    largest_payment: Fraction


@dataclass(frozen=True, slots=True)
class NotReached:
    """``load`` at which the option would have been next; None where nobody supports it."""

    option_id: str
    supporters: int
    load: Fraction | None


@dataclass(frozen=True, slots=True)
class PhragmenExplained:
    """How Phragmén's rule came to its outcome. ``stopped_at`` is the option that was next and cost more than was left
    of the budget; None where all that anybody supports was bought. ``not_reached`` by id."""

    purchases: tuple[Load, ...]
    stopped_at: str | None
    not_reached: tuple[NotReached, ...]

    def payments(self, choices: Choices) -> Iterator[tuple[str, Fraction, Fraction]]:
        """For one ballot, purchase by purchase: the option id, what the voter paid, what the voter had earned."""
        supported = {option_id for option_id, points in choices if points > 0}
        last = Fraction(0)
        for purchase in self.purchases:
            if purchase.option_id in supported:
                yield purchase.option_id, purchase.load - last, purchase.load
                last = purchase.load
