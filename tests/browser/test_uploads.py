"""A photo from the telephone to the page: chosen in a real file picker, described, seen by a passer-by."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Visitor
from tests.factories.files import photo

WAYS = [
    pytest.param({"width": 360}, id="phone"),
    pytest.param({"width": 1280, "prefix": "/en"}, id="desktop-english"),
    pytest.param({"width": 360, "javascript": False}, id="phone-without-javascript"),
]
CAPTION = "도서관 앞, 낮 세 시"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "도서관 앞.jpg").write_bytes(photo(1600, 1200, orientation=6))
    (tmp_path / "지도.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    return tmp_path


def open_form(visitor: Visitor) -> None:
    visitor.settle_in("gwangju")
    visitor.open_round()
    visitor.press("main a[href$='/proposals']")
    visitor.follow("/proposals/new")


def fill(visitor: Visitor, title: str) -> None:
    page = visitor.page
    page.fill("#title", title)
    page.fill("#summary", "도서관 앞길에 횡단보도가 없어 아이들이 차도를 건넙니다.")
    page.locator("#field_key").select_option(index=2)
    page.fill("#body", "매일 오후 아이들 수십 명이 이 길을 건넙니다. 횡단보도와 과속 방지턱이 필요합니다.")


def choose(visitor: Visitor, path: Path) -> None:
    """Pick the file; with scripts it is on its way at once, without the button sends it."""
    visitor.page.set_input_files("#files", path)
    if not visitor.has_javascript:
        visitor.page.locator("button[value=attach]").click()
    visitor.settle()


@pytest.mark.parametrize("way", WAYS)
def test_a_photo_is_chosen_described_and_seen(visitor: Any, folder: Path, way: dict[str, Any]) -> None:
    author: Visitor = visitor(**way)
    open_form(author)
    fill(author, "도서관 앞에 횡단보도를")
    choose(author, folder / "도서관 앞.jpg")
    assert author.page.input_value("#title") == "도서관 앞에 횡단보도를"
    small = author.page.locator(".attachment img")
    assert small.evaluate("image => image.complete && image.naturalWidth") == 360, "upright: 1600 × 1200 turned"
    author.page.locator(".attachment input[name^=caption]").fill(CAPTION)
    author.press("button[value=preview]")
    assert author.page.locator(".preview .gallery img").count() == 1
    author.press(".preview button[value=submit]")
    passer_by: Visitor = visitor(**way)
    passer_by.go(author.page.url.removeprefix(author.site.address).removeprefix(author.prefix))
    shown = passer_by.page.locator(".gallery img")
    shown.scroll_into_view_if_needed()
    assert shown.get_attribute("alt") == CAPTION
    passer_by.page.wait_for_function("document.querySelector('.gallery img').naturalWidth === 360")


@pytest.mark.parametrize("way", WAYS)
def test_a_file_that_is_not_taken_is_named_and_nothing_typed_is_lost(
    visitor: Any, folder: Path, way: dict[str, Any]
) -> None:
    author: Visitor = visitor(**way)
    open_form(author)
    fill(author, "지도를 붙인 제안")
    choose(author, folder / "지도.svg")
    assert "지도.svg" in author.page.locator("#files-error").inner_text()
    assert author.page.input_value("#title") == "지도를 붙인 제안"
    if author.has_javascript:
        assert author.page.evaluate("document.activeElement.id") == "files-error"
    choose(author, folder / "도서관 앞.jpg")
    assert author.page.locator("#files-error").count() == 0
    assert author.page.locator(".attachment").count() == 1
