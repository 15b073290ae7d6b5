"""Groups are shown only where they are real: the verdict both ways, and every reason for a no."""

import pytest

from civicvote.domain.opinions.gate import GateReason, shuffled_variances
from civicvote.domain.opinions.matrix import VoteMatrix
from civicvote.domain.opinions.opinion_map import compute_map
from tests.unit.opinions.crowds import crowd


def test_two_camps_pass() -> None:
    verdict = compute_map(crowd(120, 30, groups=2)).judged()
    assert verdict.is_passed
    assert verdict.by_chance is not None
    assert verdict.explained > verdict.by_chance
    assert verdict.agreement is not None
    assert verdict.agreement >= 0.6


def test_votes_by_dice_do_not_though_k_means_finds_groups_in_them() -> None:
    found = compute_map(crowd(200, 30, groups=1))
    assert found.grouping is not None
    verdict = found.judged()
    assert verdict.reason in {GateReason.LIKE_CHANCE, GateReason.UNSTABLE}


def test_fifty_people_are_needed() -> None:
    assert compute_map(crowd(49, 30, groups=2, density=1)).judged().reason is GateReason.TOO_FEW
    assert compute_map(crowd(50, 30, groups=2, density=1)).judged().is_passed


def test_people_who_all_vote_alike_are_no_groups() -> None:
    alike = VoteMatrix.of([(person, statement, 1) for person in range(60) for statement in range(10)])
    assert compute_map(alike).judged().reason is GateReason.NO_DIFFERENCE


def test_one_long_crowd_without_a_gap_is_unstable() -> None:
    """Opinion is one smooth line from left to right: variance is far from chance, but where the cut goes is luck."""
    people, statements = 150, 24
    cells = [
        (
            person,
            statement,
            1 if (person * 7919 + statement * 104729) % 997 / 997 < 0.35 + person / people * 0.3 else -1,
        )
        for person in range(people)
        for statement in range(statements)
    ]
    verdict = compute_map(VoteMatrix.of(cells)).judged()
    assert verdict.reason in {GateReason.UNSTABLE, GateReason.LIKE_CHANCE}


def test_the_same_votes_get_the_same_verdict() -> None:
    matrix = crowd(80, 20, groups=2)
    assert compute_map(matrix).judged() == compute_map(matrix).judged()


def test_shuffling_keeps_who_saw_what_and_each_statements_votes() -> None:
    """With one statement that everybody saw, shuffling changes nothing: its variance is what it was."""
    matrix = VoteMatrix.of([(person, 1, 1 if person % 3 else -1) for person in range(30)])
    components = compute_map(matrix).components
    assert list(shuffled_variances(matrix, components)) == pytest.approx([components.total] * 20, rel=1e-5)
