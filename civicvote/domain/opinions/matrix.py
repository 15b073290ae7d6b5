"""The vote matrix of an opinion question: a row for each participant, a column for each statement.

Votes as Polis counts them (Small et al. 2021, "Polis: Scaling deliberation by mapping high dimensional opinion
spaces"): agree +1, disagree -1, pass 0; a statement that somebody did not see is blank, which is not a pass.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Signs = npt.NDArray[np.int8]

AGREE, DISAGREE, PASS = 1, -1, 0


@dataclass(frozen=True, slots=True)
class VoteMatrix:
    """``votes`` (participants × statements) is 0 where nothing was seen; ``seen`` says where something was.

    Rows are in order of the participants' numbers, columns in order of the statements' ids, so that whatever order the
    votes come in, the same is computed. ``cast`` is how many votes each participant really gave: moderation empties
    columns, but takes nobody's standing."""

    participants: tuple[int, ...]
    statements: tuple[int, ...]
    votes: Signs
    seen: Bools
    cast: Ints

    @classmethod
    def of(
        cls,
        triples: Iterable[tuple[int, int, int]],
        *,
        participants: Collection[int] = (),
        statements: Collection[int] = (),
    ) -> "VoteMatrix":
        """From (participant, statement, vote), one for each pair. Those named apart have a row or column in any case.

        Raises ``ValueError`` for a vote that is none of the three and for a pair that stands twice."""
        cells = np.array(list(triples), dtype=np.int64).reshape(-1, 3)
        rows = np.union1d(np.fromiter(participants, np.int64, len(participants)), cells[:, 0])
        columns = np.union1d(np.fromiter(statements, np.int64, len(statements)), cells[:, 1])
        if not np.isin(cells[:, 2], (AGREE, DISAGREE, PASS)).all():
            raise ValueError("a vote is 1, -1 or 0")
        votes = np.zeros((len(rows), len(columns)), np.int8)
        seen = np.zeros(votes.shape, np.bool_)
        where = np.searchsorted(rows, cells[:, 0]), np.searchsorted(columns, cells[:, 1])
        votes[where], seen[where] = cells[:, 2], True
        if int(seen.sum()) != len(cells):
            raise ValueError("a participant has one vote on a statement")
        return cls.from_arrays(votes, seen, participants=rows.tolist(), statements=columns.tolist())

    @classmethod
    def from_arrays(
        cls, votes: Signs, seen: Bools, *, participants: Collection[int] = (), statements: Collection[int] = ()
    ) -> "VoteMatrix":
        """From a dense matrix; rows and columns are numbered from 0 where they aren't named."""
        people, columns = votes.shape
        return cls(
            participants=tuple(participants) or tuple(range(people)),
            statements=tuple(statements) or tuple(range(columns)),
            votes=votes,
            seen=seen,
            cast=seen.sum(axis=1, dtype=np.int64),
        )

    def without(self, removed: Collection[int]) -> "VoteMatrix":
        """The columns of statements that moderation removed become zeros."""
        gone = np.isin(self.statements, list(removed))
        if not gone.any():
            return self
        votes, seen = self.votes.copy(), self.seen.copy()
        votes[:, gone], seen[:, gone] = PASS, True
        return VoteMatrix(self.participants, self.statements, votes, seen, self.cast)

    def means(self) -> Floats:
        """Each statement's mean vote over those who saw it; 0 where nobody did."""
        seen = self.seen.sum(axis=0, dtype=np.int64)
        total: Floats = self.votes.sum(axis=0, dtype=np.int64) / np.maximum(seen, 1)
        return total


@dataclass(frozen=True, slots=True)
class Counts:
    """How a set of people voted, by statement."""

    agree: Ints
    disagree: Ints
    seen: Ints

    @classmethod
    def of(cls, matrix: VoteMatrix, rows: Bools | None = None) -> "Counts":
        """Of everyone, or of the ``rows`` that are marked."""
        votes, seen = (matrix.votes, matrix.seen) if rows is None else (matrix.votes[rows], matrix.seen[rows])
        return cls(
            agree=np.count_nonzero(votes == AGREE, axis=0).astype(np.int64),
            disagree=np.count_nonzero(votes == DISAGREE, axis=0).astype(np.int64),
            seen=np.count_nonzero(seen, axis=0).astype(np.int64),
        )

    @property
    def passed(self) -> Ints:
        return self.seen - self.agree - self.disagree
