"""Residents' text: Markdown rendered, then sanitised. No images, no remote content, no scripts, no bidi tricks."""

import re
import unicodedata

import nh3
from markdown_it import MarkdownIt

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

_renderer = MarkdownIt("js-default", {"html": False, "linkify": False, "breaks": True}).disable(
    ["image", "table", "heading", "lheading"]
)


class ControlCharacters(Invalid):
    """The text holds NUL or other control characters, which no keyboard writes."""

    code = "control_characters"


def clean_text(text: str) -> str:
    """``text`` in NFC with unix line ends, trimmed, without bidi controls. Raises ``ControlCharacters``."""
    normal = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    normal = _BIDI_CONTROLS.sub("", normal)
    if any(unicodedata.category(character) == "Cc" and character not in "\n\t" for character in normal):
        raise ControlCharacters
    return normal.strip()


def render(text: str) -> str:
    """Safe HTML of a resident's Markdown. Links are marked as unendorsed and open without a referrer leak."""
    return nh3.clean(
        _renderer.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener ugc",
    )
