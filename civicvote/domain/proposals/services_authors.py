"""Writes of authors: invite by address, accept, decline, leave, take back, remove.

Whoever invites learns nothing about the address: the row, the mail and the answer are the same with and without an
account. Only a person who accepts is named."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.addresses import normal_address
from civicvote.domain.accounts.models import Person
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import enqueue_mail, notify
from civicvote.domain.proposals import policy
from civicvote.domain.proposals.errors import AlreadyInvited, InvitedSelf, NoCoAuthor, TooManyCoAuthors
from civicvote.domain.proposals.models import CoAuthor, CoAuthorInvitation, Proposal
from civicvote.domain.proposals.paths import invitation_path, proposal_path
from civicvote.domain.proposals.queries_authors import own_invitation
from civicvote.domain.proposals.signing import INVITATIONS_WAIT, MOST_CO_AUTHORS
from civicvote.domain.proposals.states import CoAuthorState
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.permissions import Permission


def invite_co_author(*, actor: Actor, slug: str, proposal: Proposal, email: str) -> CoAuthorInvitation:
    """Ask whoever has this address to sign with the author. ``slug`` is the region's, for the links.

    Raises ``InvitedSelf``, ``AlreadyInvited``, ``TooManyCoAuthors`` and what ``policy.require_change`` refuses."""
    _lock(actor, proposal)
    policy.require_change(actor, proposal)
    address = normal_address(email)
    if address == db.session.scalar(sa.select(Person.email).where(Person.id == actor.person_id)):
        raise InvitedSelf
    _forget_old(proposal)
    if _signers_and_invited(proposal) >= MOST_CO_AUTHORS:
        raise TooManyCoAuthors(limit=MOST_CO_AUTHORS)
    invitation = CoAuthorInvitation(
        region_id=proposal.region_id,
        id=ids.new_id(),
        proposal_id=proposal.id,
        email=address,
        state=CoAuthorState.INVITED,
        invited_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(invitation)
    except sa.exc.IntegrityError:
        raise AlreadyInvited from None
    _send(actor, slug, proposal, address)
    return invitation


def _lock(actor: Actor, proposal: Proposal) -> None:
    require(actor, Permission.PROPOSAL_EDIT, proposal.region_id)
    db.session.refresh(proposal, with_for_update=True)


def _forget_old(proposal: Proposal) -> None:
    """An invitation that nobody answered in time is none: the place is free, the address may be asked again. One
    that was declined stays: whoever said no is not asked about this proposal again."""
    db.session.execute(
        sa.delete(CoAuthorInvitation).where(
            CoAuthorInvitation.region_id == proposal.region_id,
            CoAuthorInvitation.proposal_id == proposal.id,
            CoAuthorInvitation.state == CoAuthorState.INVITED,
            CoAuthorInvitation.invited_at <= clock.now() - INVITATIONS_WAIT,
        )
    )


def _signers_and_invited(proposal: Proposal) -> int:
    here = (CoAuthor.region_id == proposal.region_id, CoAuthor.proposal_id == proposal.id)
    signing = sa.select(sa.func.count()).select_from(CoAuthor).where(*here, CoAuthor.state == CoAuthorState.ACCEPTED)
    invited = (
        sa.select(sa.func.count())
        .select_from(CoAuthorInvitation)
        .where(
            CoAuthorInvitation.region_id == proposal.region_id,
            CoAuthorInvitation.proposal_id == proposal.id,
            CoAuthorInvitation.state == CoAuthorState.INVITED,
        )
    )
    return (db.session.scalar(signing) or 0) + (db.session.scalar(invited) or 0)


def _send(actor: Actor, slug: str, proposal: Proposal, address: str) -> None:
    params = {"author": actor.name, "author_id": str(actor.person_id), "title": proposal.title}
    path = invitation_path(slug, proposal.id)
    owner = db.session.scalars(sa.select(Person).where(Person.email == address)).one_or_none()
    if owner is None:
        kind = NotificationKind.CO_AUTHOR_SIGN_UP
        enqueue_mail(
            address=address, locale=actor.locale, kind=kind, params=params, path=f"/account/sign-up?next={path}"
        )
        return
    kind = NotificationKind.CO_AUTHOR_INVITED
    notify(person_id=owner.id, kind=kind, params=params, path=path)
    enqueue_mail(address=address, locale=owner.locale, kind=kind, params=params, path=path)


def take_back_invitation(*, actor: Actor, proposal: Proposal, invitation_id: int) -> None:
    """The author thinks again; one that is gone already is taken back too, one that was declined stays. Raises
    ``ProposalNotOwn``."""
    _lock(actor, proposal)
    policy.require_own(actor, proposal)
    db.session.execute(
        sa.delete(CoAuthorInvitation).where(
            CoAuthorInvitation.region_id == proposal.region_id,
            CoAuthorInvitation.proposal_id == proposal.id,
            CoAuthorInvitation.id == invitation_id,
            CoAuthorInvitation.state == CoAuthorState.INVITED,
        )
    )


def accept_invitation(*, actor: Actor, slug: str, proposal: Proposal) -> None:
    """From now on the actor is named beside the author and may edit.

    Raises ``UnknownInvitation``, ``ProposalTakenAway``, ``ProposalSettled``."""
    _lock(actor, proposal)
    invitation = own_invitation(actor, proposal.region_id, proposal.id)
    policy.require_unsettled(proposal)
    row = _row_of(proposal, actor.person_id) or CoAuthor(
        region_id=proposal.region_id, proposal_id=proposal.id, person_id=actor.person_id
    )
    is_news = row.state is not CoAuthorState.ACCEPTED
    row.state, row.invited_at, row.answered_at = CoAuthorState.ACCEPTED, invitation.invited_at, clock.now()
    db.session.add(row)
    db.session.delete(invitation)
    db.session.flush()
    if is_news:
        _tell_author(actor, slug, proposal, CoAuthorState.ACCEPTED)


def decline_invitation(*, actor: Actor, proposal: Proposal) -> None:
    """The author sees that the address declined, and can't ask it again. Raises ``UnknownInvitation``."""
    _lock(actor, proposal)
    invitation = own_invitation(actor, proposal.region_id, proposal.id)
    invitation.state, invitation.answered_at = CoAuthorState.DECLINED, clock.now()
    db.session.flush()


