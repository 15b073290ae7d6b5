"""Looking something up, at a phone and at a desk, with and without scripts, in both languages."""

from typing import Any

import pytest

from tests.browser.conftest import Visitor

WAYS = [
    pytest.param({"width": 360}, id="phone"),
    pytest.param({"width": 1280}, id="desktop"),
    pytest.param({"width": 360, "prefix": "/en"}, id="phone-english"),
    pytest.param({"width": 1280, "javascript": False}, id="desktop-without-javascript"),
    pytest.param({"width": 360, "javascript": False}, id="phone-without-javascript"),
]


@pytest.fixture(params=WAYS)
def reader(request: pytest.FixtureRequest, visitor: Any) -> Visitor:
    made = visitor(**request.param)
    assert isinstance(made, Visitor)
    return made


def _type(reader: Visitor, words: str) -> None:
    """Into the field at the head of the page where there is room for it, else on the page behind the link."""
    head = reader.page.locator("#header-q")
    if head.is_visible():
        head.fill(words)
        reader.press(".header-search button")
        return
    reader.press(".search-link a")
    reader.page.fill("#q", words)
    reader.press(".search-form button")


def test_a_reader_finds_a_proposal_although_it_is_mistyped_and_opens_it(reader: Visitor) -> None:
    reader.go("/")
    _type(reader, "횡단보드")
    reader.shows("횡단보도")
    assert reader.page.locator(".rows mark").first.inner_text() == "횡단보도"
    assert "q=" in reader.page.url
    reader.press(".chips a[href*='kind=proposal']")
    assert set(reader.page.locator(".rows .tag").all_inner_texts()) == {"Proposal" if reader.prefix else "제안"}
    reader.press(".rows h2 a")
    assert "/proposals/" in reader.page.url
    reader.shows("횡단보도")


def test_a_region_is_searched_by_itself_and_then_everywhere(reader: Visitor) -> None:
    reader.go("/regions/daegu")
    _type(reader, "잠수함 정류소")
    assert "/regions/daegu/search" in reader.page.url
    reader.shows("Nothing was found" if reader.prefix else "맞는 글이 없습니다")
    reader.press("main a[href*='/search?q=']")
    assert reader.page.locator("#q").input_value() == "잠수함 정류소"
    reader.page.fill("#q", "어르신")
    reader.press(".search-form button")
    assert reader.page.locator(".rows h2").count() >= 5
    more = reader.page.locator(".rows__more a")
    if more.count():
        reader.press(".rows__more a")
        reader.shows("어르신")
