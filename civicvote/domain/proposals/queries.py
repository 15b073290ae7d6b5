"""Reads of proposals: one of them, the host of a thread. Lists stand in ``queries_list``."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.proposals import policy
from civicvote.domain.proposals.errors import ProposalNotOwn, UnknownProposal
from civicvote.domain.proposals.models import CoAuthor, Endorsement, Proposal
from civicvote.domain.proposals.states import CoAuthorState
from civicvote.domain.rounds.models import Round, RoundField
from civicvote.domain.rounds.queries import announced_round
from civicvote.domain.threads.models import Thread
from civicvote.kernel.actor import Actor
from civicvote.kernel.visibility import Visibility


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with its thread, its author's name and its round's field. Texts may be shown only if ``is_readable``.

    ``signers``: ids and names of those who sign with the author, in the order in which they accepted."""

    proposal: Proposal
    thread: Thread
    author_name: str
    field: RoundField | None
    signers: tuple[tuple[int, str], ...]
    is_readable: bool


#: No name holds it: ``clean_text`` refuses control characters.
_BETWEEN_SIGNERS = "\x1f"
_CoSigner = aliased(Person)
_in_order = (
    sa.select((sa.cast(CoAuthor.person_id, sa.String(20)) + ":" + _CoSigner.display_name).label("signer"))
    .select_from(CoAuthor)
    .join(_CoSigner, _CoSigner.id == CoAuthor.person_id)
    .where(
        CoAuthor.region_id == Proposal.region_id,
        CoAuthor.proposal_id == Proposal.id,
        CoAuthor.state == CoAuthorState.ACCEPTED,
    )
    .order_by(CoAuthor.answered_at, CoAuthor.person_id)
    .correlate(Proposal)
    .subquery()
)
_SIGNERS = sa.select(sa.func.aggregate_strings(_in_order.c.signer, _BETWEEN_SIGNERS)).scalar_subquery()
_WITH_THREAD = (
    sa.select(Proposal, Thread, Person.display_name, RoundField, _SIGNERS)
    .join(Thread, (Thread.region_id == Proposal.region_id) & (Thread.id == Proposal.thread_id))
    .join(Person, Person.id == Proposal.author_id)
    .outerjoin(
        RoundField,
        (RoundField.region_id == Proposal.region_id)
        & (RoundField.round_id == Proposal.round_id)
        & (RoundField.key == Proposal.field_key),
    )
    .where(Proposal.region_id == sa.bindparam("region_id"))
)
_BY_ID = _WITH_THREAD.where(Proposal.id == sa.bindparam("wanted_id"))
_BY_THREAD = _WITH_THREAD.where(Proposal.thread_id == sa.bindparam("wanted_id"))


def _view(actor: Actor | None, statement: sa.Select[*tuple[Any, ...]], region_id: int, wanted_id: int) -> ProposalView:
    row = db.session.execute(statement, {"region_id": region_id, "wanted_id": wanted_id}).first()
    if row is None:
        raise UnknownProposal
    proposal, thread, author_name, field, signers = row
    return ProposalView(proposal, thread, author_name, field, _read_signers(signers), _is_readable(actor, proposal))


def _read_signers(joined: str | None) -> tuple[tuple[int, str], ...]:
    pairs = (each.partition(":") for each in (joined or "").split(_BETWEEN_SIGNERS) if each)
    return tuple((int(person_id), name) for person_id, _, name in pairs)


def signs_with_author(actor: Actor | None, region_id: int, proposal_id: int) -> bool:
    """Whether the actor is one of the co-authors."""
    if actor is None:
        return False
    row = db.session.get(CoAuthor, (region_id, proposal_id, actor.person_id), populate_existing=True)
    return row is not None and row.state is CoAuthorState.ACCEPTED


def _is_readable(actor: Actor | None, proposal: Proposal) -> bool:
    """What was hidden, those still read who sign it. Asks the database only then."""
    if policy.can_read(actor, proposal):
        return True
    return proposal.visibility is Visibility.HIDDEN and signs_with_author(actor, proposal.region_id, proposal.id)


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
    if proposal is None or not _is_readable(actor, proposal):
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
