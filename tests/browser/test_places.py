"""Places, in a real browser: pointing at one, seeing it, finding it in the list and on the map."""

from typing import Any

import pytest

from tests.browser.conftest import Visitor

WAYS = [
    pytest.param({"width": 360}, id="phone"),
    pytest.param({"width": 1280, "prefix": "/en"}, id="desktop-english"),
    pytest.param({"width": 360, "javascript": False}, id="phone-without-javascript"),
]


@pytest.fixture(params=WAYS)
def resident(request: pytest.FixtureRequest, visitor: Any) -> Visitor:
    made = visitor(**request.param)
    assert isinstance(made, Visitor)
    return made


def _open_list(visitor: Visitor) -> str:
    visitor.open_round()
    visitor.press("main a[href$='/proposals']")
    return visitor.page.url


def _point_with_the_map(visitor: Visitor) -> None:
    page = visitor.page
    page.locator("[data-open]").click()
    board = page.locator("#place-picker [data-map]")
    board.locator(".map-shape").first.wait_for()
    box = board.bounding_box()
    assert box is not None
    board.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    pin = board.locator(".map-pin")
    pin.wait_for()
    said = page.locator("[data-says]")
    assert "광산구" in said.inner_text() or "서구" in said.inner_text()
    assert page.locator("[name=district_code]").input_value().endswith("00000"), "the point names the city"
    before = page.locator("[name=latitude]").input_value()
    pin.focus()
    page.keyboard.press("ArrowUp")
    assert page.locator("[name=latitude]").input_value() > before
    for _ in range(12):
        page.keyboard.press("Shift+ArrowUp")
    assert page.locator("[name=latitude]").input_value() < "35.30", "the point stays in the region"
    page.locator("[data-remove]").click()
    assert page.locator("[name=latitude]").input_value() == ""
    page.locator("[data-centre]").click()
    pin.wait_for()
    assert page.locator("[name=latitude]").input_value() != ""


def _point_with_numbers(visitor: Visitor) -> None:
    page = visitor.page
    page.locator("[name=district_code]").select_option("2911068500")
    page.locator("[data-typed] summary").click()
    page.fill("[name=latitude]", "35.1466")
    page.fill("[name=longitude]", "126.9230")


def test_a_place_is_pointed_at_and_shown(resident: Visitor) -> None:
    resident.settle_in("gwangju")
    page = resident.page
    resident.go(f"{resident.open_round()}/proposals/new")
    way = "눌러" if resident.has_javascript else "적어"
    page.fill("[name=title]", f"위치를 {way} 올린 공원 그늘 제안 {resident.prefix}")
    page.fill("[name=summary]", "그늘이 없어 여름에 아무도 앉지 않는 공원입니다.")
    page.locator("[name=field_key]").select_option(index=1)
    page.fill("[name=body]", "나무 여섯 그루와 긴 의자 세 개가 있으면 어르신들이 쉴 수 있습니다.")
    if resident.has_javascript:
        _point_with_the_map(resident)
    else:
        _point_with_numbers(resident)
    resident.press("button[name=step][value=preview]")
    assert page.locator(".preview .outline__dot").count() == 1
    resident.press("button[name=step][value=submit]")
    page.locator(".where .outline__dot").wait_for()
    if resident.has_javascript:
        page.locator(".where [data-open]").click()
        page.locator(".where .map-pin").wait_for()
        resident.examine()


def test_filters_narrow_the_list_and_their_chips_take_them_away(resident: Visitor) -> None:
    address = _open_list(resident)
    page = resident.page
    page.locator("details.filters summary").click()
    page.locator("#filter-city").select_option("2911000000")
    if resident.has_javascript:
        page.locator("#filter-dong").wait_for()
        resident.settle()
    else:
        resident.press("#filter-apply")
    page.locator("#filter-dong").select_option("2911068500")
    resident.press("#filter-apply")
    page.locator(".chip").nth(1).wait_for()
    assert "dong=2911068500" in page.url
    assert page.locator("#proposals > li").count() >= 1
    resident.press(".chip")
    assert "city=" not in page.url
    assert page.url.split("?")[0] == address


def test_the_map_shows_the_list_and_leads_to_a_proposal(resident: Visitor) -> None:
    _open_list(resident)
    page = resident.page
    resident.press(".sorts--views a[href*='view=map']")
    if resident.has_javascript:
        page.locator(".map--list .map-cluster").first.wait_for()
        resident.examine()
        for _ in range(5):  # a mark of many leads closer, in the end one says which proposals stand there
            page.locator(".map--list .map-cluster").first.focus()
            page.keyboard.press("Enter")
            page.wait_for_timeout(300)
            if page.locator(".map-popup a").count():
                break
        page.locator(".map-popup a").first.wait_for()
        resident.examine()
        page.locator(".map-popup a").first.click()
        page.wait_for_url("**/proposals/*")
    else:
        assert page.locator(".outline__number").count() >= 4
        resident.press(".list-map__cities a[href*='city=2911000000']")
        assert "city=2911000000" in page.url
        assert page.locator("#proposals > li").count() >= 1


def test_the_shuffled_order_stays_the_same_when_somebody_comes_back(resident: Visitor) -> None:
    _open_list(resident)
    page = resident.page
    resident.press(".sorts a[href*='sort=random']")
    page.wait_for_url("**seed=*")
    shuffled = page.url
    titles = page.locator("#proposals h2").all_inner_texts()
    page.goto(resident.site.address + resident.prefix + "/how")
    page.goto(shuffled)
    assert page.locator("#proposals h2").all_inner_texts() == titles
