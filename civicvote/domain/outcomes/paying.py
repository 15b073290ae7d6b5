"""Who paid for what: of each option that voters bought together, how much each group of voters paid.

Groups are what ``polls.strata`` lets be shown, so nobody's own payment can be told from them. Amounts are rounded to
whole units so that the groups' parts add up to what all paid.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from civicvote.domain.tally.parts_explained import ComparedExplained, EnvelopesExplained, Explanation
from civicvote.domain.tally.profile import Choices
from civicvote.domain.tally.shares_explained import PhragmenExplained, SharesExplained


@dataclass(frozen=True, slots=True)
class GroupPaid:
    """``voters`` of the group ``key`` and what they paid: option id to an amount in the currency's smallest unit."""

    key: str
    voters: int
    paid: Mapping[str, int]


def paid_by_group(
    explanation: Explanation | None, groups: Mapping[str, Mapping[Choices, int]]
) -> tuple[GroupPaid, ...]:
    """``groups``: key to ballots and how many voters filled in each. Empty where the rule knows no payments, or where
    there are not two groups to tell apart."""
    accounts = tuple(_accounts(explanation))
    if not accounts or len(groups) < 2:
        return ()
    exact = {key: _payments(accounts, ballots) for key, ballots in groups.items()}
    options = sorted({option_id for paid in exact.values() for option_id in paid})
    rounded = {
        option_id: _rounded({key: exact[key].get(option_id, Fraction(0)) for key in groups}) for option_id in options
    }
    return tuple(
        GroupPaid(key, sum(groups[key].values()), {option_id: rounded[option_id][key] for option_id in options})
        for key in sorted(groups)
    )


def _accounts(explanation: Explanation | None) -> Iterator[SharesExplained | PhragmenExplained]:
    if isinstance(explanation, SharesExplained | PhragmenExplained):
        yield explanation
    elif isinstance(explanation, ComparedExplained) and not explanation.greedy_stands:
        yield explanation.shares
    elif isinstance(explanation, EnvelopesExplained):
        for part in explanation.parts:
            yield from _accounts(part.explanation)


def _payments(
    accounts: Iterable[SharesExplained | PhragmenExplained], ballots: Mapping[Choices, int]
) -> dict[str, Fraction]:
    paid: dict[str, Fraction] = {}
    for account in accounts:
        for choices, count in ballots.items():
            for option_id, amount, _ in account.payments(choices):
                paid[option_id] = paid.get(option_id, Fraction(0)) + amount * count
    return paid


def _rounded(exact: Mapping[str, Fraction]) -> dict[str, int]:
    """Whole units that add up to the whole, the largest fractions rounded up first (Hamilton's method)."""
    whole = {key: int(amount) for key, amount in exact.items()}
    missing = round(sum(exact.values(), Fraction(0))) - sum(whole.values())
    for key in sorted(exact, key=lambda key: (whole[key] - exact[key], key))[:missing]:
        whole[key] += 1
    return whole
