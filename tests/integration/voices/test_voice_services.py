"""Voices: signed and told, edited with every version kept, no longer upheld; and what they fulfil on the ladder."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.findable.models import Findable
from civicvote.domain.notifications.models import Notification
from civicvote.domain.proposals.errors import ProposalMerged, ProposalTakenAway
from civicvote.domain.proposals.models import Proposal, ReachedStep
from civicvote.domain.proposals.news import News
from civicvote.domain.proposals.states import LadderStep, ProposalState
from civicvote.domain.regions.models import Region
from civicvote.domain.reporting.queries_speaking import SpeakingOrder, proposals_to_speak_about
from civicvote.domain.voices.errors import VoiceEditedMeanwhile, VoiceWithdrawn, WithdrawalReasonMissing
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.domain.voices.models import Voice
from civicvote.domain.voices.queries import (
    SHOWN,
    all_voices,
    edits_of_voice,
    voice_view,
    voices_beside,
)
from civicvote.domain.voices.services import edit_voice, publish_voice, withdraw_voice
from civicvote.kernel.actor import Actor, NotPermitted
from civicvote.kernel.permissions import Role
from civicvote.kernel.visibility import Visibility
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_many_proposals, make_proposal
from tests.factories.voices import ANSWER, SPEAKERS, make_followers, make_owed, make_voice, speaker, texts_of


@pytest.fixture
def region(session: Session) -> Region:
    return make_region()


@pytest.fixture
def proposal(region: Region) -> Proposal:
    return make_proposal(make_round(region))


def _news(person_id: int) -> list[str]:
    rows = db.session.scalars(
        sa.select(Notification).where(Notification.person_id == person_id).order_by(Notification.id)
    )
    return [row.params["news"] for row in rows]


def _town_hall(proposal: Proposal) -> Actor:
    return actor_for(make_officer(proposal.region_id, Role.ADMINISTRATOR))


def _fulfilled(proposal: Proposal) -> set[LadderStep]:
    rows = db.session.scalars(
        sa.select(ReachedStep).where(ReachedStep.proposal_id == proposal.id, ReachedStep.fulfilled_at.is_not(None))
    )
    return {row.step for row in rows}


@pytest.mark.parametrize(
    ("kind", "news"),
    [
        (VoiceKind.OFFICIAL_ANSWER, News.ANSWERED),
        (VoiceKind.SUMMARY, News.SUMMARISED),
        (VoiceKind.EXPERT_OPINION, News.OPINED),
        (VoiceKind.BUDGET_INFORMATION, News.COSTED),
    ],
)
def test_each_kind_is_signed_rendered_found_recorded_and_told(
    region: Region, proposal: Proposal, kind: VoiceKind, news: News
) -> None:
    follower, actor = make_person(), speaker(region.id, kind, "김담당")
    make_followers(proposal, [follower.id, actor.person_id])
    voice = make_voice(proposal, kind, actor=actor)
    assert (voice.author_id, voice.author_role, voice.version) == (actor.person_id, SPEAKERS[kind], 1)
    assert "<strong>횡단보도</strong>" in voice.body_html
    assert _news(follower.id) == _news(proposal.author_id) == [news]
    assert _news(actor.person_id) == []
    found = db.session.get_one(Findable, (region.id, FindableKind.VOICE, voice.id))
    assert (found.title, found.host_id) == ("", proposal.id), "the proposal's title is read as it stands"
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.region_id == region.id)).one()
    assert (entry.verb, entry.actor_id, entry.subject) == ("voice:publish", actor.person_id, f"voice:{voice.id}")


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("kind", list(VoiceKind))
def test_only_the_kinds_own_role_speaks(region: Region, proposal: Proposal, role: Role, kind: VoiceKind) -> None:
    actor = actor_for(make_officer(region.id, role))
    may = SPEAKERS[kind] is role or (kind is VoiceKind.OFFICIAL_ANSWER and role is Role.ADMINISTRATOR)
    if may:
        assert make_voice(proposal, kind, actor=actor).author_role is role
        return
    with pytest.raises(NotPermitted):
        make_voice(proposal, kind, actor=actor)
    assert db.session.query(Voice).count() == 0


def test_nobody_speaks_about_what_readers_do_not_see_or_what_was_merged(region: Region, proposal: Proposal) -> None:
    reviewer = speaker(region.id)
    proposal.visibility = Visibility.HIDDEN
    db.session.flush()
    with pytest.raises(ProposalTakenAway):
        make_voice(proposal, actor=reviewer)
    proposal.visibility, proposal.state = Visibility.VISIBLE, ProposalState.MERGED
    db.session.flush()
    with pytest.raises(ProposalMerged):
        make_voice(proposal, actor=reviewer)


def test_an_official_answer_fulfils_the_departments_step_and_the_mayors_own_both(proposal: Proposal) -> None:
    for step in LadderStep:
        make_owed(proposal, step)
    make_voice(proposal, VoiceKind.SUMMARY)
    assert _fulfilled(proposal) == set()
    make_voice(proposal)
    assert _fulfilled(proposal) == {LadderStep.DEPARTMENT_ANSWERS}
    make_voice(proposal, actor=_town_hall(proposal), is_mayors=True)
    assert _fulfilled(proposal) == {LadderStep.DEPARTMENT_ANSWERS, LadderStep.MAYOR_ANSWERS}
    assert _news(proposal.author_id) == [News.SUMMARISED, News.ANSWERED, News.MAYOR_ANSWERED]


def test_only_administrators_speak_change_and_give_up_in_the_mayors_name(region: Region, proposal: Proposal) -> None:
    make_owed(proposal, LadderStep.MAYOR_ANSWERS)
    reviewer, town_hall = speaker(region.id), _town_hall(proposal)
    with pytest.raises(NotPermitted):
        make_voice(proposal, actor=reviewer, is_mayors=True)
    assert _fulfilled(proposal) == set()
    mayors = make_voice(proposal, actor=town_hall, is_mayors=True)
    assert (mayors.is_mayors, mayors.author_role) == (True, Role.ADMINISTRATOR)
    changed = texts_of(VoiceKind.OFFICIAL_ANSWER, ANSWER.replace("3월", "5월"))
    with pytest.raises(NotPermitted):
        edit_voice(actor=reviewer, proposal=proposal, voice=mayors, based_on=1, texts=changed)
    with pytest.raises(NotPermitted):
        withdraw_voice(actor=reviewer, proposal=proposal, voice=mayors, reason="예산이 달라졌습니다.")
    assert (mayors.version, mayors.withdrawn_at) == (1, None)


def test_giving_up_a_voice_of_a_hidden_proposal_tells_nobody_its_title(region: Region, proposal: Proposal) -> None:
    follower, reviewer = make_person(), speaker(region.id)
    make_followers(proposal, [follower.id])
    voice = make_voice(proposal, actor=reviewer)
    told = _news(follower.id)
    proposal.visibility = Visibility.HIDDEN
    withdraw_voice(actor=reviewer, proposal=proposal, voice=voice, reason="다시 검토합니다.")
    assert voice.withdrawn_at is not None
    assert _news(follower.id) == told


def test_nobody_speaks_by_what_they_loaded_before_it_was_hidden(region: Region, proposal: Proposal) -> None:
    reviewer = speaker(region.id)
    db.session.execute(
        sa.update(Proposal).values(visibility=Visibility.HIDDEN).execution_options(synchronize_session=False)
    )
    assert proposal.visibility is Visibility.VISIBLE, "as it was loaded"
    with pytest.raises(ProposalTakenAway):
        make_voice(proposal, actor=reviewer)


def test_only_an_official_answer_can_be_the_mayors(proposal: Proposal) -> None:
    make_owed(proposal, LadderStep.MAYOR_ANSWERS)
    assert not make_voice(proposal, VoiceKind.SUMMARY, is_mayors=True).is_mayors
    assert _fulfilled(proposal) == set()


def test_an_answer_no_longer_upheld_is_owed_again_unless_another_stands(region: Region, proposal: Proposal) -> None:
    for step in (LadderStep.DEPARTMENT_ANSWERS, LadderStep.MAYOR_ANSWERS):
        make_owed(proposal, step)
    reviewer, town_hall = speaker(region.id), _town_hall(proposal)
    departments = make_voice(proposal)
    mayors = make_voice(proposal, actor=town_hall, is_mayors=True)
    withdraw_voice(actor=town_hall, proposal=proposal, voice=mayors, reason="예산이 달라졌습니다.")
    assert _fulfilled(proposal) == {LadderStep.DEPARTMENT_ANSWERS}
    withdraw_voice(actor=reviewer, proposal=proposal, voice=departments, reason="다시 검토합니다.")
    assert _fulfilled(proposal) == set()


def test_an_edit_keeps_the_earlier_wording_and_is_quiet(region: Region, proposal: Proposal) -> None:
    author = speaker(region.id, name="박주무관")
    voice = make_voice(proposal, actor=author)
    told = _news(proposal.author_id)
    changed = texts_of(VoiceKind.OFFICIAL_ANSWER, ANSWER.replace("3월", "5월"))
    edit_voice(actor=author, proposal=proposal, voice=voice, based_on=1, texts=changed)
    assert (voice.version, voice.editor_id) == (2, None)
    (earlier,) = (edit.before for edit in edits_of_voice(voice).items)
    assert (earlier.number, earlier.body, earlier.editor_name) == (1, ANSWER, "박주무관")
    assert _news(proposal.author_id) == told
    edit_voice(actor=author, proposal=proposal, voice=voice, based_on=2, texts=changed)
    assert voice.version == 2, "the same words are no new version"


def test_another_holder_of_the_permission_edits_and_signs_too(region: Region, proposal: Proposal) -> None:
    voice = make_voice(proposal, actor=speaker(region.id, name="박주무관"))
    other = speaker(region.id, name="최팀장")
    changed = texts_of(VoiceKind.OFFICIAL_ANSWER, ANSWER + " 공사는 4월에 시작합니다.")
    edit_voice(actor=other, proposal=proposal, voice=voice, based_on=1, texts=changed)
    view = voice_view(region.id, voice.id)
    assert (view.author_name, view.editor_name) == ("박주무관", "최팀장")
    with pytest.raises(NotPermitted):
        edit_voice(
            actor=speaker(region.id, VoiceKind.EXPERT_OPINION),
            proposal=proposal,
            voice=voice,
            based_on=2,
            texts=changed,
        )


def test_no_other_expert_rewrites_or_gives_up_an_opinion(region: Region, proposal: Proposal) -> None:
    author, rival = (speaker(region.id, VoiceKind.EXPERT_OPINION, name) for name in ("이박사", "최박사"))
    voice = make_voice(proposal, VoiceKind.EXPERT_OPINION, actor=author)
    changed = texts_of(VoiceKind.EXPERT_OPINION, ANSWER.replace("3월", "5월"))
    with pytest.raises(NotPermitted):
        edit_voice(actor=rival, proposal=proposal, voice=voice, based_on=1, texts=changed)
    with pytest.raises(NotPermitted):
        withdraw_voice(actor=rival, proposal=proposal, voice=voice, reason="다른 의견입니다.")
    assert (voice.version, voice.withdrawn_at) == (1, None)
    edit_voice(actor=author, proposal=proposal, voice=voice, based_on=1, texts=changed)
    assert voice.version == 2


def test_an_edit_from_an_old_version_is_refused(region: Region, proposal: Proposal) -> None:
    author = speaker(region.id)
    voice = make_voice(proposal, actor=author)
    changed = texts_of(VoiceKind.OFFICIAL_ANSWER, ANSWER + " 끝.")
    edit_voice(actor=author, proposal=proposal, voice=voice, based_on=1, texts=changed)
    with pytest.raises(VoiceEditedMeanwhile):
        edit_voice(
            actor=author, proposal=proposal, voice=voice, based_on=1, texts=texts_of(voice.kind, ANSWER + " 또.")
        )
    assert voice.version == 2


def test_what_is_no_longer_upheld_stays_readable_with_its_reason_but_is_not_found(
    region: Region, proposal: Proposal
) -> None:
    author = speaker(region.id)
    voice = make_voice(proposal, actor=author)
    with pytest.raises(WithdrawalReasonMissing):
        withdraw_voice(actor=author, proposal=proposal, voice=voice, reason=" ")
    withdraw_voice(actor=author, proposal=proposal, voice=voice, reason="경찰서가 반대했습니다.")
    (view,) = voices_beside(region.id, proposal.id).answers
    assert (view.is_upheld, view.voice.withdrawal_reason) == (False, "경찰서가 반대했습니다.")
    assert db.session.get(Findable, (region.id, FindableKind.VOICE, voice.id)) is None
    assert _news(proposal.author_id) == [News.ANSWERED, News.VOICE_WITHDRAWN]
    for act in (
        lambda: withdraw_voice(actor=author, proposal=proposal, voice=voice, reason="다시"),
        lambda: edit_voice(
            actor=author, proposal=proposal, voice=voice, based_on=1, texts=texts_of(voice.kind, ANSWER + " 또.")
        ),
    ):
        with pytest.raises(VoiceWithdrawn):
            act()


def test_the_page_pins_answers_then_the_newest_summary_and_shows_some_of_each(
    region: Region, proposal: Proposal, count_queries: Any
) -> None:
    first = make_voice(proposal)
    withdraw_voice(actor=speaker(region.id), proposal=proposal, voice=first, reason="틀렸습니다.")
    second = make_voice(proposal)
    make_voice(proposal, VoiceKind.SUMMARY, body="처음 요약한 글입니다.")
    summary = make_voice(proposal, VoiceKind.SUMMARY)
    for kind in (VoiceKind.EXPERT_OPINION, VoiceKind.BUDGET_INFORMATION):
        for _ in range(SHOWN + 2):
            make_voice(proposal, kind)
    with count_queries() as queries:
        found = voices_beside(region.id, proposal.id)
    assert len(queries) == 1
    assert [view.voice.id for view in found.pinned] == [second.id, first.id, summary.id]
    assert [len(each) for each in (found.opinions, found.budgets)] == [SHOWN, SHOWN]
    assert found.has_more
    assert len(all_voices(region.id, proposal.id).items) == 2 + 2 + 2 * (SHOWN + 2)


@pytest.mark.parametrize("number", [60, 2000])
def test_all_voices_are_one_statement_a_page_and_complete(
    region: Region, proposal: Proposal, count_queries: Any, number: int
) -> None:
    voice = make_voice(proposal)
    row = {column.name: getattr(voice, column.name) for column in Voice.__table__.columns}
    more = [row | {"id": voice.id + place} for place in range(1, number)]
    db.session.execute(sa.insert(Voice), more)
    seen, cursor = [], None
    while True:
        with count_queries() as queries:
            page = all_voices(region.id, proposal.id, cursor=cursor)
        assert len(queries) == 1
        seen += [view.voice.id for view in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == sorted((voice.id + place for place in range(number)), reverse=True)
    with count_queries() as queries:
        voices_beside(region.id, proposal.id)
    assert len(queries) == 1


@pytest.mark.parametrize("number", [60, 2000])
@pytest.mark.parametrize("order", list(SpeakingOrder))
def test_the_desk_lists_proposals_in_two_statements(
    region: Region, count_queries: Any, number: int, order: SpeakingOrder
) -> None:
    make_many_proposals(make_round(region), make_person(), number)
    expert = speaker(region.id, VoiceKind.EXPERT_OPINION)
    with count_queries() as queries:
        page = proposals_to_speak_about(expert, region.id, order=order)
    assert len(queries) == 2
    assert bool(page.items) is (order is SpeakingOrder.NEWEST)
    with pytest.raises(NotPermitted):
        proposals_to_speak_about(actor_for(make_officer(region.id, Role.CLERK)), region.id, order=order)


def test_the_desk_says_what_was_said_and_whether_by_oneself(region: Region, proposal: Proposal) -> None:
    expert = speaker(region.id, VoiceKind.EXPERT_OPINION)
    make_voice(proposal, VoiceKind.EXPERT_OPINION, actor=expert)
    make_voice(proposal, VoiceKind.EXPERT_OPINION)
    make_voice(proposal)
    (row,) = proposals_to_speak_about(expert, region.id, order=SpeakingOrder.NEWEST).items
    assert row.kinds == {VoiceKind.OFFICIAL_ANSWER: 1, VoiceKind.EXPERT_OPINION: 2}
    assert row.own_count == 1


def test_a_name_that_was_given_up_stands_as_the_pseudonym(region: Region, proposal: Proposal) -> None:
    expert = speaker(region.id, VoiceKind.EXPERT_OPINION, "이박사")
    voice = make_voice(proposal, VoiceKind.EXPERT_OPINION, actor=expert)
    db.session.get_one(Person, expert.person_id).display_name = "떠난 사람 7"
    db.session.flush()
    assert voice_view(region.id, voice.id).author_name == "떠난 사람 7"


def test_the_same_body_may_be_published_in_another_region_only_by_its_own_officers(proposal: Proposal) -> None:
    stranger = speaker(make_region().id)
    with pytest.raises(NotPermitted):
        publish_voice(
            actor=stranger, proposal=proposal, kind=VoiceKind.OFFICIAL_ANSWER, texts=texts_of(VoiceKind.OFFICIAL_ANSWER)
        )
