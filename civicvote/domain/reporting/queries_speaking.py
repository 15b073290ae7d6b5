"""Proposals for those who speak by their role: experts, moderators, budget officers, departments."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.agenda.models import AgendaItem
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.threads.models import Thread
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.domain.voices.models import Voice
from civicvote.domain.voices.policy import speakable
from civicvote.kernel.actor import Actor, NotPermitted
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.visibility import Visibility

PAGE_SIZE = 20

_Row = sa.Row[Any]


class SpeakingOrder(StrEnum):
    """Agenda items first, the newest round's before the others, by rank; or simply the newest proposals."""

    AGENDA = "agenda"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class ToSpeakAbout:
    """A proposal with how much was said about it by role; ``own_count``: by the actor. ``rank`` on the agenda."""

    proposal: Proposal
    rank: int | None
    comment_count: int
    kinds: dict[VoiceKind, int]
    own_count: int


def proposals_to_speak_about(
    actor: Actor, region_id: int, *, order: SpeakingOrder, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[ToSpeakAbout]:
    """A region's proposals that everybody sees, for whoever may speak about them. Two statements.

    Raises ``NotPermitted``."""
    if not speakable(actor, region_id):
        raise NotPermitted
    page = _agenda(region_id, cursor, size) if order is SpeakingOrder.AGENDA else _newest(region_id, cursor, size)
    said = _said(region_id, [row.Proposal.id for row in page.items])
    return Page([_with_voices(row, said, actor.person_id) for row in page.items], page.next_cursor)


_VISIBLE = (
    sa.select(Proposal, AgendaItem.rank, Thread.comment_count)
    .join(Thread, (Thread.region_id == Proposal.region_id) & (Thread.id == Proposal.thread_id))
    .where(Proposal.visibility == Visibility.VISIBLE, Proposal.state != ProposalState.MERGED)
)
_ON_AGENDA = (AgendaItem.region_id == Proposal.region_id) & (AgendaItem.proposal_id == Proposal.id)


def _agenda(region_id: int, cursor: str | None, size: int) -> "Page[_Row]":
    """The agenda items, the latest round's first and in it by rank."""
    query = _VISIBLE.join(AgendaItem, _ON_AGENDA).where(AgendaItem.region_id == region_id)
    if after := read_cursor(cursor, 3):
        round_id, rank, item_id = after
        query = query.where(
            sa.or_(
                AgendaItem.round_id < round_id,
                sa.and_(
                    AgendaItem.round_id == round_id,
                    sa.tuple_(AgendaItem.rank, AgendaItem.id) > sa.tuple_(sa.literal(rank), sa.literal(item_id)),
                ),
            )
        )
    ordered = query.add_columns(AgendaItem.round_id, AgendaItem.id.label("item_id")).order_by(
        AgendaItem.round_id.desc(), AgendaItem.rank, AgendaItem.id
    )
    rows: list[_Row] = list(db.session.execute(ordered.limit(size + 1)))
    return page_of(rows, size, cursor=lambda row: write_cursor(row.round_id, row.rank, row.item_id))


def _newest(region_id: int, cursor: str | None, size: int) -> "Page[_Row]":
    query = _VISIBLE.outerjoin(AgendaItem, _ON_AGENDA).where(Proposal.region_id == region_id)
    if after := read_cursor(cursor, 1):
        query = query.where(Proposal.id < after[0])
    rows: list[_Row] = list(db.session.execute(query.order_by(Proposal.id.desc()).limit(size + 1)))
    return page_of(rows, size, cursor=lambda row: write_cursor(row.Proposal.id))


def _said(region_id: int, proposal_ids: list[int]) -> list[tuple[int, VoiceKind, int, int]]:
    """Proposal, kind, author and how many voices, for those upheld."""
    rows = db.session.execute(
        sa.select(Voice.proposal_id, Voice.kind, Voice.author_id, sa.func.count())
        .where(Voice.region_id == region_id, Voice.proposal_id.in_(proposal_ids), Voice.withdrawn_at.is_(None))
        .group_by(Voice.proposal_id, Voice.kind, Voice.author_id)
        .order_by(Voice.proposal_id, Voice.kind, Voice.author_id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def _with_voices(row: "_Row", said: list[tuple[int, VoiceKind, int, int]], person_id: int) -> ToSpeakAbout:
    own = [each for each in said if each[0] == row.Proposal.id]
    return ToSpeakAbout(
        proposal=row.Proposal,
        rank=row.rank,
        comment_count=row.comment_count,
        kinds={kind: count for kind in VoiceKind if (count := sum(each[3] for each in own if each[1] is kind))},
        own_count=sum(each[3] for each in own if each[2] == person_id),
    )
