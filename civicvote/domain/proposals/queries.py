"""Reads of proposals: lists by key, one proposal, its versions, the host of a thread."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.proposals import policy
from civicvote.domain.proposals.errors import ProposalNotOwn, UnknownProposal
from civicvote.domain.proposals.listing import ProposalFilter, ProposalSort
from civicvote.domain.proposals.models import Endorsement, Proposal, ProposalVersion
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.queries import announced_round
from civicvote.domain.threads.models import Thread
from civicvote.kernel import ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.visibility import Visibility

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """What a list shows of a proposal; ``key`` is the id as it stands in addresses."""

    id: int
    key: str
    thread_id: int
    title: str
    summary: str
    place: str
    field_key: str
    state: ProposalState
    endorsement_count: int
    comment_count: int
    submitted_at: datetime


_ROW = (
    Proposal.id,
    Proposal.thread_id,
    Proposal.title,
    Proposal.summary,
    Proposal.place,
    Proposal.field_key,
    Proposal.state,
    Proposal.endorsement_count,
    Thread.comment_count,
    Proposal.submitted_at,
)

#: The keys of each sort, most significant first; each is the tail of an index.
_SORT_KEYS: dict[ProposalSort, tuple[sa.ColumnElement[Any] | Any, ...]] = {
    ProposalSort.NEWEST: (Proposal.id,),
    ProposalSort.ENDORSED: (Proposal.endorsement_count, Proposal.id),
    ProposalSort.DISCUSSED: (Thread.comment_count, Thread.id),
}


def _last_keys(sort: ProposalSort, row: ProposalRow) -> tuple[int, ...]:
    match sort:
        case ProposalSort.NEWEST:
            return (row.id,)
        case ProposalSort.ENDORSED:
            return (row.endorsement_count, row.id)
        case ProposalSort.DISCUSSED:
            return (row.comment_count, row.thread_id)


_IN_ROUND = (
    Proposal.region_id == sa.bindparam("region_id"),
    Proposal.round_id == sa.bindparam("round_id"),
    Proposal.visibility == Visibility.VISIBLE,
)


def _filters(wanted: ProposalFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.field_key:
        conditions.append(Proposal.field_key == wanted.field_key)
    if wanted.state:
        conditions.append(Proposal.state == wanted.state)
    if wanted.place:
        conditions.append(Proposal.place.icontains(wanted.place, autoescape=True))
    return conditions


@cache
def _list_statement(sort: ProposalSort, *, continued: bool) -> sa.Select[*tuple[Any, ...]]:
    """The list before any filter. Kept, since building it anew costs more than the database needs to answer it."""
    keys = _SORT_KEYS[sort]
    statement = (
        sa.select(*_ROW)
        .join(Thread, (Thread.region_id == Proposal.region_id) & (Thread.id == Proposal.thread_id))
        .where(*_IN_ROUND)
        .order_by(*(key.desc() for key in keys))
        .limit(sa.bindparam("size"))
    )
    if sort is ProposalSort.DISCUSSED:
        statement = statement.where(
            Thread.region_id == sa.bindparam("region_id"), Thread.group_id == sa.bindparam("round_id")
        )
    if continued:
        last = (sa.bindparam(f"last_{place}", type_=sa.BigInteger()) for place in range(len(keys)))
        statement = statement.where(sa.tuple_(*keys) < sa.tuple_(*last))
    return statement


def list_proposals(
    region_id: int,
    round_id: int,
    *,
    sort: ProposalSort = ProposalSort.NEWEST,
    wanted: ProposalFilter | None = None,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[ProposalRow]:
    """A page of a round's visible proposals. One statement."""
    last = read_cursor(cursor, len(_SORT_KEYS[sort])) or ()
    values = {f"last_{place}": key for place, key in enumerate(last)}
    values |= {"region_id": region_id, "round_id": round_id, "size": size + 1}
    statement = _list_statement(sort, continued=bool(last))
    if wanted and (filters := _filters(wanted)):
        statement = statement.where(*filters)
    rows = [ProposalRow(key=ids.encode(row.id), **row._mapping) for row in db.session.execute(statement, values)]
    return page_of(rows, size, cursor=lambda row: write_cursor(*_last_keys(sort, row)))


_COUNT = sa.select(sa.func.count()).select_from(Proposal).where(*_IN_ROUND)


