"""Signing together: invited by address, answered by the person, told to nobody whether an account stands behind it."""

from typing import Any

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.lifecycle.services_closing import leave
from civicvote.domain.moderation.kinds import DecisionAction, ReportReason, SubjectKind
from civicvote.domain.moderation.services import decide_case, report_content
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.models import Notification, OutboxMessage
from civicvote.domain.proposals.errors import (
    AlreadyInvited,
    InvitedSelf,
    NoCoAuthor,
    ProposalNotOwn,
    ProposalSettled,
    TooManyCoAuthors,
    UnknownInvitation,
    UnknownProposal,
)
from civicvote.domain.proposals.models import CoAuthor, CoAuthorInvitation, Proposal, ProposalVersion
from civicvote.domain.proposals.queries import signs_with_author, visible_proposal
from civicvote.domain.proposals.queries_authors import (
    invitations_for,
    invitations_to,
    own_invitation,
    proposals_signed_by,
    signers_of,
)
from civicvote.domain.proposals.services import edit_proposal, set_proposal_state, withdraw_proposal
from civicvote.domain.proposals.services_authors import (
    accept_invitation,
    decline_invitation,
    invite_co_author,
    leave_proposal,
    remove_co_author,
    take_back_invitation,
)
from civicvote.domain.proposals.signing import INVITATIONS_WAIT, MOST_CO_AUTHORS
from civicvote.domain.proposals.states import CoAuthorState, ProposalState
from civicvote.domain.regions.models import Region
from civicvote.domain.reporting.queries_person import everything_about
from civicvote.kernel import clock
from civicvote.kernel.permissions import Role
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import BODY, SUMMARY, make_proposal

SLUG = "testville"


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def author(session: Any) -> Any:
    return make_person("느티나무")


@pytest.fixture
def proposal(region: Region, author: Any) -> Proposal:
    return make_proposal(make_round(region), author)


def invite(author: Any, proposal: Proposal, email: str) -> CoAuthorInvitation:
    return invite_co_author(actor=actor_for(author), slug=SLUG, proposal=proposal, email=email)


def make_co_author(author: Any, proposal: Proposal, name: str = "새이웃") -> Any:
    friend = make_person(name)
    invite(author, proposal, friend.email or "")
    accept_invitation(actor=actor_for(friend), slug=SLUG, proposal=proposal)
    return friend


def names(proposal: Proposal) -> list[str]:
    return [signer.name for signer in signers_of(proposal.region_id, proposal.id)]


def edit(person: Any, proposal: Proposal, title: str = "함께 고친 제목") -> None:
    edit_proposal(
        actor=actor_for(person),
        proposal=proposal,
        based_on=proposal.version,
        title=title,
        summary=SUMMARY,
        body=BODY,
        field_key="safety",
    )


def test_only_who_accepts_is_named_and_may_edit_but_not_withdraw(proposal: Proposal, author: Any) -> None:
    friend = make_person("새이웃")
    invite(author, proposal, f" {(friend.email or '').upper()} ")
    assert names(proposal) == []
    with pytest.raises(ProposalNotOwn):
        edit(friend, proposal)
    assert [asked.proposal.id for asked in invitations_for(actor_for(friend))] == [proposal.id]
    accept_invitation(actor=actor_for(friend), slug=SLUG, proposal=proposal)
    assert names(proposal) == ["새이웃"]
    edit(friend, proposal)
    assert (proposal.title, db.session.query(ProposalVersion).one().editor_id) == ("함께 고친 제목", friend.id)
    with pytest.raises(ProposalNotOwn):
        withdraw_proposal(actor=actor_for(friend), proposal=proposal)
    with pytest.raises(ProposalNotOwn):
        invite(friend, proposal, "third@example.org")
    assert [own.proposal.id for own in proposals_signed_by(actor_for(friend)).items] == [proposal.id]
    assert invitations_for(actor_for(friend)) == []


