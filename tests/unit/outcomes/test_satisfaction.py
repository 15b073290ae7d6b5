"""How much of their wish voters got."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.outcomes.satisfaction import Part, part_of, satisfaction
from civicvote.domain.tally.profile import Option, Profile

OPTIONS = (Option("a", 60), Option("b", 30), Option("c", 10), Option("free", 0))


def of(*ballots: dict[str, int], selected: tuple[str, ...]):
    return satisfaction(Profile.of_ballots(OPTIONS, ballots, budget=100), selected)


def test_each_ballot_falls_into_one_part_by_number_and_into_one_by_cost():
    told = of({"a": 1, "b": 1, "c": 1}, {"b": 1}, {"a": 1}, {}, selected=("b", "c"))
    parts = list(Part)
    assert told.ballots == 3  # the blank one wished for nothing
    assert told.with_a_winner == 2
    assert (told.marks, told.marks_won) == (5, 3)
    assert told.by_number[parts.index(Part.UP_TO_THREE_QUARTERS)] == 1  # two of three
    assert told.by_cost[parts.index(Part.UP_TO_HALF)] == 1  # 40 of 100
    assert told.by_number[parts.index(Part.ALL)] == told.by_cost[parts.index(Part.ALL)] == 1
    assert told.by_number[parts.index(Part.NOTHING)] == 1
    assert told.cost_won == 40 + 30
    assert told.average_cost_won == 23  # 70 / 3


def test_a_ballot_whose_options_cost_nothing_counts_by_number():
    assert of({"free": 1}, selected=("free",)).by_cost[-1] == 1
    assert of({"free": 1}, selected=()).by_cost[0] == 1


def test_options_with_no_points_are_no_wish():
    told = of({"a": 0, "b": 2}, selected=("a",))
    assert (told.marks, told.with_a_winner) == (1, 0)


def test_without_ballots_nothing_is_divided():
    told = of({}, selected=("a",))
    assert (told.ballots, told.average_cost_won) == (0, 0)


@pytest.mark.parametrize(
    ("won", "named", "part"),
    [
        (0, 7, Part.NOTHING),
        (1, 4, Part.UP_TO_A_QUARTER),
        (26, 100, Part.UP_TO_HALF),
        (1, 2, Part.UP_TO_HALF),
        (3, 4, Part.UP_TO_THREE_QUARTERS),
        (76, 100, Part.MORE),
        (99, 100, Part.MORE),
        (7, 7, Part.ALL),
    ],
)
def test_the_ends_of_the_parts(won, named, part):
    assert part_of(won, named) is part


ballots = st.lists(st.dictionaries(st.sampled_from("abc"), st.just(1)), max_size=12)


@given(ballots, st.sets(st.sampled_from("abc")))
def test_both_counts_add_up_and_more_winners_never_please_fewer(cast, selected):
    told, all_won = of(*cast, selected=tuple(selected)), of(*cast, selected=("a", "b", "c"))
    assert sum(told.by_number) == sum(told.by_cost) == told.ballots
    assert told.with_a_winner <= all_won.with_a_winner == all_won.ballots
    assert told.marks_won <= told.marks
