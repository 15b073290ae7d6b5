"""What residents can do in a round right now: one door a round, the weightiest first."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from civicvote.kernel.permissions import Permission
from civicvote.kernel.phases import Phase


class Deed(StrEnum):
    """In order of weight: a vote ends for good, a proposal soon, a discussion goes on."""

    VOTE = "vote"
    PROPOSE = "propose"
    DISCUSS = "discuss"
    FOLLOW_MONEY = "follow_money"


@dataclass(frozen=True, slots=True)
class OpenPoll:
    id: int
    title_ko: str
    title_en: str
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Door:
    """The main deed of a round now, others that are open too, and until when. ``poll`` only with ``VOTE``."""

    region_id: int
    region_slug: str
    region_name_ko: str
    region_name_en: str
    round_id: int
    round_title_ko: str
    round_title_en: str
    phase: Phase
    deed: Deed
    ends_at: datetime
    poll: OpenPoll | None = None


def main_deed(phase: Phase, open_actions: Collection[Permission], poll: OpenPoll | None) -> Deed:
    """What a resident would come for in this phase. Without an open poll nobody is invited to vote."""
    if poll is not None and Permission.BALLOT_CAST in open_actions:
        return Deed.VOTE
    if Permission.PROPOSAL_SUBMIT in open_actions:
        return Deed.PROPOSE
    if phase.position >= Phase.ALLOCATION.position:
        return Deed.FOLLOW_MONEY
    return Deed.DISCUSS


def by_weight(doors: Iterable[Door]) -> list[Door]:
    """Votes first, money last; among equal deeds the one that ends first."""
    return sorted(doors, key=lambda door: (list(Deed).index(door.deed), door.ends_at, door.round_id))
