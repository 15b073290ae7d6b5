"""What the protocol of a vote is made of: who did what and when, from the region's chain; the end of voting."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.queries_residents import names_of
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.polls.models import Poll, PollExtension, RollEntry, Turnout
from civicvote.domain.polls.queries import PollView, TurnoutView
from civicvote.domain.polls.states import Channel
from civicvote.kernel import ids
from civicvote.kernel.actor import Actor, can
from civicvote.kernel.permissions import Permission

TOLD = (
    AuditVerb.POLL_FREEZE,
    AuditVerb.POLL_KEY,
    AuditVerb.POLL_TRIAL,
    AuditVerb.POLL_EXTEND,
    AuditVerb.POLL_CLOSE,
    AuditVerb.POLL_BOX,
    AuditVerb.POLL_COUNT,
    AuditVerb.POLL_PUBLISH,
    AuditVerb.POLL_IMPORT,
)
_MOST_ACTS = 100
_MOST_EXTENSIONS = 20


@dataclass(frozen=True, slots=True)
class Act:
    """One entry of the chain. ``by_schedule``: no officer did it. ``name`` is empty for readers who may not know it."""

    sequence: int
    at: datetime
    verb: AuditVerb
    by_schedule: bool
    name: str
    entry_hash: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Extension:
    old_closes_at: datetime
    new_closes_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class EndTold:
    """Why voting ended early, if it did, by which public reasons it was extended, oldest first, and who had voted
    then."""

    closing_reason: str
    receipts_root: str | None
    extensions: tuple[Extension, ...]
    turnout: TurnoutView


def end_of_poll(region_id: int, poll_id: int) -> EndTold:
    """One statement: a poll has a handful of channels and of extensions, so each extension comes with each channel."""
    on_roll = (
        sa.select(sa.func.count())
        .where(RollEntry.region_id == region_id, RollEntry.poll_id == poll_id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(
            Poll.closing_reason,
            Poll.receipts_root,
            on_roll.label("on_roll"),
            Turnout.channel,
            Turnout.ballots,
            PollExtension.id,
            PollExtension.old_closes_at,
            PollExtension.new_closes_at,
            PollExtension.reason,
        )
        .outerjoin(Turnout, (Turnout.region_id == Poll.region_id) & (Turnout.poll_id == Poll.id))
        .outerjoin(PollExtension, (PollExtension.region_id == Poll.region_id) & (PollExtension.poll_id == Poll.id))
        .where(Poll.region_id == region_id, Poll.id == poll_id)
        .order_by(PollExtension.id, Turnout.channel)
        .limit(_MOST_EXTENSIONS * len(Channel))
    ).all()
    channels = {row.channel: row.ballots for row in rows if row.channel is not None}
    extensions = {
        row.id: Extension(row.old_closes_at, row.new_closes_at, row.reason) for row in rows if row.id is not None
    }
    first = rows[0]
    return EndTold(
        closing_reason=first.closing_reason,
        receipts_root=first.receipts_root,
        extensions=tuple(extensions.values()),
        turnout=TurnoutView(first.on_roll, tuple(channels.items())),
    )


def acts_of_poll(actor: Actor | None, poll: PollView) -> list[Act]:
    """What the chain says of the poll, oldest first. Names are for observers and officers. At most two statements."""
    rows = db.session.execute(
        sa.select(
            AuditEntry.sequence,
            AuditEntry.at,
            AuditEntry.verb,
            AuditEntry.actor_id,
            AuditEntry.entry_hash,
            AuditEntry.detail,
        )
        .where(
            AuditEntry.region_id == poll.region_id,
            AuditEntry.subject == f"poll:{ids.encode(poll.id)}",
            AuditEntry.verb.in_(TOLD),
        )
        .order_by(AuditEntry.sequence)
        .limit(_MOST_ACTS)
    ).all()
    names = names_of(row.actor_id for row in rows if row.actor_id) if _may_know_names(actor, poll) else {}
    return [
        Act(
            sequence=row.sequence,
            at=row.at,
            verb=AuditVerb(row.verb),
            by_schedule=row.actor_id is None,
            name=names.get(row.actor_id, ""),
            entry_hash=row.entry_hash,
            detail=json.loads(row.detail),
        )
        for row in rows
    ]


def _may_know_names(actor: Actor | None, poll: PollView) -> bool:
    return any(can(actor, each, poll.region_id) for each in (Permission.AUDIT_READ, Permission.POLL_MANAGE))
