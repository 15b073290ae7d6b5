"""Opinion questions in a browser without JavaScript, and the fragments that htmx gets of the same pages."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.db import db
from civicvote.domain.opinions.models import OpinionQuestion
from civicvote.domain.opinions.queries import newest_snapshot
from civicvote.domain.opinions.services import close_question
from civicvote.domain.opinions.services_answering import answer_statement
from civicvote.domain.opinions.services_computing import compute_question
from civicvote.domain.opinions.states import Answer, StatementState
from civicvote.domain.proposals.services import set_proposal_visibility
from civicvote.domain.proposals.services_authors import accept_invitation, invite_co_author
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.regions.models import Region
from civicvote.kernel import clock, ids
from civicvote.kernel.clock import CIVIC_ZONE
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from civicvote.kernel.visibility import Visibility
from tests.factories.opinions import SEEDS, make_answers, make_question, make_statements, statements_of, two_camps
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_proposal
from tests.factories.time_travel import at
from tests.strict_client import StrictClient


@pytest.fixture
def region(session: Session) -> Region:
    return make_region()


def address(region: Region, question: OpinionQuestion, tail: str = "") -> str:
    return f"/regions/{region.slug}/opinions/{ids.encode(question.id)}{tail}"


def with_camps(region: Region, people: int = 60, statements: int = 12, **host: Any) -> OpinionQuestion:
    question = make_question(region, **host)
    make_statements(question, statements - 3)
    make_answers(question, two_camps(people, statements))
    compute_question(region_id=region.id, question_id=question.id)
    return question


def test_visitors_read_and_are_asked_to_sign_in(client: StrictClient, region: Region) -> None:
    question = make_question(region)
    client.get(address(region, question))
    assert "밤 공원을 어떻게 쓸까요?" in client.text()
    assert "로그인하고 답하기" in client.text()
    assert "아직 계산한 결과가 없습니다" in client.text()
    assert client.post(address(region, question, "/answers")).status_code in {302, 303, 401}


def test_answering_all_statements_one_after_the_other(client: StrictClient, region: Region, sign_in: Any) -> None:
    question = make_question(region)
    browser = sign_in(make_person())
    browser.get(address(region, question))
    for done in range(3):
        assert f"3개 가운데 {done}개 답함" in browser.text()
        form = browser.page.xpath("//section[@id='card']//form")[0]
        given = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
        answer = browser.post(form.get("action"), data={**given, "answer": "agree"}, follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith("#card")
        browser.get(answer.headers["Location"])
        assert ("방금 한 답 바꾸기" in browser.text()) == (done < 2)
    assert "모든 문장에 답하셨습니다" in browser.text()
    assert [each.agree_count for each in statements_of(question)] == [1, 1, 1]


def test_htmx_gets_the_next_card_with_focus_and_announcement(region: Region, sign_in: Any) -> None:
    question = make_question(region)
    browser = sign_in(make_person())
    browser.get(address(region, question))
    form = browser.page.xpath("//section[@id='card']//form")[0]
    given = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    card = browser.post(form.get("hx-post"), data={**given, "answer": "pass"}, headers={"HX-Request": "true"}).get_data(
        as_text=True
    )
    assert "<html" not in card
    assert card.count("data-focus") == 1
    assert 'data-announce="저장했습니다. 3개 가운데 1개 답함"' in card


def test_the_list_of_my_answers_changes_and_takes_back(region: Region, sign_in: Any) -> None:
    question = make_question(region)
    browser = sign_in(make_person())
    key = ids.encode(statements_of(question)[0].id)
    here = address(region, question, "/answers")
    browser.get(address(region, question))
    token = browser.page.xpath("//section[@id='card']//input[@name='csrf_token']/@value")[0]
    given = {"csrf_token": token, "statement": key}
    browser.post(here, data={**given, "answer": "agree"})
    browser.get(here)
    assert SEEDS[0] in browser.text()
    browser.post(here, data={**given, "from": "list", "answer": "disagree"}, follow_redirects=True)
    assert "답을 바꾸었습니다" in browser.text()
    assert (statements_of(question)[0].agree_count, statements_of(question)[0].disagree_count) == (0, 1)
    browser.post(here, data={**given, "from": "list", "answer": "none"}, follow_redirects=True)
    assert "아직 답하지 않으셨습니다" in browser.text()
    assert browser.post(here, data={**given, "answer": "maybe"}).status_code == 404
    assert browser.post(here, data={**given, "statement": "!!", "answer": "agree"}).status_code == 404


def test_a_statement_goes_through_the_desk(region: Region, sign_in: Any) -> None:
    question = make_question(region)
    browser = sign_in(make_person("말하는이"))
    browser.get(address(region, question))
    browser.submit({"text": "네"}, action="/statements")
    assert browser.page.xpath("//textarea[@name='text']")[0].text.strip() == "네", "what was typed is kept"
    assert "5자 이상" in browser.text()
    browser.submit({"text": SEEDS[1]}, action="/statements")
    assert "이미 나온 문장입니다" in browser.text()
    browser.submit({"text": "나무를 더 심자."}, action="/statements")
    assert "진행자를 기다림" in browser.text()
    desk = sign_in(make_officer(region.id, Role.MODERATOR))
    desk.get(f"/regions/{region.slug}/opinions/queue")
    assert "나무를 더 심자." in desk.text()
    form = desk.page.xpath("//form[contains(@action, '/opinions/queue/')]")[0]
    token = {"csrf_token": form.xpath(".//input[@name='csrf_token']/@value")[0]}
    refused = desk.post(form.get("action"), data={**token, "decision": "refuse", "reason": ""})
    assert refused.status_code == 422
    assert "이유를 쓰십시오" in desk.text()
    desk.post(form.get("action"), data={**token, "decision": "accept"}, follow_redirects=True)
    assert "받아들였습니다" in desk.text()
    assert statements_of(question)[-1].state is StatementState.ACCEPTED


def test_a_moderator_opens_changes_and_closes(region: Region, sign_in: Any) -> None:
    round_ = make_round(region)
    desk = sign_in(make_officer(region.id, Role.MODERATOR))
    desk.get(f"/regions/{region.slug}/opinions/new?round={ids.encode(round_.id)}")
    closes = clock.now().astimezone(CIVIC_ZONE).replace(year=2199).strftime("%Y-%m-%dT%H:%M")
    given = {"title": "옛 학교를 어떻게 쓸까요?", "introduction": "", "closes_at": closes}
    desk.submit({**given, "seeds": "하나뿐인 문장입니다."}, button="질문 열기")
    assert "3개 이상" in desk.text()
    desk.submit({**given, "seeds": "\n".join(SEEDS)}, button="질문 열기")
    question = db.session.scalars(sa.select(OpinionQuestion).where(OpinionQuestion.region_id == region.id)).one()
    assert question.round_id == round_.id
    desk.get(address(region, question, "/edit"))
    assert desk.page.xpath("//textarea[@name='seeds']")[0].text.strip() == "\n".join(SEEDS)
    desk.get(address(region, question, "/close"))
    desk.submit(button="질문 마치기")
    desk.get(address(region, question))
    assert "마친 질문입니다" in desk.text()


def test_groups_have_letters_a_table_and_words_for_ones_own_place(region: Region, sign_in: Any) -> None:
    question = with_camps(region)
    person = make_person()
    browser = sign_in(person)
    browser.get(address(region, question))
    assert "문장 7개에 더 답하면 내 자리가 보입니다" in browser.text()
    token = browser.page.xpath("//section[@id='card']//input[@name='csrf_token']/@value")[0]
    for place, statement in enumerate(statements_of(question)[:8]):
        data = {
            "csrf_token": token,
            "statement": ids.encode(statement.id),
            "answer": "disagree" if place % 2 else "agree",
        }
        browser.post(address(region, question, "/answers"), data=data)
    browser.get(address(region, question))
    picture = browser.page.xpath("//figure//*[local-name()='svg']")[0]
    assert picture.xpath("string(*[local-name()='title'])") == "의견 지도"
    description = picture.xpath("string(*[local-name()='desc'])")
    assert "60명" in description
    assert "내 자리는" in description
    assert [head.text_content().split()[0] for head in browser.page.xpath("//figure//tbody//th")] == ["A", "B"]
    drawn = picture.xpath(".//*[contains(@class, 'opinion-map__points')]/*")
    assert len(drawn) == 60
    assert "그룹을 가르는 문장" in browser.text()


def test_where_the_gate_is_shut_the_page_says_why_and_shows_the_lists(client: StrictClient, region: Region) -> None:
    question = make_question(region)
    make_answers(question, {number: [1, -1, None] for number in range(1, 21)})
    compute_question(region_id=region.id, question_id=question.id)
    client.get(address(region, question))
    assert "그룹 지도가 보이지 않는 까닭" in client.text()
    assert "15명입니다" in client.text()
    assert not client.page.xpath("//figure")
    assert "많은 분이 동의하는 문장" in client.text()
    assert "동의 20명(100%)" in client.text()


def test_how_it_is_computed_is_published_in_both_languages(client: StrictClient, region: Region) -> None:
    client.get(f"/regions/{region.slug}/opinions/method")
    assert "주성분" in client.text()
    client.get(f"/en/regions/{region.slug}/opinions/method")
    assert "principal components" in client.text()


def test_a_question_goes_with_its_proposal(client: StrictClient, region: Region) -> None:
    round_ = make_round(region)
    proposal = make_proposal(round_)
    question = make_question(region, proposal=proposal)
    client.get(f"/regions/{region.slug}/proposals/{ids.encode(proposal.id)}")
    assert "밤 공원을 어떻게 쓸까요?" in client.text()
    set_proposal_visibility(region_id=region.id, proposal_id=proposal.id, visibility=Visibility.HIDDEN)
    for tail in ("", "/statements", "/export/comments.csv"):
        assert client.get(address(region, question, tail)).status_code == 404
    client.get(f"/regions/{region.slug}/opinions")
    assert "밤 공원을 어떻게 쓸까요?" not in client.text()


def test_a_question_of_a_phase_that_rests_says_so(region: Region, sign_in: Any) -> None:
    question = make_question(region, round=make_round(region, Phase.AGENDA_VOTE))
    browser = sign_in(make_person())
    browser.get(address(region, question))
    assert "지금은 답을 받지 않습니다" in browser.text()
    assert not browser.page.xpath("//section[@id='card']//form")


def test_a_statement_is_quoted_into_discussion_and_proposal_by_its_id(region: Region, sign_in: Any) -> None:
    round_, author = make_round(region), make_person()
    proposal = make_proposal(round_, author)
    question = with_camps(region, proposal=proposal)
    browser = sign_in(author)
    browser.get(address(region, question))
    for part, field in (("#write-box", "body"), ("/edit", "body")):
        link = next(each for each in browser.page.xpath("//a[contains(@href, 'statement=')]/@href") if part in each)
        browser.get(link)
        text = browser.page.xpath(f"//textarea[@name='{field}']")[0].text
        assert "> " in text
        assert f"/regions/{region.slug}/opinions/{ids.encode(question.id)}" in text
        browser.get(address(region, question))
    browser.get(f"/regions/{region.slug}/proposals/{ids.encode(proposal.id)}?statement=zzz&x=<script>")
    assert (browser.page.xpath("//textarea[@name='body']")[0].text or "").strip() == ""


def _ways_to_quote(browser: StrictClient, region: Region, question: OpinionQuestion) -> set[str]:
    browser.get(address(region, question))
    links = browser.page.xpath("//a[contains(@href, 'statement=')]/@href")
    return {"proposal" if "/edit?" in link else "discussion" for link in links if "/proposals/" in link}


def test_quoting_is_offered_to_those_and_where_it_leads_somewhere(region: Region, sign_in: Any) -> None:
    round_, author, helper, reader = make_round(region), make_person(), make_person(), make_person()
    proposal = make_proposal(round_, author)
    question = with_camps(region, proposal=proposal)
    invite_co_author(actor=actor_for(author), slug=region.slug, proposal=proposal, email=helper.email or "")
    accept_invitation(actor=actor_for(helper), slug=region.slug, proposal=proposal)
    db.session.commit()
    browsers = [sign_in(person) for person in (author, helper, reader)]
    both = {"discussion", "proposal"}
    assert [_ways_to_quote(each, region, question) for each in browsers] == [both, both, {"discussion"}]
    proposal.state = ProposalState.ON_BALLOT
    db.session.commit()
    assert [_ways_to_quote(each, region, question) for each in browsers] == [{"discussion"}] * 3
    proposal.state = ProposalState.MERGED
    db.session.commit()
    assert [_ways_to_quote(each, region, question) for each in browsers] == [set()] * 3


def test_nothing_is_quoted_where_the_phase_takes_no_words(region: Region, sign_in: Any) -> None:
    round_, author = make_round(region), make_person()
    question = with_camps(region, proposal=make_proposal(round_, author))
    last = max(phase.ends_at for phase in round_.phases)
    db.session.commit()
    browser = sign_in(author)
    with at(last + timedelta(hours=1)):
        assert _ways_to_quote(sign_in(author), region, question) == set()
    assert _ways_to_quote(browser, region, question)


def test_on_its_proposals_page_a_question_says_until_when_it_takes_answers(
    client: StrictClient, region: Region
) -> None:
    round_, moderator = make_round(region), make_officer(region.id, Role.MODERATOR)
    proposal = make_proposal(round_)
    question = make_question(region, proposal=proposal, moderator=moderator)
    db.session.commit()

    def told() -> str:
        client.get(f"/regions/{region.slug}/proposals/{ids.encode(proposal.id)}")
        section = client.page.xpath("//section[@aria-labelledby='opinion-questions']")[0]
        return " ".join(section.text_content().split())

    assert "답을 받는 중" in told()
    assert "까지" in told()
    question.closes_at = max(phase.ends_at for phase in round_.phases)
    db.session.commit()
    with at(question.closes_at - timedelta(hours=1)):
        assert "지금은 답을 받지 않습니다" in told()
    close_question(actor=actor_for(moderator), question=question)
    db.session.commit()
    assert "마감" in told()
    assert "답을 받는 중" not in told()


def test_answers_leave_as_polis_files_after_closing_without_numbers_of_people(
    client: StrictClient, region: Region
) -> None:
    moderator = make_officer(region.id, Role.MODERATOR)
    question = make_question(region, moderator=moderator)
    make_answers(question, {number: [1, -1, None if number % 2 else 0] for number in range(1, 21)})
    assert client.get(address(region, question, "/export/participants-votes.csv")).status_code == 403
    close_question(actor=actor_for(moderator), question=question)
    text = client.get(address(region, question, "/export/participants-votes.csv")).get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    assert [row["participant"] for row in rows] == [str(number) for number in range(20)]
    assert sorted(row["3"] for row in rows) == [""] * 10 + ["0"] * 10
    assert {row["1"] for row in rows} == {"1"}
    assert {row["2"] for row in rows} == {"-1"}
    comments = client.get(address(region, question, "/export/comments.csv")).get_data(as_text=True)
    assert SEEDS[0] in comments
    assert "author" not in comments
    assert client.get(address(region, question, "/export/votes.csv")).status_code == 404


def test_few_answers_never_leave(client: StrictClient, region: Region) -> None:
    moderator = make_officer(region.id, Role.MODERATOR)
    question = make_question(region, moderator=moderator)
    make_answers(question, {number: [1, -1, 0] for number in range(1, 15)})
    close_question(actor=actor_for(moderator), question=question)
    assert client.get(address(region, question, "/export/comments.csv")).status_code == 403


@pytest.mark.parametrize(("people", "shown"), [(4, False), (5, True)])
def test_numbers_stand_on_the_page_only_where_nobody_can_be_told_from_them(
    client: StrictClient, region: Region, people: int, shown: bool
) -> None:
    question = make_question(region)
    make_answers(question, {number: [1, 1, -1] for number in range(1, people + 1)})
    compute_question(region_id=region.id, question_id=question.id)
    make_answers(question, {people + 1: [-1, -1, -1]})
    db.session.commit()
    client.get(address(region, question, "/statements"))
    assert (f"동의 {people}명" in client.text()) is shown, "those of the last computing, not of this moment"
    assert ("5명 이상 답하면" in client.text()) is not shown
    client.get(address(region, question))
    assert ("동의한 문장이 아직 없습니다" in client.text() or "아직 없습니다" in client.text()) is not shown


def differing(people: int) -> dict[int, list[int | None]]:
    """All agree with the first statement; half agrees with the second where the other half agrees with the third."""
    return {number: [1, *((1, -1) if number % 2 else (-1, 1))] for number in range(1, people + 1)}


@pytest.mark.parametrize("people", [2, 3, 4])
def test_what_fewer_than_five_people_agree_on_is_neither_kept_nor_shown(
    client: StrictClient, region: Region, people: int
) -> None:
    question = make_question(region)
    make_answers(question, differing(people))
    compute_question(region_id=region.id, question_id=question.id)
    kept = newest_snapshot(region.id, question.id)
    assert kept is not None
    assert (kept.result["people"], kept.result["informed"], kept.result["counts"]) == (people, [], [])
    entry = {"statement": 1, "agree": people, "disagree": 0, "seen": people, "value": 0.8}
    kept.result = {
        **kept.result,
        "informed": [entry],
        "consensus": {"agree": [entry], "disagree": []},
        "gate": {**kept.result["gate"], "is_passed": True},
    }
    db.session.commit()
    client.get(address(region, question))
    assert not client.page.xpath("//section[@id='result']//li"), "what an earlier release stored, too"
    assert "100%" not in client.text()


def test_nothing_is_said_of_sides_where_no_sides_are_shown(client: StrictClient, region: Region) -> None:
    question = make_question(region)
    make_answers(question, differing(20))
    compute_question(region_id=region.id, question_id=question.id)
    db.session.commit()
    client.get(address(region, question))
    assert "그룹 지도가 보이지 않는 까닭" in client.text()
    assert "동의 20명(100%)" in client.text(), "the consensus stays"
    assert "모든 쪽이 함께 동의하는 문장" not in client.text()


def test_what_all_sides_agree_with_stands_beside_the_sides(client: StrictClient, region: Region) -> None:
    question = make_question(region)
    make_statements(question, 9)
    camps = two_camps(60, 12)
    make_answers(question, {number: [1, *values[1:]] for number, values in camps.items()})
    compute_question(region_id=region.id, question_id=question.id)
    db.session.commit()
    client.get(address(region, question))
    assert "그룹을 가르는 문장" in client.text()
    assert "모든 쪽이 함께 동의하는 문장" in client.text()


def test_beside_a_small_group_the_others_stand_without_their_numbers(client: StrictClient, region: Region) -> None:
    question = with_camps(region)
    kept = newest_snapshot(region.id, question.id)
    assert kept is not None
    first, _second = kept.result["groups"]
    small = {"size": 3, "is_small": True, "hull": [], "centre": None, "representative": []}
    client.get(address(region, question))
    assert client.page.xpath("//section[contains(@class, 'opinion-group')]//*[@class='opinion-bar']")
    assert "다른 그룹" in client.text()
    kept.result = {**kept.result, "groups": [first | {"size": 57}, small], "points": []}
    db.session.commit()
    client.get(address(region, question))
    (group,) = client.page.xpath("//section[contains(@class, 'opinion-group')]")
    assert group.xpath(".//li")
    assert not group.xpath(".//*[@class='opinion-bar']")
    assert "%" not in group.text_content()


def test_who_takes_back_what_was_never_said_is_no_participant(client: StrictClient, region: Region) -> None:
    moderator = make_officer(region.id, Role.MODERATOR)
    question = make_question(region, moderator=moderator)
    statement = statements_of(question)[0]
    silent = actor_for(make_person())
    answer_statement(actor=silent, question=question, statement_id=statement.id, answer=None)
    assert (question.participant_count, question.vote_count) == (0, 0)
    for _ in range(14):
        actor = actor_for(make_person())
        answer_statement(actor=actor, question=question, statement_id=statement.id, answer=Answer.AGREE)
        answer_statement(actor=actor, question=question, statement_id=statement.id, answer=None)
    answer_statement(actor=silent, question=question, statement_id=statement.id, answer=Answer.AGREE)
    close_question(actor=actor_for(moderator), question=question)
    db.session.commit()
    assert question.participant_count == 15
    refused = client.get(address(region, question, "/export/participants-votes.csv"))
    assert refused.status_code == 403, "one answer would be one person's, whoever came and went"


@pytest.mark.parametrize("number", [60, 2000])
def test_pages_cost_the_same_at_any_size(
    client: StrictClient, region: Region, sign_in: Any, count_queries: Any, number: int
) -> None:
    question = make_question(region)
    make_statements(question, number - 3)
    make_answers(question, {who: [1 if (who + place) % 2 else -1 for place in range(number)] for who in range(1, 16)})
    make_statements(question, number, StatementState.WAITING)
    compute_question(region_id=region.id, question_id=question.id)
    reader, desk = sign_in(make_person()), sign_in(make_officer(region.id, Role.MODERATOR))
    here, queue = address(region, question), f"/regions/{region.slug}/opinions/queue"
    db.session.commit()
    costs: dict[Any, int] = {}
    for who, tail in ((client, ""), (client, "/statements"), (reader, ""), (reader, "/answers")):
        with count_queries() as queries:
            assert who.get(here + tail).status_code == 200
        costs[who is reader, tail] = len(queries)
    with count_queries() as queries:
        desk.get(queue)
    costs["queue"] = len(queries)
    assert costs == {
        (False, ""): 3,
        (False, "/statements"): 4,
        (True, ""): 7,
        (True, "/answers"): 4,
        "queue": 3,
    }


@pytest.mark.parametrize("number", [60, 2000])
def test_the_list_of_questions_costs_the_same_at_any_size(
    client: StrictClient, region: Region, count_queries: Any, number: int
) -> None:
    first = make_question(region)
    rows = [
        {
            "region_id": region.id,
            "id": ids.new_id(),
            "host": first.host,
            "title": f"질문 {place}",
            "introduction": "",
            "introduction_html": "",
            "source": "",
            "state": first.state,
            "opened_at": clock.now(),
            "statement_count": 3,
            "participant_count": 0,
            "vote_count": 0,
        }
        for place in range(number - 1)
    ]
    db.session.execute(sa.insert(OpinionQuestion), rows)
    index = f"/regions/{region.slug}/opinions"
    db.session.commit()
    with count_queries() as queries:
        client.get(index)
    assert len(queries) == 2, queries
    assert len(client.page.xpath("//ul[@id='questions']/li[not(contains(@class, 'more'))]")) == 20
    more = client.page.xpath("//li[@class='rows__more']/a/@href")[0]
    fragment = client.get(more, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert fragment.count("row__title") == 20
    assert "<html" not in fragment
