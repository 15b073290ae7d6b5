"""Similar proposals in a real browser: they come while one writes, leave the focus alone, and are shown once before
submitting; without scripts, too."""

from typing import Any

import pytest

from tests.browser.conftest import Visitor

TITLE = "역 앞 건널목 초록불이 너무 짧아요"
SUMMARY = "할머니들이 신호 안에 다 건너지 못합니다."
BODY = "지하철역 계단에서 내려오면 바로 신호가 바뀝니다. 몇 초만 더 주세요."
ALIKE = "지하철역 계단 앞 보행 신호"


def _fill(visitor: Visitor) -> None:
    visitor.page.fill("#title", TITLE)
    visitor.page.fill("#summary", SUMMARY)
    visitor.page.locator("select[name=field_key]").select_option(index=2)
    visitor.page.fill("#body", BODY)


def test_they_come_while_somebody_writes_and_leave_the_focus_alone(visitor: Any) -> None:
    resident: Visitor = visitor(width=360)
    resident.sign_in("resident")
    resident.go(f"{resident.open_round()}/proposals/new")
    page = resident.page
    page.locator("#title").press_sequentially(TITLE, delay=5)
    page.locator("#similar-typed .similar").wait_for()
    assert page.evaluate("document.activeElement.id") == "title"
    assert page.locator("#title").input_value() == TITLE
    assert ALIKE in page.locator("#similar-typed").inner_text()
    page.wait_for_function("document.getElementById('announcer').textContent.includes('비슷한 제안')")
    resident.examine()
    page.fill("#title", "마을 합창단을 만들어 노래합시다")
    page.locator("#similar-typed .similar").wait_for(state="detached")


@pytest.mark.parametrize("javascript", [True, False])
def test_before_submitting_they_are_shown_once(visitor: Any, javascript: bool) -> None:
    resident: Visitor = visitor(width=360, javascript=javascript)
    resident.settle_in("gwangju")
    resident.go(f"{resident.open_round()}/proposals/new")
    _fill(resident)
    resident.press("#proposal-form > .actions button[value=submit]")
    resident.shows("이미 비슷한 제안이 있습니다")
    assert resident.page.locator("#title").input_value() == TITLE
    if javascript:
        assert resident.page.evaluate("document.activeElement.id") == "similar-choice"
    link = resident.page.locator(".similar--choice a[href$='#endorsement']").first
    assert link.get_attribute("target") == "_blank"
    resident.press(".similar--choice button[value=submit]")
    assert resident.page.locator("h1").inner_text() == TITLE
    resident.press("main a[href$='/similar']") if not javascript else None
    if javascript:
        resident.page.locator("#similar-title").scroll_into_view_if_needed()
        resident.page.locator(".similar__rows").wait_for()
        resident.settle()
    assert ALIKE in resident.page.locator(".similar__rows").inner_text()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_clerk_brings_a_table_at_360_pixels(visitor: Any, javascript: bool) -> None:
    clerk: Visitor = visitor(width=360, javascript=javascript)
    clerk.sign_in("clerk")
    round_address = clerk.open_round()
    clerk.go("/regions/gwangju/desk/proposal-imports")
    clerk.press("main a[href$='/proposals/import']")
    table = (
        "제목,요약,내용,분야\r\n"
        f"동네 공구방 {javascript},드릴과 사다리를 빌려 씁니다.,일 년에 한 번 쓰는 공구를 빌려주세요.,안전·교통\r\n"
        "짧다,드릴과 사다리를 빌려 씁니다.,일 년에 한 번 쓰는 공구를 빌려주세요.,안전·교통\r\n"
    )
    file = {"name": "원탁.csv", "mimeType": "text/csv", "buffer": table.encode("cp949")}
    clerk.page.fill("#source", "2026. 11. 3. 구청 원탁회의")
    clerk.page.set_input_files("#table", files=[file])  # type: ignore[list-item]
    clerk.press("main form .actions button")
    clerk.shows("글이 없거나 너무 짧습니다.")
    clerk.press("main form[action$='/take'] button")
    clerk.shows("제안 1건을 가져왔습니다")
    clerk.go(f"{round_address}/proposals/data")
