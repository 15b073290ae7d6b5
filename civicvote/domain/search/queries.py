"""Search: the index gives the newest texts that hold the words, titles first, and they are ranked here.

However common a word is, only so many texts are fetched and so many ranked: the cost has a ceiling.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.findable.matching import Every, Holds, Scope, Some, Wanted, in_title
from civicvote.domain.findable.queries import Entry, entries_of, newest_matching
from civicvote.domain.search.closeness import close_to
from civicvote.domain.search.ranking import Rank, Ranking
from civicvote.domain.search.words import Word, lone_syllables_of, words_of

#: Texts counted at most, and texts read and ranked at most.
COUNTED = 500
RANKED = 120
_FROM_TITLES = 60
#: With fewer hits than these, unclear particles are taken off, too (쓰레기가 finds 쓰레기).
SOME = 20
#: With fewer than these, words like those typed are tried, too.
FEW = 5
_PER_WORD = 60


@dataclass(frozen=True, slots=True)
class Ranked:
    entry: Entry
    rank: Rank


@dataclass(frozen=True, slots=True)
class Found:
    """``ranked`` best first; ``kinds`` of all that were counted, ``is_capped`` where there are more than counted."""

    words: list[Word]
    ranked: list[Ranked]
    kinds: dict[int, FindableKind]
    is_capped: bool
    is_widened: bool


def find(text: str, scope: Scope, *, counted: int = COUNTED) -> Found:
    """What answers ``text`` in the scope: three statements where enough is found, at most ``6 + len(words)`` else."""
    words = words_of(text)
    if not words:
        return Found([], [], {}, is_capped=False, is_widened=False)
    wanted = _every([_held(word) for word in words])
    titles = newest_matching(in_title(wanted), scope, limit=_FROM_TITLES)
    texts = newest_matching(wanted, scope, limit=counted + 1)
    is_capped = len(texts) > counted
    if len(texts) < SOME and any(word.loose != word.core for word in words):
        texts += newest_matching(_every([_loosely_held(word) for word in words]), scope, limit=RANKED)
    kinds = dict(texts[:counted]) | dict(titles)
    chosen = list(dict.fromkeys([subject for subject, _ in titles] + [subject for subject, _ in texts]))[:RANKED]
    is_widened = len(kinds) < FEW
    if is_widened:
        wider = _wider(words, scope)
        chosen += [subject for subject in wider if subject not in kinds][: RANKED - len(chosen)]
        kinds = wider | kinds
    ranking = Ranking(words, lone_syllables_of(text))
    ranked = [Ranked(entry, ranking.rank(entry.title, entry.text)) for entry in entries_of(chosen)]
    if is_widened:
        ranked = [one for one in ranked if one.rank.score]
        kinds = {one.entry.subject_id: one.entry.kind for one in ranked}
    ranked.sort(key=lambda one: (one.rank.score, one.entry.subject_id), reverse=True)
    return Found(
        words, ranked, kinds, is_capped, is_widened=any(not one.rank.is_exact for one in ranked) and is_widened
    )


def _every(parts: Sequence[Wanted]) -> Wanted:
    return parts[0] if len(parts) == 1 else Every(tuple(parts))


def _held(word: Word) -> Wanted:
    return _every([Holds(token) for token in word.tokens])


def _wider(words: Sequence[Word], scope: Scope) -> dict[int, FindableKind]:
    """What holds each of the words, all of them or such as are like those that hardly any text holds, and most."""
    alone = [newest_matching(_loosely_held(word), scope, limit=_PER_WORD) for word in words]
    together: list[Wanted] = []
    if any(len(held) < FEW for held in alone):
        likely = [
            _loosely_held(word) if len(held) >= FEW else Some((_loosely_held(word), close_to(word)))
            for word, held in zip(words, alone, strict=True)
        ]
        together.append(_every(likely))
    known = [_loosely_held(word) for word, held in zip(words, alone, strict=True) if held]
    if len(known) > 2:
        together.append(Some(tuple(_every(known[:gap] + known[gap + 1 :]) for gap in range(len(known)))))
    elif len(known) == 2 < len(words):
        together.append(_every(known))
    found = [newest_matching(wanted, scope, limit=_PER_WORD) for wanted in together]
    return {subject: kind for rows in (*found, *alone) for subject, kind in rows}


def _loosely_held(word: Word) -> Wanted:
    return _every([Holds(token) for token in word.loose_tokens])


def proposals_matching(region_id: int, round_id: int | None, text: str, *, limit: int = COUNTED) -> Sequence[int]:
    """The ids of the proposals of a round (None: of all) that answer ``text``, best first, ``limit`` at most."""
    found = find(text, Scope(region_id, round_id, FindableKind.PROPOSAL), counted=limit)
    best = [one.entry.subject_id for one in found.ranked]
    return list(dict.fromkeys((*best, *found.kinds)))[:limit]
