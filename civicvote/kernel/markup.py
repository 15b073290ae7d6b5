"""Residents' text: Markdown rendered, then sanitised. No images, no remote content, no scripts, no bidi tricks."""

import re
import unicodedata

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import emphasis
from markdown_it.rules_inline.state_inline import Delimiter, StateInline

from civicvote.kernel.errors import Invalid

_TAGS = {
    "p",
    "br",
    "strong",
    "em",
    "del",
    "ul",
    "ol",
    "li",
    "blockquote",
    "a",
    "code",
    "pre",
    "hr",
    "h3",
    "h4",
}
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def _is_hangul(character: str) -> bool:
    return "\uac00" <= character <= "\ud7a3" or "\u3131" <= character <= "\u318e"


def _emphasis(state: StateInline, silent: bool) -> bool:
    """CommonMark's rule, with one more case: particles follow words without a space.

    By the standard ``**"강조"**입니다`` does not close, since a quotation mark stands before the marks and a
    letter behind them. Beside a Hangul letter, marks therefore open and close wherever no white space is on
    their inner side.
    """
    if silent or state.src[state.pos] != "*":
        return emphasis.tokenize(state, silent)
    start = state.pos
    scanned = state.scanDelims(start, canSplitWord=True)
    end = start + scanned.length
    before = state.src[start - 1] if start else " "
    after = state.src[end] if end < state.posMax else " "
    can_open = scanned.can_open or (_is_hangul(before) and not after.isspace())
    can_close = scanned.can_close or (_is_hangul(after) and not before.isspace())
    for _ in range(scanned.length):
        token = state.push("text", "", 0)
        token.content = "*"
        state.delimiters.append(
            Delimiter(
                marker=ord("*"),
                length=scanned.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=can_open,
                close=can_close,
            )
        )
    state.pos = end
    return True


_renderer = MarkdownIt("js-default", {"html": False, "linkify": False, "breaks": True}).disable(
    ["image", "table", "heading", "lheading"]
)
_renderer.inline.ruler.at("emphasis", _emphasis)


class ControlCharacters(Invalid):
    """The text holds NUL, other control characters or halves of characters, which no keyboard writes."""

    code = "control_characters"


def clean_text(text: str) -> str:
    """``text`` in NFC with unix line ends, trimmed, without bidi controls. Raises ``ControlCharacters``."""
    normal = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    normal = _BIDI_CONTROLS.sub("", normal)
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t" for character in normal):
        raise ControlCharacters
    return normal.strip()


def render(text: str) -> str:
    """Safe HTML of a resident's Markdown. Links are marked as unendorsed and open without a referrer leak."""
    return nh3.clean(
        _renderer.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}, "*": set()},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener ugc",
    )
