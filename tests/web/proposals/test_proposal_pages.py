"""One proposal through its pages: writing with preview, reading, endorsing, editing, withdrawing."""

from typing import Any

import pytest

from civicvote.db import db
from civicvote.domain.proposals.models import Endorsement, Proposal
from civicvote.domain.proposals.services import withdraw_proposal
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.kernel import ids
from civicvote.kernel.phases import Phase
from civicvote.kernel.visibility import Visibility
from tests.factories.people import actor_for, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import BODY, SUMMARY, TITLE, make_many_comments, make_proposal, thread_of
from tests.strict_client import StrictClient

TYPED = {"title": TITLE, "summary": SUMMARY, "field_key": "safety", "place": "중앙로", "body": BODY}


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def round_(region: Region) -> Round:
    made = make_round(region)
    db.session.commit()
    return made


def _new(region: Region, round_: Round) -> str:
    return f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}/proposals/new"


def _page(region: Region, proposal: Proposal) -> str:
    return f"/regions/{region.slug}/proposals/{ids.encode(proposal.id)}"


def test_a_proposal_is_written_previewed_and_submitted(sign_in: Any, region: Region, round_: Round) -> None:
    browser = sign_in(make_person("김하늘"))
    browser.get(_new(region, round_))
    browser.submit(TYPED, button="미리보기")
    assert "읽는 분에게는 이렇게 보입니다" in browser.text()
    assert browser.page.xpath("//section[contains(@class,'preview')]//strong[text()='과속 방지턱']")
    assert db.session.query(Proposal).count() == 0
    browser.submit(button="제출")
    assert "제안을 올렸습니다" in browser.text()
    assert browser.page.xpath("//h1")[0].text == TITLE
    stored = db.session.query(Proposal).one()
    assert (stored.place, stored.field_key, thread_of(stored).group_id) == ("중앙로", "safety", round_.id)


def test_htmx_previews_in_the_form_and_leads_to_the_page(sign_in: Any, region: Region, round_: Round) -> None:
    browser = sign_in(make_person())
    browser.get(_new(region, round_))
    preview = browser.submit(TYPED, button="미리보기", htmx=True)
    assert "<html" not in preview.get_data(as_text=True)
    assert "읽는 분에게는 이렇게 보입니다" in preview.get_data(as_text=True)
    done = browser.submit(TYPED, button="제출", htmx=True)
    assert done.status_code == 204
    assert "/proposals/" in done.headers["HX-Redirect"]


def test_a_form_that_is_sent_twice_leads_to_the_one_proposal(sign_in: Any, region: Region, round_: Round) -> None:
    first, again = sign_in(author := make_person()), sign_in(author)
    for browser in (first, again):
        browser.get(f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}/proposals/new")
    first.submit(TYPED, button="제출")
    answer = again.submit(TYPED, button="제출")
    proposal = db.session.query(Proposal).one()
    assert answer.request.path.endswith(f"/proposals/{ids.encode(proposal.id)}")
    assert "조금 전에 올리신 제안입니다" in again.text()
    withdraw_proposal(actor=actor_for(author), proposal=proposal)
    db.session.commit()
    again.get(f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}/proposals/new")
    again.submit(TYPED, button="제출")
    assert db.session.query(Proposal).count() == 2, "what was withdrawn may be posted anew"


def test_a_refused_proposal_names_all_faults_and_keeps_what_was_typed(
    sign_in: Any, region: Region, round_: Round
) -> None:
    browser = sign_in(make_person())
    browser.get(_new(region, round_))
    answer = browser.submit({**TYPED, "title": "짧다", "field_key": ""}, button="제출")
    assert answer.status_code == 422
    assert len(browser.page.xpath("//*[@id='error-summary']//li")) == 2
    assert browser.page.xpath("//textarea[@name='body']")[0].text_content().strip() == BODY
    refused = browser.submit({**TYPED, "body": BODY + " 850101-1234567"}, button="제출")
    assert refused.status_code == 422
    assert db.session.query(Proposal).count() == 0


def test_outside_its_phase_no_proposal_is_taken(sign_in: Any, region: Region) -> None:
    closed = make_round(region, Phase.AGENDA_VOTE)
    db.session.commit()
    browser = sign_in(make_person())
    assert browser.get(_new(region, closed)).status_code == 409
    browser.get(f"/regions/{region.slug}/rounds/{ids.encode(closed.id)}/proposals")
    assert "지금은 제안을 받는 기간이 아닙니다" in browser.text()


