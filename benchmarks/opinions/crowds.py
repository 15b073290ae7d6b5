"""Conversations of a size, made up: three minds, each with a leaning of its own on every statement."""

import numpy as np

from civicvote.domain.opinions.matrix import VoteMatrix

_MINDS = 3
#: The rest passes.
_TAKES_A_SIDE = 0.85


def conversation(people: int, statements: int, density: float, seed: int = 1) -> VoteMatrix:
    """``density``: how many of the statements somebody sees, evenly. The same for the same numbers."""
    chance = np.random.default_rng(seed)
    minds = chance.integers(0, _MINDS, people)
    leaning = chance.uniform(0.1, 0.9, (_MINDS, statements))
    drawn = chance.random((people, statements))
    agrees = drawn < leaning[minds] * _TAKES_A_SIDE
    votes = np.where(agrees, 1, np.where(drawn < _TAKES_A_SIDE, -1, 0)).astype(np.int8)
    seen = chance.random((people, statements)) < density
    return VoteMatrix.from_arrays(votes * seen, seen)
