"""Each formula by an example small enough to be worked out by hand."""

import random
from math import sqrt

import numpy as np
import pytest

from civicvote.domain.opinions.components import components_of
from civicvote.domain.opinions.consensus import (
    consensus_lists,
    group_informed,
    one_proportion,
    probability,
)
from civicvote.domain.opinions.groups import GroupState, adjusted_rand, group, k_means, silhouette
from civicvote.domain.opinions.matrix import Counts, VoteMatrix
from civicvote.domain.opinions.positions import eligible, extremities, position_of, positions_of
from civicvote.domain.opinions.representativeness import Side, representative_statements, two_proportions
from civicvote.domain.opinions.routing import Candidate, next_statement, priority


def counts(*rows: tuple[int, int, int]) -> Counts:
    """A row for each statement: agrees, disagrees, seen."""
    table = np.array(rows, np.int64)
    return Counts(agree=table[:, 0], disagree=table[:, 1], seen=table[:, 2])


def test_blanks_and_passes_are_not_the_same() -> None:
    matrix = VoteMatrix.of([(1, 10, 1), (2, 10, 0), (3, 10, -1), (1, 20, 1)])
    everyone = Counts.of(matrix)
    assert (everyone.agree.tolist(), everyone.disagree.tolist(), everyone.seen.tolist()) == ([1, 1], [1, 0], [3, 1])
    assert everyone.passed.tolist() == [1, 0]
    assert matrix.means().tolist() == [0, 1]


@pytest.mark.parametrize("cells", [[(1, 10, 2)], [(1, 10, 1), (1, 10, -1)]])
def test_a_vote_that_is_none_and_a_second_vote_are_refused(cells: list[tuple[int, int, int]]) -> None:
    with pytest.raises(ValueError):
        VoteMatrix.of(cells)


def test_components_of_four_votes() -> None:
    """Two people, two statements, opposite votes: everything lies on one diagonal, the second component is nothing."""
    components = components_of(VoteMatrix.of([(1, 1, 1), (1, 2, -1), (2, 1, -1), (2, 2, 1)]))
    assert np.abs(components.loadings[0]).tolist() == pytest.approx([1 / sqrt(2), 1 / sqrt(2)])
    assert components.loadings[0].sum() == pytest.approx(0)
    assert components.loadings[1].tolist() == [0, 0]
    assert components.explained == pytest.approx(1)


def test_the_largest_loading_is_positive() -> None:
    """Three people, one statement that divides and one that hardly does: (1, 0), (-1, 0), (0, ±) by hand."""
    components = components_of(VoteMatrix.of([(1, 1, -1), (2, 1, 1), (3, 1, 0), (1, 2, 0), (2, 2, 0), (3, 2, 0)]))
    assert components.loadings[0].tolist() == pytest.approx([1, 0])


def test_position_is_stretched_for_whoever_saw_little() -> None:
    """(vote - mean) · component, times √(4 / 1) for one vote of four statements."""
    means, loadings = [0.5, 0, 0, 0], [[0.6, 0.8, 0, 0], [0.8, -0.6, 0, 0]]
    assert position_of({7: 1}, statements=[7, 8, 9, 10], means=means, loadings=loadings) == pytest.approx(
        (0.5 * 0.6 * 2, 0.5 * 0.8 * 2)
    )
    assert position_of({}, statements=[7], means=[0.0], loadings=[[1.0], [0.0]]) is None


def test_everybodys_position_is_what_one_computes_for_oneself() -> None:
    matrix = VoteMatrix.of([(1, 1, 1), (1, 2, -1), (2, 1, -1), (2, 3, 1), (3, 2, 0), (3, 3, 1), (4, 1, 1)])
    components = components_of(matrix)
    places = positions_of(matrix, components)
    for row, votes in enumerate(({1: 1, 2: -1}, {1: -1, 3: 1}, {2: 0, 3: 1}, {1: 1})):
        alone = position_of(
            votes,
            statements=matrix.statements,
            means=components.means.tolist(),
            loadings=components.loadings.tolist(),
        )
        assert alone == pytest.approx(tuple(places[row]))


def test_extremity_is_the_position_of_one_lone_agree() -> None:
    matrix = VoteMatrix.of([(1, 1, 1), (1, 2, -1), (2, 1, -1), (2, 2, 0), (3, 2, 1)])
    components = components_of(matrix)
    for statement, extremity in zip(matrix.statements, extremities(components), strict=True):
        lone = position_of(
            {statement: 1},
            statements=matrix.statements,
            means=components.means.tolist(),
            loadings=components.loadings.tolist(),
        )
        assert lone is not None
        assert extremity == pytest.approx(sqrt(lone[0] ** 2 + lone[1] ** 2))


