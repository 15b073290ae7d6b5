"""Merging: who may, what holds then, and that an undo leaves no trace but what people did themselves."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.accounts.services_closing import close_account
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.notifications.models import Notification, OutboxMessage
from civicvote.domain.polls.errors import OptionGone
from civicvote.domain.polls.services import add_option, create_poll, freeze_poll
from civicvote.domain.proposals.errors import (
    MergeAcrossRounds,
    MergeAnswered,
    MergeAsked,
    MergeNotYours,
    MergeOnBallot,
    MergeReasonTooShort,
    MergeRefusedBefore,
    MergeSettled,
    MergeUndoOver,
    MergeWithItself,
    NotMerging,
    ProposalMerged,
    ProposalTakenAway,
    UnknownMerge,
    UnknownProposal,
)
from civicvote.domain.proposals.models import CoAuthor, Proposal
from civicvote.domain.proposals.queries import proposal_view
from civicvote.domain.proposals.services import (
    comment_on_proposal,
    endorse,
    set_proposal_state,
    set_proposal_visibility,
    withdraw_endorsement,
    withdraw_proposal,
)
from civicvote.domain.proposals.services_merging import consent_to_merge, propose_merge, refuse_merge, undo_merge
from civicvote.domain.proposals.states import CoAuthorState, MergeState, ProposalState
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.errors import PhaseClosed
from civicvote.domain.rounds.models import Round
from civicvote.kernel import clock
from civicvote.kernel.permissions import Role
from civicvote.kernel.personal_data import PersonalNumber
from civicvote.kernel.phases import Phase
from civicvote.kernel.visibility import Visibility
from tests.factories.merges import REASON, author_of, endorsers, is_counted_right, merge, suggest
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.polls import administrator, agenda_plan
from tests.factories.talk import make_proposal, thread_of
from tests.factories.time_travel import at


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def round_(region: Region) -> Round:
    return make_round(region)


@pytest.fixture
def early(round_: Round) -> Proposal:
    return make_proposal(round_, title="도서관 앞 횡단보도 설치")


@pytest.fixture
def late(round_: Round, early: Proposal) -> Proposal:
    return make_proposal(round_, title="도서관 길에 횡단보도를")


def _agree(person: Person, made: Any, **reason: str) -> Any:
    return consent_to_merge(actor=actor_for(person), region_id=made.region_id, merge_id=made.id, **reason)


def _refuse(person: Person, made: Any) -> Any:
    return refuse_merge(actor=actor_for(person), region_id=made.region_id, merge_id=made.id)


def _undo(person: Person, made: Any, reason: str = "서로 다른 횡단보도였습니다.") -> Any:
    return undo_merge(actor=actor_for(person), region_id=made.region_id, merge_id=made.id, reason=reason)


def _endorse(person: Person, proposal: Proposal) -> bool:
    return endorse(actor=actor_for(person), proposal=proposal)


def _news_of(person_id: int) -> list[str]:
    found = db.session.scalars(sa.select(Notification).where(Notification.person_id == person_id))
    return [message.params["news"] for message in sorted(found, key=lambda each: each.id)]


def test_the_earlier_one_leads_whoever_suggests_it_and_holds_once_both_consented(
    early: Proposal, late: Proposal
) -> None:
    made = suggest(author_of(late), late, early)
    assert (made.leading_id, made.merged_id, made.state) == (early.id, late.id, MergeState.PROPOSED)
    assert (made.leading_consent_at, late.state) == (None, ProposalState.SUBMITTED)
    _agree(author_of(early), made)
    assert made.state is MergeState.MERGED
    assert (late.state, late.merged_into_id) == (ProposalState.MERGED, early.id)
    assert (early.state, early.merged_into_id) == (ProposalState.SUBMITTED, None)
    assert made.undo_until == made.merged_at + timedelta(days=14)


def test_supporters_are_united_and_nobody_counts_twice(early: Proposal, late: Proposal) -> None:
    both, only_early, only_late = make_person(), make_person(), make_person()
    for person, proposal in ((both, early), (both, late), (only_early, early), (only_late, late)):
        _endorse(person, proposal)
    merge(early, late)
    assert endorsers(early) == {both.id, only_early.id, only_late.id}
    assert endorsers(late) == {both.id, only_late.id}
    assert is_counted_right(early)
    assert is_counted_right(late)
    assert _endorse(only_late, early) is False
    assert is_counted_right(early)


def test_what_is_merged_is_supported_and_discussed_where_it_leads_to(early: Proposal, late: Proposal) -> None:
    merge(early, late)
    person = make_person()
    with pytest.raises(ProposalMerged):
        _endorse(person, late)
    with pytest.raises(ProposalMerged):
        withdraw_endorsement(actor=actor_for(person), proposal=late)
    with pytest.raises(ProposalMerged):
        comment_on_proposal(
            actor=actor_for(person), slug="s", proposal=late, thread=thread_of(late), body="여기는 닫혔습니까"
        )
    with pytest.raises(ProposalMerged):
        withdraw_proposal(actor=actor_for(author_of(late)), proposal=late)


def test_an_undo_gives_everybody_back_but_keeps_what_people_did_themselves(early: Proposal, late: Proposal) -> None:
    both, only_early, only_late, new, leaver, doubter, waverer = (make_person() for _ in range(7))
    for person, proposals in (
        (both, (early, late)),
        (only_early, (early,)),
        (only_late, (late,)),
        (leaver, (late,)),
        (doubter, (early, late)),
        (waverer, (late,)),
    ):
        for proposal in proposals:
            _endorse(person, proposal)
    made = merge(early, late)
    _endorse(new, early)
    for person in (leaver, doubter, waverer):
        assert withdraw_endorsement(actor=actor_for(person), proposal=early)
    _endorse(waverer, early)
    _undo(author_of(late), made)
    assert endorsers(early) == {both.id, only_early.id, new.id, waverer.id}, (
        "given meanwhile stays with the leading one"
    )
    assert endorsers(late) == {both.id, only_late.id}, "what was taken back while they were one is taken back from both"
    assert is_counted_right(early)
    assert is_counted_right(late)
    assert (late.state, late.merged_into_id, made.state) == (ProposalState.SUBMITTED, None, MergeState.UNDONE)


def test_whoever_supports_two_merged_ones_stays_until_both_are_undone(
    round_: Round, early: Proposal, late: Proposal
) -> None:
    third = make_proposal(round_, title="도서관 사거리 보행 신호")
    fan = make_person()
    _endorse(fan, late)
    _endorse(fan, third)
    first, second = merge(early, late), merge(early, third)
    _undo(author_of(late), first)
    assert endorsers(early) == {fan.id}
    _undo(author_of(third), second)
    assert endorsers(early) == set()
    assert endorsers(late) == endorsers(third) == {fan.id}
    assert is_counted_right(early)


def test_a_leading_one_can_be_merged_into_an_earlier_one_and_the_outer_merge_is_undone_first(
    round_: Round, early: Proposal, late: Proposal
) -> None:
    third = make_proposal(round_, title="도서관 사거리 보행 신호")
    fan = make_person()
    _endorse(fan, third)
    inner = merge(late, third)
    outer = merge(early, late)
    assert endorsers(early) == endorsers(late) == {fan.id}
    with pytest.raises(ProposalMerged):
        _undo(author_of(third), inner)
    withdraw_endorsement(actor=actor_for(fan), proposal=early)
    assert endorsers(early) | endorsers(late) | endorsers(third) == set()
    _undo(author_of(early), outer)
    _undo(author_of(third), inner)
    assert all(is_counted_right(each) for each in (early, late, third))
    assert {each.state for each in (early, late, third)} == {ProposalState.SUBMITTED}


def test_only_those_behind_the_two_and_moderators_may_suggest(region: Region, early: Proposal, late: Proposal) -> None:
    with pytest.raises(MergeNotYours):
        suggest(make_person(), early, late)
    with pytest.raises(MergeNotYours):
        suggest(make_officer(make_region().id, Role.MODERATOR), early, late)
    for role in (Role.MODERATOR, Role.REVIEWER):
        made = suggest(make_officer(region.id, role), early, late)
        assert (made.proposed_as, made.leading_consent_at, made.merged_consent_at) == (role.value, None, None)
        assert _news_of(early.author_id)[-1] == _news_of(late.author_id)[-1] == "asked"
        _refuse(author_of(early), made)


def test_a_moderators_suggestion_needs_both_and_stands_in_the_audit(
    region: Region, early: Proposal, late: Proposal
) -> None:
    moderator = make_officer(region.id, Role.MODERATOR)
    made = suggest(moderator, early, late)
    with pytest.raises(MergeNotYours):
        _agree(moderator, made)
    _agree(author_of(late), made)
    assert made.state is MergeState.PROPOSED
    with pytest.raises(MergeNotYours):
        _agree(author_of(late), made)
    _agree(author_of(early), made)
    assert made.state is MergeState.MERGED
    _undo(moderator, made)
    verbs = db.session.scalars(sa.select(AuditEntry.verb).where(AuditEntry.region_id == region.id)).all()
    assert sorted(verbs) == [AuditVerb.MERGE_SUGGEST, AuditVerb.MERGE_UNDO]
    assert made.ended_as == Role.MODERATOR.value


def test_acts_of_authors_are_no_audit_entries(region: Region, early: Proposal, late: Proposal) -> None:
    _undo(author_of(early), merge(early, late))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 0


def test_a_co_author_may_suggest_but_does_not_consent_for_the_author(early: Proposal, late: Proposal) -> None:
    helper = make_person()
    _sign(helper, late)
    made = suggest(helper, late, early)
    assert (made.leading_consent_at, made.merged_consent_at) == (None, None)
    with pytest.raises(MergeNotYours):
        _agree(helper, made)
    assert _refuse(helper, made).state is MergeState.TAKEN_BACK


def _sign(person: Person, proposal: Proposal) -> None:
    db.session.add(
        CoAuthor(
            region_id=proposal.region_id,
            proposal_id=proposal.id,
            person_id=person.id,
            state=CoAuthorState.ACCEPTED,
            invited_at=clock.now(),
            answered_at=clock.now(),
        )
    )
    db.session.flush()


def test_for_a_closed_account_a_co_author_or_a_moderator_with_a_reason_consents(
    region: Region, round_: Round, early: Proposal, late: Proposal
) -> None:
    close_account(person_id=late.author_id)
    made = suggest(author_of(early), early, late)
    with pytest.raises(MergeNotYours):
        _agree(make_person(), made)
    moderator = make_officer(region.id, Role.MODERATOR)
    with pytest.raises(MergeReasonTooShort):
        _agree(moderator, made)
    _agree(moderator, made, reason="제안자 계정이 닫혀 내용이 같음을 확인했습니다.")
    assert made.state is MergeState.MERGED
    assert made.consent_reason.startswith("제안자 계정이 닫혀")
    assert db.session.scalars(sa.select(AuditEntry.verb)).all() == [AuditVerb.MERGE_CONSENT]
    third = make_proposal(round_, title="도서관 사거리 보행 신호")
    helper = make_person()
    _sign(helper, third)
    close_account(person_id=third.author_id)
    assert _agree(helper, suggest(author_of(early), early, third)).state is MergeState.MERGED


def test_whoever_wrote_both_merges_them_at_once(round_: Round, early: Proposal) -> None:
    second = make_proposal(round_, author_of(early), title="도서관 앞 횡단보도 다시")
    assert suggest(author_of(early), second, early).state is MergeState.MERGED


def test_refused_is_refused_until_the_other_side_or_a_moderator_brings_it_up(
    region: Region, early: Proposal, late: Proposal
) -> None:
    made = suggest(author_of(late), late, early)
    with pytest.raises(MergeAsked):
        suggest(author_of(early), late, early)
    assert _refuse(author_of(early), made).state is MergeState.REFUSED
    with pytest.raises(MergeAnswered):
        _agree(author_of(early), made)
    with pytest.raises(MergeRefusedBefore):
        suggest(author_of(late), late, early)
    assert suggest(author_of(early), early, late).state is MergeState.PROPOSED


def test_what_cant_be_merged_is_refused(region: Region, round_: Round, early: Proposal, late: Proposal) -> None:
    author = author_of(early)
    with pytest.raises(MergeWithItself):
        suggest(author, early, early)
    with pytest.raises(UnknownProposal):
        propose_merge(actor=actor_for(author), region_id=region.id, proposal_id=early.id, other_id=1, reason=REASON)
    with pytest.raises(MergeReasonTooShort):
        suggest(author, early, late, reason="같음")
    with pytest.raises(PersonalNumber):
        suggest(author, early, late, reason="제 번호는 850101-1234567 입니다.")
    elsewhere = make_proposal(make_round(region))
    with pytest.raises(MergeAcrossRounds):
        suggest(author, early, elsewhere)
    set_proposal_visibility(region_id=region.id, proposal_id=late.id, visibility=Visibility.HIDDEN)
    with pytest.raises(ProposalTakenAway):
        suggest(author, early, late)
    set_proposal_visibility(region_id=region.id, proposal_id=late.id, visibility=Visibility.VISIBLE)
    set_proposal_state(region_id=region.id, proposal_ids=[late.id], state=ProposalState.ON_BALLOT)
    with pytest.raises(MergeSettled):
        suggest(author, early, late)
    with pytest.raises(UnknownMerge):
        refuse_merge(actor=actor_for(author), region_id=region.id, merge_id=5)


def test_merging_is_over_with_the_deliberation(region: Region, round_: Round, early: Proposal, late: Proposal) -> None:
    made = suggest(author_of(late), late, early)
    end = next(each.ends_at for each in round_.phases if each.phase is Phase.DELIBERATION)
    with at(end), pytest.raises(PhaseClosed):
        _agree(author_of(early), made)


def test_of_two_answers_only_one_merge_holds_for_a_proposal(round_: Round, early: Proposal, late: Proposal) -> None:
    third = make_proposal(round_, title="도서관 사거리 보행 신호")
    first, second = suggest(author_of(third), third, early), suggest(author_of(third), third, late)
    _agree(author_of(early), first)
    with pytest.raises(ProposalMerged):
        _agree(author_of(late), second)


def test_it_can_be_undone_for_14_days_and_not_once_residents_vote(
    region: Region, early: Proposal, late: Proposal
) -> None:
    made = merge(early, late)
    with at(made.undo_until - timedelta(seconds=1)):
        with pytest.raises(MergeNotYours):
            _undo(make_person(), made)
        with pytest.raises(MergeReasonTooShort):
            _undo(author_of(early), made, reason="")
        set_proposal_state(region_id=region.id, proposal_ids=[early.id], state=ProposalState.ON_BALLOT)
        with pytest.raises(MergeOnBallot):
            _undo(author_of(early), made)
        set_proposal_state(region_id=region.id, proposal_ids=[early.id], state=ProposalState.SUBMITTED)
    with at(made.undo_until), pytest.raises(MergeUndoOver):
        _undo(author_of(early), made)
    with at(made.undo_until - timedelta(seconds=1)):
        _undo(author_of(early), made)
        with pytest.raises(NotMerging):
            _undo(author_of(early), made)


def test_no_time_runs_out_while_the_leading_one_is_hidden(region: Region, early: Proposal, late: Proposal) -> None:
    made = merge(early, late)
    set_proposal_visibility(region_id=region.id, proposal_id=early.id, visibility=Visibility.HIDDEN)
    with at(made.undo_until + timedelta(days=30)):
        _undo(author_of(late), made)
    assert proposal_view(None, region.id, late.id).is_readable


def test_withdrawing_the_leading_one_sets_free_what_was_merged_into_it(
    round_: Round, early: Proposal, late: Proposal
) -> None:
    fan, later_fan = make_person(), make_person()
    _endorse(fan, late)
    made = merge(early, late)
    _endorse(later_fan, early)
    withdraw_proposal(actor=actor_for(author_of(early)), proposal=early)
    assert (early.visibility, late.state, made.state) == (
        Visibility.WITHDRAWN,
        ProposalState.SUBMITTED,
        MergeState.UNDONE,
    )
    assert (endorsers(early), endorsers(late)) == ({later_fan.id}, {fan.id})
    assert _news_of(late.author_id)[-1] == "released"


def test_the_authors_are_told_on_the_site_and_by_mail(early: Proposal, late: Proposal) -> None:
    _undo(author_of(late), merge(early, late))
    assert _news_of(early.author_id) == ["merged", "undone"]
    assert _news_of(late.author_id) == ["asked", "merged"]
    mails = db.session.scalars(sa.select(OutboxMessage)).all()
    assert sorted(mail.params["news"] for mail in mails) == ["asked", "merged", "merged", "undone"]


def test_what_was_merged_since_it_was_put_on_a_draft_is_never_voted_on(
    region: Region, round_: Round, early: Proposal, late: Proposal, tmp_path: Path
) -> None:
    third = make_proposal(round_, title="도서관 사거리 보행 신호")
    vote = next(each for each in round_.phases if each.phase is Phase.AGENDA_VOTE)
    officer = administrator(region)
    plan = agenda_plan(opens_at=vote.starts_at, closes_at=vote.ends_at)
    poll = create_poll(actor=officer, round=round_, plan=plan)
    for proposal in (early, late, third):
        add_option(poll=poll, key=str(proposal.id), label=proposal.title, subject_id=proposal.id)
    made = merge(early, late)
    with pytest.raises(OptionGone):
        freeze_poll(actor=officer, poll=poll, key_folder=tmp_path)
    _undo(author_of(early), made)
    assert freeze_poll(actor=officer, poll=poll, key_folder=tmp_path).frozen_at is not None


def test_undoing_while_the_leading_one_is_hidden_sends_its_title_to_nobody_else(
    round_: Round, early: Proposal, late: Proposal
) -> None:
    made = merge(early, late)
    before = len(_news_of(late.author_id))
    early.visibility = Visibility.HIDDEN
    undo_merge(
        actor=actor_for(make_officer(round_.region_id, Role.MODERATOR)),
        region_id=made.region_id,
        merge_id=made.id,
        reason="다른 곳의 이야기였습니다.",
    )
    assert made.state is MergeState.UNDONE
    assert len(_news_of(late.author_id)) == before
    assert "undone" in _news_of(early.author_id), "whoever wrote it knows the title"
