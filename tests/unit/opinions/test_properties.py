"""What holds for any votes: the order in which they come does not matter, and nothing is left to chance."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from civicvote.domain.opinions.components import centred_singles, components_of, leading_two, variance_of_two
from civicvote.domain.opinions.matrix import VoteMatrix
from civicvote.domain.opinions.opinion_map import compute_map, describe

Cells = dict[tuple[int, int], int]
votes = st.dictionaries(
    st.tuples(st.integers(1, 30), st.integers(1, 12)), st.sampled_from((1, -1, 0)), min_size=3, max_size=200
)


def matrix_of(cells: Cells) -> VoteMatrix:
    return VoteMatrix.of([(*pair, vote) for pair, vote in cells.items()])


@settings(max_examples=60, deadline=None)
@given(cells=votes, chance=st.randoms())
def test_the_order_of_votes_people_and_statements_does_not_matter(cells: Cells, chance: object) -> None:
    pairs = list(cells.items())
    chance.shuffle(pairs)  # type: ignore[attr-defined]
    once, again = compute_map(matrix_of(cells)), compute_map(matrix_of(dict(pairs)))
    assert np.array_equal(once.components.loadings, again.components.loadings)
    assert np.array_equal(once.positions, again.positions)
    assert once.consensus == again.consensus
    assert once.described.representative == again.described.representative
    assert (once.grouping is None) == (again.grouping is None)
    if once.grouping and again.grouping:
        assert np.array_equal(once.grouping.members, again.grouping.members)


@settings(max_examples=60, deadline=None)
@given(cells=votes, chance=st.randoms())
def test_numbering_people_and_statements_anew_changes_no_value(cells: Cells, chance: object) -> None:
    """Consensus values and counts belong to statements, wherever their columns stand."""
    people = list(range(1, 31))
    statements = list(range(1, 13))
    chance.shuffle(people)  # type: ignore[attr-defined]
    chance.shuffle(statements)  # type: ignore[attr-defined]
    moved = {(people[who - 1], statements[what - 1]): vote for (who, what), vote in cells.items()}
    one, other = matrix_of(cells), matrix_of(moved)
    mine = describe(one, np.array([who % 2 for who in one.participants]))
    back = {new: old for old, new in enumerate(people, 1)}
    theirs = describe(other, np.array([back[who] % 2 for who in other.participants]))
    values = dict(zip(other.statements, theirs.informed, strict=True))
    for what, value in zip(one.statements, mine.informed, strict=True):
        assert np.isclose(values[statements[what - 1]], value)
    assert np.allclose(sorted(components_of(one).variances), sorted(components_of(other).variances), atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(cells=votes)
def test_components_are_perpendicular_unit_vectors_with_a_positive_largest_loading(cells: Cells) -> None:
    components = components_of(matrix_of(cells))
    for loading in components.loadings:
        if loading.any():
            assert np.isclose(np.linalg.norm(loading), 1)
            assert loading[np.abs(loading).argmax()] > 0
    assert abs(components.loadings[0] @ components.loadings[1]) < 1e-9
    assert 0 <= components.explained <= 1 + 1e-9


@settings(max_examples=40, deadline=None)
@given(cells=votes)
def test_trials_explain_what_the_exact_way_explains(cells: Cells) -> None:
    matrix = matrix_of(cells)
    components = components_of(matrix)
    block = centred_singles(matrix, components.means)
    assert np.isclose(variance_of_two(block), components.variances.sum(), rtol=1e-3, atol=1e-3)
    near = np.eye(2, len(matrix.statements))
    caught = ((block @ leading_two(block, near).T) ** 2).sum()
    assert np.isclose(caught, components.variances.sum(), rtol=1e-2, atol=1e-2)
