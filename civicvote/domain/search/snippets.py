"""The piece of a text in which the words stand, cut up so that a page can mark them without writing HTML."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from civicvote.domain.search.closeness import find_close
from civicvote.domain.search.words import Word
from civicvote.kernel.tokens import folded, stem

#: Characters of a snippet, and those shown before the first word in it.
LENGTH = 110
_LEAD = 30


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_hit: bool


Pieces = tuple[Piece, ...]


class Marker:
    """Marks the words of one query."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        self._exact = re.compile("|".join(_patterns(words)) or r"(?!)", re.IGNORECASE)

    def whole(self, text: str) -> Pieces:
        """All of ``text``, for titles."""
        return _cut(text, self._hits(text))

    def snippet(self, text: str) -> Pieces:
        """``LENGTH`` characters of ``text`` on one line, beginning a little before the first word."""
        text = " ".join(text.split())
        hits = self._hits(text)
        start = _start(text, hits[0][0] if hits else 0)
        end = min(len(text), start + LENGTH)
        pieces = _cut(text[start:end], [(left - start, right - start) for left, right in hits if right <= end])
        before = (Piece("… ", False),) if start else ()
        after = (Piece(" …", False),) if end < len(text) else ()
        return before + pieces + after

    def _hits(self, text: str) -> list[tuple[int, int]]:
        found = [match.span() for match in self._exact.finditer(text) if self._is_meant(match.group())]
        if found:
            return found
        near = (find_close(word, folded(text)) for word in self._words)
        places = [(text.find(piece), len(piece)) for piece in near if piece]
        return sorted((at, at + length) for at, length in places if at >= 0)

    def _is_meant(self, group: str) -> bool:
        return not group.isascii() or group.isdigit() or stem(group.lower()) in {word.core for word in self._words}


def _patterns(words: Iterable[Word]) -> Iterable[str]:
    """The longest forms first; syllables may stand apart, since spacing differs."""
    for word in words:
        if not word.is_hangul:
            yield rf"\b{re.escape(word.core.rstrip('iye'))}\w*"
            continue
        for form in dict.fromkeys((word.typed, word.core, word.loose)):
            yield r"\s?".join(form)


def _start(text: str, first: int) -> int:
    """Where the snippet begins: at the beginning, or at a word some characters before the first hit."""
    if first <= _LEAD * 2 or len(text) <= LENGTH:
        return 0
    space = text.find(" ", first - _LEAD, first)
    return space + 1 if space >= 0 else first


def _cut(text: str, hits: Sequence[tuple[int, int]]) -> Pieces:
    pieces, at = [], 0
    for left, right in hits:
        if left < at:
            continue
        if left > at:
            pieces.append(Piece(text[at:left], False))
        pieces.append(Piece(text[left:right], True))
        at = right
    if at < len(text):
        pieces.append(Piece(text[at:], False))
    return tuple(pieces)
