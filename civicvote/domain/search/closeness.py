"""Words that are nearly the one typed: one syllable off by a sound or two, one too many or one missing."""

import re
from functools import lru_cache

from civicvote.domain.findable.matching import Every, Holds, Some, Wanted
from civicvote.domain.search.words import Word
from civicvote.kernel.tokens import pairs_of, sounds_of

_FIRST = 0xAC00
_MEDIALS, _FINALS = 21, 28
#: Letters of a Latin word that a mistyped one must begin with.
_SURE_LETTERS = 3
#: Syllables up to which each place is tried as the mistaken one: the question grows with their square.
_LONGEST_GAPPED = 12


def close_to(word: Word) -> Wanted:
    """What an entry holds that has the word or one like it; the texts themselves decide (``closeness``)."""
    core = word.core
    if not word.is_hangul:
        return Holds(core[:_SURE_LETTERS], begins=True) if len(core) > _SURE_LETTERS else Holds(core)
    if len(core) == 1:
        return Holds(core, begins=True)
    if len(core) == 2:
        return Some(tuple(Holds(pair) for pair in (core, *_neighbours(core))))
    sounds = Every(tuple(Holds(sound) for sound in sounds_of(core)))
    if len(core) > _LONGEST_GAPPED:
        return sounds
    pairs = [Holds(pair) for pair in pairs_of(core)]
    all_but_one = [Every((*pairs[:gap], *pairs[gap + 1 :])) for gap in range(len(pairs))]
    return Some((*all_but_one, sounds))


def _neighbours(pair: str) -> list[str]:
    """Every pair that differs in one sound of one syllable."""
    return [
        pair[:place] + other + pair[place + 1 :] for place, syllable in enumerate(pair) for other in _one_off(syllable)
    ]


def _one_off(syllable: str) -> list[str]:
    initial, medial, final = _sounds(syllable)
    return [
        *(_syllable(other, medial, final) for other in range(19) if other != initial),
        *(_syllable(initial, other, final) for other in range(_MEDIALS) if other != medial),
        *(_syllable(initial, medial, other) for other in range(_FINALS) if other != final),
    ]


def _sounds(syllable: str) -> tuple[int, int, int]:
    rest, final = divmod(ord(syllable) - _FIRST, _FINALS)
    return rest // _MEDIALS, rest % _MEDIALS, final


def _syllable(initial: int, medial: int, final: int) -> str:
    return chr(_FIRST + (initial * _MEDIALS + medial) * _FINALS + final)


def find_close(word: Word, text: str) -> str:
    """The piece of ``text`` (folded) that is most like the word, or nothing."""
    if not word.is_hangul:
        return _close_letters(word.typed, text)
    best, least = "", 99
    for found in _nearly(word.core).finditer(text):
        if (distance := _distance(word.core, found.group())) < least:
            best, least = found.group(), distance
    return best if least <= _allowed(word.core) else ""


def _allowed(core: str) -> int:
    return 1 if len(core) <= 3 else 2


@lru_cache(maxsize=500)
def _nearly(core: str) -> re.Pattern[str]:
    """The word with any syllable at one place; of longer words also with one more or one less."""
    any_one = "[가-힣]"
    forms = [core[:place] + any_one + core[place + 1 :] for place in range(len(core))]
    if len(core) > 3:
        forms += [core[:place] + core[place + 1 :] for place in range(len(core))]
        forms += [core[:place] + any_one + core[place:] for place in range(1, len(core))]
    return re.compile("|".join(forms))


def _distance(core: str, other: str) -> int:
    """Sounds that differ; a syllable too many or missing counts as two."""
    if len(core) != len(other):
        return 2
    return sum(
        mine != theirs
        for here, there in zip(core, other, strict=True)
        if here != there
        for mine, theirs in zip(_sounds(here), _sounds(there), strict=True)
    )


def _close_letters(typed: str, text: str) -> str:
    for found in re.findall(rf"\b{re.escape(typed[:_SURE_LETTERS])}[a-z]*", text):
        if _edits(typed, found) <= (1 if len(typed) < 6 else 2):
            return str(found)
    return ""


def _edits(one: str, other: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(other) + 1))
    for line, letter in enumerate(one, 1):
        before, row[0] = row[0], line
        for place, there in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != there))
    return row[-1]
