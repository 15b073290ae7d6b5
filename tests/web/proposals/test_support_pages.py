"""Following, the ladder and sharing on the proposal's page; what I follow on my own."""

from typing import Any

import pytest

from civicvote.db import db
from civicvote.domain.notifications.models import Notification
from civicvote.domain.proposals.models import Follow, Proposal
from civicvote.domain.proposals.states import LadderStep
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.kernel import ids
from civicvote.kernel.permissions import Role
from civicvote.kernel.visibility import Visibility
from tests.factories.people import make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import SUMMARY, TITLE, make_proposal, thread_of
from tests.factories.voices import make_endorsements, make_followers, make_owed, make_voice
from tests.strict_client import StrictClient


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def round_(region: Region) -> Round:
    return make_round(region)


@pytest.fixture
def proposal(round_: Round) -> Proposal:
    made = make_proposal(round_)
    db.session.commit()
    return made


def _page(region: Region, proposal: Proposal) -> str:
    return f"/regions/{region.slug}/proposals/{ids.encode(proposal.id)}"


def _buttons(browser: StrictClient) -> list[str]:
    return [each.text_content().strip() for each in browser.page.xpath("//*[@id='following']//button")]


def test_following_works_without_javascript_and_back(sign_in: Any, region: Region, proposal: Proposal) -> None:
    browser = sign_in(make_person())
    browser.get(_page(region, proposal))
    browser.submit(button="소식 받기")
    assert _buttons(browser) == ["소식 그만 받기"]
    assert db.session.query(Follow).count() == 1
    browser.submit(button="소식 그만 받기")
    assert _buttons(browser) == ["소식 받기"]
    assert db.session.query(Follow).count() == 0


def test_htmx_gets_the_fragment_alone_and_hears_what_changed(sign_in: Any, region: Region, proposal: Proposal) -> None:
    browser = sign_in(make_person())
    browser.get(_page(region, proposal))
    answer = browser.submit(button="소식 받기", htmx=True).get_data(as_text=True)
    assert "<html" not in answer
    assert 'id="following"' in answer
    assert "data-announce" in answer


def test_authors_hear_without_following_and_visitors_are_led_to_the_door(
    client: StrictClient, sign_in: Any, region: Region, round_: Round
) -> None:
    author = make_person()
    proposal = make_proposal(round_, author)
    browser = sign_in(author)
    browser.get(_page(region, proposal))
    assert _buttons(browser) == []
    assert "어떻게 되는지 알려 드립니다" in browser.text()
    client.get(_page(region, proposal))
    assert client.page.xpath("//*[@id='following']//a[contains(@href,'sign-in')]")


def test_a_hidden_proposal_can_be_left_but_not_followed(sign_in: Any, region: Region, proposal: Proposal) -> None:
    person = make_person()
    browser = sign_in(person)
    browser.get("/me")
    token = browser.page.xpath("//input[@name='csrf_token']/@value")[0]
    make_followers(proposal, [person.id])
    proposal.visibility = Visibility.HIDDEN
    db.session.commit()
    wish = {"csrf_token": token, "wish": "follow"}
    assert browser.post(_page(region, proposal) + "/follow", data=wish).status_code == 404
    leaving = {"csrf_token": token, "wish": "stop", "next": "/me/follows"}
    answer = browser.post(_page(region, proposal) + "/follow", data=leaving)
    assert answer.headers["Location"] == "/me/follows"
    assert db.session.query(Follow).count() == 0


def test_the_way_back_stays_on_this_site(sign_in: Any, region: Region, proposal: Proposal) -> None:
    browser = sign_in(make_person())
    browser.get(_page(region, proposal))
    token = browser.page.xpath("//input[@name='csrf_token']/@value")[0]
    typed = {"csrf_token": token, "wish": "follow", "next": "//evil.example/me"}
    answer = browser.post(_page(region, proposal) + "/follow", data=typed)
    assert "evil" not in answer.headers["Location"]


def test_the_ladder_says_how_many_are_missing(client: StrictClient, region: Region, proposal: Proposal) -> None:
    make_endorsements(proposal, 38)
    db.session.commit()
    client.get(_page(region, proposal))
    assert "38 / 50" in client.text()
    assert "12명이 더 공감하면 담당 부서가 답합니다" in client.text()


