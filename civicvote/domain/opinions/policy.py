"""When a question takes answers and statements; who may run it says ``kernel.permissions``."""

from datetime import datetime
from typing import Protocol

from civicvote.domain.opinions.states import QuestionState
from civicvote.domain.rounds.policy import RoundInTime, is_open
from civicvote.kernel import clock
from civicvote.kernel.permissions import Permission

#: Fewer people than this are never shown as a group with what they think: it would be known who thinks what.
LEAST_SHOWN_GROUP = 5
#: Fewer participants than this are not given out as data.
LEAST_EXPORTED = 15


class QuestionInTime(Protocol):
    @property
    def state(self) -> QuestionState: ...
    @property
    def closes_at(self) -> datetime | None: ...


def is_running(question: QuestionInTime, moment: datetime | None = None) -> bool:
    """Whether its own time is not over; a question of a round also needs the round's phase."""
    if question.state is QuestionState.CLOSED:
        return False
    return question.closes_at is None or question.closes_at > (moment or clock.now())


def takes(permission: Permission, question: QuestionInTime, round: RoundInTime | None) -> bool:
    """Whether the question takes answers (``OPINION_VOTE``) or statements (``OPINION_STATE``) now."""
    return is_running(question) and (round is None or is_open(round, permission))
