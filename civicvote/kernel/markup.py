"""Residents' text: Markdown rendered, then sanitised. No images, no remote content, no scripts, no bidi tricks."""

import re
import unicodedata
from html import unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

from civicvote.kernel.errors import Invalid

_TAGS = {
    "p",
    "br",
    "strong",
    "em",
    "del",
    "s",
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


def _is_korean(character: str) -> bool:
    """Hangul syllables and letters, and the Chinese characters of Korean texts."""
    return (
        "\uac00" <= character <= "\ud7a3"
        or "\u1100" <= character <= "\u11ff"
        or "\u3131" <= character <= "\u318e"
        or "\u4e00" <= character <= "\u9fff"
    )


class _KoreanState(StateInline):
    """CommonMark's rule for emphasis, with one more case: particles follow words without a space.

    By the standard ``**"강조"**입니다`` does not close, since a quotation mark stands before the marks and a letter
    behind them. Before a Korean letter marks therefore close wherever no white space is on their inner side, and behind
    one they open; underscores only close, since within a word they mean themselves (``한글_이름_목록``). Without a
    Korean letter beside the marks nothing differs from the standard.
    """

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        scanned = super().scanDelims(start, canSplitWord)
        end = start + scanned.length
        before = self.src[start - 1] if start else " "
        after = self.src[end] if end < self.posMax else " "
        opens = canSplitWord and _is_korean(before) and not after.isspace()
        closes = _is_korean(after) and not before.isspace()
        return Scanned(scanned.can_open or opens, scanned.can_close or closes, scanned.length)


class _KoreanInline(ParserInline):
    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = _KoreanState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def _make_renderer(inline: ParserInline) -> MarkdownIt:
    renderer = MarkdownIt("js-default", {"html": False, "linkify": False, "breaks": True})
    renderer.inline = inline
    return renderer.disable(["image", "table", "heading", "lheading"])


_renderer = _make_renderer(_KoreanInline())


class ControlCharacters(Invalid):
    """The text holds NUL, other control characters or halves of characters, which no keyboard writes."""

    code = "control_characters"


_LINE_ENDS = re.compile(r"<br ?/?>|</(?:p|li|h3|h4|pre|blockquote)>|<hr ?/?>")
_TAG = re.compile(r"<[^>]*>")


def text_of(html_of_render: str) -> str:
    """The words of what ``render`` made, without its marks: for search and snippets. Still to be escaped on a page."""
    lines = unescape(_TAG.sub("", _LINE_ENDS.sub("\n", html_of_render))).split("\n")
    return "\n".join(filter(None, map(str.strip, lines)))


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
