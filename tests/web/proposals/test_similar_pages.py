"""Similar proposals on the pages: while writing, once before submitting, beside a proposal; never in the way."""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.similar.corpus import many_texts, store
from civicvote.db import db
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.services import set_proposal_visibility
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.kernel import ids
from civicvote.kernel.permissions import Role
from civicvote.kernel.visibility import Visibility
from civicvote.web.throttle import RATES, Limit
from tests.factories.people import make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import TITLE, make_proposal
from tests.strict_client import StrictClient

TYPED = {
    "title": "도서관 앞에 건널목을 만들어 주세요",
    "summary": "아이들이 책 빌리러 갈 때 찻길을 그냥 건넙니다.",
    "field_key": "safety",
    "place": "",
    "body": "정문 앞은 차가 빨리 다니는데 건널 곳이 없습니다. 줄이라도 그어 주세요.",
}
OTHERWISE = {
    "title": "마을 합창단을 만듭시다",
    "summary": "나이와 상관없이 함께 노래하는 모임입니다.",
    "field_key": "safety",
    "place": "",
    "body": "연말에 발표회를 엽니다. 회관 강당을 빌려 주십시오.",
}
CHOICE = "이미 비슷한 제안이 있습니다"


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def round_(region: Region) -> Round:
    made = make_round(region)
    db.session.commit()
    return made


@pytest.fixture
def earlier(round_: Round) -> Proposal:
    made = make_proposal(round_)
    db.session.commit()
    return made


def new_page(region: Region, round_: Round) -> str:
    return f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}/proposals/new"


def ask(browser: StrictClient, region: Region, round_: Round, **typed: str) -> Any:
    browser.get(new_page(region, round_))
    token = browser.page.xpath("//form[@id='proposal-form']//input[@name='csrf_token']/@value")[0]
    address = f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}/proposals/similar"
    return browser.post(address, data={**typed, "csrf_token": token}, headers={"HX-Request": "true"})


def test_while_writing_what_is_alike_comes_with_a_way_to_endorse_it(
    sign_in: Any, region: Region, round_: Round, earlier: Proposal
) -> None:
    browser = sign_in(make_person())
    answer = ask(browser, region, round_, **{name: TYPED[name] for name in ("title", "summary", "body")})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert TITLE in text
    assert "이 제안에 공감하기" in text
    assert f"/proposals/{ids.encode(earlier.id)}#endorsement" in text
    assert "data-focus" not in text
    assert 'data-announce="제목 아래에 비슷한 제안 1건이 있습니다."' in text


def test_nothing_comes_back_where_nothing_changed_or_too_little_is_typed(
    sign_in: Any, region: Region, round_: Round, earlier: Proposal
) -> None:
    browser = sign_in(make_person())
    shown = ids.encode(earlier.id)
    assert ask(browser, region, round_, title=TYPED["title"], similar_shown=shown).status_code == 204
    assert ask(browser, region, round_, title="도서").status_code == 204
    assert ask(browser, region, round_, title=OTHERWISE["title"]).status_code == 204
    gone = ask(browser, region, round_, title=OTHERWISE["title"], similar_shown=shown)
    assert gone.status_code == 200
    assert "similar__title" not in gone.get_data(as_text=True)


def test_sent_without_htmx_it_is_a_page_that_holds_what_htmx_gets(
    sign_in: Any, region: Region, round_: Round, earlier: Proposal
) -> None:
    browser = sign_in(make_person())
    typed = {name: TYPED[name] for name in ("title", "summary", "body")}
    part = ask(browser, region, round_, **typed).get_data(as_text=True)
    token = browser.page.xpath("//form[@id='proposal-form']//input[@name='csrf_token']/@value")[0]
    address = f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}/proposals/similar"
    whole = browser.post(address, data={**typed, "csrf_token": token}).get_data(as_text=True)
    assert whole.startswith("<!doctype html>")
    assert part.strip() in whole
    shown = {"title": OTHERWISE["title"], "csrf_token": token}
    assert browser.post(address, data=shown).status_code == 200
    assert "이 지역에는 비슷한 제안이 없습니다." in browser.text()


@pytest.mark.parametrize("first", ["제출", "미리보기"])
def test_before_submitting_it_is_said_once_and_then_the_own_proposal_goes_through(
    sign_in: Any, region: Region, round_: Round, earlier: Proposal, first: str
) -> None:
    browser = sign_in(make_person())
    browser.get(new_page(region, round_))
    assert browser.submit(TYPED, button=first).status_code == 200
    assert CHOICE in browser.text()
    assert TITLE in browser.text()
    assert db.session.query(Proposal).count() == 1
    assert browser.page.xpath("//input[@name='title']/@value")[0] == TYPED["title"]
    browser.submit(button="내 제안은 다릅니다. 제출하기")
    assert "제안을 올렸습니다" in browser.text()
    assert db.session.query(Proposal).count() == 2


