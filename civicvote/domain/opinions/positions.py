"""Where somebody stands in the map, and who is placed in it at all.

position = Σ over seen statements of (vote - mean) × component, times √(statements / seen), so that somebody who saw
few statements is not pulled to the middle (Small et al. 2021).
"""

from collections.abc import Collection, Mapping, Sequence
from math import hypot, sqrt

import numpy as np

from civicvote.domain.opinions.components import BLOCK, Components, centred
from civicvote.domain.opinions.matrix import Bools, Floats, VoteMatrix

#: Votes that somebody needs to be placed, where there are so many statements.
VOTES_TO_BE_PLACED = 7
#: Below so many placed people the most active are added.
LEAST_PLACED = 15


def positions_of(matrix: VoteMatrix, components: Components) -> Floats:
    """Two coordinates for each participant, 0 and 0 for whoever saw nothing."""
    people = len(matrix.participants)
    summed = np.empty((people, 2))
    for start in range(0, people, BLOCK):
        rows = slice(start, start + BLOCK)
        summed[rows] = centred(matrix, components.means, rows) @ components.loadings.T
    return scaled(summed, matrix)


def scaled(summed: Floats, matrix: VoteMatrix) -> Floats:
    """Sums over what each participant saw, times √(statements / seen)."""
    seen = np.maximum(matrix.seen.sum(axis=1), 1)
    placed: Floats = summed * np.sqrt(len(matrix.statements) / seen)[:, None]
    return placed


def position_of(
    votes: Mapping[int, int], *, statements: Sequence[int], means: Sequence[float], loadings: Sequence[Sequence[float]]
) -> tuple[float, float] | None:
    """Where a person stands who voted so (statement → vote), from a computed map; None without a vote that counts.

    A dot product: what a page may compute in a request."""
    x = y = 0.0
    seen = 0
    for place, statement in enumerate(statements):
        vote = votes.get(statement)
        if vote is None:
            continue
        seen += 1
        x += (vote - means[place]) * loadings[0][place]
        y += (vote - means[place]) * loadings[1][place]
    if not seen:
        return None
    scale = sqrt(len(statements) / seen)
    return x * scale, y * scale


def votes_needed(statement_count: int) -> int:
    return min(VOTES_TO_BE_PLACED, statement_count)


def eligible(matrix: VoteMatrix, already: Collection[int] = ()) -> Bools:
    """Who is placed: whoever voted often enough or was placed before (``already``, participants' numbers); if these are
    fewer than 15, the most active besides, the lower number first among equals."""
    marked: Bools = (matrix.cast >= max(1, votes_needed(len(matrix.statements)))) | np.isin(
        matrix.participants, list(already)
    )
    missing = LEAST_PLACED - int(marked.sum())
    if missing > 0:
        by_activity = np.lexsort((np.arange(len(matrix.cast)), -matrix.cast))
        others = [row for row in by_activity if not marked[row] and matrix.cast[row] > 0]
        marked[others[:missing]] = True
    return marked


def extremities(components: Components) -> list[float]:
    """For each statement the length of the position that one lone agree on it would give: how much it divides."""
    root = sqrt(len(components.means))
    first, second = components.loadings
    return [root * abs(1 - mean) * hypot(x, y) for mean, x, y in zip(components.means, first, second, strict=True)]
