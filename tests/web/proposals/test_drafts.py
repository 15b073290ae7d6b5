"""Drafts through their pages: a form that saves itself, the button without scripts, My page, closed phases."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from civicvote.db import db
from civicvote.domain.proposals.models import Proposal, ProposalDraft
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.kernel import clock, ids
from civicvote.kernel.phases import Phase
from civicvote.web.throttle import RATES, Limit
from tests.factories.files import photo
from tests.factories.people import make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import BODY, SUMMARY, TITLE, make_proposal
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


def new(region: Region, round_: Round) -> str:
    return f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}/proposals/new"


def hidden(browser: StrictClient) -> dict[str, str]:
    names = ("csrf_token", "writer", "draft", "draft_revision", "draft_told")
    return {
        name: browser.page.xpath(f"string(//form[@id='proposal-form']//input[@name='{name}']/@value)") for name in names
    }


def autosave(browser: StrictClient, region: Region, round_: Round, known: dict[str, str], **typed: Any) -> Any:
    """What the form sends by itself; the answer's hidden fields are taken over as htmx would."""
    address = new(region, round_).removesuffix("new") + "draft"
    answer = browser.post(
        address, data={**known, **typed}, headers={"HX-Request": "true", "Referer": f"http://localhost{address}"}
    )
    text = answer.get_data(as_text=True)
    known |= dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))
    return answer


def only_draft() -> ProposalDraft:
    db.session.expire_all()
    return db.session.query(ProposalDraft).one()


def test_the_form_saves_itself_and_my_page_leads_back(sign_in: Any, region: Region, round_: Round) -> None:
    browser = sign_in(make_person())
    browser.get(new(region, round_))
    known = hidden(browser)
    first = autosave(browser, region, round_, known, title="도서관 앞")
    assert first.status_code == 200
    assert "저장됨" in first.get_data(as_text=True)
    assert "data-announce" in first.get_data(as_text=True)
    second = autosave(browser, region, round_, known, title="도서관 앞 횡단", body="아직")
    assert "data-announce" not in second.get_data(as_text=True), "saves are announced once, not all the time"
    draft = only_draft()
    assert (draft.title, draft.body, draft.revision) == ("도서관 앞 횡단", "아직", 2)
    browser.get("/me")
    assert "내 초안" in browser.text()
    browser.get(browser.page.xpath("//ul[@id='my-drafts']//a[contains(.,'이어 쓰기')]/@href")[0])
    assert browser.page.xpath("string(//input[@name='title']/@value)") == "도서관 앞 횡단"
    browser.submit(TYPED, button="미리보기")
    assert only_draft().title == TITLE, "a preview keeps what it shows"
    browser.submit(button="제출")
    assert "제안을 올렸습니다" in browser.text()
    assert (db.session.query(ProposalDraft).count(), db.session.query(Proposal).count()) == (0, 1)


def test_without_scripts_a_button_keeps_the_draft_with_its_file(sign_in: Any, region: Region, round_: Round) -> None:
    browser = sign_in(make_person())
    browser.get(new(region, round_))
    picture = (BytesIO(photo(40, 30)), "사진.jpg")
    browser.submit({"title": "가", "body": "짧다", "files": picture}, button="초안으로 보관")
    assert "초안을 보관했습니다" in browser.text()
    assert browser.page.xpath("//li[@class='attachment']")
    assert browser.page.xpath("string(//textarea[@name='body'])").strip() == "짧다"
    browser.submit({"title": "", "body": ""}, button="초안으로 보관")
    draft = only_draft()
    assert (draft.title, len(draft.files)) == ("", 1)


def test_nothing_to_keep_is_said(sign_in: Any, region: Region, round_: Round) -> None:
    browser = sign_in(make_person())
    browser.get(new(region, round_))
    answer = browser.submit(button="초안으로 보관")
    assert answer.status_code == 422
    assert "아직 보관할 글이 없습니다" in browser.text()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_personal_number_is_told_beside_its_field_and_the_rest_is_kept(
    sign_in: Any, region: Region, round_: Round, scripts: bool
) -> None:
    browser = sign_in(make_person())
    browser.get(new(region, round_))
    wrong = {"title": "가로등", "body": "제 번호는 850101-1234567"}
    if scripts:
        known = hidden(browser)
        answer = autosave(browser, region, round_, known, **wrong)
        text = answer.get_data(as_text=True)
        assert re.search(r'id="note-body"[^>]*>\s*<p class="field__error"', text)
        assert "data-announce" in text
        again = autosave(browser, region, round_, known, **wrong).get_data(as_text=True)
        assert "data-announce" not in again
    else:
        browser.submit(wrong, button="초안으로 보관")
        assert browser.page.xpath("//div[@id='note-body']/p")
        assert "표시한 칸은 저장하지 못했습니다" in browser.text()
    draft = only_draft()
    assert (draft.title, draft.body) == ("가로등", "")


