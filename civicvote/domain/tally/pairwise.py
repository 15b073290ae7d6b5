"""Every option against every other: how many ballots put one above the other, and the strongest chains of that.

Source: Schulze 2011, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner
election method", Social Choice and Welfare 36:267-303, with winning votes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import TypeAlias

from civicvote.domain.tally.profile import Profile

Matrix: TypeAlias = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Comparison:
    """Every option against every other; rows and columns in the order of ``option_ids``, which is ascending.

    ``preferred[i][j]``: ballots that put i above j. ``strengths[i][j]``: the strongest chain from i to j in ballots, 0
    where there is none.
    """

    option_ids: tuple[str, ...]
    preferred: Matrix

    @cached_property
    def strengths(self) -> Matrix:
        """The widest paths, by Floyd and Warshall."""
        places = range(len(self.option_ids))
        found = [[self.preferred[i][j] if self._wins(i, j) else 0 for j in places] for i in places]
        for middle in places:
            onward = found[middle]
            for start in places:
                if start == middle or not (reach := found[start][middle]):
                    continue
                row = found[start]
                for end in places:
                    if end != start and (through := min(reach, onward[end])) > row[end]:
                        row[end] = through
        return tuple(map(tuple, found))

    def steps(self) -> Iterator[tuple[str, ...]]:
        """Ids of those that nothing left is better than, then the same of the rest, to the end."""
        strengths = self.strengths
        left = set(range(len(self.option_ids)))
        while left:
            best = {i for i in left if all(strengths[i][j] >= strengths[j][i] for j in left)}
            yield tuple(sorted(self.option_ids[i] for i in best))
            left -= best

    def _wins(self, i: int, j: int) -> bool:
        return self.preferred[i][j] > self.preferred[j][i]


def compare(profile: Profile, option_ids: Sequence[str]) -> Comparison:
    """These options alone; a ballot's order among them is that of its points."""
    ids = tuple(sorted(option_ids))
    place = {option_id: i for i, option_id in enumerate(ids)}
    # Above all that a ballot leaves off: every ballot that names i, less those that name both.
    preferred = [[profile.supporters[option_id]] * len(ids) for option_id in ids]
    for i in range(len(ids)):
        preferred[i][i] = 0
    for group in profile.ballots:
        named = [(place[option_id], points) for option_id, points in group.choices if option_id in place]
        for (i, above), (j, below) in permutations(named, 2):
            if above <= below:
                preferred[i][j] -= group.count
    return Comparison(ids, tuple(map(tuple, preferred)))
