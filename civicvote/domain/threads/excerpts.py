"""How long comments begin, for pages that show many: in plain words, so that no mark of theirs is cut in two.

A first view holds 20 roots and 60 replies. What they say shares ``MOST_BYTES``, whereby all of the view stays below
120 KB even where everybody writes as much as a comment holds: short ones are shown whole, the longer ones give way, as
much as it takes.
"""

import re
from collections.abc import Sequence
from html import escape

from civicvote.kernel.markup import text_of

#: Of what the comments of one page say, in UTF-8 and with their marks.
MOST_BYTES = 22_000
#: A reply above this begins only, whatever room there is. A root has twice the room of a reply.
LONGEST_REPLY = 1_000
_ROOM_OF_ROOT = 2
#: The way to the whole of it.
_READ_ON = 40
_TORN = re.compile(r"(?:<[^>]*|&[^;\s]{0,8})\Z")


def beginnings(comments: Sequence[tuple[int, str]]) -> list[str]:
    """How each comment of a page begins; empty for one that is shown whole. Still to be escaped on a page.

    ``comments``: the depth of each and what ``markup.render`` made of it."""
    sizes = [(_share(depth), len(body_html.encode())) for depth, body_html in comments]
    level = _level(sizes)
    return [
        _beginning(body_html, level * share) if size > level * share else ""
        for (share, size), (_, body_html) in zip(sizes, comments, strict=True)
    ]


def _share(depth: int) -> int:
    return 1 if depth else _ROOM_OF_ROOT


def _level(sizes: Sequence[tuple[int, int]]) -> int:
    """The bytes of a reply up to which the page has room for all, at most ``LONGEST_REPLY``."""
    if _taken(sizes, LONGEST_REPLY) <= MOST_BYTES:
        return LONGEST_REPLY
    low, high = 0, LONGEST_REPLY - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _taken(sizes, middle) <= MOST_BYTES else (low, middle - 1)
    return low


def _taken(sizes: Sequence[tuple[int, int]], level: int) -> int:
    return sum(size if size <= level * share else level * share + _READ_ON for share, size in sizes)


def _beginning(body_html: str, most: int) -> str:
    """As many whole words as ``most`` bytes hold. A text that begins with a long address may have none."""
    words = " ".join(text_of(_TORN.sub("", body_html[: 3 * most])).split())
    shown = words[:most]
    while (size := len(escape(shown).encode())) > most:
        shown = shown[: len(shown) * most // size]
    if len(shown) < len(words) and words[len(shown)] != " ":
        end = shown.rfind(" ", len(shown) // 2)
        shown = shown[:end] if end > 0 else shown
    return f"{shown.rstrip()} …".lstrip()