def test_endorsing_is_a_pair_that_counts_each_person_once(sign_in: Any, region: Region, round_: Round) -> None:
    proposal = make_proposal(round_)
    browser = sign_in(make_person())
    browser.get(_page(region, proposal))
    browser.submit(button="공감하기")
    assert "1명이 공감합니다" in browser.text()
    fragment = browser.submit(button="공감 취소", htmx=True).get_data(as_text=True)
    assert 'id="endorsement"' in fragment
    assert "공감하기" in fragment
    db.session.refresh(proposal)
    assert (proposal.endorsement_count, db.session.query(Endorsement).count()) == (0, 0)


def test_readers_who_are_not_signed_in_get_a_page_without_forms(
    client: StrictClient, region: Region, round_: Round
) -> None:
    proposal = make_proposal(round_)
    db.session.commit()
    client.get(_page(region, proposal))
    assert not client.page.xpath("//main//form | //input[@name='csrf_token']")
    assert "로그인하고 공감하기" in client.text()


def test_an_edit_keeps_the_earlier_text_in_public(
    client: StrictClient, sign_in: Any, region: Region, round_: Round
) -> None:
    author = make_person()
    proposal = make_proposal(round_, author)
    browser = sign_in(author)
    browser.get(_page(region, proposal) + "/edit")
    browser.submit({"title": "도서관 앞 신호등 설치"}, button="제출")
    assert "고친 내용을 저장했습니다" in browser.text()
    client.get(_page(region, proposal) + "/versions")
    assert "횡단보도" in client.page.xpath("string(//div[@class='pieces']/del)")
    assert "신호등" in client.page.xpath("string(//div[@class='pieces']/ins)")


def test_an_edit_from_an_outdated_page_is_refused(sign_in: Any, region: Region, round_: Round) -> None:
    author = make_person()
    proposal = make_proposal(round_, author)
    first, second = sign_in(author), sign_in(author)
    for browser in (first, second):
        browser.get(_page(region, proposal) + "/edit")
    first.submit({"title": "먼저 고친 제목"}, button="제출")
    answer = second.submit({"title": "나중에 고친 제목"}, button="제출")
    assert answer.status_code == 422
    assert "다른 창에서 이미 이 제안을 고쳤습니다" in second.text()
    db.session.refresh(proposal)
    assert proposal.title == "먼저 고친 제목"


def test_only_the_author_edits_and_withdraws(sign_in: Any, region: Region, round_: Round) -> None:
    proposal = make_proposal(round_)
    db.session.commit()
    stranger = sign_in(make_person())
    for action in ("edit", "withdraw"):
        assert stranger.get(f"{_page(region, proposal)}/{action}").status_code == 403


def test_a_withdrawn_proposal_leaves_a_note(client: StrictClient, sign_in: Any, region: Region, round_: Round) -> None:
    author = make_person()
    proposal = make_proposal(round_, author)
    browser = sign_in(author)
    browser.get(_page(region, proposal) + "/withdraw")
    browser.submit(button="제안 거두기")
    db.session.refresh(proposal)
    assert proposal.visibility is Visibility.WITHDRAWN
    client.get(_page(region, proposal))
    assert "제안자가 거둔 제안입니다" in client.text()
    assert TITLE not in client.page.text_content()
    client.get(f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}/proposals")
    assert TITLE not in client.text()


@pytest.mark.parametrize("shape", [(20, 2), (500, 3), (20, 99)])
def test_the_page_costs_the_same_whatever_the_number_of_comments(
    client: StrictClient, sign_in: Any, count_queries: Any, region: Region, round_: Round, shape: tuple[int, int]
) -> None:
    proposal, author = make_proposal(round_), make_person()
    make_many_comments(thread_of(proposal), author, roots=shape[0], replies_each=shape[1])
    reader = sign_in(author)
    db.session.commit()
    address = _page(region, proposal)
    for browser in (client, reader):
        db.session.expire_all()
        with count_queries() as queries:
            browser.get(address)
        assert len(queries) <= 12, queries
        assert len(browser.page.xpath("//ol[@id='comments']/li[contains(@class,'comment')]")) == 20


def test_english_readers_get_the_page_in_english(client: StrictClient, region: Region, round_: Round) -> None:
    proposal = make_proposal(round_)
    db.session.commit()
    client.get("/en" + _page(region, proposal))
    assert "Sign in and endorse" in client.text()
