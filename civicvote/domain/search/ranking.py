"""Which of the texts that were found is meant most: all words over some, titles over texts, the word itself over its
scattered syllables, the right spelling over a near one. Of equals the newest."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from civicvote.domain.search.closeness import find_close
from civicvote.domain.search.words import Word
from civicvote.kernel.tokens import folded, runs_of, stem

_NONE, _SCATTERED, _NEAR, _INSIDE, _BEGINS, _AS_TYPED = 0, 10, 25, 60, 80, 90
_TITLE_BONUS = 100
_MATCHED = 1_000
_TOGETHER = 120
_SYLLABLE = 8


@dataclass(frozen=True, slots=True)
class Rank:
    """``score`` is 0 where no word was found at all."""

    score: int
    is_exact: bool


class Ranking:
    """Ranks texts for one query. Each costs some microseconds, so some hundred are no burden."""

    def __init__(self, words: Sequence[Word], syllables: Sequence[str] = ()) -> None:
        self._words = words
        self._syllables = syllables
        self._together = "".join(word.typed for word in words)
        self._has_latin = any(not word.is_hangul for word in words)

    def rank(self, title: str, text: str) -> Rank:
        """How well title and text answer the words."""
        title, text = folded(title), folded(text)
        whole = (_Piece(title, self._has_latin), _Piece(text, self._has_latin))
        score, found, exact = 0, 0, True
        for word in self._words:
            in_title, in_text = (_strength(word, piece) for piece in whole)
            if max(in_title, in_text) < _INSIDE and (near := self._near(word, whole)):
                score, found, exact = score + near, found + 1, False
                continue
            points = max(in_title + _TITLE_BONUS if in_title else 0, in_text)
            if points:
                found += 1
                exact = exact and max(in_title, in_text) > _NEAR
                score += points + (in_text // 10 if in_title else 0)
        if not found:
            return Rank(0, is_exact=False)
        if len(self._words) > 1 and any(self._together in piece.squeezed for piece in whole):
            score += _TOGETHER
        score += sum(_SYLLABLE for syllable in self._syllables if syllable in title or syllable in text)
        return Rank(score + _MATCHED * found // len(self._words) * 4, exact and found == len(self._words))

    def _near(self, word: Word, whole: tuple["_Piece", "_Piece"]) -> int:
        title, text = whole
        if find_close(word, title.folded):
            return _NEAR + _TITLE_BONUS // 2
        return _NEAR if find_close(word, text.folded) else 0


class _Piece:
    __slots__ = ("folded", "squeezed", "stems")

    def __init__(self, text: str, has_latin: bool) -> None:
        self.folded = text
        self.squeezed = text.replace(" ", "")
        self.stems = frozenset(stem(run) for run in runs_of(text)) if has_latin else frozenset()


def _strength(word: Word, piece: _Piece) -> int:
    if not word.is_hangul:
        return _AS_TYPED if word.core in piece.stems else _NONE
    for form in (word.core, word.loose):
        if form in piece.squeezed:
            break
    else:
        return _SCATTERED if all(token in piece.squeezed for token in word.loose_tokens) else _NONE
    if form not in piece.folded:
        return _INSIDE
    if _beginning(word.typed).search(piece.folded):
        return _AS_TYPED
    return _BEGINS if _beginning(form).search(piece.folded) else _INSIDE


@lru_cache(maxsize=1_000)
def _beginning(form: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![가-힣]){form}")
