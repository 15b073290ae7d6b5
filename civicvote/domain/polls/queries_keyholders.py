"""Reads of a poll's keyholders: for those who run it, and each keyholder's own standing."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.polls.errors_sealing import NotKeyholder
from civicvote.domain.polls.models import KeyCeremony, Keyholder, Poll
from civicvote.domain.polls.policy import require_manager
from civicvote.domain.polls.states import PollState
from civicvote.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class NamedKeyholder:
    """``key_made_at``: when the holder's file was made; None as long as it is awaited. ``proved_at``: when it was shown
    to open the holder's share."""

    number: int
    name: str
    address: str | None
    key_made_at: datetime | None
    proved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ceremony:
    """How far a poll's keyholders have come."""

    needed: int
    keyholders: tuple[NamedKeyholder, ...]
    key_made_at: datetime | None
    trial_unsealed_at: datetime | None

    @property
    def waiting(self) -> int:
        """How many have not made their file."""
        return sum(holder.key_made_at is None for holder in self.keyholders)

    @property
    def unproved(self) -> tuple[NamedKeyholder, ...]:
        """Whose file has not been tried."""
        return tuple(holder for holder in self.keyholders if holder.proved_at is None)


@dataclass(frozen=True, slots=True)
class OwnKeyholding:
    """What a keyholder sees of the poll, a draft included. ``poll_key_made``: a new file would be of no use."""

    poll_id: int
    title_ko: str
    title_en: str
    state: PollState
    number: int
    needed: int
    keyholders: int
    key_made_at: datetime | None
    poll_key_made: bool


def ceremony_of(actor: Actor, poll: Poll) -> Ceremony:
    """Two statements. Raises ``NotPermitted``."""
    require_manager(actor, poll.region_id)
    holders = db.session.execute(
        sa.select(Keyholder.number, Person.display_name, Person.email, Keyholder.key_made_at, Keyholder.proved_at)
        .join(Person, Person.id == Keyholder.person_id)
        .where(Keyholder.region_id == poll.region_id, Keyholder.poll_id == poll.id)
        .order_by(Keyholder.number)
    )
    made_at = db.session.scalar(
        sa.select(KeyCeremony.made_at).where(KeyCeremony.region_id == poll.region_id, KeyCeremony.poll_id == poll.id)
    )
    return Ceremony(
        poll.keyholders_needed,
        tuple(NamedKeyholder(*row) for row in holders),
        made_at,
        poll.trial_unsealed_at,
    )


def own_keyholding(actor: Actor, region_id: int, poll_id: int) -> OwnKeyholding:
    """One statement. Raises ``NotKeyholder``, for a poll that there is not too."""
    others = (
        sa.select(sa.func.count())
        .where(Keyholder.region_id == region_id, Keyholder.poll_id == poll_id)
        .scalar_subquery()
    )
    row = db.session.execute(
        sa.select(
            Poll.id,
            Poll.title_ko,
            Poll.title_en,
            Poll.state,
            Keyholder.number,
            Poll.keyholders_needed,
            others,
            Keyholder.key_made_at,
            sa.exists().where(KeyCeremony.region_id == Poll.region_id, KeyCeremony.poll_id == Poll.id),
        )
        .join(Keyholder, (Keyholder.region_id == Poll.region_id) & (Keyholder.poll_id == Poll.id))
        .where(Poll.region_id == region_id, Poll.id == poll_id, Keyholder.person_id == actor.person_id)
    ).first()
    if row is None:
        raise NotKeyholder
    return OwnKeyholding(*row)
