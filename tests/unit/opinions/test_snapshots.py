"""What is kept and shown of a map: nothing from which it can be worked out what fewer than five people think."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from civicvote.domain.opinions.gate import GateReason, Verdict
from civicvote.domain.opinions.matrix import VoteMatrix
from civicvote.domain.opinions.opinion_map import OpinionMap, compute_map, describe
from civicvote.domain.opinions.snapshots import shown_of, snapshot_of

PASSED = Verdict(people=60, explained=0.9, by_chance=0.1, agreement=1.0, reason=None)
NUMBERS = {"agree", "disagree", "seen", "elsewhere", "elsewhere_seen"}


def _map(*sizes: int, unplaced: int = 0) -> OpinionMap:
    """Groups of these sizes, each of which agrees with a statement of its own and with the last one."""
    groups = [number for number, size in enumerate(sizes) for _ in range(size)] + [len(sizes)] * unplaced
    last = len(sizes)
    votes = [
        (who, column, 1 if column in {own, last} else -1)
        for who, own in enumerate(groups)
        for column in range(last + 1)
    ]
    found = compute_map(VoteMatrix.of(votes))
    members = np.array([own if own < len(sizes) else -1 for own in groups])
    assert found.grouping is not None
    placed = members >= 0
    return replace(
        found,
        placed=placed,
        positions=found.positions[placed],
        grouping=replace(found.grouping, members=members[placed]),
        described=describe(found.matrix, members),
    )


def _listed(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for group in result["groups"] for each in group["representative"]]


@pytest.mark.parametrize("sizes", [(30, 30), (30, 25, 5)])
def test_groups_that_are_all_shown_have_their_numbers(sizes: tuple[int, ...]) -> None:
    result = snapshot_of(_map(*sizes), PASSED)
    assert _listed(result)
    assert all(each.keys() >= NUMBERS for each in _listed(result))
    (first, *_) = result["groups"][0]["representative"]
    assert (first["seen"], first["elsewhere_seen"]) == (30, 30)
    assert shown_of(result) == result


@pytest.mark.parametrize("sizes", [(57, 3), (30, 27, 3), (30, 26, 2, 2)])
def test_what_is_missing_to_the_whole_is_not_told_where_it_is_of_few(sizes: tuple[int, ...]) -> None:
    result = snapshot_of(_map(*sizes), PASSED)
    assert _listed(result)
    assert all(each.keys() == {"statement", "side"} for each in _listed(result))
    whole = snapshot_of(_map(30, 30), PASSED)
    small = {"size": 3, "is_small": True, "hull": [], "centre": None, "representative": []}
    stored = {**whole, "groups": [whole["groups"][0] | {"size": 57}, small]}
    assert all(each.keys() == {"statement", "side"} for each in _listed(shown_of(stored))), "by an earlier release"


def test_a_small_group_is_in_no_sum_where_others_hide_it_from_the_whole() -> None:
    result = snapshot_of(_map(50, 3, unplaced=7), PASSED)
    assert {(each["seen"], each["elsewhere_seen"]) for each in _listed(result)} == {(50, 0)}
    three = snapshot_of(_map(30, 20, 3, unplaced=7), PASSED)
    assert {(each["seen"], each["elsewhere_seen"]) for each in _listed(three)} == {(30, 20), (20, 30)}


def test_what_all_sides_agree_with_needs_sides() -> None:
    found = _map(30, 30)
    assert [each["statement"] for each in snapshot_of(found, PASSED)["informed"]] == [2]
    shut = snapshot_of(found, replace(PASSED, reason=GateReason.UNSTABLE))
    assert (shut["groups"], shut["informed"]) == ([], [])
    assert [each["statement"] for each in shut["consensus"]["agree"]] == [2]
    assert shown_of({**shut, "informed": [{"statement": 2}]})["informed"] == [], "as an earlier release stored it"
