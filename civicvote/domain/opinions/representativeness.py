"""The statements that tell a group from all others together (Small et al. 2021).

r = p in the group / p in all other groups together; z₁ the one-proportion test within the group; z₂ the two-proportion
test of the group against the others: 1 is added to all four counts, then the pooled z, 0 where the pooled share is 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from civicvote.domain.opinions.consensus import LONGEST_LIST, Z_90, one_proportion, probability
from civicvote.domain.opinions.matrix import Counts, Floats, Ints


class Side(StrEnum):
    AGREE = "agree"
    DISAGREE = "disagree"


@dataclass(frozen=True, slots=True)
class Representative:
    """``place``: the statement's column; ``n_success`` of ``n_trials`` in the group are on this side."""

    place: int
    side: Side
    n_success: int
    n_trials: int
    p: float
    r: float


@dataclass(frozen=True, slots=True)
class _Half:
    """The measures of one side, an array each over the statements."""

    count: Ints
    p: Floats
    z1: Floats
    r: Floats
    z2: Floats

    @property
    def strength(self) -> Floats:
        return self.r * self.z2 * self.p * self.z1

    @property
    def qualifies(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return (self.z2 > Z_90) & (self.z1 > Z_90)


def two_proportions(count: Ints, seen: Ints, other_count: Ints, other_seen: Ints) -> Floats:
    """The pooled z of two shares, with 1 added to all four counts; 0 where the pooled share is 1."""
    n1, s1, n2, s2 = (each + 1 for each in (count, seen, other_count, other_seen))
    pooled = (n1 + n2) / (s1 + s2)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / s1 + 1 / s2))
    result: Floats = np.where(pooled == 1, 0.0, (n1 / s1 - n2 / s2) / np.where(spread > 0, spread, 1.0))
    return result


def representative_statements(groups: Sequence[Counts]) -> list[list[Representative]]:
    """For each group at most five statements, agrees before disagrees; never none where the group voted at all.

    The side of each, of the best agreed one too, is the one whose z₂ is larger: a statement on which a group agrees,
    but less than all others, tells it apart by its disagreement."""
    return [_of_group(counts, _together([other for other in groups if other is not counts])) for counts in groups]


def _together(groups: Sequence[Counts]) -> Counts:
    return Counts(
        agree=np.sum([each.agree for each in groups], axis=0, dtype=np.int64),
        disagree=np.sum([each.disagree for each in groups], axis=0, dtype=np.int64),
        seen=np.sum([each.seen for each in groups], axis=0, dtype=np.int64),
    )


def _half(count: Ints, seen: Ints, other_count: Ints, other_seen: Ints) -> _Half:
    p = probability(count, seen)
    return _Half(
        count=count,
        p=p,
        z1=one_proportion(count, seen),
        r=p / probability(other_count, other_seen),
        z2=two_proportions(count, seen, other_count, other_seen),
    )


def _of_group(group: Counts, others: Counts) -> list[Representative]:
    agree = _half(group.agree, group.seen, others.agree, others.seen)
    disagree = _half(group.disagree, group.seen, others.disagree, others.seen)
    best = _best_agreed(group, agree)

    def chosen(place: int, side: Side) -> Representative:
        half = agree if side is Side.AGREE else disagree
        return Representative(
            place, side, int(half.count[place]), int(group.seen[place]), float(half.p[place]), float(half.r[place])
        )

    def side_of(place: int) -> Side:
        return Side.AGREE if agree.z2[place] > disagree.z2[place] else Side.DISAGREE

    qualified = np.flatnonzero(agree.qualifies | disagree.qualifies)
    if not len(qualified):
        if best is not None:
            return [chosen(best, side_of(best))]
        if not group.seen.any():
            return []
        place = int(np.maximum(agree.z2, disagree.z2).argmax())
        return [chosen(place, side_of(place))]
    sides = {int(place): side_of(int(place)) for place in qualified}
    strength = {place: (agree if side is Side.AGREE else disagree).strength[place] for place, side in sides.items()}
    ordered = sorted(sides, key=lambda place: (-strength[place], place))
    listed = [chosen(place, sides[place]) for place in ordered if place != best]
    if best is not None:
        listed.insert(0, chosen(best, side_of(best)))
    listed = listed[:LONGEST_LIST]
    return [each for each in listed if each.side is Side.AGREE] + [
        each for each in listed if each.side is Side.DISAGREE
    ]


def _best_agreed(group: Counts, agree: _Half) -> int | None:
    """Walk the statements: the first that is clearly or unusually agreed is the candidate; a later one replaces it if
    it is stronger, by r·z₂·p·z₁ where the candidate sets the group apart (r > 1), else by p·z₁."""
    strength, plain = agree.strength, agree.p * agree.z1
    best: int | None = None
    for place in range(len(group.seen)):
        if not group.agree[place] and not group.disagree[place]:
            continue
        if best is None:
            if agree.z1[place] > Z_90 or (agree.r[place] > 1 and agree.p[place] > 0.5):
                best = place
        elif agree.r[best] > 1:
            if strength[place] > strength[best]:
                best = place
        elif plain[place] > plain[best]:
            best = place
    return best
