"""Redirect targets that a browser would read as another site are refused."""

import pytest

from civicvote.web.redirects import safe_path


@pytest.mark.parametrize("target", ["/", "/regions/gwangju?after=1.2#top", "/en/me", "/검색?q=공원"])
def test_paths_of_this_site_pass(target: str) -> None:
    assert safe_path(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "regions",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/ok\\..\\evil",
        " /regions",
        "/a b",
        "/\x00",
        "http:/evil.example",
        "data:text/html,x",
    ],
)
def test_everything_else_is_refused(target: str | None) -> None:
    assert safe_path(target) is None