def test_eligible_once_is_eligible_always() -> None:
    """20 people with 7 votes of 10 are placed; one with 6 is not, unless they were before."""
    cells = [(person, statement, 1) for person in range(20) for statement in range(7)]
    cells += [(99, statement, 1) for statement in range(6)]
    matrix = VoteMatrix.of(cells, statements=range(10))
    assert int(eligible(matrix).sum()) == 20
    assert int(eligible(matrix, already=[99]).sum()) == 21


def test_few_people_are_filled_up_to_fifteen_by_activity() -> None:
    cells = [(person, statement, 1) for person in range(20) for statement in range(person % 7)]
    matrix = VoteMatrix.of(cells, participants=range(20), statements=range(9))
    placed = np.flatnonzero(eligible(matrix)).tolist()
    assert len(placed) == 15
    assert 0 not in placed, "who never voted is placed nowhere"
    assert {6, 13, 5, 12, 19} <= set(placed)


def test_a_removed_statement_becomes_zeros_and_takes_nobodys_standing() -> None:
    matrix = VoteMatrix.of([(1, 1, 1), (1, 2, 1), (2, 1, -1)])
    emptied = matrix.without([1])
    assert emptied.votes.tolist() == [[0, 1], [0, 0]]
    assert emptied.means().tolist() == [0, 1]
    assert emptied.cast.tolist() == [2, 1]
    assert matrix.votes[0, 0] == 1, "the original stays"


def test_probability_and_one_proportion_test() -> None:
    """9 of 15: p = 10/17; z = 2 · 4 · (10/16 - 1/2) = 1."""
    assert probability(np.array([9]), np.array([15]))[0] == pytest.approx(10 / 17)
    assert one_proportion(np.array([9]), np.array([15]))[0] == pytest.approx(1.0)


def test_two_proportion_test() -> None:
    """2 of 3 against 0 of 3, with 1 added: ¾ against ¼, pooled ½: z = ½ / √(¼ · ½) = √2."""
    z = two_proportions(*(np.array([each]) for each in (2, 3, 0, 3)))
    assert z[0] == pytest.approx(sqrt(2))
    assert two_proportions(*(np.array([each]) for each in (3, 3, 5, 5)))[0] == 0


def test_group_informed_consensus_is_a_product() -> None:
    """(3 + 1)/(3 + 2) · (0 + 1)/(2 + 2) = 1/5: one group against makes it small."""
    assert group_informed([counts((3, 0, 3)), counts((0, 2, 2))])[0] == pytest.approx(0.2)


def test_consensus_lists_need_a_majority_and_the_test() -> None:
    """4 of 4: z = 2√5 · ½ = 2.236; 1 of 1: z = √2 = 1.414; 2 of 4: p = ½ is none; nobody: p = ½."""
    lists = consensus_lists(counts((1, 0, 1), (4, 0, 4), (2, 2, 4), (0, 0, 0), (0, 9, 9)))
    assert lists.agree == [1, 0]
    assert lists.disagree == [4]


def test_representative_statements_of_two_opposite_groups() -> None:
    """All ten of one group agree with the first, all ten of the other disagree; the second says nothing of either."""
    one, other = counts((10, 0, 10), (5, 5, 10)), counts((0, 10, 10), (5, 5, 10))
    first, second = representative_statements([one, other])
    assert [(each.place, each.side, each.n_success, each.n_trials) for each in first] == [(0, Side.AGREE, 10, 10)]
    # the other group's best agreed statement is the second one: 5 of 10 is no more than elsewhere, so it has no
    # candidate by either test, and what qualifies is the first statement on the disagree side
    assert [(each.place, each.side, each.n_success) for each in second] == [(0, Side.DISAGREE, 10)]
    assert first[0].p == pytest.approx(11 / 12)
    assert first[0].r == pytest.approx(11)


def test_best_agreed_statement_comes_first_though_it_did_not_qualify() -> None:
    """Both groups agree with statement 0 alike, so it tells them not apart (z₂ = 0), but the walk finds it first."""
    one = counts((9, 0, 10), (0, 10, 10))
    other = counts((9, 0, 10), (10, 0, 10))
    first, second = representative_statements([one, other])
    assert {each.place for each in first} == {0, 1}
    assert [(each.place, each.side) for each in second] == [(1, Side.AGREE)]