def test_two_windows_keep_both_texts_and_the_later_one_is_told(sign_in: Any, region: Region, round_: Round) -> None:
    author = make_person()
    browser = sign_in(author)
    browser.get(new(region, round_))
    known = hidden(browser)
    autosave(browser, region, round_, known, title="첫째 창에서")
    browser.get(f"/regions/{region.slug}/drafts/{known['draft']}")
    other = hidden(browser)
    autosave(browser, region, round_, other, title="둘째 창에서")
    told = autosave(browser, region, round_, known, title="다시 첫째 창에서").get_data(as_text=True)
    assert "다른 창에서도 이 초안을 이어 쓰셨습니다" in told
    db.session.expire_all()
    assert {draft.title for draft in db.session.query(ProposalDraft)} == {"둘째 창에서", "다시 첫째 창에서"}
    assert known["draft"] != other["draft"]


def test_a_draft_outlives_its_phase_and_says_when_proposals_are_taken(
    sign_in: Any, region: Region, round_: Round
) -> None:
    browser = sign_in(make_person())
    browser.get(new(region, round_))
    known = hidden(browser)
    autosave(browser, region, round_, known, **TYPED)
    address = f"/regions/{region.slug}/drafts/{known['draft']}"
    browser.get(address)
    assert "고칠 수 있고" in browser.text()
    with clock.frozen_at(clock.now() + timedelta(days=10)):
        browser.get(address)
        assert "지금 제안을 받지 않습니다" in browser.text()
        assert "아직 공고되지 않았습니다" in browser.text()
        assert not browser.page.xpath("//button[@value='submit']")
        autosave(browser, region, round_, hidden(browser), **{**TYPED, "title": "단계가 끝난 뒤에도"})
        assert only_draft().title == "단계가 끝난 뒤에도"
        later = make_round(region, Phase.DISCOVERY)
        later.title_ko = "다음 회차"
        db.session.commit()
        browser.get(address)
        assert "‘다음 회차’에서" in browser.text()
        browser.submit(button="그 회차에 낼 초안으로 바꾸기")
        assert "이제 이 회차에 낼 초안입니다" in browser.text()
        browser.submit(button="제출")
        assert "제안을 올렸습니다" in browser.text()
    assert db.session.query(Proposal).one().round_id == later.id


def test_discarding_is_asked_once(sign_in: Any, region: Region, round_: Round) -> None:
    browser = sign_in(make_person())
    browser.get(new(region, round_))
    autosave(browser, region, round_, known := hidden(browser), title="버릴 초안")
    browser.get(f"/regions/{region.slug}/drafts/{known['draft']}/discard")
    assert db.session.query(ProposalDraft).count() == 1
    browser.submit(button="초안 버리기")
    assert "초안을 버렸습니다" in browser.text()
    assert db.session.query(ProposalDraft).count() == 0


def test_nobody_else_finds_a_draft(sign_in: Any, client: StrictClient, region: Region, round_: Round) -> None:
    browser = sign_in(make_person())
    browser.get(new(region, round_))
    autosave(browser, region, round_, known := hidden(browser), title="나만 보는 글")
    address, stranger = f"/regions/{region.slug}/drafts/{known['draft']}", sign_in(make_person())
    for path in (address, f"{address}/discard"):
        assert stranger.get(path).status_code == 404
        assert client.get(path).status_code == 303
    stranger.get(new(region, round_))
    mine = hidden(stranger)
    autosave(stranger, region, round_, mine | {"draft": known["draft"], "draft_revision": "1"}, title="남의 글")
    db.session.expire_all()
    assert {draft.title for draft in db.session.query(ProposalDraft)} == {"나만 보는 글", "남의 글"}


def test_a_form_that_saves_itself_too_often_is_slowed_in_its_own_line(
    sign_in: Any, region: Region, round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RATES, Limit.DRAFT, type(RATES[Limit.DRAFT])(2, timedelta(minutes=1), "for this test"))
    browser = sign_in(make_person())
    browser.get(new(region, round_))
    known = hidden(browser)
    for number in range(2):
        assert autosave(browser, region, round_, known, title=f"글 {number}").status_code == 200
    refused = autosave(browser, region, round_, known, title="글 2")
    assert refused.status_code == 422
    assert "저장하지 못했습니다" in refused.get_data(as_text=True)
    assert only_draft().title == "글 1"


@pytest.mark.parametrize("others", [0, 2000])
def test_a_save_costs_the_same_beside_however_many(
    sign_in: Any, region: Region, round_: Round, count_queries: Any, others: int
) -> None:
    stranger = make_person()
    db.session.add_all(
        ProposalDraft(
            region_id=region.id,
            id=ids.new_id(),
            round_id=round_.id,
            author_id=stranger.id,
            writer=f"page-{number}",
            created_at=clock.now(),
            saved_at=clock.now(),
        )
        for number in range(others)
    )
    browser = sign_in(make_person())
    browser.get(new(region, round_))
    known = hidden(browser)
    autosave(browser, region, round_, known, title="글")
    with count_queries() as queries:
        autosave(browser, region, round_, known, title="글이 자란다")
    assert len(queries) <= 10, queries


def test_an_edit_of_what_stands_is_no_draft(sign_in: Any, region: Region, round_: Round) -> None:
    author = make_person()
    proposal = make_proposal(round_, author)
    browser = sign_in(author)
    browser.get(f"/regions/{region.slug}/proposals/{ids.encode(proposal.id)}/edit")
    assert not browser.page.xpath("//*[@id='draft-state'] | //button[@value='draft']")
    assert "이전 글도 나란히 볼 수 있습니다" in browser.text()
