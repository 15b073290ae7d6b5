"""Quotes: a passage of somebody's text as Markdown, with who said it and where it stands."""

import re
from html import unescape

MOST_QUOTED = 400

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+.!|~-])")
#: Quotes, and fences of code, of which a cut would leave one open.
_LEFT_OUT = (">", "```", "~~~")
_TAGS = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")


def quotation(text: str, name: str, path: str) -> str:
    """``text`` as a Markdown quote of at most ``MOST_QUOTED`` characters, ending with ``name`` as a link to ``path``.

    ``path`` is an address of this site without the language prefix. Quotes inside the text are left out: a discussion
    is no tower of quotes. What is cut off shows as an ellipsis. Ends with an empty line, below which one writes.
    """
    who = _SPECIAL.sub(r"\\\1", name)
    lines = [*_shortened(_own_words(text)).split("\n"), "", f"— [{who}]({path})"]
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def _own_words(text: str) -> str:
    kept = [line for line in text.split("\n") if not line.lstrip().startswith(_LEFT_OUT)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip() or "…"


def _shortened(text: str) -> str:
    if len(text) <= MOST_QUOTED:
        return text
    head = text[: MOST_QUOTED + 1]
    cut = max(head.rfind(" "), head.rfind("\n"))
    return head[: cut if cut > MOST_QUOTED // 2 else MOST_QUOTED].rstrip() + " …"


def is_passage_of(passage: str, text: str) -> bool:
    """Whether ``passage`` (as selected on a page) stands in ``text`` (as the page shows it), white space aside."""
    wanted = _SPACE.sub("", passage)
    return bool(wanted) and wanted in _SPACE.sub("", text)


def plain_text(body_html: str) -> str:
    """What rendered text says, without its markup."""
    return unescape(_TAGS.sub("", body_html))
