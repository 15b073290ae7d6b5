"""What stands in the index, and what must not: hidden, withdrawn, merged, of drafts, of another region."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.findable.matching import Holds, Scope
from civicvote.domain.findable.models import Findable
from civicvote.domain.findable.queries import newest_matching
from civicvote.domain.findable.services import findable_row, forget, make_findable, write_findables
from civicvote.domain.moderation.kinds import DecisionAction, ReportReason, SubjectKind
from civicvote.domain.moderation.services import decide_case, report_content
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.services import edit_proposal, set_proposal_visibility, withdraw_proposal
from civicvote.domain.proposals.services_finding import refresh_proposal_in_index
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.states import RoundState
from civicvote.domain.search.queries import find, proposals_matching
from civicvote.domain.search.services import reindex
from civicvote.domain.threads.services import edit_comment, post_comment, set_comment_visibility, withdraw_comment
from civicvote.kernel import clock, ids
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from civicvote.kernel.visibility import Visibility
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.polls import freeze, make_agenda_draft
from tests.factories.talk import BODY, SUMMARY, make_proposal, thread_of

Found = set[tuple[FindableKind, int]]


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def proposal(region: Region) -> Proposal:
    return make_proposal(make_round(region), title="느티나무 그늘 쉼터")


def found(region: Region, text: str) -> Found:
    ranked = find(text, Scope(region.id)).ranked
    return {(one.entry.kind, one.entry.subject_id) for one in ranked}


def _comment(proposal: Proposal, body: str) -> Any:
    author = make_person()
    return author, post_comment(actor=actor_for(author), thread=thread_of(proposal), body=body)


def test_a_proposal_is_found_by_title_text_and_place_as_soon_as_it_is_submitted(
    region: Region, proposal: Proposal
) -> None:
    expected = {(FindableKind.PROPOSAL, proposal.id)}
    for text in ("느티나무", "쉼터를", "방지턱", "중앙로", "과속 방지턱"):
        assert found(region, text) == expected, text
    assert found(region, "수영장") == set()
    assert found(make_region(), "느티나무") == set()


def test_an_edit_is_found_by_the_new_words_only(region: Region, proposal: Proposal) -> None:
    author = actor_for(db.session.get_one(type(make_person()), proposal.author_id))
    edit_proposal(
        actor=author,
        proposal=proposal,
        based_on=1,
        title="은행나무 길",
        summary=SUMMARY,
        body=BODY,
        field_key="safety",
    )
    assert found(region, "은행나무") == {(FindableKind.PROPOSAL, proposal.id)}
    assert found(region, "쉼터") == set()


@pytest.mark.parametrize("visibility", [Visibility.HIDDEN, Visibility.WITHDRAWN])
def test_what_is_taken_away_is_not_found_nor_what_was_said_below_it(
    region: Region, proposal: Proposal, visibility: Visibility
) -> None:
    _author, comment = _comment(proposal, "우물가 이야기를 보탭니다.")
    assert found(region, "우물가") == {(FindableKind.COMMENT, comment.id)}
    make_findable(
        region_id=region.id,
        kind=FindableKind.VOICE,
        subject_id=77,
        title="",
        text="우물가 답변",
        occurred_at=clock.now(),
        host_id=proposal.id,
    )
    assert len(found(region, "우물가")) == 2

    set_proposal_visibility(region_id=region.id, proposal_id=proposal.id, visibility=visibility)
    assert found(region, "우물가") == set()
    assert found(region, "느티나무") == set()
    assert not find("우물가", Scope(region.id)).kinds, "nor counted"
    assert proposals_matching(region.id, proposal.round_id, "느티나무") == []

    set_proposal_visibility(region_id=region.id, proposal_id=proposal.id, visibility=Visibility.VISIBLE)
    assert len(found(region, "우물가")) == 2
    assert found(region, "느티나무") == {(FindableKind.PROPOSAL, proposal.id)}


def test_a_withdrawn_proposal_is_not_found(region: Region, proposal: Proposal) -> None:
    author = actor_for(db.session.get_one(type(make_person()), proposal.author_id))
    withdraw_proposal(actor=author, proposal=proposal)
    assert found(region, "느티나무") == set()


def test_a_merged_proposal_is_not_found_but_its_discussion_which_can_still_be_read(
    region: Region, proposal: Proposal
) -> None:
    _author, comment = _comment(proposal, "우물가 이야기를 보탭니다.")
    proposal.state = ProposalState.MERGED
    refresh_proposal_in_index(proposal=proposal)
    assert found(region, "느티나무") == set()
    assert proposals_matching(region.id, None, "느티나무") == []
    assert found(region, "우물가") == {(FindableKind.COMMENT, comment.id)}


def test_a_comment_is_found_by_what_it_says_now_and_no_longer_once_it_is_gone(
    region: Region, proposal: Proposal
) -> None:
    author, comment = _comment(proposal, "**우물가** 이야기를 보탭니다.")
    edit_comment(actor=actor_for(author), comment=comment, body="빨래터 이야기로 고칩니다.")
    assert found(region, "우물가") == set()
    assert found(region, "빨래터") == {(FindableKind.COMMENT, comment.id)}
    set_comment_visibility(region_id=region.id, comment_id=comment.id, visibility=Visibility.HIDDEN)
    assert found(region, "빨래터") == set()
    set_comment_visibility(region_id=region.id, comment_id=comment.id, visibility=Visibility.VISIBLE)
    withdraw_comment(actor=actor_for(author), comment=comment)
    assert found(region, "빨래터") == set()


def test_a_decision_is_found_by_its_facts_and_leads_nobody_to_what_it_hid(region: Region, proposal: Proposal) -> None:
    _author, comment = _comment(proposal, "우물가 아무개는 거짓말쟁이입니다.")
    case = report_content(
        actor=actor_for(make_person()),
        region_id=region.id,
        kind=SubjectKind.COMMENT,
        subject_id=comment.id,
        reason=ReportReason.ABUSE,
    )
    decision = decide_case(
        actor=actor_for(make_officer(region.id, Role.MODERATOR)),
        slug=region.slug,
        region_id=region.id,
        case_id=case.id,
        action=DecisionAction.HIDE,
        reason=ReportReason.ABUSE,
        facts="이웃을 모욕하는 낱말이 있습니다.",
    )
    assert found(region, "모욕하는 낱말") == {(FindableKind.DECISION, decision.id)}
    assert found(region, "거짓말쟁이") == set()
    stored = db.session.scalars(sa.select(Findable.text).where(Findable.region_id == region.id)).all()
    assert not any("거짓말쟁이" in text for text in stored)


def test_a_poll_is_found_from_freezing_on_with_what_can_be_chosen(region: Region, tmp_path: Path) -> None:
    poll = make_agenda_draft(region, round=make_round(region, Phase.AGENDA_VOTE))
    label = poll.options[0].label
    assert found(region, label) == set()
    freeze(poll, region, tmp_path / "keys")
    assert (FindableKind.POLL, poll.id) in found(region, label)


def test_making_the_index_anew_gives_the_same_and_takes_out_what_should_not_be_there(
    region: Region, proposal: Proposal, tmp_path: Path
) -> None:
    _comment(proposal, "우물가 이야기를 보탭니다.")
    hidden = make_proposal(make_round(region), title="우물가 숨긴 제안")
    set_proposal_visibility(region_id=region.id, proposal_id=hidden.id, visibility=Visibility.HIDDEN)
    drafted_round = make_round(region)
    drafted = make_proposal(drafted_round, title="우물가 준비 중인 회차")
    freeze(make_agenda_draft(region, round=make_round(region, Phase.AGENDA_VOTE)), region, tmp_path / "keys")
    drafted_round.state = RoundState.DRAFT
    forget(region_id=region.id, kind=FindableKind.PROPOSAL, subject_id=drafted.id)
    before = _stored(region)
    for kind, subject_id in ((FindableKind.PROPOSAL, hidden.id), (FindableKind.COMMENT, 5), (FindableKind.VOICE, 6)):
        make_findable(
            region_id=region.id,
            kind=kind,
            subject_id=subject_id,
            title="",
            text="우물가 쓰레기",
            occurred_at=clock.now(),
        )
    db.session.execute(sa.delete(Findable).where(Findable.subject_id == proposal.id))
    for _again in range(2):
        reindex()
        assert _stored(region) == before
        assert {kind for kind, _ in found(region, "우물가")} == {FindableKind.COMMENT}


def _stored(region: Region) -> list[Any]:
    columns = sa.select(*(column for column in Findable.__table__.columns if column.name != "occurred_at"))
    return list(
        db.session.execute(
            columns.where(Findable.region_id == region.id).order_by(Findable.kind, Findable.subject_id)
        ).all()
    )


def test_an_entry_replaced_or_forgotten_leaves_nothing_in_the_index(region: Region) -> None:
    for text in ("첫째 낱말", "둘째 낱말"):
        make_findable(
            region_id=region.id,
            kind=FindableKind.PROJECT,
            subject_id=9,
            title=text,
            text=text,
            occurred_at=clock.now(),
        )
    assert newest_matching(Holds("첫째"), Scope(region.id), limit=5) == []
    assert newest_matching(Holds("둘째", in_title=True), Scope(region.id), limit=5) == [(9, FindableKind.PROJECT)]
    forget(region_id=region.id, kind=FindableKind.PROJECT, subject_id=9)
    assert newest_matching(Holds("둘째"), Scope(region.id), limit=5) == []


@pytest.mark.parametrize(
    "text", ['"', "AND", "공원 OR", "NEAR(", "공원*", "title:공원", "' | '", "\\", ":*", "!공원", "ㅋㅋㅋ", "·", "😀"]
)
def test_no_sign_is_an_operator(region: Region, proposal: Proposal, text: str) -> None:
    assert (FindableKind.PROPOSAL, proposal.id) not in found(region, text)
    find(f"{text} 느티나무 {text}", Scope(region.id))


def test_posting_a_comment_costs_one_statement_more(region: Region, proposal: Proposal, count_queries: Any) -> None:
    with count_queries() as queries:
        _comment(proposal, "우물가 이야기를 보탭니다.")
    assert sum("findable" in query for query in queries) == 1


def test_the_matching_proposals_of_a_round_come_best_first(region: Region, proposal: Proposal) -> None:
    round_ = make_round(region)
    by_text = make_proposal(round_, title="쉼터를 고칩니다", body=f"느티나무 아래에서 쉽니다. {BODY}")
    by_title = make_proposal(round_, title="느티나무 살리기")
    make_proposal(round_, title="나무 심기")
    assert list(proposals_matching(region.id, round_.id, "느티나무를")) == [by_title.id, by_text.id]
    assert set(proposals_matching(region.id, None, "느티나무")) == {proposal.id, by_text.id, by_title.id}


def test_behind_thousands_of_newer_texts_a_rare_word_is_found_and_a_common_one_gives_the_newest(region: Region) -> None:
    """More than two of the slices in which PostgreSQL's index is asked."""
    old, count = ids.new_id(), 3 * 4_096
    newer = [
        {
            **findable_row(
                region_id=region.id,
                kind=FindableKind.PROPOSAL,
                subject_id=ids.new_id(),
                title="",
                text="",
                occurred_at=clock.now(),
            ),
            "tokens": "느티 중간" if number % 100 == 0 else "느티",
        }
        for number in range(count)
    ]
    make_findable(
        region_id=region.id,
        kind=FindableKind.PROPOSAL,
        subject_id=old,
        title="우물",
        text="느티 중간",
        occurred_at=clock.now(),
    )
    write_findables(rows=newer)
    newest_first = [row["subject_id"] for row in reversed(newer)]

    def found(word: str, limit: int) -> list[int]:
        return [subject for subject, _kind in newest_matching(Holds(word), Scope(region.id), limit=limit)]

    assert found("우물", 5) == [old]
    assert found("느티", 700) == newest_first[:700]
    some = [row["subject_id"] for row in reversed(newer) if "중간" in row["tokens"]]
    assert found("중간", 90) == some[:90], "as many as stand in some of the slices"
    assert found("중간", 500) == [*some, old], "all of them, from all slices"