def count_proposals(region_id: int, round_id: int, wanted: ProposalFilter | None = None) -> int:
    """How many visible proposals of the round the filter leaves."""
    statement = _COUNT
    if wanted and (filters := _filters(wanted)):
        statement = statement.where(*filters)
    return db.session.scalar(statement, {"region_id": region_id, "round_id": round_id}) or 0


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with its thread and its author's name. Texts may be shown only if ``is_readable``."""

    proposal: Proposal
    thread: Thread
    author_name: str
    is_readable: bool


_WITH_THREAD = (
    sa.select(Proposal, Thread, Person.display_name)
    .join(Thread, (Thread.region_id == Proposal.region_id) & (Thread.id == Proposal.thread_id))
    .join(Person, Person.id == Proposal.author_id)
    .where(Proposal.region_id == sa.bindparam("region_id"))
)
_BY_ID = _WITH_THREAD.where(Proposal.id == sa.bindparam("wanted_id"))
_BY_THREAD = _WITH_THREAD.where(Proposal.thread_id == sa.bindparam("wanted_id"))


def _view(
    actor: Actor | None, statement: sa.Select[Proposal, Thread, str], region_id: int, wanted_id: int
) -> ProposalView:
    row = db.session.execute(statement, {"region_id": region_id, "wanted_id": wanted_id}).first()
    if row is None:
        raise UnknownProposal
    proposal, thread, author_name = row
    return ProposalView(proposal, thread, author_name, policy.can_read(actor, proposal))


def proposal_view(actor: Actor | None, region_id: int, proposal_id: int) -> ProposalView:
    """A proposal for its page, whatever its visibility. Raises ``UnknownProposal``. One statement."""
    return _view(actor, _BY_ID, region_id, proposal_id)


def proposal_of_thread(actor: Actor | None, region_id: int, thread_id: int) -> ProposalView:
    """The proposal that a thread is about. Raises ``UnknownProposal``. One statement."""
    return _view(actor, _BY_THREAD, region_id, thread_id)


def round_of_thread(region_id: int, thread_id: int) -> Round:
    """The round that decides whether a thread is open. Raises ``UnknownProposal``, ``UnknownRound``."""
    round_id = db.session.scalar(
        sa.select(Proposal.round_id).where(Proposal.region_id == region_id, Proposal.thread_id == thread_id)
    )
    if round_id is None:
        raise UnknownProposal
    return announced_round(region_id, round_id)


def visible_proposal(actor: Actor | None, region_id: int, proposal_id: int) -> Proposal:
    """A proposal that this actor may read. Raises ``UnknownProposal``."""
    proposal = db.session.get(Proposal, (region_id, proposal_id))
    if proposal is None or not policy.can_read(actor, proposal):
        raise UnknownProposal
    return proposal


def own_proposal(actor: Actor, region_id: int, proposal_id: int) -> Proposal:
    """The actor's own proposal. Raises ``UnknownProposal``, ``ProposalNotOwn``."""
    proposal = visible_proposal(actor, region_id, proposal_id)
    if not policy.is_own(actor, proposal):
        raise ProposalNotOwn
    return proposal


def proposals_by_ids(region_id: int, proposal_ids: list[int]) -> dict[int, Proposal]:
    """Proposals whatever their visibility, for those who decide about them."""
    found = db.session.scalars(
        sa.select(Proposal).where(Proposal.region_id == region_id, Proposal.id.in_(proposal_ids)).order_by(Proposal.id)
    )
    return {proposal.id: proposal for proposal in found}


def proposals_of_threads(region_id: int, thread_ids: list[int]) -> dict[int, Proposal]:
    """The proposals that threads are about, by thread id, for those who decide about comments."""
    found = db.session.scalars(
        sa.select(Proposal)
        .where(Proposal.region_id == region_id, Proposal.thread_id.in_(thread_ids))
        .order_by(Proposal.id)
    )
    return {proposal.thread_id: proposal for proposal in found}


def has_endorsed(actor: Actor | None, region_id: int, proposal_id: int) -> bool:
    if actor is None:
        return False
    return db.session.get(Endorsement, (region_id, proposal_id, actor.person_id)) is not None


def versions_of(region_id: int, proposal_id: int) -> list[ProposalVersion]:
    """What a proposal said before each edit, oldest first."""
    return list(
        db.session.scalars(
            sa.select(ProposalVersion)
            .where(ProposalVersion.region_id == region_id, ProposalVersion.proposal_id == proposal_id)
            .order_by(ProposalVersion.number)
        )
    )
