"""Residents' text: Korean emphasis, and nothing that acts."""

import pytest

from civicvote.kernel.markup import ControlCharacters, clean_text, render


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('**"강조"**입니다', '<p><strong>"강조"</strong>입니다</p>'),
        ('그는**"강조"**라고', '<p>그는<strong>"강조"</strong>라고</p>'),
        ("**공원**에서 *쉼터*를", "<p><strong>공원</strong>에서 <em>쉼터</em>를</p>"),
        ("**(가칭)**은", "<p><strong>(가칭)</strong>은</p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        ("가 ** 나 ** 다", "<p>가 ** 나 ** 다</p>"),
        ("**bold**ly and snake_case_name", "<p><strong>bold</strong>ly and snake_case_name</p>"),
    ],
)
def test_emphasis_closes_before_korean_particles(source: str, expected: str) -> None:
    assert render(source).strip() == expected


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://evil.example/pixel.png)",
        '<a href="https://evil.example" onclick="x()">x</a>',
        "<div hx-get='/account/sign-out' hx-trigger='load'>",
        "<style>body{display:none}</style>",
        "<svg/onload=alert(1)>",
    ],
)
def test_hostile_text_becomes_inert(hostile: str) -> None:
    html = render(hostile).lower()
    for tag in ("<script", "<img", "<svg", "<style", "<div", 'href="javascript', 'href="data'):
        assert tag not in html
    assert "<a onclick" not in html


def test_links_are_marked_as_not_ours() -> None:
    assert 'rel="nofollow noopener ugc"' in render("[시청](https://city.example/)")


def test_a_line_break_stays_one() -> None:
    assert "<br" in render("첫 줄\n둘째 줄")


def test_text_is_normalised_and_trimmed() -> None:
    assert clean_text("  \u1100\u1161\r\n나 ") == "가\n나"
    assert clean_text("abc\u202edef") == "abcdef"


def test_control_characters_are_refused() -> None:
    with pytest.raises(ControlCharacters):
        clean_text("ab\x00c")