def test_an_endorsement_by_htmx_brings_the_ladder_along(sign_in: Any, region: Region, proposal: Proposal) -> None:
    make_endorsements(proposal, 49)
    db.session.commit()
    browser = sign_in(make_person())
    browser.get(_page(region, proposal))
    answer = browser.submit(button="공감하기", htmx=True).get_data(as_text=True)
    assert "답할 차례" in answer
    assert "50명이 더 공감하면 공론장을 엽니다" in answer
    proposal_id = proposal.id
    assert db.session.query(Notification).filter(Notification.path.endswith(ids.encode(proposal_id))).count() >= 1


def test_the_round_says_its_ladder_in_plain_words(client: StrictClient, region: Region, round_: Round) -> None:
    round_.rules = {"ladder_department_answers": 40, "ladder_forum": 0, "ladder_mayor_answers": 2000}
    db.session.commit()
    client.get(f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}")
    assert "공감 40개가 모이면 담당 부서가 답합니다" in client.text()
    assert "공감 2,000개가 모이면 단체장이 답합니다" in client.text()
    assert "공론장" not in client.text()


def test_a_round_without_a_ladder_shows_none(client: StrictClient, region: Region, proposal: Proposal) -> None:
    db.session.get_one(Round, (region.id, proposal.round_id)).rules = dict.fromkeys(
        ("ladder_department_answers", "ladder_forum", "ladder_mayor_answers"), 0
    )
    db.session.commit()
    client.get(_page(region, proposal))
    assert not client.page.xpath("//*[@class='ladder']")


def test_messengers_are_told_title_summary_and_address(
    client: StrictClient, region: Region, proposal: Proposal
) -> None:
    client.get(_page(region, proposal))

    def told(name: str) -> list[str]:
        return list(client.page.xpath(f"//meta[@property='og:{name}']/@content"))

    assert (told("title"), told("description"), told("type")) == ([TITLE], [SUMMARY], ["article"])
    assert told("url") == [f"http://localhost{_page(region, proposal)}"]
    assert client.page.xpath("//input[@id='share-address']/@value") == told("url")
    proposal.visibility = Visibility.HIDDEN
    db.session.commit()
    client.get(_page(region, proposal))
    assert told("title") == []


def test_what_i_follow_tells_what_is_new_and_lets_me_stop(sign_in: Any, region: Region, proposal: Proposal) -> None:
    person = make_person()
    browser = sign_in(person)
    browser.get(_page(region, proposal))
    browser.submit(button="소식 받기")
    thread_of(proposal).comment_count = 3
    make_voice(proposal)
    make_owed(proposal, LadderStep.DEPARTMENT_ANSWERS)
    db.session.commit()
    browser.get("/me/follows")
    assert "의견 3개 더" in browser.text()
    assert "공식 답변" in browser.text()
    browser.submit(button="새 소식을 모두 보았습니다")
    assert "의견 3개 더" not in browser.text()
    assert TITLE in browser.text()
    browser.submit(button="소식 그만 받기")
    assert "아직 소식을 받는 제안이 없습니다" in browser.text()
    assert db.session.query(Follow).count() == 0


def test_my_page_shows_what_i_follow_without_leaking_what_was_hidden(
    sign_in: Any, region: Region, proposal: Proposal
) -> None:
    person = make_person()
    make_followers(proposal, [person.id])
    browser = sign_in(person)
    browser.get("/me")
    assert TITLE in browser.text()
    proposal.visibility = Visibility.WITHDRAWN
    db.session.commit()
    for address in ("/me", "/me/follows"):
        browser.get(address)
        assert TITLE not in browser.text()
        assert "더는 읽을 수 없는 제안" in browser.text()


def test_the_rounds_form_refuses_a_ladder_that_does_not_rise(region: Region, sign_in: Any) -> None:
    browser = sign_in(make_officer(region.id, Role.ADMINISTRATOR))
    browser.get(f"/regions/{region.slug}/manage/rounds/new")
    answer = browser.submit({"ladder_forum": "50"}, button="초안 저장하기")
    assert answer.status_code == 422
    error = browser.page.xpath("//*[@id='ladder_forum-error']")[0].text_content()
    assert "앞 단계(50)보다 큰 수" in error
