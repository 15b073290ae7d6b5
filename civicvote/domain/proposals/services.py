"""Writes of proposals: submit, edit, withdraw, endorse, discuss; and what other areas make of them."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from civicvote.db import db
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import notify_each
from civicvote.domain.proposals import policy
from civicvote.domain.proposals.errors import (
    AlreadyPosted,
    ProposalEditedMeanwhile,
    TooManyProposals,
    UnknownField,
    UnknownProposal,
)
from civicvote.domain.proposals.models import Endorsement, Proposal
from civicvote.domain.proposals.paths import comment_path
from civicvote.domain.proposals.queries import signs_with_author
from civicvote.domain.proposals.queries_author import just_posted
from civicvote.domain.proposals.services_files import place_files
from civicvote.domain.proposals.services_finding import refresh_proposal_in_index
from civicvote.domain.proposals.services_following import tell_of_state
from civicvote.domain.proposals.services_ladder import reach_by_one
from civicvote.domain.proposals.services_merging import release_merged
from civicvote.domain.proposals.services_posting import lock_author, post_proposal
from civicvote.domain.proposals.services_similar import mark_proposal
from civicvote.domain.proposals.services_spots import settled_spot, spot_of
from civicvote.domain.proposals.services_uniting import (
    lock_for_support,
    lock_proposals,
    lock_with_merged,
    take_back_endorsement,
)
from civicvote.domain.proposals.services_versions import keep_version
from civicvote.domain.proposals.spots import NOWHERE, Spot
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.proposals.texts import clean_texts
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.policy import require_open
from civicvote.domain.rounds.queries import announced_round
from civicvote.domain.rounds.rules import RoundRules
from civicvote.domain.threads.models import Comment, Thread
from civicvote.domain.threads.policy import role_shown
from civicvote.domain.threads.services import answerable_comment, post_comment
from civicvote.domain.threads.stance import Stance
from civicvote.domain.uploads.rules import Described
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.markup import render
from civicvote.kernel.permissions import Permission
from civicvote.kernel.visibility import Visibility


def submit_proposal(
    *,
    actor: Actor,
    round: Round,
    title: str,
    summary: str,
    body: str,
    field_key: str,
    place: str = "",
    spot: Spot = NOWHERE,
) -> Proposal:
    """Post a proposal and open its thread.

    Raises ``PhaseClosed``, ``AlreadyPosted``, ``TooManyProposals``, ``UnknownField`` and what ``texts.clean_texts`` and
    ``services_spots.settled_spot`` refuse.
    """
    require(actor, Permission.PROPOSAL_SUBMIT, round.region_id)
    require_open(round, Permission.PROPOSAL_SUBMIT)
    texts = clean_texts(title=title, summary=summary, body=body, place=place)
    lock_author(actor.person_id)
    if (twin := just_posted(actor, round, texts)) is not None:
        raise AlreadyPosted(twin)
    _require_fewer_than_allowed(actor, round)
    require_field(round, field_key)
    spot = settled_spot(region_id=round.region_id, spot=spot)
    return post_proposal(author_id=actor.person_id, round=round, texts=texts, field_key=field_key, spot=spot)


def _require_fewer_than_allowed(actor: Actor, round: Round) -> None:
    """The caller locked the author, so that two tabs don't slip past the limit together."""
    posted = db.session.scalar(
        sa.select(sa.func.count()).where(
            Proposal.author_id == actor.person_id,
            Proposal.region_id == round.region_id,
            Proposal.round_id == round.id,
            Proposal.visibility != Visibility.WITHDRAWN,
            # What a clerk brought from a round table are other people's.
            Proposal.source == "",
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
    spot: Spot = NOWHERE,
    files: Sequence[Described] | None = None,
) -> Proposal:
    """Change a proposal that one wrote or signs; what it said before stays public. ``based_on`` is the version the edit
    began from; ``files`` replace those that stand beside it, None leaves them.

    Raises ``PhaseClosed``, ``ProposalEditedMeanwhile``, and what ``require_edit``, ``clean_texts``, ``settled_spot``
    and ``place_files`` refuse.
    """
    require(actor, Permission.PROPOSAL_EDIT, proposal.region_id)
    db.session.refresh(proposal, with_for_update=True)
    signs = signs_with_author(actor, proposal.region_id, proposal.id)
    policy.require_edit(actor, proposal, signs=signs)
    round_ = announced_round(proposal.region_id, proposal.round_id)
    require_open(round_, Permission.PROPOSAL_EDIT)
    if proposal.version != based_on:
        raise ProposalEditedMeanwhile
    texts = clean_texts(title=title, summary=summary, body=body, place=place)
    require_field(round_, field_key)
    spot = settled_spot(region_id=proposal.region_id, spot=spot, before=spot_of(proposal))
    said = (texts.title, texts.summary, texts.body, field_key, texts.place)
    keep_version(proposal=proposal, editor_id=actor.person_id, texts=said, files=files)
    proposal.title, proposal.summary, proposal.body = texts.title, texts.summary, texts.body
    proposal.body_html = render(texts.body)
    proposal.field_key, proposal.place = field_key, texts.place
    proposal.district_code = spot.district_code
    proposal.latitude_e6, proposal.longitude_e6 = spot.latitude_e6, spot.longitude_e6
    db.session.flush()
    if files is not None:
        place_files(actor=actor, proposal=proposal, files=files)
    mark_proposal(proposal=proposal)
    refresh_proposal_in_index(proposal=proposal)
    return proposal


def withdraw_proposal(*, actor: Actor, proposal: Proposal) -> None:
    """Take one's own proposal back for good, until it is on a ballot; what was merged into it stands by itself again.

    Raises what ``require_change`` refuses."""
    require(actor, Permission.PROPOSAL_EDIT, proposal.region_id)
    lock_with_merged(proposal)
    policy.require_change(actor, proposal)
    release_merged(actor=actor, leading=proposal)
    proposal.visibility, proposal.withdrawn_at = Visibility.WITHDRAWN, clock.now()
    db.session.flush()
    refresh_proposal_in_index(proposal=proposal)


def endorse(*, actor: Actor, proposal: Proposal) -> bool:
    """Count the actor among those who like the proposal; False if they did already. Raises ``PhaseClosed``."""
    round_ = _require_endorsable(actor, proposal)
    lock_for_support(proposal)
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
    reach_by_one(proposal=proposal, round=round_)
    return True


def withdraw_endorsement(*, actor: Actor, proposal: Proposal) -> bool:
    """The opposite, here and from what was merged into it; False if there was none. Raises ``PhaseClosed``."""
    _require_endorsable(actor, proposal)
    return take_back_endorsement(proposal, actor.person_id)


def _require_endorsable(actor: Actor, proposal: Proposal) -> Round:
    require(actor, Permission.PROPOSAL_ENDORSE, proposal.region_id)
    round_ = announced_round(proposal.region_id, proposal.round_id)
    require_open(round_, Permission.PROPOSAL_ENDORSE)
    return round_


def _count_endorsement(proposal: Proposal, change: int) -> None:
    counted = db.session.scalar(
        sa.update(Proposal)
        .where(Proposal.region_id == proposal.region_id, Proposal.id == proposal.id)
        .values(endorsement_count=Proposal.endorsement_count + change)
        .returning(Proposal.endorsement_count)
        .execution_options(synchronize_session=False)
    )
    set_committed_value(proposal, "endorsement_count", counted)


def comment_on_proposal(
    *,
    actor: Actor,
    slug: str,
    proposal: Proposal,
    thread: Thread,
    body: str,
    stance: Stance = Stance.NEUTRAL,
    parent_id: int | None = None,
    round: Round | None = None,
) -> Comment:
    """Comment in the proposal's thread and tell those it concerns. ``slug`` is the region's, for the message's link;
    ``round`` the proposal's, from callers that have loaded it.

    Raises ``PhaseClosed``, ``ProposalTakenAway``, ``ProposalMerged``, and what ``threads.services.post_comment`` does.
    """
    policy.require_supportable(proposal)
    require_open(round or announced_round(proposal.region_id, proposal.round_id), Permission.COMMENT_POST)
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
    kinds = {proposal.author_id: NotificationKind.COMMENT_ON_PROPOSAL}
    if answered_id is not None:
        kinds[answered_id] = NotificationKind.REPLY_TO_COMMENT
    kinds.pop(actor.person_id, None)
    notify_each(
        kinds=kinds,
        params={"author": actor.name, "author_id": str(actor.person_id), "title": proposal.title},
        path=comment_path(slug, proposal.thread_id, comment.id),
    )


def set_proposal_state(*, region_id: int, proposal_ids: Iterable[int], state: ProposalState) -> None:
    """Say what became of proposals, for the areas that decide it; those who follow them hear of it.

    Raises ``UnknownProposal``."""
    # In the order of ids, as merging and freezing lock them: an update of many rows locks them as it meets them.
    proposal_ids = list(lock_proposals(region_id, proposal_ids))
    tell_of_state(region_id=region_id, proposal_ids=proposal_ids, state=state)
    db.session.execute(
        sa.update(Proposal)
        .where(Proposal.region_id == region_id, Proposal.id.in_(proposal_ids))
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
    refresh_proposal_in_index(proposal=proposal)
    return proposal
