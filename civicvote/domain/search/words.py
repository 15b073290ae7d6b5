"""What somebody typed, as words: each with what is behind it taken off, so that 공원을 looks for 공원.

No dictionary: a particle is cut where what stays has two syllables at least. A few particles are also the last
syllable of many nouns (고양이, 지도): with those the word as typed is looked for first.
"""

import re
from dataclasses import dataclass

from civicvote.kernel.tokens import folded, is_hangul, pairs_of, runs_of, stem

#: More words than these say nothing new and cost the database.
MOST_WORDS = 6
LONGEST_QUERY = 100

_CLEAR = (
    "에서는|에서도|에서의|에게서|으로는|으로도|으로써|까지의|이라도|이라고|에서|에게|한테|으로|까지|부터|처럼|보다|마다|조차|"
    "들이|들을|들은|들의|에는|에도|에만|을|를|은|는|에"
)
_VERBAL = (
    "했습니다|하였습니다|합니다|됩니다|해주세요|하려면|하기|하는|하고|하다|하자|해서|하면|했다|되는|되기|되어|해요"
)
_UNCLEAR = "이|가|도|로|의|와|과|만|나|들"
_CLEAR_ENDING = re.compile(f"(?<=[가-힣]{{2}})(?:{_VERBAL}|{_CLEAR})$")
_UNCLEAR_ENDING = re.compile(f"(?<=[가-힣]{{2}})(?:{_UNCLEAR})$")
#: Nouns whose last syllable looks like a particle.
_WHOLE = re.compile("(?:마을|가을|노을|고을|하늘|그늘|바늘|오늘|은을)$")
_SAYS_NOTHING = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "by",
        "for",
        "from",
        "in",
        "is",
        "it",
        "my",
        "of",
        "on",
        "or",
        "our",
        "the",
        "to",
        "we",
        "with",
    ]
)


@dataclass(frozen=True, slots=True)
class Word:
    """``typed`` is folded; ``core`` is what must be held, the same or shorter; ``loose`` the shortest guess of it."""

    typed: str
    core: str
    loose: str

    @property
    def is_hangul(self) -> bool:
        return is_hangul(self.typed)

    @property
    def tokens(self) -> list[str]:
        return pairs_of(self.core) if self.is_hangul else [self.core]

    @property
    def loose_tokens(self) -> list[str]:
        return pairs_of(self.loose) if self.is_hangul else [self.loose]


def words_of(text: str) -> list[Word]:
    """The words to look for, each once, at most ``MOST_WORDS``. Single syllables and English fillers count only where
    there is nothing else."""
    parts: dict[str, Word] = {}
    for chunk in folded(text[:LONGEST_QUERY]).split():
        runs = runs_of(chunk)
        for place, run in enumerate(runs):
            if place and is_hangul(run) and len(run) == 1:
                continue  # a particle behind CCTV or 24
            parts.setdefault(run, _word(run))
    telling = [word for word in parts.values() if not _says_little(word)]
    return (telling or list(parts.values()))[:MOST_WORDS]


def lone_syllables_of(text: str) -> list[str]:
    """Single syllables beside longer words (앞, 뒤): nothing is found by them, but they tell better from worse."""
    return [run for run in runs_of(text[:LONGEST_QUERY]) if is_hangul(run) and len(run) == 1]


def _says_little(word: Word) -> bool:
    return len(word.typed) == 1 if word.is_hangul else word.typed in _SAYS_NOTHING


def _word(run: str) -> Word:
    if not is_hangul(run):
        return Word(run, stem(run), stem(run))
    core = run if _WHOLE.search(run) else _CLEAR_ENDING.sub("", run)
    return Word(run, core, _UNCLEAR_ENDING.sub("", core))
