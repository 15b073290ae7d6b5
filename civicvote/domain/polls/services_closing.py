"""The end of voting: closing by the schedule or by hand, the list of receipts, and moving the end to later."""

from datetime import datetime

import sqlalchemy as sa

from civicvote.db import database_now, db
from civicvote.domain.audit import services as audit
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.polls import freezing
from civicvote.domain.polls.box import merkle
from civicvote.domain.polls.errors import PollClosed, PollNotExtended, PollNotFrozen, PollOutsidePhase, StillOpen
from civicvote.domain.polls.models import BallotReceipt, Envelope, Poll, PollExtension
from civicvote.domain.polls.planning import window
from civicvote.domain.polls.policy import require_manager
from civicvote.domain.polls.services_drafts import forget_drafts_of_poll
from civicvote.domain.polls.services_preparing import locked_poll
from civicvote.domain.polls.services_roll import add_eligible_residents, on_roll
from civicvote.domain.polls.services_turnout import record_turnout_by_group
from civicvote.domain.polls.services_turns import wait_for_casts
from civicvote.domain.polls.states import PollState
from civicvote.domain.rounds.errors import ReasonMissing
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.schedule import ScheduledPhase, span_of
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.markup import clean_text


def close_poll(*, actor: Actor | None, region_id: int, poll_id: int, reason: str = "") -> Poll:
    """No more ballots. ``actor`` None: the schedule closes, and only what is over.

    An officer may close earlier, with a reason that everybody reads. Waits for running casts; those that come after
    find it closed. The list of receipts is fixed in the same transaction, its Merkle root goes into the audit.
    Raises ``NotPermitted``, ``UnknownPoll``, ``PollNotFrozen``, ``PollClosed``, ``StillOpen``.
    """
    if actor is not None:
        require_manager(actor, region_id)
    reason = clean_text(reason)
    poll, now, closes_at, _ = _lock_before_closing(region_id, poll_id)
    is_early = now < closes_at
    if is_early and (actor is None or not reason):
        raise StillOpen(closes_at=closes_at)
    add_eligible_residents(poll)
    poll.state = PollState.CLOSED
    poll.closed_at = min(now, closes_at)
    poll.closing_reason = reason if is_early else ""
    db.session.flush()
    receipts = _publish_receipts(poll)
    forget_drafts_of_poll(poll)
    record_turnout_by_group(poll)
    voters = on_roll(poll)
    _record(
        actor,
        poll,
        AuditVerb.POLL_CLOSE,
        reason=poll.closing_reason,
        roll_size=len(voters),
        roll_hash=freezing.roll_digest(voters),
        receipts=receipts,
        receipts_root=poll.receipts_root,
    )
    return poll


def extend_poll(*, actor: Actor, region_id: int, poll_id: int, closes_at: datetime, reason: str) -> Poll:
    """Move the closing time to later, before it comes, with a reason that everybody reads.

    Decided under the lock that a closing takes, by the database's clock: what is over stays over. The phase is not
    moved along; where it ends too early it must be extended first (``lifecycle.services.extend_phase``). Raises
    ``NotPermitted``, ``UnknownPoll``, ``ReasonMissing``, ``PollNotFrozen``, ``PollClosed``, ``PollNotExtended``,
    ``PollOutsidePhase``.
    """
    require_manager(actor, region_id)
    reason = clean_text(reason)
    if not reason:
        raise ReasonMissing(field="reason")
    poll, now, until_now, span = _lock_before_closing(region_id, poll_id)
    if now >= until_now:
        raise PollClosed(closed_at=until_now)
    if closes_at <= until_now:
        raise PollNotExtended(closes_at=until_now)
    if span is not None and closes_at > span.ends_at:
        raise PollOutsidePhase(field="closes_at", phase=span.phase, starts_at=span.starts_at, ends_at=span.ends_at)
    poll.closes_at = closes_at
    extension = PollExtension(
        region_id=region_id,
        id=ids.new_id(),
        poll_id=poll_id,
        old_closes_at=until_now,
        new_closes_at=closes_at,
        reason=reason,
        officer_id=actor.person_id,
        extended_at=clock.now(),
    )
    db.session.add(extension)
    db.session.flush()
    _record(
        actor,
        poll,
        AuditVerb.POLL_EXTEND,
        reason=reason,
        before=until_now.isoformat(),
        after=closes_at.isoformat(),
    )
    return poll


def _lock_before_closing(region_id: int, poll_id: int) -> tuple[Poll, datetime, datetime, ScheduledPhase | None]:
    """The poll, still to be closed, under its exclusive lock; the moment; when it closes; the span of its phase."""
    wait_for_casts(poll_id)
    poll = locked_poll(region_id, poll_id)
    if poll.state is PollState.DRAFT:
        raise PollNotFrozen
    now = database_now()
    if poll.state is not PollState.FROZEN:
        raise PollClosed(closed_at=poll.closed_at or now)
    phases = db.session.get_one(Round, (region_id, poll.round_id)).phases
    span = span_of(phases, window.PHASE_OF_KIND[poll.kind])
    return poll, now, window.effective_closing(poll.closes_at, span.ends_at if span else None), span


def _publish_receipts(poll: Poll) -> int:
    """Store the sorted list of receipts with the roots of its blocks; the poll gets the root of all. How many."""
    sorted_receipts = sa.select(
        Envelope.region_id,
        Envelope.poll_id,
        sa.func.row_number().over(order_by=Envelope.receipt) - 1,
        Envelope.receipt,
    ).where(Envelope.region_id == poll.region_id, Envelope.poll_id == poll.id)
    db.session.execute(
        sa.insert(BallotReceipt).from_select(["region_id", "poll_id", "position", "code"], sorted_receipts)
    )
    codes = db.session.scalars(
        sa.select(BallotReceipt.code)
        .where(BallotReceipt.region_id == poll.region_id, BallotReceipt.poll_id == poll.id)
        .order_by(BallotReceipt.position)
    ).all()
    roots = merkle.block_roots(codes)
    if roots:
        db.session.execute(
            sa.update(BallotReceipt),
            [
                {
                    "region_id": poll.region_id,
                    "poll_id": poll.id,
                    "position": number * merkle.BLOCK,
                    "subtree": root.hex(),
                }
                for number, root in enumerate(roots)
            ],
        )
    poll.receipts_root = merkle.root(roots).hex()
    db.session.flush()
    return len(codes)


def _record(actor: Actor | None, poll: Poll, verb: AuditVerb, **detail: object) -> None:
    audit.record(
        region_id=poll.region_id,
        actor_id=actor.person_id if actor else None,
        verb=verb,
        subject=f"poll:{ids.encode(poll.id)}",
        detail=detail,
    )
