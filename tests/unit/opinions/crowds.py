"""Made-up crowds: people who vote by the opinion of their group, and people who vote by dice."""

import numpy as np

from civicvote.domain.opinions.matrix import VoteMatrix


def crowd(people: int, statements: int, *, groups: int, density: float = 0.8, seed: int = 7) -> VoteMatrix:
    """Each group leans its own way on each statement; with one group everybody votes by the same dice."""
    chance = np.random.default_rng(seed)
    member = np.arange(people) % groups
    lean = (
        np.where(chance.random((groups, statements)) < 0.5, 0.1, 0.9) if groups > 1 else np.full((1, statements), 0.5)
    )
    votes = np.where(chance.random((people, statements)) < lean[member], 1, -1).astype(np.int8)
    seen = chance.random((people, statements)) < density
    return VoteMatrix.from_arrays(votes * seen, seen)
