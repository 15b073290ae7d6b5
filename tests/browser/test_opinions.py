"""Opinion questions in a real browser: on the phone and the desktop, with scripts and without."""

from typing import Any

import pytest

from tests.browser.conftest import Visitor

WAYS = pytest.mark.parametrize(
    ("width", "javascript", "who"),
    [(360, True, "resident"), (1280, True, "newcomer"), (360, False, "clerk"), (1280, False, "observer")],
)


def _open_question(visitor: Visitor) -> None:
    visitor.go("/regions/gwangju/opinions")
    visitor.press("#questions a")


@WAYS
def test_answering_until_ones_own_place_is_shown(visitor: Any, width: int, javascript: bool, who: str) -> None:
    person: Visitor = visitor(width=width, javascript=javascript)
    person.sign_in(who)
    _open_question(person)
    person.shows("18개 가운데 0개 답함")
    for number in range(8):
        person.press(f"#card button[value={'agree' if number % 2 else 'disagree'}]")
        person.shows(f"18개 가운데 {number + 1}개 답함")
        if javascript:
            focused = person.page.evaluate("document.activeElement.className")
            assert focused == "opinion-card__statement"
            spoken = f"18개 가운데 {number + 1}개 답함"
            person.page.wait_for_function(
                "words => document.getElementById('announcer').textContent.includes(words)", arg=spoken
            )
    person.press("#card .opinion-card__last a")
    person.shows("지금까지의 답")
    person.press("#card button[value=pass]")
    person.shows("18개 가운데 8개 답함")
    person.page.reload()
    person.settle()
    assert "내 자리는" in person.page.locator(".opinion-map figcaption").inner_text()
    assert person.page.locator(".opinion-map__own").count() == 1
    person.press("#more ~ ul a[href$='/answers']")
    assert person.page.locator(".opinion-list > li").count() == 8


@WAYS
def test_adding_a_statement_that_is_refused_first(visitor: Any, width: int, javascript: bool, who: str) -> None:
    person: Visitor = visitor(width=width, javascript=javascript)
    person.sign_in(who)
    _open_question(person)
    person.press("#add summary")
    person.page.locator("#add textarea").fill("밤 공원은 젊은 사람만의 것이다")
    person.press("#add form button")
    person.shows("이미 나온 문장입니다")
    if javascript:
        assert person.page.evaluate("document.activeElement.id") == "error-summary"
    person.page.locator("#add textarea").fill(f"벤치를 {width}개 더 놓고 {'꽃' if javascript else '나무'}를 심자.")
    person.press("#add form button")
    person.shows("진행자가 먼저 읽은 뒤")
    if not javascript:
        person.press("#add summary")
    person.shows("진행자를 기다림")


def test_the_desk_decides_and_the_page_reads_in_english(visitor: Any) -> None:
    desk: Visitor = visitor(width=1280)
    desk.sign_in("moderator")
    desk.go("/regions/gwangju/opinions/queue")
    waiting = desk.page.locator(".opinion-list > li").count()
    assert waiting >= 2
    desk.press(".opinion-list > li:first-child button[value=refuse]")
    desk.shows("이유를 쓰십시오")
    desk.press(".opinion-list > li:first-child button[value=accept]")
    assert desk.page.locator(".opinion-list > li").count() == waiting - 1
    reader: Visitor = visitor(width=360, prefix="/en")
    _open_question(reader)
    reader.shows("What tells the groups apart")
    reader.go("/regions/gwangju/opinions/method")
    reader.shows("principal components")
