"""Adopt what residents selected: winners of a published agenda poll become agenda items."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.agenda.errors import NotAnAgendaPoll, NothingToAdopt
from civicvote.domain.agenda.models import AgendaItem
from civicvote.domain.agenda.ranking import ranked_proposals
from civicvote.domain.agenda.services_finding import findable_agenda_item
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.findable.services import write_findables
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import notify
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.queries import published_outcome
from civicvote.domain.polls.states import PollKind
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.paths import proposal_path
from civicvote.domain.proposals.services import set_proposal_state
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.regions.models import Region
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.permissions import Permission


def adopt_items(*, actor: Actor, poll: Poll) -> list[AgendaItem]:
    """Put the winners of a published agenda poll on the agenda, in the order of their votes; all items of the poll.

    Adopting again changes nothing. Raises ``NotPermitted``, ``NotAnAgendaPoll``, ``NothingToAdopt`` and what
    ``published_outcome`` does.
    """
    require(actor, Permission.AGENDA_MANAGE, poll.region_id)
    return carry_over_winners(region_id=poll.region_id, poll_id=poll.id, actor_id=actor.person_id)


def carry_over_winners(*, region_id: int, poll_id: int, actor_id: int | None = None) -> list[AgendaItem]:
    """The same for the schedule, which needs nobody's permission (``actor_id`` None in the audit entry)."""
    poll = db.session.get_one(Poll, (region_id, poll_id), with_for_update=True)
    if poll.kind is not PollKind.AGENDA:
        raise NotAnAgendaPoll
    on_ballot = {option.key: option.subject_id for option in poll.options}
    labels = {option.subject_id: option.label for option in poll.options}
    proposal_ids = {proposal_id for proposal_id in on_ballot.values() if proposal_id is not None}
    if not proposal_ids:
        raise NothingToAdopt
    ranked = ranked_proposals(published_outcome(region_id, poll_id).selected, on_ballot)
    adopted = _adopted(region_id, [proposal_id for _, proposal_id in ranked])
    new = [(rank, proposal_id) for rank, proposal_id in ranked if proposal_id not in adopted]
    items = [_item(poll, rank, proposal_id, labels[proposal_id]) for rank, proposal_id in new]
    db.session.add_all(items)
    db.session.flush()
    write_findables(rows=[findable_agenda_item(item) for item in items])
    winners = {proposal_id for _, proposal_id in ranked}
    set_proposal_state(region_id=region_id, proposal_ids=winners, state=ProposalState.SELECTED)
    losers = proposal_ids - winners - _adopted(region_id, proposal_ids).keys()
    set_proposal_state(region_id=region_id, proposal_ids=losers, state=ProposalState.NOT_SELECTED)
    if items:
        _tell_authors(region_id, items)
        record(
            region_id=region_id,
            actor_id=actor_id,
            verb=AuditVerb.AGENDA_ADOPT,
            subject=f"poll:{poll_id}",
            detail={"proposals": [item.proposal_id for item in items], "ranks": [item.rank for item in items]},
        )
    return sorted([*adopted.values(), *items], key=lambda item: (item.rank, item.id))


def _adopted(region_id: int, proposal_ids: list[int] | set[int]) -> dict[int, AgendaItem]:
    """The items that these proposals became before, by proposal id."""
    rows = db.session.scalars(
        sa.select(AgendaItem)
        .where(AgendaItem.region_id == region_id, AgendaItem.proposal_id.in_(list(proposal_ids)))
        .order_by(AgendaItem.id)
    )
    return {item.proposal_id: item for item in rows}


def _item(poll: Poll, rank: int, proposal_id: int, label: str) -> AgendaItem:
    return AgendaItem(
        region_id=poll.region_id,
        id=ids.new_id(),
        round_id=poll.round_id,
        proposal_id=proposal_id,
        poll_id=poll.id,
        rank=rank,
        title=label[:120],  # what voters read, even where the proposal was renamed since
        selected_at=clock.now(),
    )


def _tell_authors(region_id: int, items: list[AgendaItem]) -> None:
    slug = db.session.get_one(Region, region_id).slug
    authors = db.session.execute(
        sa.select(Proposal.id, Proposal.author_id)
        .where(Proposal.region_id == region_id, Proposal.id.in_([item.proposal_id for item in items]))
        .order_by(Proposal.id)
    )
    titles = {item.proposal_id: item.title for item in items}
    for proposal_id, author_id in authors:
        notify(
            person_id=author_id,
            kind=NotificationKind.PROPOSAL_SELECTED,
            params={"title": titles[proposal_id]},
            path=proposal_path(slug, proposal_id),
        )
