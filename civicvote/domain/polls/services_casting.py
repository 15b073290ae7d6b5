"""Casting a ballot: one transaction, six statements however many options there are, one more for who joins the roll.

The order matters. First the shared lock on the poll, which waits for a closing that is under way and makes the next
one wait for us; then the clock of the database, read after the lock; then the roll; then the envelope with its record.
An answer leaves only after the commit, so what was acknowledged is in the box.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from civicvote.db import db
from civicvote.domain.accounts.models import Residency
from civicvote.domain.monitor.marks import Origin
from civicvote.domain.monitor.models import PollWatch
from civicvote.domain.monitor.services import leave_trace
from civicvote.domain.polls import freezing
from civicvote.domain.polls.ballots import choices as ballot_text
from civicvote.domain.polls.ballots.shape import RESIDENTS
from civicvote.domain.polls.box import idempotency, sealed_ballot, sealing
from civicvote.domain.polls.errors import IdempotencyKeyReused, NotOnRoll, UnknownPoll
from civicvote.domain.polls.freezing import FrozenRules
from civicvote.domain.polls.models import CastRecord, Envelope, Poll, RollEntry
from civicvote.domain.polls.planning import window
from civicvote.domain.polls.queries_roll import RESIDENT_COLUMNS, resident_from
from civicvote.domain.polls.roll.rule import Obstacle, obstacle_of
from civicvote.domain.polls.services_drafts import forget_draft
from civicvote.domain.polls.services_turns import with_turn
from civicvote.domain.polls.states import Channel, PollState
from civicvote.domain.rounds.models import RoundPhase
from civicvote.domain.tally.profile import Points
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class Receipt:
    """``code``: SHA-256 of the sealed ballot, hex. It shows that the ballot is in the box, never what it says."""

    code: str


@dataclass(frozen=True, slots=True)
class PollForCasting:
    """The poll under its shared lock, and what is known of this voter and this request."""

    state: PollState
    frozen_rules: str | None
    opens_at: datetime
    closes_at: datetime
    phase_starts_at: datetime
    phase_ends_at: datetime
    voter_on_roll: int | None
    electorate: str | None
    district_code: str | None
    recorded_mac: str | None
    recorded_receipt: str | None
    voted_by: Channel | None
    watch_salt: str | None


def cast_ballot(
    *,
    actor: Actor,
    region_id: int,
    poll_id: int,
    choices: Sequence[str],
    points: Sequence[Points] = (),
    idempotency_key: str,
    mac_key: bytes,
    channel: Channel = Channel.WEB,
    origin: Origin | None = None,
) -> Receipt:
    """Put the actor's ballot into the box; an earlier one of the same voter is replaced.

    ``choices``: option keys, best first on an ordinal ballot, else in any order; ``points`` in the same order, on
    ballots that have them. The electorate is what the roll says, the style what the residency says. ``origin``: where
    the request came from, of which keyed marks are left for the observers.

    The same key with the same request gives the same receipt and stores nothing, after closing too: that ballot was
    acknowledged. Raises ``IdempotencyKeyUnusable``, ``IdempotencyKeyReused``, ``UnknownPoll``, ``PollNotOpenYet``,
    ``PollClosed``, ``NotOnRoll`` and what ``tally.ballot_rules.check_choices`` raises.
    """
    require(actor, Permission.BALLOT_CAST, region_id)
    idempotency.require_usable(idempotency_key)
    key_hash = idempotency.key_hash(idempotency_key)

    poll = lock_for_casting(region_id, poll_id, actor.person_id, key_hash)
    if poll.frozen_rules is None:
        raise UnknownPoll
    rules = freezing.read(poll.frozen_rules)
    mac = idempotency.request_mac(
        mac_key,
        idempotency_key,
        region_id=region_id,
        poll_id=poll_id,
        voter_id=actor.person_id,
        ballot=ballot_text.as_asked(choices, points, rules.ballot_type),
    )
    if poll.recorded_mac is not None:
        return _recorded(poll.recorded_mac, poll.recorded_receipt, mac)

    now = leave_trace(
        region_id=region_id,
        poll_id=poll_id,
        origin=origin,
        salt=poll.watch_salt,
        mac_key=mac_key,
        is_change=poll.voted_by is not None,
    )
    window.require_open(
        poll.state,
        window.effective_opening(poll.opens_at, poll.phase_starts_at),
        window.effective_closing(poll.closes_at, poll.phase_ends_at),
        now,
    )
    if poll.voter_on_roll is None and _obstacle(poll, rules, region_id, actor.person_id) is not None:
        raise NotOnRoll
    sealed = seal_choices(rules, choices, points, poll.electorate or RESIDENTS, rules.style_of(poll.district_code))
    receipt = sealing.receipt_of(sealed)

    voter: dict[str, Any] = {"region_id": region_id, "poll_id": poll_id, "voter_id": actor.person_id}
    mark_roll(voter, channel, now)
    if not _record(voter, key_hash, mac, receipt):
        stored = db.session.execute(
            sa.select(CastRecord.request_mac, CastRecord.receipt).filter_by(**voter, key_hash=key_hash)
        ).one()
        return _recorded(stored.request_mac, stored.receipt, mac)
    store_envelope(voter, sealed, receipt, channel, now)
    forget_draft(region_id=region_id, poll_id=poll_id, person_id=actor.person_id)
    return Receipt(receipt)


def lock_for_casting(region_id: int, poll_id: int, voter_id: int, key_hash: str) -> PollForCasting:
    """Everything a cast must know, in one statement that takes the shared lock on the poll. Raises ``UnknownPoll``.

    Roll and records are read as they were before a wait for the lock. That does no harm: options and rules are fixed,
    the roll only grows, and a record that arrives meanwhile is met again when ours is stored.
    """
    values = {"region_id": region_id, "poll_id": poll_id, "voter_id": voter_id, "key_hash": key_hash}
    row = db.session.execute(_poll_under_lock(_dialect()), values).first()
    if row is None:
        raise UnknownPoll
    return PollForCasting(*row[: len(PollForCasting.__dataclass_fields__)])


def _obstacle(poll: PollForCasting, rules: FrozenRules, region_id: int, voter_id: int) -> Obstacle | None:
    """What stands in the way of somebody who is not on the roll.

    A statement of its own behind the lock: whoever takes a residency away locks the region's open polls first, so here
    it is seen (the statement that waited for the lock still shows what was before)."""
    values = db.session.execute(
        sa.select(*RESIDENT_COLUMNS).where(Residency.region_id == region_id, Residency.person_id == voter_id)
    ).first()
    closes_on = window.closing_day(window.effective_closing(poll.closes_at, poll.phase_ends_at))
    resident = resident_from(tuple(values)) if values else None
    return obstacle_of(rules.roll_rule, resident, today=clock.today(), closes_on=closes_on)


def seal_choices(
    rules: FrozenRules, choices: Sequence[str], points: Sequence[Points], electorate: str, style: str
) -> bytes:
    """The ballot, found to keep the poll's rules, sealed to the poll's key. Its length tells nothing."""
    ballot = sealed_ballot.fill(rules, choices, points, electorate=electorate, style=style)
    return sealing.seal(
        sealed_ballot.write(ballot, rules.ballot_type),
        public_key=rules.public_key,
        size=sealing.content_size(sealed_ballot.longest(rules)),
    )


def mark_roll(voter: dict[str, Any], channel: Channel, now: datetime) -> None:
    """Mark that the voter has a ballot in the box; somebody confirmed after freezing gets a dated entry with it.

    The first of two parallel casts of one voter holds this row until it commits; the other waits here."""
    db.session.execute(_mark(_dialect()), {**voter, "added_at": now, "channel": channel})


def _record(voter: dict[str, Any], key_hash: str, mac: str, receipt: str) -> bool:
    """Store the idempotency record; False where a parallel request with the same key was first.

    It goes before the envelope, so that the loser of such a race leaves the winner's ballot alone."""
    values = {**voter, "key_hash": key_hash, "request_mac": mac, "receipt": receipt}
    return db.session.execute(_remember(_dialect()), values).first() is not None


