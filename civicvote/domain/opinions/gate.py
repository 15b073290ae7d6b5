"""Whether groups are real enough to be shown.

k-means finds groups in anything, also in votes cast by dice. So they are shown only where at least 50 people are
placed, where the two components explain more than in each of 20 matrices whose votes were shuffled within each
statement (Horn's parallel analysis, 1965: who saw what stays, who voted how is left to chance), and where the groups
come back when 10 % of the votes are left out (mean adjusted Rand index of at least 0.6 over 10 runs). The consensus
lists need none of this: they hardly change where groups fall apart.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from civicvote.domain.opinions.components import (
    Components,
    centred_singles,
    leading_two,
    one_thread,
    variance_of_two,
)
from civicvote.domain.opinions.groups import adjusted_rand, group
from civicvote.domain.opinions.matrix import Bools, Ints, VoteMatrix
from civicvote.domain.opinions.positions import eligible, scaled

LEAST_PEOPLE = 50
SHUFFLES = 20
RUNS = 10
SHARE_DROPPED = 0.1
LEAST_AGREEMENT = 0.6
#: Numbers that others can repeat: the same votes give the same verdict.
SEED = 2021
#: Trials at a time, one core each; every one holds the matrix once more, so not as many as a large machine has.
_WORKERS = min(4, os.cpu_count() or 1)


class GateReason(StrEnum):
    """Why groups are not shown; the first that holds."""

    TOO_FEW = "too_few"
    NO_DIFFERENCE = "no_difference"
    LIKE_CHANCE = "like_chance"
    UNSTABLE = "unstable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``explained`` and ``by_chance``: shares of the variance, of the votes and the largest of the shuffles;
    ``agreement``: mean adjusted Rand index. None where an earlier figure decided already."""

    people: int
    explained: float
    by_chance: float | None = None
    agreement: float | None = None
    reason: GateReason | None = None

    @property
    def is_passed(self) -> bool:
        return self.reason is None


def judge(matrix: VoteMatrix, components: Components, placed: Bools, members: Ints | None) -> Verdict:
    """``members``: the groups of the ``placed`` people, in their order; None where there are none."""
    people = int(placed.sum())
    if people < LEAST_PEOPLE:
        return Verdict(people, components.explained, reason=GateReason.TOO_FEW)
    if members is None or components.total <= 0:
        return Verdict(people, components.explained, reason=GateReason.NO_DIFFERENCE)
    by_chance = max(shuffled_variances(matrix, components)) / components.total
    if components.explained <= by_chance:
        return Verdict(people, components.explained, by_chance, reason=GateReason.LIKE_CHANCE)
    agreement = float(np.mean(agreements(matrix, components, placed, members)))
    reason = GateReason.UNSTABLE if agreement < LEAST_AGREEMENT else None
    return Verdict(people, components.explained, by_chance, agreement, reason)


def _side_by_side(trial: Callable[[int], float], count: int) -> list[float]:
    """The trials' results in their order. Each trial has random numbers of its own, so it does not matter which comes
    first."""
    with ThreadPoolExecutor(_WORKERS) as pool, one_thread():
        return list(pool.map(trial, range(count)))


def shuffled_variances(matrix: VoteMatrix, components: Components) -> list[float]:
    """What two components explain of each shuffled matrix, as sums of squares. Means and total stay what they are."""
    voters = [np.flatnonzero(column) for column in matrix.seen.T]
    cast = [
        (column[rows] - mean).astype(np.float32)
        for column, rows, mean in zip(matrix.votes.T, voters, components.means, strict=True)
    ]

    def shuffled(number: int) -> float:
        rng = np.random.default_rng((SEED, 1, number))
        on_its_side = np.zeros(matrix.votes.shape[::-1], np.float32)
        for row, rows, column in zip(on_its_side, voters, cast, strict=True):
            again = column.copy()
            rng.shuffle(again)
            row[rows] = again
        return variance_of_two(on_its_side)

    return _side_by_side(shuffled, SHUFFLES)


def agreements(matrix: VoteMatrix, components: Components, placed: Bools, members: Ints) -> list[float]:
    """How far the groups come back without a tenth of the votes, computed afresh, among those who are still placed."""
    group_of = _spread(placed, members)

    def come_back(number: int) -> float:
        rng = np.random.default_rng((SEED, 2, number))
        seen = matrix.seen & (rng.random(matrix.seen.shape, dtype=np.float32) >= SHARE_DROPPED)
        fewer = VoteMatrix.from_arrays(
            matrix.votes * seen, seen, participants=matrix.participants, statements=matrix.statements
        )
        block = centred_singles(fewer, fewer.means())
        still = eligible(fewer)
        points = scaled((block @ leading_two(block, components.loadings).T).astype(np.float64), fewer)
        found = group(points[still])
        both = still & placed
        if found is None or not both.any():
            return 0.0
        return adjusted_rand(group_of[both], _spread(still, found.members)[both])

    return _side_by_side(come_back, RUNS)


def _spread(placed: Bools, members: Ints) -> Ints:
    """The groups of the placed, at their rows among everyone."""
    group_of: Ints = np.zeros(len(placed), np.int64)
    group_of[placed] = members
    return group_of
