"""What an outcome was put together from: several electorates with weights, or one count for each envelope."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from civicvote.domain.tally.pairwise import Comparison
from civicvote.domain.tally.profile import Points
from civicvote.domain.tally.shares_explained import PhragmenExplained, SharesExplained


@dataclass(frozen=True, slots=True)
class ElectoratePart:
    """``weight`` as declared, ``weight_used`` after the weights of electorates without votes went to the others.

    ``votes``: option id to the votes, or points, that this electorate gave it, for all that could win; ``votes_cast``
    is their sum, by which they are divided.
    """

    key: str
    weight: int
    weight_used: Fraction
    voters: int
    valid_ballots: int
    votes_cast: Points
    votes: Mapping[str, Points]

    def share(self, option_id: str) -> Fraction:
        """The option's part of the votes cast here, from 0 to 1; 0 where none were."""
        return Fraction(self.votes[option_id], self.votes_cast) if self.votes_cast else Fraction(0)

    def contribution(self, option_id: str) -> Fraction:
        """What the electorate adds to the option's score."""
        return self.weight_used * self.share(option_id)


@dataclass(frozen=True, slots=True)
class ElectoratesExplained:
    """``parts`` in the order in which the electorates were declared."""

    parts: tuple[ElectoratePart, ...]


@dataclass(frozen=True, slots=True)
class EnvelopePart:
    """One envelope's own count. ``key``: the district or field, empty for the options of no listed one.

    ``amount`` and ``spent`` in the currency's smallest unit; ``voters`` are those who name an option of it.
    """

    key: str
    amount: int
    spent: int
    voters: int
    option_ids: tuple[str, ...]
    explanation: "Explanation | None"


@dataclass(frozen=True, slots=True)
class EnvelopesExplained:
    """``parts`` by key, the rest last."""

    parts: tuple[EnvelopePart, ...]


@dataclass(frozen=True, slots=True)
class ComparedExplained:
    """Equal Shares beside greedy: whichever more voters prefer stands, Equal Shares where they are as many.

    ``prefer_shares`` and ``prefer_greedy`` are voters who have more of the one outcome than of the other, ``alike``
    those who have as much of both; together all who voted. ``shares`` explains the count by Equal Shares whichever
    stands; ``shares_selected`` and ``greedy_selected`` are the winners of each in its order.
    """

    prefer_shares: int
    prefer_greedy: int
    alike: int
    shares_selected: tuple[str, ...]
    greedy_selected: tuple[str, ...]
    shares: SharesExplained

    @property
    def greedy_stands(self) -> bool:
        return self.prefer_greedy > self.prefer_shares


Explanation: TypeAlias = (
    SharesExplained | PhragmenExplained | Comparison | ElectoratesExplained | EnvelopesExplained | ComparedExplained
)


def shares_in(explanation: Explanation | None) -> Iterator[SharesExplained]:
    """Of every count by Equal Shares that the outcome was put together from."""
    match explanation:
        case SharesExplained():
            yield explanation
        case ComparedExplained(shares=shares):
            yield shares
        case EnvelopesExplained(parts=parts):
            for part in parts:
                yield from shares_in(part.explanation)