def store_envelope(voter: dict[str, Any], sealed: bytes, receipt: str, channel: Channel, now: datetime) -> None:
    """The voter's one envelope: the primary key holds that there is no second."""
    content = {"sealed": sealed, "receipt": receipt, "channel": channel, "cast_at": now}
    db.session.execute(_put_into_box(_dialect()), {**voter, **content})


def _recorded(stored_mac: str, stored_receipt: str | None, mac: str) -> Receipt:
    if not idempotency.is_same_request(stored_mac, mac) or stored_receipt is None:
        raise IdempotencyKeyReused
    return Receipt(stored_receipt)


# Statements of a cast are built once for each database: making one anew costs more than running it.

#: The columns of ``PollForCasting``, without the lock.
#: Parameters: ``region_id``, ``poll_id``, ``voter_id``, ``key_hash``.
POLL_FOR_CASTING = (
    sa.select(
        Poll.state,
        Poll.frozen_rules,
        Poll.opens_at,
        Poll.closes_at,
        RoundPhase.starts_at,
        RoundPhase.ends_at,
        RollEntry.voter_id,
        RollEntry.electorate,
        Residency.district_code,
        CastRecord.request_mac,
        CastRecord.receipt,
        RollEntry.channel,
        PollWatch.salt,
    )
    .join(
        RoundPhase,
        (RoundPhase.region_id == Poll.region_id)
        & (RoundPhase.round_id == Poll.round_id)
        & (
            sa.cast(RoundPhase.phase, sa.String)
            == sa.case(
                {kind.value: phase.value for kind, phase in window.PHASE_OF_KIND.items()},
                value=sa.cast(Poll.kind, sa.String),
            )
        ),
    )
    .outerjoin(
        RollEntry,
        (RollEntry.region_id == Poll.region_id)
        & (RollEntry.poll_id == Poll.id)
        & (RollEntry.voter_id == sa.bindparam("voter_id")),
    )
    .outerjoin(Residency, (Residency.region_id == Poll.region_id) & (Residency.person_id == sa.bindparam("voter_id")))
    .outerjoin(PollWatch, (PollWatch.region_id == Poll.region_id) & (PollWatch.poll_id == Poll.id))
    .outerjoin(
        CastRecord,
        (CastRecord.region_id == Poll.region_id)
        & (CastRecord.poll_id == Poll.id)
        & (CastRecord.voter_id == sa.bindparam("voter_id"))
        & (CastRecord.key_hash == sa.bindparam("key_hash")),
    )
    .where(Poll.region_id == sa.bindparam("region_id"), Poll.id == sa.bindparam("poll_id"))
)
_VOTER = ["region_id", "poll_id", "voter_id"]


@cache
def _poll_under_lock(dialect: str) -> sa.Select[*tuple[Any, ...]]:
    return with_turn(POLL_FOR_CASTING, dialect).with_for_update(read=True, of=Poll)


@cache
def _mark(dialect: str) -> Any:
    insert = _insert(dialect, RollEntry)
    return insert.on_conflict_do_update(index_elements=_VOTER, set_={"channel": insert.excluded.channel})


@cache
def _remember(dialect: str) -> Any:
    return _insert(dialect, CastRecord).on_conflict_do_nothing().returning(CastRecord.__table__.c.key_hash)


@cache
def _put_into_box(dialect: str) -> Any:
    insert = _insert(dialect, Envelope)
    content = {name: insert.excluded[name] for name in ("sealed", "receipt", "channel", "cast_at")}
    return insert.on_conflict_do_update(index_elements=_VOTER, set_=content)


def _insert(dialect: str, model: Any) -> Any:
    """Both databases know INSERT … ON CONFLICT; SQLAlchemy spells it once for each."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(model.__table__)


def _dialect() -> str:
    return db.session.get_bind().dialect.name
