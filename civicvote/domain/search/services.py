"""Make the index anew from what it is made of: chunk by chunk, each complete in itself, as often as wanted."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.agenda.models import AgendaItem
from civicvote.domain.agenda.services_finding import findable_agenda_item
from civicvote.domain.budgeting.models import Project
from civicvote.domain.budgeting.services_finding import findable_project
from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.findable.models import Findable
from civicvote.domain.findable.services import Row, is_of_this_format, note_format, write_findables
from civicvote.domain.moderation.models import Decision
from civicvote.domain.moderation.services_finding import findable_decision
from civicvote.domain.opinions.models import OpinionQuestion
from civicvote.domain.opinions.services import findable_question
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.services_finding import findable_poll
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.services_finding import findable_proposal
from civicvote.domain.proposals.services_similar import mark_proposals
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.states import RoundState
from civicvote.domain.threads.models import Comment, Thread
from civicvote.domain.threads.services_finding import findable_comment
from civicvote.domain.voices.models import Voice
from civicvote.domain.voices.services import findable_voice

Unit = Callable[[], AbstractContextManager[None]]

CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the texts of a kind stand, and what the index keeps of one; further columns are what that needs to know."""

    thing: Any
    rows: sa.Select[*tuple[Any, ...]]
    findable: Callable[..., Row | None]


def _announced(model: Any) -> sa.ColumnElement[bool]:
    """Nothing of a round that is still being prepared."""
    return sa.exists().where(
        Round.region_id == model.region_id, Round.id == model.round_id, Round.state == RoundState.ANNOUNCED
    )


_SOURCES: dict[FindableKind, _Source] = {
    FindableKind.PROPOSAL: _Source(Proposal, sa.select(Proposal).where(_announced(Proposal)), findable_proposal),
    FindableKind.COMMENT: _Source(
        Comment,
        sa.select(Comment, Thread).join(
            Thread, (Thread.region_id == Comment.region_id) & (Thread.id == Comment.thread_id)
        ),
        findable_comment,
    ),
    FindableKind.VOICE: _Source(
        Voice,
        sa.select(Voice, Proposal).join(
            Proposal, (Proposal.region_id == Voice.region_id) & (Proposal.id == Voice.proposal_id)
        ),
        findable_voice,
    ),
    FindableKind.OPINION_QUESTION: _Source(OpinionQuestion, sa.select(OpinionQuestion), findable_question),
    FindableKind.AGENDA_ITEM: _Source(AgendaItem, sa.select(AgendaItem), findable_agenda_item),
    FindableKind.PROJECT: _Source(Project, sa.select(Project), findable_project),
    FindableKind.POLL: _Source(Poll, sa.select(Poll).where(_announced(Poll)), findable_poll),
    FindableKind.DECISION: _Source(Decision, sa.select(Decision), findable_decision),
}


def reindex_chunk(*, kind: FindableKind, after: int = 0) -> int | None:
    """Write anew what the index keeps of the next ``CHUNK`` things of a kind behind the id ``after``, and take out what
    should not be there. The last id that was looked at, or None when nothing is left.

    Their rows are locked meanwhile: what somebody hides at this moment is not brought back.
    """
    source = _SOURCES[kind]
    found = db.session.execute(
        source.rows.where(source.thing.id > after)
        .order_by(source.thing.id)
        .limit(CHUNK)
        .with_for_update(read=True, of=source.thing)
        .execution_options(populate_existing=True)
    ).all()
    until = found[-1][0].id if len(found) == CHUNK else None
    rows = [row for things in found if (row := source.findable(*things))]
    _take_out(kind, after, until, [row["subject_id"] for row in rows])
    write_findables(rows=rows)
    if kind is FindableKind.PROPOSAL:
        mark_proposals(proposals=[things[0] for things in found])
    db.session.expunge_all()
    return until


def _take_out(kind: FindableKind, after: int, until: int | None, but: Sequence[int]) -> None:
    standing = sa.select(Findable.subject_id).where(Findable.kind == kind, Findable.subject_id > after)
    if until is not None:
        standing = standing.where(Findable.subject_id <= until)
    if gone := set(db.session.scalars(standing)) - set(but):
        db.session.execute(sa.delete(Findable).where(Findable.kind == kind, Findable.subject_id.in_(gone)))


def reindex_in_chunks(*, unit: Unit) -> Iterator[FindableKind]:
    """All of it while the site runs, each chunk in a unit of its own; yields the kind of each chunk that is done."""
    for kind in FindableKind:
        after: int | None = 0
        while after is not None:
            with unit():
                after = reindex_chunk(kind=kind, after=after)
            yield kind
    with unit():
        note_format()


def reindex_after_upgrade(*, reading: Unit, unit: Unit) -> bool:
    """Make the index anew if this version makes another one than what is there; whether it did. One statement where
    there is nothing to do. What is interrupted begins anew the next time."""
    with reading():
        if is_of_this_format():
            return False
    for _kind in reindex_in_chunks(unit=unit):
        pass
    return True


def reindex() -> None:
    """All of it in the transaction that runs, for commands that write many texts past the services."""
    for _kind in reindex_in_chunks(unit=nullcontext):
        pass
