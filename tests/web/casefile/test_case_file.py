"""The case file: every step of a proposal, from its submission to the last payment, for everybody."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.agenda.services import adopt_items
from civicvote.domain.allocations.models import Account, Transfer
from civicvote.domain.allocations.services import return_money, reverse_transfer
from civicvote.domain.allocations.states import AccountKind, TransferKind
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.casefile.queries import case_file
from civicvote.domain.casefile.steps import CaseEvent
from civicvote.domain.moderation.kinds import DecisionAction, ReportReason, SubjectKind
from civicvote.domain.moderation.services import decide_case, report_content
from civicvote.domain.polls.services import add_option, create_poll
from civicvote.domain.proposals.models import CoAuthor, Proposal, ProposalVersion, ReachedStep
from civicvote.domain.proposals.queries import proposal_view
from civicvote.domain.proposals.services import withdraw_proposal
from civicvote.domain.proposals.services_authors import accept_invitation, invite_co_author, leave_proposal
from civicvote.domain.proposals.services_merging import undo_merge
from civicvote.domain.proposals.states import CoAuthorState, LadderStep
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.domain.voices.models import Voice
from civicvote.kernel import clock, ids
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from tests.factories.merges import author_of, merge
from tests.factories.money import Spending, key, make_agenda_item, make_project, publish
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.polls import administrator, agenda_plan
from tests.factories.talk import make_proposal
from tests.factories.time_travel import at
from tests.strict_client import StrictClient


def _address(region: Region, proposal: Proposal) -> str:
    return f"/regions/{region.slug}/proposals/{ids.encode(proposal.id)}/case"


def _events(proposal: Proposal, round_: Round) -> list[CaseEvent]:
    view = proposal_view(None, proposal.region_id, proposal.id)
    return [line.event for line in case_file(view, round_).lines.items]


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def round_(region: Region) -> Round:
    return make_round(region)


@pytest.fixture
def proposal(round_: Round) -> Proposal:
    return make_proposal(round_, make_person("김하나"), title="도서관 앞 횡단보도 설치")


def _spending(region: Region, round_: Round, proposal: Proposal, *, cost: int = 10_000_000) -> Spending:
    item = make_agenda_item(region, round_, proposal=proposal)
    return Spending(
        region=region,
        round=round_,
        project=make_project(region, round_, cost_amount=cost, item=item),
        enterer=actor_for(make_officer(region.id, Role.BUDGET_ENTRY)),
        approver=actor_for(make_officer(region.id, Role.BUDGET_APPROVAL)),
    )


def test_a_new_proposal_has_its_first_line_and_what_comes_next(
    client: StrictClient, region: Region, proposal: Proposal
) -> None:
    client.get(_address(region, proposal))
    said = client.text()
    assert "제안을 올렸습니다." in said
    assert "김하나" in said
    steps = client.page.xpath("//ol[@id='case-lines']/li")
    assert [("next" in step.get("class")) for step in steps] == [False] + [True] * 8
    assert "다음 단계" in said


def test_a_case_is_told_from_the_submission_to_the_last_won(
    client: StrictClient, region: Region, round_: Round, proposal: Proposal, tmp_path: Path
) -> None:
    other = make_proposal(round_, make_person("이두리"), title="학교 앞 그늘막")
    _tell_everything(region, round_, proposal)
    start = {each.phase: each.starts_at + timedelta(days=1) for each in round_.phases}
    with at(start[Phase.AGENDA_VOTE]):
        plan = agenda_plan(opens_at=clock.now(), closes_at=clock.now() + timedelta(days=3), seats=1)
        poll = create_poll(actor=administrator(region), round=round_, plan=plan)
        for each in (proposal, other):
            add_option(poll=poll, key=ids.encode(each.id), label=each.title, subject_id=each.id)
        publish(poll, region, [[ids.encode(proposal.id)], [ids.encode(proposal.id), ids.encode(other.id)]], tmp_path)
        item = adopt_items(actor=administrator(region), poll=poll)[0]
    with at(start[Phase.MATCHING]):
        project = make_project(region, round_, item=item, state=ProjectState.SELECTED)
    spending = Spending(
        region=region,
        round=round_,
        project=project,
        enterer=actor_for(make_officer(region.id, Role.BUDGET_ENTRY)),
        approver=actor_for(make_officer(region.id, Role.BUDGET_APPROVAL)),
    )
    with at(start[Phase.IMPLEMENTATION]):
        spending.fund(10_000_000)
        spending.allocate(9_000_000)
        paid = spending.pay(3_000_000)
        reverse_transfer(
            actor=spending.approver,
            region_id=region.id,
            transfer_id=paid.transfer_id or 0,
            reason="두 번 지급되었습니다.",
            idempotency_key=key(),
        )
        return_money(
            actor=spending.enterer,
            project=project,
            amount=1_000_000,
            reason="낙찰 차액",
            evidence="정산서 3",
            idempotency_key=key(),
        )
    with at(start[Phase.RESULTS]):
        events = _events(proposal, round_)
        client.get(_address(region, proposal))
    assert events[:2] == [CaseEvent.SUBMITTED, CaseEvent.EDITED]
    told_before_the_vote = {
        CaseEvent.SIGNED,
        CaseEvent.TOOK_IN,
        CaseEvent.SEPARATED,
        CaseEvent.STEP_REACHED,
        CaseEvent.STEP_FULFILLED,
        CaseEvent.VOICE,
        CaseEvent.KEPT,
    }
    assert told_before_the_vote <= set(events[2 : events.index(CaseEvent.POLL_FROZEN)])
    assert events[events.index(CaseEvent.POLL_FROZEN) :] == [
        CaseEvent.POLL_FROZEN,
        CaseEvent.POLL_OPENED,
        CaseEvent.POLL_CLOSED,
        CaseEvent.POLL_PUBLISHED,
        CaseEvent.ON_AGENDA,
        CaseEvent.PROJECT_MADE,
        CaseEvent.ALLOCATED,
        CaseEvent.PAID,
        CaseEvent.REVERSED,
        CaseEvent.RETURNED,
    ]
    said = client.text()
    for words in (
        "2번째 판입니다",
        "이세찬",
        "도서관 길에 횡단보도를",
        "서로 다른 길이었습니다.",
        "교통과",
        "투표 1위",
        "투표지 2장 가운데 2장",
        "사업비 1,000만 원",
        "빛고을조명(주)에 300만 원",
        "두 번 지급되었습니다.",
        "정산서 3",
    ):
        assert words in said, words
    for link in client.page.xpath("//p[contains(@class, 'case__evidence')]//a/@href"):
        assert client.get(link, follow_redirects=True).status_code == 200, link


def _tell_everything(region: Region, round_: Round, proposal: Proposal) -> None:
    """A version, a signature, a merge undone, a step with its answer, a decision: one of each before the vote."""
    moment = clock.now()
    late = make_proposal(round_, title="도서관 길에 횡단보도를")
    made = merge(proposal, late)
    undo_merge(
        actor=actor_for(author_of(late)), region_id=region.id, merge_id=made.id, reason="서로 다른 길이었습니다."
    )
    case = report_content(
        actor=actor_for(make_person()),
        region_id=region.id,
        kind=SubjectKind.PROPOSAL,
        subject_id=proposal.id,
        reason=ReportReason.DUPLICATE,
    )
    decide_case(
        actor=actor_for(make_officer(region.id, Role.MODERATOR)),
        slug=region.slug,
        region_id=region.id,
        case_id=case.id,
        action=DecisionAction.KEEP,
        facts="다른 곳의 이야기입니다.",
    )
    own = {"region_id": region.id, "proposal_id": proposal.id}
    db.session.add_all(
        [
            ProposalVersion(**own, number=1, title="도서관", summary="전", body="전", replaced_at=moment),
            CoAuthor(
                **own,
                person_id=make_person("이세찬").id,
                state=CoAuthorState.ACCEPTED,
                invited_at=moment,
                answered_at=moment + timedelta(minutes=1),
            ),
            ReachedStep(
                **own,
                id=ids.new_id(),
                step=LadderStep.DEPARTMENT_ANSWERS,
                endorsement_count=50,
                reached_at=moment + timedelta(minutes=2),
                fulfilled_at=moment + timedelta(minutes=3),
            ),
            Voice(
                **own,
                id=ids.new_id(),
                kind=VoiceKind.OFFICIAL_ANSWER,
                author_id=make_person().id,
                author_role=Role.REVIEWER,
                office="교통과",
                body="검토합니다.",
                body_html="<p>검토합니다.</p>",
                published_at=moment + timedelta(minutes=3),
            ),
        ]
    )
    db.session.flush()


def test_a_merged_proposal_tells_its_own_steps_and_where_it_goes_on(
    client: StrictClient, region: Region, round_: Round, proposal: Proposal
) -> None:
    late = make_proposal(round_, title="도서관 길에 횡단보도를")
    merge(proposal, late)
    client.get(_address(region, late))
    assert client.page.xpath("//li[contains(@class, 'next')]//a/@href")[-1] == _address(region, proposal)
    assert "이어집니다" in client.text()
    client.get(_address(region, proposal))
    assert "이 제안에 합쳐졌습니다" in client.text()


def test_of_what_is_hidden_only_the_fact_and_the_decision_are_told(
    client: StrictClient, region: Region, round_: Round, proposal: Proposal
) -> None:
    case = report_content(
        actor=actor_for(make_person()),
        region_id=region.id,
        kind=SubjectKind.PROPOSAL,
        subject_id=proposal.id,
        reason=ReportReason.PERSONAL_DATA,
    )
    decide_case(
        actor=actor_for(make_officer(region.id, Role.MODERATOR)),
        slug=region.slug,
        region_id=region.id,
        case_id=case.id,
        action=DecisionAction.HIDE,
        reason=ReportReason.PERSONAL_DATA,
        facts="이웃의 전화번호가 있습니다.",
    )
    for address in (_address(region, proposal), _address(region, proposal) + "/latest"):
        client.get(address)
        page = client.page.text_content()
        assert proposal.title not in page
        assert "김하나" not in page
        assert "이웃의 전화번호가 있습니다." in page
    assert _events(proposal, round_) == [CaseEvent.SUBMITTED, CaseEvent.HIDDEN]


def test_of_what_was_withdrawn_no_word_stays_but_the_day(
    client: StrictClient, sign_in: Any, region: Region, round_: Round, proposal: Proposal
) -> None:
    author = author_of(proposal)
    with at(clock.now() + timedelta(days=2)):
        withdraw_proposal(actor=actor_for(author), proposal=proposal)
    client.get(_address(region, proposal))
    page = client.page.text_content()
    assert proposal.title not in page
    assert "김하나" not in page
    assert "제안자가 철회한 제안입니다" in page
    assert "가린 제안" not in page
    assert _events(proposal, round_) == [CaseEvent.SUBMITTED, CaseEvent.WITHDRAWN]
    assert proposal.withdrawn_at is not None
    line = client.page.xpath("//ol[@id='case-lines']/li")[-1]
    assert datetime.fromisoformat(line.xpath("string(.//time/@datetime)")) == proposal.withdrawn_at
    own = sign_in(author)
    own.get(_address(region, proposal))
    assert "제안자가 제안을 철회했습니다." in own.text()


def test_whoever_signed_once_stays_in_the_file_with_both_days(
    client: StrictClient, region: Region, round_: Round, proposal: Proposal
) -> None:
    author, friend = author_of(proposal), make_person("이세찬")
    invite_co_author(actor=actor_for(author), slug=region.slug, proposal=proposal, email=friend.email or "")
    with at(clock.now() + timedelta(days=1)):
        accept_invitation(actor=actor_for(friend), slug=region.slug, proposal=proposal)
    with at(clock.now() + timedelta(days=2)):
        leave_proposal(actor=actor_for(friend), slug=region.slug, proposal=proposal)
    assert _events(proposal, round_) == [CaseEvent.SUBMITTED, CaseEvent.SIGNED, CaseEvent.LEFT]
    client.get(_address(region, proposal))
    told = [each.text_content() for each in client.page.xpath("//ol[@id='case-lines']/li")[1:3]]
    assert "함께 제안하기로 했습니다." in told[0]
    assert "더는 함께 제안하지 않습니다." in told[1]
    assert all("이세찬" in line for line in told)


def test_htmx_gets_the_last_three_steps_and_the_next(
    client: StrictClient, region: Region, round_: Round, proposal: Proposal
) -> None:
    _tell_everything(region, round_, proposal)
    client.get(f"/regions/{region.slug}/proposals/{ids.encode(proposal.id)}")
    slot = client.page.xpath("//*[@id='case']")[0]
    assert slot.xpath(".//a/@href") == [_address(region, proposal)]
    fragment = client.get(slot.get("hx-get"), headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in fragment
    assert fragment.count('class="case__step"') == 3
    assert fragment.count("case__step--next") == 1


def test_it_can_be_printed_large(client: StrictClient, region: Region, proposal: Proposal) -> None:
    client.get(_address(region, proposal) + "?large=1")
    assert client.page.xpath("//article[contains(@class, 'casefile--large')]")
    assert f"http://localhost{_address(region, proposal)}" in client.text()


def _pay_many(spending: Spending, number: int) -> None:
    """``number`` approved payments straight into the tables, several in one moment."""
    accounts = {
        account.kind: account.id
        for account in db.session.scalars(sa.select(Account).where(Account.project_id == spending.project.id))
    }
    posted = clock.now()
    db.session.execute(
        sa.insert(Transfer),
        [
            {
                "region_id": spending.region.id,
                "id": ids.new_id(),
                "debit_account_id": accounts[AccountKind.ALLOCATED],
                "credit_account_id": accounts[AccountKind.DISBURSED],
                "amount": 1,
                "kind": TransferKind.DISBURSEMENT,
                "reason": f"지급 {count}",
                "evidence": "",
                "idempotency_key": f"many-{spending.project.id}-{count}",
                "author_id": spending.enterer.person_id,
                "posted_at": posted + timedelta(seconds=count // 7),
            }
            for count in range(number)
        ],
    )


def test_pages_by_key_tell_every_step_once_and_in_order(region: Region, round_: Round, proposal: Proposal) -> None:
    _tell_everything(region, round_, proposal)
    spending = _spending(region, round_, proposal)
    _prepare_money(spending)
    _pay_many(spending, 250)
    view = proposal_view(None, region.id, proposal.id)
    whole = case_file(view, round_, size=10_000).lines.items
    for size in (7, 100):
        seen, cursor = [], None
        while True:
            page = case_file(view, round_, cursor=cursor, size=size).lines
            assert len(page.items) <= size
            seen += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
        assert [line.key for line in seen] == [line.key for line in whole]
    assert len({line.key for line in whole}) == len(whole) >= 250


def _prepare_money(spending: Spending) -> None:
    """The two accounts between which payments run."""
    for kind in (AccountKind.ALLOCATED, AccountKind.DISBURSED):
        db.session.add(
            Account(
                region_id=spending.region.id,
                id=ids.new_id(),
                round_id=spending.round.id,
                project_id=spending.project.id,
                kind=kind,
                name="",
                balance=0,
            )
        )
    db.session.flush()


@pytest.mark.parametrize("number", [60, 2000])
def test_the_case_file_costs_the_same_at_any_size(
    client: StrictClient, count_queries: Any, region: Region, round_: Round, proposal: Proposal, number: int
) -> None:
    _tell_everything(region, round_, proposal)
    spending = _spending(region, round_, proposal)
    _prepare_money(spending)
    _pay_many(spending, number)
    db.session.commit()
    for address in (_address(region, proposal), _address(region, proposal) + "/latest"):
        db.session.expire_all()
        with count_queries() as queries:
            assert client.get(address).status_code == 200
        assert len(queries) == 13, queries
    client.get(_address(region, proposal))
    assert len(client.page.xpath("//ol[@id='case-lines']/li[not(contains(@class, 'next'))]")) <= 100


def test_a_cursor_that_is_none_is_refused(client: StrictClient, region: Region, proposal: Proposal) -> None:
    assert client.get(_address(region, proposal) + "?after=zz").status_code == 422
    assert client.get(_address(region, proposal) + "?after=7zzzzzzzzzzzz.1.1").status_code == 200
