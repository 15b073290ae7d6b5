"""What a resident does, in a real browser: at 360 and 1280 px, in Korean and English, and once without JavaScript."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.browser.conftest import Visitor

WAYS = [
    pytest.param({"width": 360}, id="phone"),
    pytest.param({"width": 1280}, id="desktop"),
    pytest.param({"width": 360, "prefix": "/en"}, id="phone-english"),
    pytest.param({"width": 1280, "prefix": "/en"}, id="desktop-english"),
    pytest.param({"width": 360, "javascript": False}, id="phone-without-javascript"),
]
PUBLIC = [
    "/", "/regions", "/regions/gwangju", "/regions/daegu", "/regions/gwangju/rounds", "/regions/daegu/votes",
    "/regions/daegu/money", "/regions/gwangju/moderation", "/how", "/promises", "/accessibility", "/licences",
    "/account/sign-in", "/account/sign-up", "/no-such-page",
]  # fmt: skip


@pytest.fixture(params=WAYS)
def resident(request: pytest.FixtureRequest, visitor: Any) -> Visitor:
    """A resident of all three regions, not signed in yet."""
    made = visitor(**request.param)
    assert isinstance(made, Visitor)
    return made


def test_anybody_can_look_around(resident: Visitor) -> None:
    for path in PUBLIC:
        if path == "/no-such-page":
            resident.page.goto(f"{resident.site.address}{resident.prefix}{path}")
            resident.problems.clear()  # the browser itself notes the 404
        else:
            resident.go(path)


def test_a_resident_reads_endorses_and_joins_the_discussion(resident: Visitor) -> None:
    resident.sign_in("resident")
    resident.open_proposal("보행 신호")
    number = int(resident.page.locator(".endorse__number").inner_text())
    resident.press("form[action$='/endorse'] button")
    if resident.page.locator("form[action$='/endorse'] button[value=withdraw]").count():
        assert int(resident.page.locator(".endorse__number").inner_text()) == number + 1
    resident.press("form[action$='/endorse'] button")
    comments = resident.page.locator(".comment__text").count()
    resident.page.locator("form[action$='/comments'] textarea").first.fill("저도 그 **횡단보도**를 건넙니다.")
    resident.page.locator("form[action$='/comments'] input[value=for]").first.check()
    resident.press("form[action$='/comments'] button")
    resident.shows("횡단보도")
    if resident.has_javascript:
        assert resident.page.locator(".comment__text").count() == comments + 1
        assert resident.page.locator("form[action$='/comments'] textarea").first.input_value() == ""


def test_a_refused_comment_says_why_and_keeps_the_words(resident: Visitor) -> None:
    resident.sign_in("resident")
    resident.open_proposal("생활안전 꾸러미")
    words = "제 번호는 900101-1234567 입니다."
    resident.page.locator("form[action$='/comments'] textarea").first.fill(words)
    resident.press("form[action$='/comments'] button")
    assert resident.page.locator("[aria-invalid=true]").count() == 1
    assert resident.page.locator("textarea[aria-invalid=true]").input_value() == words
    if resident.has_javascript:
        assert resident.page.evaluate("document.activeElement !== document.body"), (
            "the focus is where the fault is told"
        )


def test_a_resident_writes_a_proposal(resident: Visitor) -> None:
    resident.settle_in("gwangju")
    resident.go("/regions/gwangju")
    resident.follow("/proposals/new")
    title = f"공원 시계를 고쳐 주십시오 ({datetime.now(UTC):%H:%M:%S.%f})"
    resident.page.fill("input[name=title]", title)
    resident.page.fill("textarea[name=body]", "공원 시계가 석 달째 멈추어 있습니다. 약속 시간을 알 수 없습니다.")
    resident.press("main form button[value=preview]")
    assert resident.page.locator("[aria-invalid=true]").count() >= 1, "the summary and the field are missing"
    assert resident.page.input_value("input[name=title]") == title
    resident.page.fill("input[name=summary]", "멈춘 시계를 고치면 약속하기가 쉬워집니다.")
    resident.page.select_option("select[name=field_key]", index=1)
    resident.press("main form button[value=preview]")
    assert "석 달째" in resident.page.locator(".preview").inner_text()
    resident.press("main form button[value=submit]")
    assert resident.page.locator("h1").inner_text() == title, resident.page.locator("main").inner_text()


def test_a_resident_votes_on_the_budget_and_changes_the_ballot(resident: Visitor) -> None:
    resident.sign_in("resident")
    resident.go("/regions/daejeon/votes")
    resident.follow("/polls/")
    resident.follow("order=printed")
    boxes = resident.page.locator("input[name=choices]")
    assert boxes.count() == 6
    for number in (1, 2, 3):
        boxes.nth(number).check()
        if resident.has_javascript:
            resident.settle()
            assert resident.page.locator("#basket li").count() == number
    resident.press("#basket button[type=submit]")
    assert "/confirm" in resident.page.url
    resident.press("main form[action$='/cast'] button[type=submit]")
    assert resident.page.url.endswith("/receipt")
    receipt = resident.page.locator(".receipt__code").inner_text()
    resident.go("/regions/daejeon/votes")
    resident.follow("/polls/")
    assert resident.page.locator("input[name=choices]:checked").count() == 0, "nobody can read the sealed ballot"
    resident.page.locator("input[name=choices]").first.check()
    if resident.has_javascript:
        resident.settle()
    resident.press("#basket button[type=submit]")
    resident.press("main form[action$='/cast'] button[type=submit]")
    assert resident.page.locator(".receipt__code").inner_text() != receipt


def test_a_resident_follows_the_money(resident: Visitor) -> None:
    resident.sign_in("resident")
    resident.go("/regions/daegu/votes")
    resident.press("main a[href*='/polls/']:has-text('예산')" if not resident.prefix else "main a:has-text('budget')")
    resident.go("/regions/daegu/money")
    resident.follow("/projects/")
    resident.go("/me")
    resident.go("/me/messages")
