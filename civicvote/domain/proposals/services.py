"""Writes of proposals: submit, edit, withdraw, endorse, discuss; and what other areas make of them."""

from collections.abc import Iterable

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import notify
from civicvote.domain.proposals import policy
from civicvote.domain.proposals.errors import ProposalEditedMeanwhile, TooManyProposals, UnknownField, UnknownProposal
from civicvote.domain.proposals.models import Endorsement, Proposal, ProposalVersion
from civicvote.domain.proposals.paths import comment_path
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.proposals.texts import clean_texts
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.policy import require_open
from civicvote.domain.rounds.queries import announced_round
from civicvote.domain.rounds.rules import RoundRules
from civicvote.domain.threads.models import Comment, Thread
from civicvote.domain.threads.policy import role_shown
from civicvote.domain.threads.services import answerable_comment, open_thread, post_comment
from civicvote.domain.threads.stance import Stance
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.markup import render
from civicvote.kernel.permissions import Permission
from civicvote.kernel.visibility import Visibility


def submit_proposal(
    *, actor: Actor, round: Round, title: str, summary: str, body: str, field_key: str, place: str = ""
) -> Proposal:
    """Post a proposal and open its thread.

    Raises ``PhaseClosed``, ``TooManyProposals``, ``UnknownField`` and what ``texts.clean_texts`` refuses.
    """
    require(actor, Permission.PROPOSAL_SUBMIT, round.region_id)
    require_open(round, Permission.PROPOSAL_SUBMIT)
    _require_fewer_than_allowed(actor, round)
    texts = clean_texts(title=title, summary=summary, body=body, place=place)
    require_field(round, field_key)
    thread = open_thread(region_id=round.region_id, group_id=round.id)
    proposal = Proposal(
        region_id=round.region_id,
        id=ids.new_id(),
        round_id=round.id,
        author_id=actor.person_id,
        thread_id=thread.id,
        title=texts.title,
        summary=texts.summary,
        body=texts.body,
        body_html=render(texts.body),
        field_key=field_key,
        place=texts.place,
        state=ProposalState.SUBMITTED,
        visibility=Visibility.VISIBLE,
        endorsement_count=0,
        version=1,
        submitted_at=clock.now(),
    )
    db.session.add(proposal)
    db.session.flush()
    return proposal


def _require_fewer_than_allowed(actor: Actor, round: Round) -> None:
    """The person's row is locked, so that two tabs don't slip past the limit together."""
    db.session.execute(sa.select(Person.id).where(Person.id == actor.person_id).with_for_update())
    posted = db.session.scalar(
        sa.select(sa.func.count()).where(
            Proposal.author_id == actor.person_id,
            Proposal.region_id == round.region_id,
            Proposal.round_id == round.id,
            Proposal.visibility != Visibility.WITHDRAWN,
        )
    )
    limit = RoundRules.from_json(round.rules).proposals_per_person
    if (posted or 0) >= limit:
        raise TooManyProposals(limit=limit)


def require_field(round: Round, field_key: str) -> None:
    """Raise ``UnknownField`` unless the round has this field."""
    if all(field.key != field_key for field in round.fields):
        raise UnknownField


def edit_proposal(
    *,
    actor: Actor,
    proposal: Proposal,
    based_on: int,
    title: str,
    summary: str,
    body: str,
    field_key: str,
    place: str = "",
) -> Proposal:
    """Change one's own proposal; what it said before stays public. ``based_on`` is the version the edit began from.

    Raises ``PhaseClosed``, ``ProposalEditedMeanwhile``, and what ``require_change`` and ``clean_texts`` refuse.
    """
    require(actor, Permission.PROPOSAL_EDIT, proposal.region_id)
    db.session.refresh(proposal, with_for_update=True)
    policy.require_change(actor, proposal)
    round_ = announced_round(proposal.region_id, proposal.round_id)
    require_open(round_, Permission.PROPOSAL_EDIT)
    if proposal.version != based_on:
        raise ProposalEditedMeanwhile
    texts = clean_texts(title=title, summary=summary, body=body, place=place)
    require_field(round_, field_key)
    now = clock.now()
    if (texts.title, texts.summary, texts.body) != (proposal.title, proposal.summary, proposal.body):
        db.session.add(
            ProposalVersion(
                region_id=proposal.region_id,
                proposal_id=proposal.id,
                number=proposal.version,
                title=proposal.title,
                summary=proposal.summary,
                body=proposal.body,
                replaced_at=now,
            )
        )
        proposal.version += 1
        proposal.edited_at = now
    proposal.title, proposal.summary, proposal.body = texts.title, texts.summary, texts.body
    proposal.body_html = render(texts.body)
    proposal.field_key, proposal.place = field_key, texts.place
    db.session.flush()
    return proposal