def test_with_htmx_the_choice_comes_in_the_form(sign_in: Any, region: Region, round_: Round, earlier: Proposal) -> None:
    browser = sign_in(make_person())
    browser.get(new_page(region, round_))
    answer = browser.submit(TYPED, button="제출", htmx=True)
    assert answer.status_code == 200
    assert CHOICE in answer.get_data(as_text=True)
    assert "<html" not in answer.get_data(as_text=True)


def test_where_nothing_is_alike_nothing_is_asked(
    sign_in: Any, region: Region, round_: Round, earlier: Proposal
) -> None:
    browser = sign_in(make_person())
    browser.get(new_page(region, round_))
    browser.submit(OTHERWISE, button="제출")
    assert "제안을 올렸습니다" in browser.text()


def test_an_edit_is_not_asked_whether_it_is_like_others(sign_in: Any, region: Region, round_: Round) -> None:
    author = make_person()
    make_proposal(round_)
    own = make_proposal(round_, author)
    db.session.commit()
    browser = sign_in(author)
    browser.get(f"/regions/{region.slug}/proposals/{ids.encode(own.id)}/edit")
    browser.submit({"summary": "아이들이 위험하게 차도를 건너고 있습니다."}, button="제출")
    assert CHOICE not in browser.text()
    assert db.session.get_one(Proposal, (own.region_id, own.id)).version == 2


def test_beside_a_proposal_stand_others_and_hidden_ones_do_not(
    client: StrictClient, region: Region, round_: Round, earlier: Proposal
) -> None:
    others = [make_proposal(round_, title=f"도서관 앞 건널목 {number}") for number in range(5)]
    hidden = make_proposal(round_, title="숨긴 도서관 앞 건널목")
    set_proposal_visibility(region_id=region.id, proposal_id=hidden.id, visibility=Visibility.HIDDEN)
    db.session.commit()
    page = f"/regions/{region.slug}/proposals/{ids.encode(earlier.id)}"
    client.get(page)
    assert client.page.xpath(f"//a[@href='{page}/similar']")
    client.get(f"{page}/similar")
    assert len(client.page.xpath("//ul[contains(@class,'similar__rows')]/li")) == 5
    beside = client.get(f"{page}/similar?beside=1", headers={"HX-Request": "true"})
    shown = beside.get_data(as_text=True)
    assert shown.count("row__title") == 3
    assert "숨긴" not in shown
    assert any(each.title in shown for each in others)
    assert "/merge?other=" not in shown


def test_who_may_merge_is_led_to_it(sign_in: Any, region: Region, round_: Round, earlier: Proposal) -> None:
    other = make_proposal(round_)
    db.session.commit()
    browser = sign_in(make_officer(region.id, Role.MODERATOR))
    page = f"/regions/{region.slug}/proposals/{ids.encode(earlier.id)}"
    browser.get(f"{page}/similar")
    assert browser.page.xpath(f"//a[@href='{page}/merge?other={ids.encode(other.id)}']")


def test_a_proposal_that_nobody_may_read_has_no_page_of_similar_ones(
    client: StrictClient, region: Region, earlier: Proposal
) -> None:
    set_proposal_visibility(region_id=region.id, proposal_id=earlier.id, visibility=Visibility.HIDDEN)
    db.session.commit()
    assert client.get(f"/regions/{region.slug}/proposals/{ids.encode(earlier.id)}/similar").status_code == 404


def test_the_pages_cost_the_same_at_sixty_and_at_two_thousand(
    sign_in: Any, region: Region, round_: Round, earlier: Proposal, count_queries: Callable[..., Any]
) -> None:
    browser, author = sign_in(make_person()), make_person()
    page = f"/regions/{region.slug}/proposals/{ids.encode(earlier.id)}/similar"
    costs = []
    for count in (60, 1_940):
        store(round_.region_id, round_.id, author.id, many_texts(count))
        db.session.commit()
        with count_queries() as listed:
            browser.get(page)
        browser.get(new_page(region, round_))
        token = browser.page.xpath("//form[@id='proposal-form']//input[@name='csrf_token']/@value")[0]
        address = f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}/proposals/similar"
        with count_queries() as typed:
            browser.post(address, data={"title": TYPED["title"], "csrf_token": token}, headers={"HX-Request": "true"})
        costs.append((len(listed), len(typed)))
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 9, costs


def test_looks_before_submitting_count_and_where_none_is_left_the_proposal_goes_through(
    sign_in: Any, region: Region, round_: Round, earlier: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    rate = RATES[Limit.SUGGESTION]
    monkeypatch.setitem(RATES, Limit.SUGGESTION, type(rate)(2, rate.per, rate.reason))
    browser = sign_in(make_person())
    for _ in range(2):
        browser.get(new_page(region, round_))
        browser.submit(TYPED, button="미리보기")
        assert CHOICE in browser.text()
    browser.get(new_page(region, round_))
    assert browser.submit(TYPED, button="제출").status_code == 200
    assert CHOICE not in browser.text()
    assert db.session.query(Proposal).filter_by(title=TYPED["title"]).count() == 1
    assert ask(browser, region, round_, title=TYPED["title"]).status_code == 429
