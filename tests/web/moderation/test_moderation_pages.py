"""Reporting, the moderators' desk and the public log, through their pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.moderation.kinds import DecisionAction, ReportReason, SubjectKind
from civicvote.domain.moderation.models import ModerationCase, Report
from civicvote.domain.moderation.services import decide_case, report_content
from civicvote.domain.notifications.models import Notification, OutboxMessage
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.services import comment_on_proposal
from civicvote.domain.regions.models import Region
from civicvote.domain.threads.models import Comment
from civicvote.kernel import clock, ids
from civicvote.kernel.permissions import Role
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import TITLE, make_many_proposals, make_proposal, thread_of
from tests.strict_client import StrictClient


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def proposal(region: Region) -> Proposal:
    made = make_proposal(make_round(region), make_person("제안자"))
    db.session.commit()
    return made


@pytest.fixture
def moderator(region: Region) -> Person:
    return make_officer(region.id, Role.MODERATOR, name="이관리")


@pytest.fixture
def comment(region: Region, proposal: Proposal) -> Comment:
    made = comment_on_proposal(
        actor=actor_for(make_person("박작성")),
        slug=region.slug,
        proposal=proposal,
        thread=thread_of(proposal),
        body="선 넘는 말",
    )
    db.session.commit()
    return made


@pytest.fixture
def report_it(region: Region) -> Callable[..., ModerationCase]:
    def reported(subject: Proposal | Comment, reason: ReportReason = ReportReason.ABUSE) -> ModerationCase:
        kind = SubjectKind.PROPOSAL if isinstance(subject, Proposal) else SubjectKind.COMMENT
        case = report_content(
            actor=actor_for(make_person()), region_id=region.id, kind=kind, subject_id=subject.id, reason=reason
        )
        db.session.commit()
        return case

    return reported


def _desk(region: Region, case: ModerationCase | None = None) -> str:
    return f"/regions/{region.slug}/desk/moderation" + (f"/{ids.encode(case.id)}" if case else "")


def test_a_resident_reports_a_comment_once(sign_in: Any, region: Region, comment: Comment) -> None:
    browser = sign_in(make_person())
    key, thread = ids.encode(comment.id), ids.encode(comment.thread_id)
    browser.get(f"/regions/{region.slug}/threads/{thread}/comments/{key}")
    address = browser.page.xpath("//a[text()='신고']/@href")[0]
    browser.get(address)
    assert browser.submit({}, button="신고하기").status_code == 422
    browser.submit({"reason": "abuse", "note": "이웃을 모욕합니다."}, button="신고하기")
    assert "신고해 주셔서 고맙습니다" in browser.text()
    browser.get(address)
    assert browser.submit({"reason": "spam"}, button="신고하기").status_code == 422
    assert "이미 신고하신 글입니다" in browser.text()
    assert db.session.query(Report).count() == 1


def test_a_moderator_hides_with_the_rules_sentence_and_the_author_hears_it(
    sign_in: Any, client: StrictClient, region: Region, comment: Comment, moderator: Person, report_it: Any
) -> None:
    report_it(comment)
    browser = sign_in(moderator)
    browser.get(_desk(region))
    assert "선 넘는 말" in browser.text()
    browser.get(browser.page.xpath("//ol[@class='rows']//a/@href")[0])
    assert browser.page.xpath("//input[@name='reason' and @checked]/@value") == ["abuse"]
    browser.submit({}, button="숨기기")
    assert "작성자에게" in browser.text()
    told = db.session.query(Notification).filter_by(person_id=comment.author_id).one()
    mail = db.session.query(OutboxMessage).one()
    assert told.params == mail.params
    assert told.params["reason"] == "abuse"
    assert "모욕" in told.params["facts"]
    thread = ids.encode(comment.thread_id)
    client.get(f"/regions/{region.slug}/threads/{thread}")
    assert "선 넘는 말" not in client.text()
    client.get(f"/regions/{region.slug}/moderation")
    assert "모욕" in client.text()
    assert "박작성" not in client.text()
    assert "이관리" not in client.text()


def test_the_second_of_two_moderators_is_told_what_was_decided(
    sign_in: Any, region: Region, comment: Comment, moderator: Person, report_it: Any
) -> None:
    case = report_it(comment)
    first, second = sign_in(moderator), sign_in(make_officer(region.id, Role.MODERATOR, name="최관리"))
    for browser in (first, second):
        browser.get(_desk(region, case))
    first.submit({}, button="숨기기")
    answer = second.submit({}, button="그대로 두기")
    assert answer.status_code == 422
    assert "그 사이에 다른 토론 관리자가 처리했습니다" in second.text()
    assert "이관리" in second.text()


def test_a_claim_is_told_to_others_and_runs_out(
    sign_in: Any, region: Region, comment: Comment, moderator: Person, report_it: Any
) -> None:
    case = report_it(comment)
    first, second = sign_in(moderator), sign_in(make_officer(region.id, Role.MODERATOR, name="최관리"))
    first.get(_desk(region, case))
    second.get(_desk(region, case))
    first.submit({}, button="15분 동안 맡기")
    assert "맡으셨습니다" in first.text()
    second.submit({}, button="15분 동안 맡기")
    assert "이관리 님이" in second.text()
    assert not second.page.xpath("//button[text()='숨기기']")
    with clock.frozen_at(clock.now() + timedelta(minutes=16)):
        second.get(_desk(region, case))
        assert second.page.xpath("//button[text()='숨기기']")


def test_a_hidden_proposal_shows_its_rule_but_not_its_title(
    sign_in: Any, client: StrictClient, region: Region, proposal: Proposal, moderator: Person, report_it: Any
) -> None:
    case = report_it(proposal, ReportReason.SPAM)
    browser = sign_in(moderator)
    browser.get(_desk(region, case))
    browser.submit({"reason": "spam", "facts": "같은 광고를 네 번 올렸습니다."}, button="숨기기")
    address = f"/regions/{region.slug}/proposals/{ids.encode(proposal.id)}"
    client.get(address)
    assert "숨긴 제안입니다" in client.text()
    assert "광고" in client.text()
    assert TITLE not in client.page.text_content()
    assert client.get(address + "/versions").status_code == 404
    author = sign_in(db.session.get_one(Person, proposal.author_id))
    author.get(address)
    assert TITLE in author.text()
    assert "같은 광고를 네 번 올렸습니다." in author.text()
    browser.get(_desk(region) + "?state=decided")
    browser.get(browser.page.xpath("//ol[@class='rows']//a/@href")[0])
    browser.submit({"facts": "광고가 아니라 행사 안내였습니다."}, button="다시 보이기")
    client.get(address)
    assert TITLE in client.text()


def test_the_desk_is_shut_to_residents_and_for_ones_own_words(
    sign_in: Any, client: StrictClient, region: Region, proposal: Proposal, report_it: Any
) -> None:
    writer = make_officer(region.id, Role.MODERATOR)
    own = comment_on_proposal(
        actor=actor_for(writer), slug=region.slug, proposal=proposal, thread=thread_of(proposal), body="내가 쓴 말"
    )
    case = report_it(own)
    assert sign_in(make_person()).get(_desk(region)).status_code == 403
    assert "/account/sign-in" in client.get(_desk(region, case), follow_redirects=False).headers["Location"]
    browser = sign_in(writer)
    browser.get(_desk(region, case))
    assert "직접 쓰신 글입니다" in browser.text()
    token = browser.page.xpath("//input[@name='csrf_token']/@value")[0]
    forged = {"csrf_token": token, "action": "keep"}
    assert browser.post(_desk(region, case) + "/decide", data=forged).status_code == 403


def test_filters_narrow_the_queue(
    sign_in: Any, region: Region, proposal: Proposal, comment: Comment, moderator: Person, report_it: Any
) -> None:
    report_it(proposal, ReportReason.DUPLICATE)
    report_it(comment, ReportReason.ABUSE)
    browser = sign_in(moderator)
    for query, expected in (("", 2), ("?kind=comment", 1), ("?reason=duplicate", 1), ("?state=decided", 0)):
        browser.get(_desk(region) + query)
        assert len(browser.page.xpath("//ol[@class='rows']/li")) == expected


@pytest.mark.parametrize("number", [60, 2000])
def test_the_queue_and_the_log_cost_the_same_at_any_size(
    sign_in: Any, client: StrictClient, count_queries: Any, region: Region, moderator: Person, number: int
) -> None:
    make_many_proposals(make_round(region), make_person(), number)
    subjects = [row.id for row in db.session.query(Proposal.id).filter_by(region_id=region.id)]
    moment = clock.now()
    cases = [
        {
            "region_id": region.id,
            "id": ids.new_id(),
            "subject_kind": SubjectKind.PROPOSAL,
            "subject_id": subject_id,
            "report_count": 0,
            "opened_at": moment,
        }
        for subject_id in subjects
    ]
    db.session.execute(ModerationCase.__table__.insert(), [{**case, "state": "open"} for case in cases])
    actor = actor_for(moderator)
    for case in cases[:40]:
        decide_case(
            actor=actor, slug=region.slug, region_id=region.id, case_id=int(str(case["id"])), action=DecisionAction.KEEP
        )
    browser, desk, log = sign_in(moderator), _desk(region), f"/regions/{region.slug}/moderation"
    db.session.commit()
    db.session.expire_all()
    with count_queries() as queries:
        browser.get(desk)
    assert len(queries) == 6, queries
    db.session.expire_all()
    with count_queries() as queries:
        client.get(log)
    assert len(queries) == 2, queries
    client.get(client.page.xpath("//a[@rel='next']/@href")[0])
    assert len(client.page.xpath("//ol[@class='rows']/li")) == 20
    seen: set[str] = set()
    for _page in range(number // 20):
        browser.get(desk)
        seen |= set(browser.page.xpath("//ol[@class='rows']/li//a/@href"))
        following = browser.page.xpath("//a[@rel='next']/@href")
        if not following:
            break
        desk = following[0]
    assert len(seen) == number - 40
