"""The whole map of a question, from its votes: pure functions for the command, the job and the benchmark."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from civicvote.domain.opinions.components import Components, components_of, one_thread
from civicvote.domain.opinions.consensus import ConsensusLists, consensus_lists, group_informed
from civicvote.domain.opinions.gate import Verdict, judge
from civicvote.domain.opinions.groups import Grouping, GroupState, group
from civicvote.domain.opinions.matrix import Bools, Counts, Floats, Ints, VoteMatrix
from civicvote.domain.opinions.positions import eligible, positions_of
from civicvote.domain.opinions.representativeness import Representative, representative_statements

#: In ``members``: in no group.
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Described:
    """What groups say, whoever made them: by the statements' columns, in the order of the groups."""

    sizes: list[int]
    counts: list[Counts]
    informed: Floats
    representative: list[list[Representative]]


def describe(matrix: VoteMatrix, members: Ints) -> Described:
    """``members``: the number of the group of each row, from 0 on without gaps, or ``NOWHERE``."""
    counts = [Counts.of(matrix, members == number) for number in range(int(members.max(initial=NOWHERE)) + 1)]
    return Described(
        sizes=[int((members == number).sum()) for number in range(len(counts))],
        counts=counts,
        informed=group_informed(counts) if counts else np.ones(len(matrix.statements)),
        representative=representative_statements(counts) if counts else [],
    )


@dataclass(frozen=True, slots=True)
class OpinionMap:
    """``placed`` marks the rows that have a place; ``positions`` and ``grouping`` are in the order of those rows."""

    matrix: VoteMatrix
    components: Components
    placed: Bools
    positions: Floats
    grouping: Grouping | None
    described: Described
    everyone: Counts
    consensus: ConsensusLists

    def judged(self) -> Verdict:
        """The gate's verdict on the groups: most of the work."""
        members = self.grouping.members if self.grouping else None
        return judge(self.matrix, self.components, self.placed, members)


def compute_map(
    matrix: VoteMatrix, *, already_placed: Collection[int] = (), state: GroupState | None = None
) -> OpinionMap:
    """Components and consensus over everyone, groups over the placed.

    ``already_placed``: participants' numbers of an earlier run; ``state``: where its groups were."""
    components = components_of(matrix)
    placed = eligible(matrix, already_placed)
    with one_thread():
        positions = positions_of(matrix, components)[placed]
        grouping = group(positions, state)
    members = np.full(len(matrix.participants), NOWHERE, np.int64)
    if grouping:
        members[placed] = grouping.members
    everyone = Counts.of(matrix)
    return OpinionMap(
        matrix=matrix,
        components=components,
        placed=placed,
        positions=positions,
        grouping=grouping,
        described=describe(matrix, members),
        everyone=everyone,
        consensus=consensus_lists(everyone),
    )
