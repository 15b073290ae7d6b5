"""What changed between two texts, word by word, so that a reader sees an edit instead of hunting for it."""

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import attrgetter

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_WORDS = re.compile(r"\S+[^\S\n]*|[^\S\n]+|\n")

#: Looks at words: a text of 8,000 characters that was rewritten everywhere stays below, some tenths of a second.
MOST_WORK = 4_000_000


class Change(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words with its spaces. SAME and REMOVED pieces joined are the old text, SAME and ADDED the new."""

    change: Change
    text: str


def differences(old: str, new: str) -> list[Piece]:
    """The pieces that lead from ``old`` to ``new``, in reading order, removed words before those in their place.

    Lines are compared first, words only where lines changed. Where that would take more than ``MOST_WORK``, as of two
    texts without order in common, a passage is told as taken out and put in whole."""
    found: list[Piece] = []
    for gone, come in _runs(_LINES.findall(old), _LINES.findall(new)):
        if gone == come:
            found.append(Piece(Change.SAME, "".join(come)))
            continue
        for fewer, more in _runs(_WORDS.findall("".join(gone)), _WORDS.findall("".join(come))):
            if fewer == more:
                found.append(Piece(Change.SAME, "".join(more)))
            else:
                found += [Piece(Change.REMOVED, "".join(fewer)), Piece(Change.ADDED, "".join(more))]
    return [
        Piece(change, "".join(piece.text for piece in together))
        for change, together in groupby((piece for piece in found if piece.text), key=attrgetter("change"))
    ]


def _runs(before: list[str], after: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """What stands in one place in each text: equal runs, and what differs between them."""
    shortest = min(len(before), len(after))
    head = next((place for place in range(shortest) if before[place] != after[place]), shortest)
    tail = next((place for place in range(shortest - head) if before[-1 - place] != after[-1 - place]), shortest - head)
    yield before[:head], after[:head]
    gone, come = before[head : len(before) - tail], after[head : len(after) - tail]
    if _work(gone, come) > MOST_WORK:
        yield gone, come
    else:
        for _, first, last, start, end in difflib.SequenceMatcher(None, gone, come, autojunk=False).get_opcodes():
            yield gone[first:last], come[start:end]
    yield before[len(before) - tail :], after[len(after) - tail :]


def _work(gone: list[str], come: list[str]) -> int:
    """How many looks the matcher may take: it goes over the first text once for each match, over each repetition."""
    numbers = Counter(come)
    met = sum(numbers[each] for each in gone)
    return (len(gone) + met) * min(len(gone), len(come))


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph with a change, or a run of ``paragraphs`` that are the same in both texts."""

    pieces: tuple[Piece, ...]
    is_changed: bool
    paragraphs: int


def passages(pieces: list[Piece]) -> list[Passage]:
    """The pieces by paragraphs, so that a reader can skip what stayed. Blank lines count for nothing."""
    found: list[Passage] = []
    for paragraph in _paragraphs(pieces):
        is_changed = not _is_same(paragraph)
        says_something = any(piece.text.strip() for piece in paragraph)
        last = found[-1] if found else None
        if last and not is_changed and not last.is_changed:
            found[-1] = Passage((*last.pieces, *paragraph), False, last.paragraphs + says_something)
        elif is_changed or says_something:
            found.append(Passage(tuple(paragraph), is_changed, int(says_something)))
    return found


def _paragraphs(pieces: list[Piece]) -> list[list[Piece]]:
    """Cut where a line ends in both texts, and around whole paragraphs that came or went. Another line end that came or
    went stays inside its paragraph."""
    found: list[list[Piece]] = [[]]
    for piece in pieces:
        text = piece.text
        if piece.change is not Change.SAME:
            if text.startswith("\n") and found[-1] and _is_same(found[-1]):
                found.append([])
                text = text.lstrip("\n")
            found[-1].append(Piece(piece.change, text))
            if text.endswith("\n") and all(each.change is not Change.SAME for each in found[-1]):
                found.append([])
            continue
        for line in text.splitlines(keepends=True):
            found[-1].append(Piece(Change.SAME, line))
            if line.endswith("\n"):
                found.append([])
    return [paragraph for paragraph in found if paragraph]


def _is_same(paragraph: list[Piece]) -> bool:
    return all(piece.change is Change.SAME for piece in paragraph)
