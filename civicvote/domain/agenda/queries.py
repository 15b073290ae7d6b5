"""Reads about the agenda: what residents selected, for everybody."""

from dataclasses import dataclass

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.agenda.errors import UnknownAgendaItem
from civicvote.domain.agenda.models import AgendaItem
from civicvote.domain.polls.errors import UnknownPoll
from civicvote.domain.polls.models import Poll, PollOption
from civicvote.domain.polls.states import PollKind, PollState
from civicvote.domain.proposals.models import Proposal
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.visibility import Visibility

PAGE_SIZE = 20


def agenda_item_in(region_id: int, item_id: int) -> AgendaItem:
    """An agenda item of the region. Raises ``UnknownAgendaItem``."""
    found = db.session.get(AgendaItem, (region_id, item_id))
    if found is None:
        raise UnknownAgendaItem
    return found


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An agenda item with what the proposal behind it says; nothing where that was hidden since."""

    item: AgendaItem
    summary: str
    place: str


def agenda_of_round(
    region_id: int, round_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[ListedItem]:
    """The round's agenda items by rank."""
    statement = (
        sa.select(
            AgendaItem,
            sa.case((Proposal.visibility == Visibility.VISIBLE, Proposal.summary), else_=""),
            sa.case((Proposal.visibility == Visibility.VISIBLE, Proposal.place), else_=""),
        )
        .join(Proposal, (Proposal.region_id == AgendaItem.region_id) & (Proposal.id == AgendaItem.proposal_id))
        .where(AgendaItem.region_id == region_id, AgendaItem.round_id == round_id)
    )
    if keys := read_cursor(cursor, 2):
        statement = statement.where(sa.tuple_(AgendaItem.rank, AgendaItem.id) > sa.tuple_(*keys))
    rows = db.session.execute(statement.order_by(AgendaItem.rank, AgendaItem.id).limit(size + 1))
    found = [ListedItem(*row) for row in rows]
    return page_of(found, size, cursor=lambda last: write_cursor(last.item.rank, last.item.id))


def polls_to_adopt(region_id: int, round_id: int) -> list[Poll]:
    """Published agenda polls of the round that stand for proposals and from which nothing was taken over yet."""
    return list(
        db.session.scalars(
            sa.select(Poll)
            .where(
                Poll.region_id == region_id,
                Poll.round_id == round_id,
                Poll.kind == PollKind.AGENDA,
                Poll.state == PollState.PUBLISHED,
                sa.exists().where(
                    PollOption.region_id == Poll.region_id,
                    PollOption.poll_id == Poll.id,
                    PollOption.subject_id.is_not(None),
                ),
                ~sa.exists().where(AgendaItem.region_id == Poll.region_id, AgendaItem.poll_id == Poll.id),
            )
            .order_by(Poll.id)
        )
    )


def published_agenda_polls(region_id: int, round_id: int) -> list[Poll]:
    """The agenda polls whose outcome everybody may see, the latest first."""
    return list(
        db.session.scalars(
            sa.select(Poll)
            .where(
                Poll.region_id == region_id,
                Poll.round_id == round_id,
                Poll.kind == PollKind.AGENDA,
                Poll.state == PollState.PUBLISHED,
            )
            .order_by(Poll.id.desc())
        )
    )


def poll_in(region_id: int, poll_id: int) -> Poll:
    """A poll of the region whose outcome everybody may see. Raises ``UnknownPoll``."""
    poll = db.session.get(Poll, (region_id, poll_id))
    if poll is None or poll.state is not PollState.PUBLISHED:
        raise UnknownPoll
    return poll
