"""What moderators, clerks, budget officers and administrators do, in a real browser at 360 and 1280 px."""

from typing import Any

import pytest

WAYS = [
    pytest.param({"width": 360}, id="phone"),
    pytest.param({"width": 1280}, id="desktop"),
    pytest.param({"width": 1280, "prefix": "/en"}, id="desktop-english"),
]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> dict[str, Any]:
    chosen: dict[str, Any] = request.param
    return chosen


def test_a_moderator_hides_a_reported_comment(way: dict[str, Any], visitor: Any) -> None:
    insult = f"너희 동네나 잘해라 {way}"[:60]
    resident, moderator = visitor(**way), visitor(**way)
    resident.sign_in("newcomer")
    resident.open_proposal("커피박")
    proposal = resident.page.url
    resident.page.locator("form[action$='/comments'] textarea").first.fill(insult)
    resident.press("form[action$='/comments'] button")
    reporter = visitor(**way)
    reporter.sign_in("resident")
    reporter.page.goto(proposal)
    reporter.press(f"li:has(.comment__text:has-text(\"{insult}\")) a[href*='/report/comment/']")
    reporter.page.locator("input[name=reason][value=abuse]").check()
    reporter.press("main form button.button--primary")

    moderator.sign_in("moderator")
    moderator.go("/regions/gwangju/desk/moderation")
    moderator.press(f"main a[href*='/desk/moderation/']:has-text(\"{insult[:20]}\")")
    moderator.page.locator("input[name=reason][value=abuse]").check()
    moderator.press("main form button[value=hide]")
    resident.page.goto(proposal)
    resident.examine()
    assert resident.page.get_by_text(insult).count() <= 1, "only the author still reads it, marked as hidden"
    resident.go("/me/messages")
    resident.go("/regions/gwangju/moderation")


def test_two_officers_make_a_payment(way: dict[str, Any], visitor: Any) -> None:
    payee = f"한마음설비 {way['width']}{way.get('prefix', '')}"
    entry, approval = visitor(**way), visitor(**way)
    entry.sign_in("entry")
    entry.go("/regions/daegu/desk/budget")
    entry.follow("/desk/budget/projects/")
    entry.follow("/enter")
    entry.page.fill("input[name=payee]", payee)
    entry.page.fill("textarea[name=reason]", "시험 가동")
    entry.page.fill("input[name=evidence]", "세금계산서 2026-0301")
    entry.page.fill("input[name=amount]", "999,999,999,999")
    entry.press("main form button[type=submit]")
    assert entry.page.locator("input[name=amount][aria-invalid=true]").input_value() == "999,999,999,999"
    entry.page.fill("input[name=amount]", "1,000,000")
    entry.press("main form button[type=submit]")
    entry.go("/regions/daegu/desk/budget")
    entry.shows(payee)

    approval.sign_in("approval")
    approval.go("/regions/daegu/desk/budget")
    payment = approval.page.locator("article").filter(has_text=payee)
    payment.locator("summary").click()
    approval.examine()
    payment.locator("form[action$='/approve'] button").click()
    approval.settle()
    assert payment.locator("form").count() == 0, "decided: the row says so and asks for nothing more"
    approval.go("/regions/daegu/money")
    approval.page.locator("summary").filter(has_text="휴게소").first.click()
    approval.examine()


def test_a_clerk_confirms_one_person_after_the_other(way: dict[str, Any], visitor: Any) -> None:
    clerk = visitor(**way)
    clerk.sign_in("clerk")
    clerk.go("/regions/gwangju/desk/residency")
    clerk.page.fill("input[name=email]", "nobody-of-this-name@example.org")
    clerk.page.fill("input[name=legal_name]", "새이웃")
    clerk.page.fill("input[name=born_on]", "19880817")
    clerk.page.locator("input[name=residency_class]").first.check()
    clerk.page.fill("input[name=evidence]", "주민등록증")
    clerk.press("main form button[type=submit]")
    assert clerk.page.locator("input[name=email][aria-invalid=true]").count() == 1
    assert clerk.page.input_value("input[name=evidence]") == "주민등록증"
    clerk.page.fill("input[name=email]", "newcomer@example.org")
    clerk.press("main form button[type=submit]")
    clerk.shows("새이웃")
    assert clerk.page.evaluate("document.activeElement.name") == "email", "ready for the next person"


def test_an_administrator_plans_a_round(way: dict[str, Any], visitor: Any) -> None:
    administrator = visitor(**way)
    administrator.sign_in("admin")
    administrator.go("/regions/gwangju/manage")
    administrator.go("/regions/gwangju/desk/roles")
    administrator.go("/regions/gwangju/manage/rounds/new")
    administrator.page.fill("input[name=title_ko]", "")
    administrator.press("main form button[type=submit]")
    assert administrator.page.locator("[aria-invalid=true]").count() >= 1
    assert administrator.page.evaluate("document.activeElement.id") == "error-summary"
    administrator.page.fill("input[name=title_ko]", f"다음 회차 {way}"[:60])
    administrator.press("main form button[type=submit]")
    assert "/manage" in administrator.page.url
    administrator.go("/regions/daegu/manage")
    administrator.follow("/manage/polls/")