def withdraw_proposal(*, actor: Actor, proposal: Proposal) -> None:
    """Take one's own proposal back for good, until it is on a ballot. Raises what ``require_change`` refuses."""
    require(actor, Permission.PROPOSAL_EDIT, proposal.region_id)
    db.session.refresh(proposal, with_for_update=True)
    policy.require_change(actor, proposal)
    proposal.visibility = Visibility.WITHDRAWN
    db.session.flush()


def endorse(*, actor: Actor, proposal: Proposal) -> bool:
    """Count the actor among those who like the proposal; False if they did already. Raises ``PhaseClosed``."""
    _require_endorsable(actor, proposal)
    mark = Endorsement(
        region_id=proposal.region_id,
        proposal_id=proposal.id,
        person_id=actor.person_id,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(mark)
    except sa.exc.IntegrityError:
        return False
    _count_endorsement(proposal, 1)
    return True


def withdraw_endorsement(*, actor: Actor, proposal: Proposal) -> bool:
    """The opposite; False if there was none. Raises ``PhaseClosed``."""
    _require_endorsable(actor, proposal)
    gone = db.session.execute(
        sa.delete(Endorsement).where(
            Endorsement.region_id == proposal.region_id,
            Endorsement.proposal_id == proposal.id,
            Endorsement.person_id == actor.person_id,
        )
    )
    if gone.rowcount:  # type: ignore[attr-defined]
        _count_endorsement(proposal, -1)
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def _require_endorsable(actor: Actor, proposal: Proposal) -> None:
    require(actor, Permission.PROPOSAL_ENDORSE, proposal.region_id)
    policy.require_visible(proposal)
    require_open(announced_round(proposal.region_id, proposal.round_id), Permission.PROPOSAL_ENDORSE)


def _count_endorsement(proposal: Proposal, change: int) -> None:
    db.session.execute(
        sa.update(Proposal)
        .where(Proposal.region_id == proposal.region_id, Proposal.id == proposal.id)
        .values(endorsement_count=Proposal.endorsement_count + change)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(proposal, ["endorsement_count"])


def comment_on_proposal(
    *,
    actor: Actor,
    slug: str,
    proposal: Proposal,
    thread: Thread,
    body: str,
    stance: Stance = Stance.NEUTRAL,
    parent_id: int | None = None,
) -> Comment:
    """Comment in the proposal's thread and tell those it concerns. ``slug`` is the region's, for the message's link.

    Raises ``PhaseClosed``, ``ProposalTakenAway`` and what ``threads.services.post_comment`` refuses.
    """
    policy.require_visible(proposal)
    require_open(announced_round(proposal.region_id, proposal.round_id), Permission.COMMENT_POST)
    answered = answerable_comment(thread, parent_id) if parent_id is not None else None
    comment = post_comment(
        actor=actor,
        thread=thread,
        body=body,
        stance=stance,
        parent_id=parent_id,
        author_role=role_shown(actor, proposal.region_id),
    )
    _tell(actor, slug, proposal, comment, answered.author_id if answered else None)
    return comment


def _tell(actor: Actor, slug: str, proposal: Proposal, comment: Comment, answered_id: int | None) -> None:
    """One message a person: whoever was answered hears of the reply, the proposal's author of the comment."""
    told = {actor.person_id}
    for person_id, kind in (
        (answered_id, NotificationKind.REPLY_TO_COMMENT),
        (proposal.author_id, NotificationKind.COMMENT_ON_PROPOSAL),
    ):
        if person_id is None or person_id in told:
            continue
        told.add(person_id)
        notify(
            person_id=person_id,
            kind=kind,
            params={"author": actor.name, "author_id": str(actor.person_id), "title": proposal.title},
            path=comment_path(slug, proposal.thread_id, comment.id),
        )


def set_proposal_state(*, region_id: int, proposal_ids: Iterable[int], state: ProposalState) -> None:
    """Say what became of proposals, for the areas that decide it."""
    db.session.execute(
        sa.update(Proposal)
        .where(Proposal.region_id == region_id, Proposal.id.in_(list(proposal_ids)))
        .values(state=state)
        .execution_options(synchronize_session="fetch")
    )


def set_proposal_visibility(*, region_id: int, proposal_id: int, visibility: Visibility) -> Proposal:
    """Hide or show a proposal, for the area that decides it. Raises ``UnknownProposal``."""
    proposal = db.session.get(Proposal, (region_id, proposal_id), with_for_update=True, populate_existing=True)
    if proposal is None:
        raise UnknownProposal
    proposal.visibility = visibility
    db.session.flush()
    return proposal