def test_with_and_without_an_account_the_author_learns_the_same(proposal: Proposal, author: Any) -> None:
    friend = make_person(locale="en")
    known, unknown = friend.email or "", "nobody-yet@example.org"
    for email in (known, unknown):
        invite(author, proposal, email)
    shown = [(each.email, each.state) for each in invitations_to(proposal)]
    assert shown == [(known, CoAuthorState.INVITED), (unknown, CoAuthorState.INVITED)]
    mails = {mail.address: mail for mail in db.session.query(OutboxMessage)}
    assert (mails[known].kind, mails[known].locale) == (NotificationKind.CO_AUTHOR_INVITED, "en")
    assert mails[unknown].kind is NotificationKind.CO_AUTHOR_SIGN_UP
    assert mails[unknown].path.startswith("/account/sign-up?next=/regions/")
    assert [note.person_id for note in db.session.query(Notification)] == [friend.id]


def test_an_unknown_address_answers_once_it_has_an_account(proposal: Proposal, author: Any) -> None:
    invite(author, proposal, "newcomer@example.org")
    newcomer = make_person("새로 온 이", email="newcomer@example.org")
    accept_invitation(actor=actor_for(newcomer), slug=SLUG, proposal=proposal)
    assert names(proposal) == ["새로 온 이"]


def test_nobody_else_can_answer(proposal: Proposal, author: Any) -> None:
    invite(author, proposal, "friend@example.org")
    stranger = actor_for(make_person())
    with pytest.raises(UnknownInvitation):
        accept_invitation(actor=stranger, slug=SLUG, proposal=proposal)
    with pytest.raises(UnknownInvitation):
        decline_invitation(actor=stranger, proposal=proposal)
    with pytest.raises(UnknownInvitation):
        own_invitation(stranger, proposal.region_id, proposal.id)


def test_whoever_declined_is_not_asked_again(proposal: Proposal, author: Any) -> None:
    friend = make_person()
    invite(author, proposal, friend.email or "")
    decline_invitation(actor=actor_for(friend), proposal=proposal)
    assert [each.state for each in invitations_to(proposal)] == [CoAuthorState.DECLINED]
    with pytest.raises(AlreadyInvited):
        invite(author, proposal, friend.email or "")
    with pytest.raises(UnknownInvitation):
        accept_invitation(actor=actor_for(friend), slug=SLUG, proposal=proposal)
    assert names(proposal) == []
    [declined] = invitations_to(proposal)
    take_back_invitation(actor=actor_for(author), proposal=proposal, invitation_id=declined.id)
    with clock.frozen_at(clock.now() + INVITATIONS_WAIT), pytest.raises(AlreadyInvited):
        invite(author, proposal, friend.email or "")


def test_who_signs_is_asked_of_the_database_each_time(proposal: Proposal, author: Any) -> None:
    friend = make_co_author(author, proposal)
    assert signs_with_author(actor_for(friend), proposal.region_id, proposal.id)
    db.session.execute(
        sa.update(CoAuthor).values(state=CoAuthorState.LEFT).execution_options(synchronize_session=False)
    )
    assert not signs_with_author(actor_for(friend), proposal.region_id, proposal.id)


def test_an_invitation_taken_back_or_too_old_opens_nothing(proposal: Proposal, author: Any) -> None:
    friend = make_person()
    given = invite(author, proposal, friend.email or "")
    with pytest.raises(ProposalNotOwn):
        take_back_invitation(actor=actor_for(friend), proposal=proposal, invitation_id=given.id)
    take_back_invitation(actor=actor_for(author), proposal=proposal, invitation_id=given.id)
    with pytest.raises(UnknownInvitation):
        accept_invitation(actor=actor_for(friend), slug=SLUG, proposal=proposal)
    invite(author, proposal, friend.email or "")
    with clock.frozen_at(clock.now() + INVITATIONS_WAIT):
        assert invitations_to(proposal) == []
        with pytest.raises(UnknownInvitation):
            accept_invitation(actor=actor_for(friend), slug=SLUG, proposal=proposal)
        invite(author, proposal, friend.email or "")
        accept_invitation(actor=actor_for(friend), slug=SLUG, proposal=proposal)
    assert len(names(proposal)) == 1


def test_so_many_sign_and_not_one_more_open_invitations_included(proposal: Proposal, author: Any) -> None:
    friend = make_co_author(author, proposal)
    for number in range(MOST_CO_AUTHORS - 1):
        invite(author, proposal, f"friend{number}@example.org")
    with pytest.raises(TooManyCoAuthors):
        invite(author, proposal, "one-too-many@example.org")
    leave_proposal(actor=actor_for(friend), slug=SLUG, proposal=proposal)
    invite(author, proposal, "one-more@example.org")


