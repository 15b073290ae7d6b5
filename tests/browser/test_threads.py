"""A thread in a real browser: replies in their place, nothing twice, the focus where a person looks next."""

from typing import Any

from tests.browser.conftest import Visitor


def _focused(visitor: Visitor) -> str:
    return str(visitor.page.evaluate("document.activeElement.closest('[id]').id"))


def _reply(visitor: Visitor, comment: str, body: str) -> None:
    visitor.press(f"{comment} > .comment__actions a[href$='/reply']")
    visitor.page.locator(f"{comment} > .comment__slot textarea").fill(body)
    visitor.press(f"{comment} > .comment__slot button")


def test_replies_stand_in_their_place_and_nothing_is_shown_twice(visitor: Any) -> None:
    resident: Visitor = visitor(width=360)
    resident.sign_in("resident")
    resident.go("/regions/gwangju/rounds")
    resident.follow("/rounds/")
    resident.press("main a[href$='/proposals']")
    resident.press("main a[href*='/proposals/']:has-text('보행 신호')")
    resident.page.locator("#write-box textarea").fill("여기에 답해 주세요.")
    resident.press("#write-box button")
    key = resident.page.locator("#comments > .comment").first.get_attribute("id")
    root = f"#{key}"
    assert _focused(resident) == key
    for number in range(5):
        _reply(resident, root, f"답글 {number}")
    assert resident.page.locator(f"{root} .thread > .comment").count() == 5
    resident.page.reload()
    _reply(resident, root, "마지막 답글")
    assert resident.page.locator(f"{root} .thread > .comment").count() == 4
    resident.press(f"{root} .thread__more a")
    assert resident.page.locator(f"{root} .thread > .comment").count() == 6
    repeated = resident.page.evaluate(
        "[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, at, all) => all.indexOf(id) !== at)"
    )
    assert repeated == []


def test_a_refused_reply_keeps_its_text_and_says_why(visitor: Any) -> None:
    resident: Visitor = visitor(width=360)
    resident.sign_in("resident")
    resident.go("/regions/gwangju/rounds")
    resident.follow("/rounds/")
    resident.press("main a[href$='/proposals']")
    resident.press("main a[href*='/proposals/']:has-text('보행 신호')")
    resident.page.locator("#write-box textarea").fill("제 번호는 850101-1234567 입니다.")
    resident.press("#write-box button")
    assert _focused(resident) == "error-summary"
    assert "850101-1234567" in resident.page.locator("#write-box textarea").input_value()
