"""Following, the ladder and voices in a real browser, on the phone and on the desk, with and without JavaScript."""

from typing import Any

import pytest

from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Visitor

SIZES = pytest.mark.parametrize("width", [360, 1280])
SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])


@SIZES
@SCRIPTS
def test_following_stays_in_its_place_and_stands_on_my_page(visitor: Any, width: int, javascript: bool) -> None:
    resident: Visitor = visitor(width=width, javascript=javascript)
    resident.sign_in("newcomer")
    resident.open_proposal("커피박")
    title = resident.page.locator("h1").inner_text()
    address = resident.page.url
    resident.press("#following button:has-text('소식 받기')")
    assert resident.page.url.split("#")[0] == address
    assert resident.page.locator("#following button").inner_text() == "소식 그만 받기"
    if javascript:
        assert resident.page.evaluate("document.activeElement.textContent.trim()") == "소식 그만 받기"
    resident.go("/me/follows")
    assert resident.page.locator(f"main a:has-text('{title}')").count() == 1
    if javascript:
        assert_accessible(resident.page)
    resident.press("main button:has-text('소식 그만 받기')")
    assert resident.page.locator(f"main a:has-text('{title}')").count() == 0


@SIZES
def test_answers_stand_above_the_discussion_and_interests_beside_the_opinion(visitor: Any, width: int) -> None:
    anybody: Visitor = visitor(width=width)
    anybody.open_proposal("보행 신호")
    answer = anybody.page.locator("#thread .voice--official-answer")
    first = anybody.page.locator("#comments > .comment").first
    assert answer.bounding_box()["y"] < first.bounding_box()["y"]
    assert anybody.page.locator(".ladder__step--done").count() == 2
    assert anybody.page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(anybody.page)
    anybody.open_proposal("영구임대 34호")
    assert "연구비를 받았습니다" in anybody.page.locator(".voice__interests").inner_text()
    assert anybody.page.locator(".progress__words").inner_text().startswith("46 / 50")
    assert anybody.page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(anybody.page)
    anybody.press(".voice--summary .voice__links a")
    assert anybody.page.locator("ins").count() >= 1
    assert_accessible(anybody.page)


def test_the_address_can_be_copied_and_without_script_it_stands_there(visitor: Any) -> None:
    anybody: Visitor = visitor(width=360)
    anybody.open_proposal("커피박")
    anybody.page.locator("#share summary").click()
    assert anybody.page.locator("#share-address").input_value() == anybody.page.url
    anybody.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    anybody.page.locator("[data-share-copy]").click()
    anybody.page.locator("[data-share-status]:has-text('복사했습니다')").wait_for()
    assert anybody.page.evaluate("navigator.clipboard.readText()") == anybody.page.url
    plain: Visitor = visitor(width=360, javascript=False)
    plain.open_proposal("커피박")
    plain.page.locator("#share summary").click()
    assert plain.page.locator("#share-address").input_value() == plain.page.url
    assert plain.page.locator("#share button:visible").count() == 0


def _turn_pages_to(visitor: Visitor, selector: str) -> None:
    """The list's first page fills up with what other tests post."""
    while not visitor.page.locator(selector).count():
        visitor.press("main a[href*='after=']")
    visitor.press(selector)


@SIZES
@SCRIPTS
def test_an_expert_finds_a_proposal_and_gives_an_opinion(visitor: Any, width: int, javascript: bool) -> None:
    expert: Visitor = visitor(width=width, javascript=javascript)
    expert.sign_in("expert")
    expert.go("/regions/gwangju/desk/voices")
    if javascript:
        assert_accessible(expert.page)
    _turn_pages_to(expert, "main li:has-text('퇴근길 마을버스') a:has-text('전문가 의견 쓰기')")
    expert.page.get_by_label("분야와 소속").fill("교통공학, ○○연구원")
    expert.page.locator("textarea[name=body]").fill("마을버스는 **한 시간**만 늘려도 환승이 크게 늘어납니다.")
    expert.press("button:has-text('이름과 함께 올리기')")
    assert "이해관계가 있는지 밝혀 주십시오" in expert.page.locator("#error-summary").inner_text()
    if javascript:
        assert expert.page.evaluate("document.activeElement.id") == "error-summary"
        assert_accessible(expert.page)
    expert.page.get_by_label("없습니다").check()
    expert.press("button:has-text('미리보기')")
    assert expert.page.locator(".preview strong:has-text('한 시간')").count() == 1
    expert.press("button:has-text('이름과 함께 올리기')")
    opinion = expert.page.locator(".voice--expert-opinion").first
    assert "밝힌 이해관계: 없음" in opinion.inner_text()


def test_a_reviewer_answers_what_is_owed(visitor: Any) -> None:
    reviewer: Visitor = visitor(width=1280)
    reviewer.sign_in("reviewer")
    reviewer.go("/regions/gwangju/answers-owed")
    assert_accessible(reviewer.page)
    reviewer.press("main li:has-text('생활안전 꾸러미') a:has-text('공식 답변 쓰기')")
    reviewer.page.get_by_label("부서", exact=False).first.fill("노인복지과")
    reviewer.page.locator("textarea[name=body]").fill(
        "내년 예산에 **300가구**분을 올리겠습니다. 자세한 것은 봄에 알리겠습니다."
    )
    reviewer.press("button:has-text('이름과 함께 올리기')")
    assert reviewer.page.locator("#thread .voice--official-answer").count() == 1
    reviewer.go("/regions/gwangju/answers-owed")
    assert reviewer.page.locator("main li:has-text('생활안전 꾸러미')").count() == 0
