"""Residents' text on its way to a page: rendered, sanitised, kept away from htmx."""

import re

import pytest
from lxml import html

from civicvote.kernel.markup import ControlCharacters, clean_text, render
from tests.architecture.sources import TEMPLATES, shown
from tests.doors.hostile import MARKUP, acting_parts

HOSTILE = [
    MARKUP,
    "![x](https://e.example/pixel.png)",
    "![x](data:image/png;base64,AAAA)",
    "![x][1]\n\n[1]: https://e.example/pixel.png",
    '<img src="https://e.example/pixel.png">',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://e.example/1)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://e.example "onmouseover=alert(1)")',
    "[x](https://e.example\"onmouseover='alert(1))",
    "[a [b](https://e.example/b) c](https://e.example/a)",
    "[![x](https://e.example/i.png)](javascript:alert(1))",
    "<!-- --><script>alert(1)</script><!-- -->",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><?xml-stylesheet href='javascript:alert(1)'?>",
    "<math><mtext></p><table><mglyph><style><img src=x onerror=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<a href='x' style='position:fixed;inset:0'>x</a>",
    "<p id=main class=notice data-hx-get=/x hx-get=/account/sign-out hx-trigger=load>x</p>",
    "<template><script>alert(1)</script></template>",
    "<input autofocus onfocus=alert(1)><button formaction=javascript:alert(1)>x",
    "<meta http-equiv=refresh content='0;url=https://e.example'><link rel=stylesheet href=//e.example>",
    "`<script>alert(1)</script>`",
    "```\n<script>alert(1)</script>\n```",
    '```" onload=alert(1)\nx\n```',
    "    <script>alert(1)</script>",
    "> <svg/onload=alert(1)>",
    "~~<b onclick=alert(1)>~~",
    "|a|\n|-|\n|<img src=x onerror=alert(1)>|",
    "# <iframe src=javascript:alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62; \\<script\\>",
    "<" * 500 + "a" * 500 + ">" * 500,
    "[" * 500 + "x" + "](" * 500,
    "*" * 2000 + "x" + "_" * 2000,
    ">" * 1000 + " x",
]

#: What rendered text may consist of.
ALLOWED = {"p", "br", "strong", "em", "del", "s", "ul", "ol", "li", "blockquote", "a", "code", "pre", "hr", "h3", "h4"}


@pytest.mark.parametrize("text", HOSTILE, ids=map(str, range(len(HOSTILE))))
def test_rendered_text_holds_nothing_but_words(text: str) -> None:
    page = html.fragment_fromstring(render(text), create_parent="div")
    assert acting_parts(page, "text") == ""
    for node in page.iterdescendants():
        assert node.tag in ALLOWED, node.tag
        if node.tag == "a":
            assert set(node.attrib) <= {"href", "rel"}
            assert re.match(r"(https?|mailto):", node.get("href", "https:")), node.get("href")
            assert {"nofollow", "noopener", "ugc"} <= set(node.get("rel", "").split())
        else:
            assert set(node.attrib) <= ({"start"} if node.tag == "ol" else set()), node.attrib


@pytest.mark.parametrize("text", HOSTILE, ids=map(str, range(len(HOSTILE))))
def test_what_was_rendered_means_the_same_when_it_is_read_again(text: str) -> None:
    """Markup that changes when a parser reads and writes it once more can hide something (mXSS)."""
    once = html.fragment_fromstring(render(text), create_parent="div")
    again = html.fragment_fromstring(html.tostring(once, encoding="unicode"))
    assert [node.tag for node in again.iter()] == [node.tag for node in once.iter()]
    assert acting_parts(again, "text") == ""


@pytest.mark.parametrize("control", ["\u202a", "\u202e", "\u2066", "\u2069", "\u200e", "\u200f", "\u061c"])
def test_no_direction_marks_survive(control: str) -> None:
    assert clean_text(f"가{control}나") == "가나"


@pytest.mark.parametrize("control", ["\x00", "\x08", "\x0b", "\x1b", "\x7f", "\x85", "\x9b"])
def test_control_characters_are_refused(control: str) -> None:
    with pytest.raises(ControlCharacters):
        clean_text(f"가{control}나")


@pytest.mark.parametrize("broken", ["가\ud800나", "\udfff"])
def test_half_characters_are_refused_before_a_database_meets_them(broken: str) -> None:
    with pytest.raises(ControlCharacters):
        clean_text(broken)


def test_resident_html_stands_inside_an_element_that_htmx_skips() -> None:
    """``…_html|safe`` in a template, or the include that leads to it, stands in an element with ``hx-disable``."""
    found = 0
    for path in sorted(TEMPLATES.rglob("*.html")):
        source = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.S)
        for place in re.finditer(r"{{\s*[\w.]*_html\s*\|\s*safe\s*}}", source):
            found += 1
            assert _is_skipped(source, place.start()), f"{shown(path)}: {place.group()}"
    assert found >= 6


def _is_skipped(source: str, place: int) -> bool:
    """There, or, inside a macro, wherever the macro is called."""
    macro = re.search(r"{%-?\s*macro (\w+)\((?:(?!endmacro).)*$", source[:place], flags=re.S)
    if macro is None or _is_open(source[macro.end(1) : place]):
        return _is_open(source[:place])
    calls = [call.start() for call in re.finditer(rf"{{{{-?\s*{macro[1]}\(", source)]
    return bool(calls) and all(_is_skipped(source, call) for call in calls)


def _is_open(before: str) -> bool:
    """Whether the last element with ``hx-disable`` has not been closed yet."""
    opened = list(re.finditer(r"<(\w+)(?=[^>]*\shx-disable)[^>]*>", before))
    if not opened:
        return False
    tag, rest = opened[-1][1], before[opened[-1].end() :]
    return len(re.findall(rf"<{tag}\b", rest)) >= len(re.findall(rf"</{tag}>", rest))


def test_htmx_is_told_to_run_nothing_and_to_stay_here() -> None:
    source = (TEMPLATES / "base.html").read_text()
    for setting in (
        '"allowEval":false',
        '"allowScriptTags":false',
        '"selfRequestsOnly":true',
        '"historyCacheSize":0',
        '"includeIndicatorStyles":false',
    ):
        assert setting in source


def test_no_template_loads_anything_from_another_host() -> None:
    remote = re.compile(
        r"<(?:script|link|img|iframe|source|video|audio|form)\b[^>]*(?:src|href|action)=[\"'](?:https?:)?//"
    )
    wrong = [shown(path) for path in TEMPLATES.rglob("*.html") if remote.search(path.read_text())]
    assert not wrong