def test_oneself_is_not_invited(proposal: Proposal, author: Any) -> None:
    with pytest.raises(InvitedSelf):
        invite(author, proposal, (author.email or "").upper())


def test_leaving_and_being_taken_out_end_the_right_and_are_told(proposal: Proposal, author: Any) -> None:
    leaver, removed = make_co_author(author, proposal, "떠난이"), make_co_author(author, proposal, "빠진이")
    assert names(proposal) == ["떠난이", "빠진이"]
    leave_proposal(actor=actor_for(leaver), slug=SLUG, proposal=proposal)
    with pytest.raises(ProposalNotOwn):
        remove_co_author(actor=actor_for(removed), slug=SLUG, proposal=proposal, person_id=removed.id)
    remove_co_author(actor=actor_for(author), slug=SLUG, proposal=proposal, person_id=removed.id)
    assert names(proposal) == []
    for person in (leaver, removed):
        with pytest.raises(ProposalNotOwn):
            edit(person, proposal)
        with pytest.raises(NoCoAuthor):
            leave_proposal(actor=actor_for(person), slug=SLUG, proposal=proposal)
    told = {(note.person_id, note.kind, note.params.get("answer")) for note in db.session.query(Notification)}
    assert (author.id, NotificationKind.CO_AUTHOR_ANSWERED, "left") in told
    assert (removed.id, NotificationKind.CO_AUTHOR_REMOVED, None) in told
    invite(author, proposal, leaver.email)
    accept_invitation(actor=actor_for(leaver), slug=SLUG, proposal=proposal)
    assert names(proposal) == ["떠난이"]


def test_on_a_ballot_nobody_joins_and_nobody_edits(proposal: Proposal, author: Any) -> None:
    friend, late = make_co_author(author, proposal), make_person()
    invite(author, proposal, late.email or "")
    set_proposal_state(region_id=proposal.region_id, proposal_ids=[proposal.id], state=ProposalState.ON_BALLOT)
    for attempt in (
        lambda: edit(friend, proposal),
        lambda: invite(author, proposal, "too-late@example.org"),
        lambda: accept_invitation(actor=actor_for(late), slug=SLUG, proposal=proposal),
    ):
        with pytest.raises(ProposalSettled):
            attempt()
    leave_proposal(actor=actor_for(friend), slug=SLUG, proposal=proposal)


def test_what_was_hidden_its_co_authors_still_read(region: Region, proposal: Proposal, author: Any) -> None:
    friend, stranger = make_co_author(author, proposal), make_person()
    moderator = actor_for(make_officer(region.id, Role.MODERATOR))
    case = report_content(
        actor=actor_for(stranger),
        region_id=region.id,
        kind=SubjectKind.PROPOSAL,
        subject_id=proposal.id,
        reason=ReportReason.SPAM,
    )
    decide_case(
        actor=moderator,
        slug=SLUG,
        region_id=region.id,
        case_id=case.id,
        action=DecisionAction.HIDE,
        reason=ReportReason.SPAM,
        facts="광고 문구가 되풀이됩니다.",
    )
    assert visible_proposal(actor_for(friend), region.id, proposal.id) is proposal
    with pytest.raises(UnknownProposal):
        visible_proposal(actor_for(stranger), region.id, proposal.id)


def test_a_closed_account_signs_under_its_pseudonym_and_its_invitations_go(proposal: Proposal, author: Any) -> None:
    friend, asked = make_co_author(author, proposal, "새이웃"), make_person()
    invite(author, proposal, asked.email or "")
    shown = everything_about(friend.id)
    assert len(shown["proposals_signed_with_others"]) == 1
    assert len(everything_about(asked.id)["invitations_to_sign"]) == 1
    leave(person_id=asked.id)
    assert db.session.query(CoAuthorInvitation).count() == 0
    pseudonym = leave(person_id=friend.id)
    assert names(proposal) == [pseudonym]
    invite(author, proposal, "another@example.org")
    leave(person_id=author.id)
    assert db.session.query(CoAuthorInvitation).count() == 0
    assert db.session.query(CoAuthor).count() == 1


def test_messages_name_a_closed_account_anew(proposal: Proposal, author: Any) -> None:
    friend = make_co_author(author, proposal, "새이웃")
    pseudonym = leave(person_id=friend.id)
    note = db.session.query(Notification).filter_by(person_id=author.id).one()
    assert note.params["author"] == pseudonym
