"""The outcome of a vote: read, tried under other rules, printed; at a phone and at a desk, with and without scripts."""

from typing import Any

import pytest

from tests.browser.conftest import Visitor

WAYS = [
    pytest.param({"width": 360}, id="phone"),
    pytest.param({"width": 1280, "prefix": "/en"}, id="desktop-english"),
    pytest.param({"width": 360, "javascript": False}, id="phone-without-javascript"),
]


@pytest.mark.parametrize("way", WAYS)
def test_an_outcome_is_read_tried_and_printed(visitor: Any, way: dict[str, Any]) -> None:
    reader: Visitor = visitor(**way)
    reader.go("/regions/daejeon/votes")
    reader.press("#outcomes li:first-child a")
    assert reader.page.url.endswith("/outcome")
    assert reader.page.locator(".winners li").count() >= 1
    reader.press("main a[href$='/simulator']")
    reader.press("main form button[type=submit]")
    assert reader.page.locator("#flips").count() == 1
    reader.page.go_back()
    reader.page.go_back()
    reader.press("main a[href$='/protocol']")
    assert reader.page.locator(".protocol__line").count() == 5
