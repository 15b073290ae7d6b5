"""The two directions in which opinions differ most: principal components of the centred vote matrix.

Blanks become their column's mean, so that after centring they are 0; components are taken over everyone. A component's
sign is free: the largest absolute loading is made positive (Small et al. 2021, section 4; PCA after Pearson 1901).

What is published comes from all eigenvectors of the Gram matrix, of columns or of rows, whichever is smaller, in double
precision: exact to rounding, where power iteration stops early. The gate's thirty trial matrices are only compared:
for them ``leading_two`` and ``variance_of_two`` work in single precision, right to five digits.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from civicvote.domain.opinions.matrix import Floats, VoteMatrix

COMPONENTS = 2
#: Rows that are centred at a time: 20,000 × 1,000 votes would else stand in memory once more as floats.
BLOCK = 4096
_TRIAL_BLOCK = 8
_MOST_TRIALS = 60
_TRIAL_RESIDUAL = 1e-5

Singles = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Components:
    """``loadings``: two rows, one number for each statement; ``variances``: what each explains of ``total``, as sums
    of squares (not divided by the number of people)."""

    means: Floats
    loadings: Floats
    variances: Floats
    total: float

    @property
    def explained(self) -> float:
        """The share of the variance that both explain together, 0 to 1."""
        return float(self.variances.sum() / self.total) if self.total > 0 else 0.0


def one_thread() -> AbstractContextManager[Any]:
    """Let linear algebra use one core while this holds. Its own threads wait for each other by spinning: on a machine
    that has other work to do, two of them took thirty times as long as one."""
    limits: AbstractContextManager[Any] = threadpool_limits(limits=1, user_api="blas")
    return limits


def components_of(matrix: VoteMatrix) -> Components:
    """The first two principal components; rows of zeros where there are fewer than two directions."""
    with one_thread():
        return _components_of(matrix)


def _components_of(matrix: VoteMatrix) -> Components:
    means = matrix.means()
    people, statements = matrix.votes.shape
    loadings = np.zeros((COMPONENTS, statements))
    variances = np.zeros(COMPONENTS)
    if not people or not statements:
        return Components(means, loadings, variances, 0.0)
    by_columns = statements <= people
    gram = _gram_of_columns(matrix, means) if by_columns else _gram_of_rows(matrix, means)
    total = float(np.trace(gram))
    values, vectors = np.linalg.eigh(gram)
    tiny = total * max(people, statements) * np.finfo(np.float64).eps
    for place in range(min(COMPONENTS, len(values))):
        value, vector = values[-1 - place], vectors[:, -1 - place]
        if value <= tiny:
            break
        direction = vector if by_columns else centred(matrix, means).T @ vector
        loadings[place] = _signed(direction / np.linalg.norm(direction))
        variances[place] = value
    return Components(means, loadings, variances, total)


def centred(matrix: VoteMatrix, means: Floats, rows: slice = slice(None)) -> Floats:
    """Votes less their statement's mean, 0 where blank."""
    return _centred(matrix, means, rows)


def _centred(matrix: VoteMatrix, means: npt.NDArray[Any], rows: slice = slice(None)) -> npt.NDArray[Any]:
    block = matrix.votes[rows].astype(means.dtype)
    block -= means
    block *= matrix.seen[rows]
    return block


def _gram_of_columns(matrix: VoteMatrix, means: Floats) -> Floats:
    people, statements = matrix.votes.shape
    gram = np.zeros((statements, statements))
    for start in range(0, people, BLOCK):
        block = centred(matrix, means, slice(start, start + BLOCK))
        gram += block.T @ block
    return gram


def _gram_of_rows(matrix: VoteMatrix, means: Floats) -> Floats:
    block = centred(matrix, means)
    gram: Floats = block @ block.T
    return gram


def _signed(direction: Floats) -> Floats:
    return direction if direction[np.argmax(np.abs(direction))] > 0 else -direction


def centred_singles(matrix: VoteMatrix, means: Floats) -> Singles:
    """``centred`` of the whole matrix in single precision, for trials."""
    return _centred(matrix, means.astype(np.float32))


def variance_of_two(block: Singles) -> float:
    """What two components of a centred matrix explain, as a sum of squares; the matrix may lie on its side."""
    gram = block.T @ block if block.shape[1] <= block.shape[0] else block @ block.T
    return float(np.linalg.eigvalsh(gram)[-COMPONENTS:].sum())


def leading_two(block: Singles, near: Floats) -> Singles:
    """The first two components of a centred matrix (people × statements) as rows, their signs as they come.

    Subspace iteration that begins ``near`` the components of almost the same matrix; where it hasn't settled after
    sixty steps the full decomposition answers."""
    by_columns = block.shape[1] <= block.shape[0]
    gram = block.T @ block if by_columns else block @ block.T
    start = near.astype(np.float32).T if by_columns else block @ near.astype(np.float32).T
    vectors = _iterated(gram, start)
    if vectors is None:
        vectors = np.linalg.eigh(gram)[1][:, : -1 - COMPONENTS : -1]
    directions = vectors if by_columns else block.T @ vectors
    lengths = np.linalg.norm(directions, axis=0)
    unit = (directions / np.where(lengths > 0, lengths, 1)).T
    return unit.astype(np.float32)


def _iterated(gram: Singles, start: Singles) -> Singles | None:
    size = len(gram)
    if size <= _TRIAL_BLOCK:
        return None
    extra = np.random.default_rng(0).standard_normal((size, _TRIAL_BLOCK - COMPONENTS), dtype=np.float32)
    basis = np.linalg.qr(np.concatenate([start, extra], axis=1))[0]
    for _ in range(_MOST_TRIALS):
        image = gram @ basis
        values, turn = np.linalg.eigh(basis.T @ image)
        two = turn[:, : -1 - COMPONENTS : -1]
        residual = image @ two - (basis @ two) * values[: -1 - COMPONENTS : -1]
        if np.linalg.norm(residual, axis=0).max() <= _TRIAL_RESIDUAL * max(float(values[-1]), 1e-30):
            settled: Singles = basis @ two
            return settled
        basis = np.linalg.qr(image)[0]
    return None