def test_a_group_without_any_telling_statement_still_has_one() -> None:
    same = counts((2, 2, 4), (1, 3, 4))
    for listed in representative_statements([same, counts((2, 2, 4), (1, 3, 4))]):
        assert len(listed) == 1


def test_two_heaps_of_points_are_two_groups() -> None:
    heaps = np.array([[0.0, 0.0], [0.1, 0.0], [5.0, 5.0], [5.1, 5.0], [0.0, 0.1], [5.0, 5.1]])
    found = group(heaps)
    assert found is not None
    assert found.k == 2
    assert found.members.tolist() == [0, 0, 1, 1, 0, 1]
    assert found.silhouette > 0.9


def test_k_means_starts_from_the_first_distinct_rows() -> None:
    points = np.array([[1.0, 0.0], [1.0, 0.0], [3.0, 0.0], [9.0, 0.0]])
    clusters = k_means(points, 2)
    assert clusters.centres.tolist() == [[pytest.approx(5 / 3), 0.0], [9.0, 0.0]]
    weighted = k_means(points[1:], 2, weights=np.array([2, 1, 1]))
    assert weighted.centres.tolist() == clusters.centres.tolist()


def test_silhouette_of_four_points_on_a_line() -> None:
    """0, 1 and 4, 5: a = 1; b = 4.5 or 3.5: (1 - 1/4.5 + 1 - 1/3.5) / 2."""
    points = np.array([[0.0, 0.0], [1.0, 0.0], [4.0, 0.0], [5.0, 0.0]])
    expected = (1 - 1 / 4.5 + 1 - 1 / 3.5) / 2
    assert silhouette(points, np.array([0, 0, 1, 1])) == pytest.approx(expected)
    assert silhouette(points[[0, 3]], np.array([0, 1])) == 0


def test_number_of_groups_changes_only_after_four_runs_that_agree() -> None:
    chance = np.random.default_rng(1)
    centres = np.array([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]])
    three = centres[np.arange(60) % 3] + chance.normal(0, 0.2, (60, 2))
    state = GroupState(k=2, wanted=2, agreed=9)
    seen = []
    for _ in range(5):
        found = group(three, GroupState.from_json(state.to_json()))
        assert found is not None
        seen.append(found.k)
        state = found.state
    assert seen == [2, 2, 2, 3, 3]


def test_groups_keep_their_letters_when_people_come_in_another_order() -> None:
    """Started from the last centres, group 0 stays where group 0 was."""
    heaps = np.array([[0.0, 0.0], [0.1, 0.0], [5.0, 5.0], [5.1, 5.0]])
    before = group(heaps)
    assert before is not None
    after = group(heaps[::-1].copy(), before.state)
    assert after is not None
    assert after.members.tolist() == before.members[::-1].tolist()


def test_adjusted_rand_index() -> None:
    """The worked example of Hubert and Arabie's formula: {1,2},{3,4} against {1,2},{3},{4}: pairs 1, expected 1/3."""
    assert adjusted_rand(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0])) == 1
    assert adjusted_rand(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2])) == pytest.approx((1 - 1 / 3) / (1.5 - 1 / 3))


def test_priority_of_a_statement_that_nobody_has_seen() -> None:
    """(1 - ½) · (0 + 1) · ½ · (1 + 8) = 2.25, squared."""
    assert priority(Candidate(1, agrees=0, passes=0, seen=0)) == pytest.approx(2.25**2)


def test_priority_after_five_votes() -> None:
    """A = 3, P = 1, S = 5, E = 2: (1 - 2/7) · 3 · 4/7 · (1 + 4), squared."""
    candidate = Candidate(1, agrees=3, passes=1, seen=5, extremity=2)
    assert priority(candidate) == pytest.approx((5 / 7 * 3 * 4 / 7 * 5) ** 2)


def test_statements_are_drawn_in_proportion_to_priority() -> None:
    chance = random.Random(4)  # noqa: S311 – the same draws every time
    often = Candidate(1, agrees=0, passes=0, seen=0)
    rare = Candidate(2, agrees=5, passes=20, seen=40)
    drawn = [next_statement([often, rare], chance) for _ in range(2000)]
    share = priority(often) / (priority(often) + priority(rare))
    assert drawn.count(1) / len(drawn) == pytest.approx(share, abs=0.02)
    assert next_statement([], chance) is None
