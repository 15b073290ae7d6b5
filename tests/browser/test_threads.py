"""A thread in a real browser: replies in their place, nothing twice, the focus where a person looks next."""

from typing import Any

import pytest

from tests.browser.conftest import Visitor


def _focused(visitor: Visitor) -> str:
    return str(visitor.page.evaluate("document.activeElement.closest('[id]').id"))


def _reply(visitor: Visitor, comment: str, body: str) -> None:
    visitor.press(f"{comment} > .comment__actions a[href$='/reply']")
    visitor.page.locator(f"{comment} > .comment__slot textarea").fill(body)
    visitor.press(f"{comment} > .comment__slot button.button--primary")


def test_replies_stand_in_their_place_and_nothing_is_shown_twice(visitor: Any) -> None:
    resident: Visitor = visitor(width=360)
    resident.sign_in("resident")
    resident.open_proposal("보행 신호")
    resident.page.locator("#write-box textarea").fill("여기에 답해 주세요.")
    resident.press("#write-box .button--primary")
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
    resident.open_proposal("보행 신호")
    resident.page.locator("#write-box textarea").fill("제 번호는 850101-1234567 입니다.")
    resident.press("#write-box .button--primary")
    assert _focused(resident) == "error-summary"
    assert "850101-1234567" in resident.page.locator("#write-box textarea").input_value()


def _walking_signal(visitor: Visitor) -> None:
    visitor.open_proposal("보행 신호")


def _first_of_others(visitor: Visitor) -> str:
    """The first comment that somebody else wrote."""
    return "#" + str(visitor.page.locator("#comments > .comment:has(> .rating button)").first.get_attribute("id"))


@pytest.mark.parametrize("width", [360, 1280])
def test_a_comment_is_rated_in_place_by_keyboard_alone(visitor: Any, width: int) -> None:
    resident: Visitor = visitor(width=width)
    resident.sign_in("newcomer")
    _walking_signal(resident)
    comment = _first_of_others(resident)
    button = resident.page.locator(f"{comment} > .rating > button").first
    assert min(button.bounding_box().values()) >= 0
    assert button.bounding_box()["height"] >= 44
    before = button.get_attribute("aria-pressed")
    for pressed in ("false" if before == "true" else "true", before):
        button.focus()
        resident.page.keyboard.press("Enter")
        resident.settle()
        button = resident.page.locator(f"{comment} > .rating > button").first
        assert button.get_attribute("aria-pressed") == pressed
        assert button.evaluate("element => element === document.activeElement"), "the focus stays on the button"
        assert "도움이 됐습니다" in resident.page.locator("#announcer").inner_text()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_quote_is_posted_and_leads_back(visitor: Any, javascript: bool) -> None:
    resident: Visitor = visitor(width=360, javascript=javascript)
    resident.sign_in("resident")
    _walking_signal(resident)
    comment = _first_of_others(resident)
    name = resident.page.locator(f"{comment} > .comment__head .comment__name").inner_text()
    if javascript:
        resident.page.locator(f"{comment} > .comment__text p").first.select_text()
    resident.press(f"{comment} > .comment__actions a[href$='quote=1']")
    area = resident.page.locator(f"{comment} > .comment__slot textarea" if javascript else "main form textarea")
    assert area.input_value().startswith("> ")
    area.fill(area.input_value() + "\n\n그 말씀에 동의합니다.")
    resident.press(f"{comment} > .comment__slot button.button--primary" if javascript else "main form .button--primary")
    quoted = resident.page.locator("blockquote a", has_text=name).first
    quoted.click()
    resident.settle()
    assert resident.page.locator("[aria-current=true] .comment__name").first.inner_text() == name


def test_what_one_began_to_write_is_there_on_another_device(visitor: Any) -> None:
    first: Visitor = visitor(width=1280)
    first.sign_in("moderator")
    _walking_signal(first)
    area = first.page.locator("#write-box textarea")
    area.press_sequentially("아직 다 쓰지 못한 글입니다.")
    first.shows("임시 저장했습니다")
    assert _focused(first) == "body", "saving draws nobody's focus"
    first.settle()
    second: Visitor = visitor(width=360, javascript=False)
    second.sign_in("moderator")
    _walking_signal(second)
    assert second.page.locator("#write-box textarea").input_value() == "아직 다 쓰지 못한 글입니다."
    second.page.locator("#write-box textarea").fill("")
    second.press("#write-box noscript button, #write-box button:has-text('임시 저장')")
    assert second.page.locator("#write-box textarea").input_value() == ""


def test_new_comments_are_told_once_and_come_to_the_top(visitor: Any) -> None:
    reader: Visitor = visitor(width=360)
    _walking_signal(reader)
    address = reader.page.url.removeprefix(reader.site.address)
    writer: Visitor = visitor(width=1280)
    writer.sign_in("resident")
    writer.go(address)
    writer.page.locator("#write-box textarea").fill("방금 올린 새 댓글입니다.")
    writer.press("#write-box .button--primary")
    reader.page.evaluate("document.getElementById('news').dispatchEvent(new CustomEvent('civicvote:look'))")
    reader.shows("새 댓글 1개 보기")
    reader.settle()
    assert "새 댓글이 1개 있습니다" in reader.page.locator("#announcer").inner_text()
    reader.press("#news a")
    first = reader.page.locator("#comments > .comment").first
    assert "방금 올린 새 댓글입니다." in first.inner_text()
    assert _focused(reader) == first.get_attribute("id")
    assert reader.page.locator("#news > *").count() == 0
    writer.page.evaluate("document.getElementById('news').dispatchEvent(new CustomEvent('civicvote:look'))")
    writer.settle()
    assert writer.page.locator("#news > *").count() == 0, "what one wrote oneself is no news"


@pytest.mark.parametrize("javascript", [True, False])
def test_another_order_is_chosen_and_stands_in_the_address(visitor: Any, javascript: bool) -> None:
    reader: Visitor = visitor(width=360, javascript=javascript)
    _walking_signal(reader)
    reader.press(".orders a:has-text('최신순')")
    assert "order=newest" in reader.page.url
    assert reader.page.locator(".orders [aria-current]").inner_text() == "최신순"
    times = reader.page.locator("#comments > .comment > .comment__head .comment__time").all_inner_texts()
    assert len(times) > 1
    reader.press(".order-rule summary")
    reader.shows("가장 나중에 올라온 댓글")
