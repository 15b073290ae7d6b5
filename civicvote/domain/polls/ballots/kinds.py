"""Ballots as people speak of them: a knapsack is an approval ballot that may spend so much."""

from enum import StrEnum

from civicvote.domain.polls.states import PollKind
from civicvote.kernel.voting import BallotType

BALLOTS_OF_KIND = {
    PollKind.AGENDA: (
        BallotType.APPROVAL,
        BallotType.CHOOSE_1,
        BallotType.CUMULATIVE,
        BallotType.SCORING,
        BallotType.ORDINAL,
    ),
    PollKind.BUDGET: (BallotType.APPROVAL, BallotType.CHOOSE_1, BallotType.CUMULATIVE),
}
"""The ballots that can be cast here, the suggested one first; others come in with imported elections."""


class BallotKind(StrEnum):
    APPROVAL = "approval"
    KNAPSACK = "knapsack"
    CHOOSE_1 = "choose-1"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"
    ORDINAL = "ordinal"

    @property
    def ballot_type(self) -> BallotType:
        return BallotType.APPROVAL if self is BallotKind.KNAPSACK else BallotType(self.value)


def kind_of(ballot_type: BallotType, limit_amount: int | None) -> BallotKind:
    if ballot_type is BallotType.APPROVAL and limit_amount is not None:
        return BallotKind.KNAPSACK
    return BallotKind(ballot_type.value)


def ballot_kinds_of(kind: PollKind) -> tuple[BallotKind, ...]:
    """What officers can choose from, the suggested one first."""
    kinds = [BallotKind(each.value) for each in BALLOTS_OF_KIND[kind]]
    if kind is PollKind.BUDGET:
        kinds.insert(1, BallotKind.KNAPSACK)
    return tuple(kinds)
