"""What changed between two texts, word by word, so that a reader sees an edit instead of hunting for it."""

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum

_WORDS = re.compile(r"\S+[^\S\n]*|\n")


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
    """The pieces that lead from ``old`` to ``new``, in reading order, removed words before those in their place."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    # autojunk keeps the cost bounded for texts that repeat one word thousands of times.
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=True)
    pieces: list[Piece] = []
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece(Change.SAME, "".join(after[new_start:new_end])))
            continue
        if old_end > old_start:
            pieces.append(Piece(Change.REMOVED, "".join(before[old_start:old_end])))
        if new_end > new_start:
            pieces.append(Piece(Change.ADDED, "".join(after[new_start:new_end])))
    return pieces
