"""What everybody, and every group, agrees with (Small et al. 2021).

p = (n + 1) / (S + 2), with n agrees (or disagrees) among the S who saw the statement, passes included.
z(n, S) = 2 √(S + 1) · ((n + 1) / (S + 1) - ½), the one-proportion test. Group-informed consensus is the product over
groups of p: it is high only where no group is against.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from civicvote.domain.opinions.matrix import Counts, Floats, Ints

#: The 90th percentile of the normal distribution.
Z_90 = 1.2816
LONGEST_LIST = 5


def probability(count: Ints, seen: Ints) -> Floats:
    result: Floats = (count + 1) / (seen + 2)
    return result


def one_proportion(count: Ints, seen: Ints) -> Floats:
    result: Floats = 2 * np.sqrt(seen + 1) * ((count + 1) / (seen + 1) - 0.5)
    return result


def group_informed(groups: Sequence[Counts]) -> Floats:
    """The product over groups of the probability to agree. Its k-th root compares different numbers of groups."""
    informed: Floats = np.prod([probability(counts.agree, counts.seen) for counts in groups], axis=0)
    return informed


@dataclass(frozen=True, slots=True)
class ConsensusLists:
    """Places (columns) of the statements, the strongest first."""

    agree: list[int]
    disagree: list[int]


def consensus_lists(everyone: Counts, most: int = LONGEST_LIST) -> ConsensusLists:
    """p > ½ and z > z₉₀ over everyone, placed or not; by p · z, the earlier statement first among equals."""
    return ConsensusLists(
        agree=_strongest(everyone.agree, everyone.seen, most),
        disagree=_strongest(everyone.disagree, everyone.seen, most),
    )


def _strongest(count: Ints, seen: Ints, most: int) -> list[int]:
    p, z = probability(count, seen), one_proportion(count, seen)
    order = np.argsort(-(p * z), kind="stable")
    return [int(place) for place in order if p[place] > 0.5 and z[place] > Z_90][:most]
