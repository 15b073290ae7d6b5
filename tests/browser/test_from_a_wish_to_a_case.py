"""The whole way of a wish: written, compared with what stands there, talked over, joined with its twin by a moderator
and both authors, and told as one case; on the phone and on the desk, with and without JavaScript."""

from typing import Any

import pytest

from tests.browser.conftest import Visitor

REASON = "같은 곳의 같은 문제를 말합니다."
COMMENT = "저도 매일 겪는 일입니다. **꼭** 고쳐 주십시오."
REPLY = "함께해 주셔서 고맙습니다."
#: For each way its own wish, in two people's words: the ways share one site, and their proposals must not be alike.
WAYS = [
    pytest.param(
        {"width": 360},
        ("놀이터 모래에 유리 조각이 섞여 있습니다", "놀이터 모래에서 유리 조각이 나왔습니다"),
        id="phone",
    ),
    pytest.param(
        {"width": 1280},
        ("배수구가 막혀 비만 오면 넘칩니다", "비가 오면 막힌 배수구가 넘칩니다"),
        id="desktop",
    ),
    pytest.param(
        {"width": 360, "javascript": False},
        ("작은도서관을 밤에도 열어 주십시오", "작은도서관을 밤 열 시까지 열어 주세요"),
        id="phone-without-javascript",
    ),
    pytest.param(
        {"width": 1280, "javascript": False},
        ("천변 산책로에 쉴 의자를 놓아 주십시오", "천변 산책로에 앉아 쉴 의자가 모자랍니다"),
        id="desktop-without-javascript",
    ),
]


@pytest.mark.parametrize(("way", "titles"), WAYS)
def test_from_a_wish_to_a_case(visitor: Any, way: dict[str, Any], titles: tuple[str, str]) -> None:
    first, second, neighbour = (_resident(visitor, way) for _ in range(3))
    early = _write(first, titles[0])
    late = _write(second, titles[1], alike=titles[0])
    _discuss(neighbour, second, late)
    moderator: Visitor = visitor(**way)
    moderator.sign_in("moderator")
    _suggest_a_merge(moderator, late, early)
    _consent(second)
    assert "합쳐진 제안" not in second.page.locator("main").inner_text(), "one of the two authors alone decides nothing"
    _consent(first)
    first.shows(f"합쳐진 제안: {titles[1]}")
    reader: Visitor = visitor(**way)
    _follow_to_the_case(reader, late, titles)
    _read_the_case(reader, early)


def _resident(visitor: Any, way: dict[str, Any]) -> Visitor:
    made: Visitor = visitor(**way)
    made.settle_in("gwangju")
    return made


def _write(author: Visitor, title: str, *, alike: str = "") -> str:
    """Write and submit a proposal; what is ``alike`` is shown before. The path of its page."""
    page = author.page
    author.go(f"{author.open_round()}/proposals/new")
    page.fill("#title", title)
    page.fill("#summary", f"{title}. 이웃 여럿이 같은 말을 합니다.")
    page.locator("#field_key").select_option(index=1)
    page.fill("#body", f"{title}. 지난달부터 그렇습니다.\n\n구청에서 한번 **나와 보아** 주십시오.")
    author.press("button[name=step][value=preview]")
    if alike:
        assert alike in page.locator(".similar--choice").inner_text()
        author.press(".similar--choice button[value=submit]")
    else:
        author.press(".preview button[value=submit]")
    assert page.locator("h1").inner_text() == title
    return page.url.removeprefix(author.site.address)


def _discuss(neighbour: Visitor, author: Visitor, proposal: str) -> None:
    """A neighbour endorses and comments; the author answers."""
    page = neighbour.page
    neighbour.go(proposal)
    neighbour.press("form[action$='/endorse'] button")
    assert page.locator(".endorse__number").inner_text() == "1"
    page.locator("#write-box textarea").fill(COMMENT)
    page.locator("#write-box input[value=for]").check()
    neighbour.press("#write-box .button--primary")
    neighbour.shows("저도 매일 겪는 일입니다.")

    author.go(proposal)
    author.press("#comments > .comment > .comment__actions a[href$='/reply']")
    form = ".comment__slot" if author.has_javascript else "main form:has(textarea)"
    author.page.locator(f"{form} textarea").fill(REPLY)
    author.press(f"{form} .button--primary")
    author.shows(REPLY)


def _suggest_a_merge(moderator: Visitor, proposal: str, other: str) -> None:
    moderator.go(proposal)
    moderator.press(f"main a[href='{proposal}/merge']")
    moderator.press(f"main a[href*='other={other.rpartition('/')[2]}']")
    moderator.shows("합치면")
    moderator.page.fill("textarea", REASON)
    moderator.press("main form[method=post] button")
    moderator.shows("합치자는 말을 전했습니다")


def _consent(author: Visitor) -> None:
    author.go("/me")
    author.follow("/merges/")
    author.shows(REASON)
    author.press("button[value=consent]")


def _follow_to_the_case(reader: Visitor, late: str, titles: tuple[str, str]) -> None:
    """From the address that people have already passed on to the proposal that speaks for both."""
    reader.go(late)
    reader.shows("이 제안은 이미 합쳐졌습니다.")
    assert "저도 매일 겪는 일입니다." in reader.page.locator("#thread").inner_text()
    reader.press(".merge-notices a.button")
    assert reader.page.locator("h1").inner_text() == titles[0]
    assert reader.page.locator(".endorse__number").inner_text() == "1", "the other's supporter came along"


def _read_the_case(reader: Visitor, proposal: str) -> None:
    page = reader.page
    reader.press(f"#case a[href='{proposal}/case']")
    reader.shows("두 제안자가 동의함")
    reader.shows(REASON)
    assert page.locator(".case__step time").count() >= 2, "every step has its day"
    reader.follow("large=1")
    page.emulate_media(media="print")
    assert page.locator(".site-header, .site-footer").filter(visible=True).count() == 0
    assert page.locator(".casefile__url").is_visible()
    assert page.locator(".case__what").first.is_visible()
    page.emulate_media(media="screen")
