"""What a run of Equal Shares says of each option: who paid how much, and what was missing. All numbers exact."""

from collections.abc import Iterator
from fractions import Fraction

from civicvote.domain.tally.equal_shares_run import Market, Run
from civicvote.domain.tally.shares_explained import NotPaid, Purchase
from civicvote.domain.tally.shares_purses import Offer, Purses


def purchases(market: Market, run: Run) -> Iterator[Purchase]:
    """In the order bought. The purchases are made once more, to see the purses before each."""
    supports = market.supports
    purses = Purses(supports, run.share)
    for step, (column, offer) in enumerate(run.bought, start=1):
        smallest, largest = _payments(purses, offer)
        yield Purchase(
            option_id=column.option.id,
            step=step,
            rate=offer.rate * supports.scale,
            price=market.price(column, offer),
            supporters=column.supporters,
            paid_in_full=int(supports.counts[offer.pay_in_full].sum()),
            paid_the_rest=int(supports.counts[offer.pay_the_rest].sum()),
            smallest_payment=smallest,
            largest_payment=largest,
        )
        purses.buy(column, offer)


def _payments(purses: Purses, offer: Offer) -> tuple[Fraction, Fraction]:
    """The smallest and the largest payment for an offer of now."""
    found: list[Fraction] = []
    if len(offer.units):
        found += [offer.rate * int(offer.units.min()), offer.rate * int(offer.units.max())]
    if len(offer.pay_the_rest):
        found += [purses.least_left(offer.pay_the_rest), purses.most_left(offer.pay_the_rest)]
    return min(found, default=Fraction(0)), max(found, default=Fraction(0))


def not_paid(market: Market, run: Run) -> list[NotPaid]:
    """By option id: what could have won and was not bought."""
    bought = {column.place for column, _ in run.bought}
    columns = [column for column in market.supports.columns if column.place not in bought]
    columns.sort(key=lambda column: column.option.id)
    return [
        NotPaid(column.option.id, column.option.cost, column.supporters, money)
        for column, money in zip(columns, run.purses.money_of_each(columns), strict=True)
    ]