def leave_proposal(*, actor: Actor, slug: str, proposal: Proposal) -> None:
    """Sign no longer; what the actor wrote in it stays. Raises ``NoCoAuthor``."""
    db.session.refresh(proposal, with_for_update=True)
    _end(actor.person_id, proposal)
    _tell_author(actor, slug, proposal, CoAuthorState.LEFT)


def remove_co_author(*, actor: Actor, slug: str, proposal: Proposal, person_id: int) -> None:
    """The author no longer wants to sign with somebody, who is told. Raises ``ProposalNotOwn``, ``NoCoAuthor``."""
    db.session.refresh(proposal, with_for_update=True)
    policy.require_own(actor, proposal)
    _end(person_id, proposal)
    notify(
        person_id=person_id,
        kind=NotificationKind.CO_AUTHOR_REMOVED,
        params={"author": actor.name, "author_id": str(actor.person_id), "title": proposal.title},
        path=proposal_path(slug, proposal.id),
    )


def _row_of(proposal: Proposal, person_id: int) -> CoAuthor | None:
    return db.session.get(CoAuthor, (proposal.region_id, proposal.id, person_id), populate_existing=True)


def _end(person_id: int, proposal: Proposal) -> None:
    row = _row_of(proposal, person_id)
    if row is None or row.state is not CoAuthorState.ACCEPTED:
        raise NoCoAuthor
    row.state, row.left_at = CoAuthorState.LEFT, clock.now()
    db.session.flush()


def _tell_author(actor: Actor, slug: str, proposal: Proposal, answer: CoAuthorState) -> None:
    notify(
        person_id=proposal.author_id,
        kind=NotificationKind.CO_AUTHOR_ANSWERED,
        params={
            "author": actor.name,
            "author_id": str(actor.person_id),
            "title": proposal.title,
            "answer": answer.value,
        },
        path=proposal_path(slug, proposal.id),
    )


def forget_invitations(*, email: str | None, author_id: int) -> None:
    """An account is closed: what asked its address, and what it asked others, goes."""
    own = sa.select(Proposal.id).where(Proposal.author_id == author_id)
    db.session.execute(
        sa.delete(CoAuthorInvitation).where(
            sa.or_(CoAuthorInvitation.email == email, CoAuthorInvitation.proposal_id.in_(own))
        )
    )
