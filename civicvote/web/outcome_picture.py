"""The picture of an outcome that is shown where its address is passed on: 1200 × 630, drawn with the site's own font.

The font comes in pieces, each with the characters that its style sheet names; a line is set piece by piece. The same
words give the same bytes.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
MOST_WINNERS = 4
_MARGIN = 72
_RIGHT = WIDTH - _MARGIN
_INK, _SOFT, _BAND, _PAPER = "#1e2124", "#464c53", "#052561", "#ffffff"
_BOLD, _PLAIN = 700, 400
_FONT = Path(__file__).parent.parent / "static" / "vendor" / "pretendard-gov-1.3.9"
_FACE = re.compile(r"url\(\./([^)]+)\)[^;]*;unicode-range:([^}]+)\}")


@dataclass(frozen=True, slots=True)
class PictureWords:
    """What stands on the picture, in the reader's language. ``winners``: name and number, in the order selected; the
    first ``MOST_WINNERS`` are drawn."""

    place: str
    title: str
    sentence: str
    winners: tuple[tuple[str, str], ...]
    more: str


@dataclass(frozen=True, slots=True)
class _Type:
    size: int
    weight: int
    ink: str


_PLACE = _Type(36, _BOLD, _PAPER)
_TITLE = _Type(56, _BOLD, _INK)
_SENTENCE = _Type(34, _PLAIN, _SOFT)
_NAME = _Type(32, _BOLD, _INK)
_NUMBER = _Type(32, _PLAIN, _SOFT)
_MORE = _Type(26, _PLAIN, _SOFT)


@lru_cache(maxsize=64)
def draw(words: PictureWords) -> bytes:
    """The picture as PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    drawing = ImageDraw.Draw(image)
    drawing.rectangle((0, 0, WIDTH, 112), fill=_BAND)
    _line(drawing, words.place, (_MARGIN, 34), _PLACE)
    top = 146
    for part in _wrapped(words.title, _TITLE, 2):
        _line(drawing, part, (_MARGIN, top), _TITLE)
        top += 72
    _line(drawing, words.sentence, (_MARGIN, top + 6), _SENTENCE)
    top += 74
    for number, (name, said) in enumerate(words.winners[:MOST_WINNERS], start=1):
        end = _RIGHT - _length(said, _NUMBER)
        _line(drawing, said, (end, top), _NUMBER)
        _line(drawing, f"{number}. {name}", (_MARGIN, top), _NAME, until=end - 32)
        top += 52
    _line(drawing, words.more, (_MARGIN, HEIGHT - 56), _MORE)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _line(
    drawing: ImageDraw.ImageDraw, text: str, start: tuple[float, float], kind: _Type, until: float = _RIGHT
) -> None:
    """One line, cut with an ellipsis where it would not end before ``until``."""
    left, top = start
    for font, run in _runs(_fitting(text, until - left, kind), kind):
        drawing.text((left, top), run, font=font, fill=kind.ink)
        left += font.getlength(run)


def _fitting(text: str, room: float, kind: _Type) -> str:
    if _length(text, kind) <= room:
        return text
    while text and _length(f"{text}…", kind) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _wrapped(text: str, kind: _Type, most: int) -> Sequence[str]:
    """At most ``most`` lines, broken between words; the last holds the rest."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and (len(lines) == most or _length(longer, kind) <= _RIGHT - _MARGIN):
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _length(text: str, kind: _Type) -> float:
    return sum(font.getlength(run) for font, run in _runs(text, kind))


def _runs(text: str, kind: _Type) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
    """The text in runs of characters that stand in the same piece of the font; unknown ones become a space."""
    for piece, characters in groupby(text, _piece_of):
        run = "".join(characters)
        yield _font(piece or _piece_of(" "), kind.size, kind.weight), run if piece else " " * len(run)


def _piece_of(character: str) -> str:
    starts, ends, pieces = _pieces()
    place = bisect_right(starts, ord(character)) - 1
    return pieces[place] if place >= 0 and ord(character) <= ends[place] else ""


@cache
def _pieces() -> tuple[list[int], list[int], list[str]]:
    """Where the ranges of characters begin and end, ascending, and which file holds each."""
    found: list[tuple[int, int, str]] = []
    for file, ranges in _FACE.findall((_FONT / "pretendard-gov.css").read_text(encoding="ascii")):
        for each in ranges.split(","):
            first, _, last = each.strip().removeprefix("U+").partition("-")
            found.append((int(first, 16), int(last or first, 16), file))
    found.sort()
    return [each[0] for each in found], [each[1] for each in found], [each[2] for each in found]


@lru_cache(maxsize=512)
def _font(piece: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(_FONT / piece), size)
    font.set_variation_by_axes([weight])
    return font
