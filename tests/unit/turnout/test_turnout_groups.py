"""What may be shown of turnout by group: no small number, none to be had by subtraction, none by knowing the rule."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.polls.roll.turnout_groups import (
    SMALLEST,
    TOGETHER,
    UNKNOWN,
    AgeBand,
    Group,
    age_band,
    publishable,
)


def groups_of(*numbers: tuple[int, int]) -> list[Group]:
    return [Group(chr(ord("a") + at), on_roll, voted) for at, (on_roll, voted) in enumerate(numbers)]


numbers = st.integers(0, 40).flatmap(lambda on_roll: st.tuples(st.just(on_roll), st.integers(0, on_roll)))
towns = st.lists(numbers, max_size=8).map(lambda found: groups_of(*found))


def test_groups_that_are_large_enough_are_shown_as_they_are() -> None:
    town = groups_of((100, 40), (10, 5), (60, 55))
    assert publishable(town) == town


@pytest.mark.parametrize("small", [(50, 4), (50, 46), (4, 2), (50, 0), (50, 50)])
def test_a_small_group_stands_together_with_its_neighbour_so_that_subtraction_does_not_give_it(
    small: tuple[int, int],
) -> None:
    shown = publishable(groups_of((100, 40), small, (70, 30), (80, 20)))
    assert [group.key for group in shown] == ["a", "d", TOGETHER]
    assert shown[-1] == Group(TOGETHER, 70 + small[0], 30 + small[1])


def test_neighbours_join_until_those_together_are_enough() -> None:
    shown = publishable(groups_of((100, 40), (9, 1), (9, 1), (9, 1), (80, 20)))
    assert [group.key for group in shown] == ["a", TOGETHER]


def test_nothing_is_shown_where_only_the_row_of_the_others_would_be_left() -> None:
    assert publishable(groups_of((100, 40), (50, 2))) == []
    assert publishable(groups_of((100, 4))) == []
    assert publishable([]) == []


def test_groups_without_people_are_left_out() -> None:
    assert publishable(groups_of((0, 0), (20, 10))) == groups_of((0, 0), (20, 10))[1:]


@given(towns)
def test_every_shown_number_is_large_enough_and_the_sums_are_those_of_the_roll(town: list[Group]) -> None:
    shown = publishable(town)
    assert all(group.smallest_part >= SMALLEST for group in shown)
    if shown:
        assert sum(group.on_roll for group in shown) == sum(group.on_roll for group in town)
        assert sum(group.voted for group in shown) == sum(group.voted for group in town)


@given(towns)
def test_what_is_not_shown_is_at_least_two_groups_that_are_large_enough_together(town: list[Group]) -> None:
    shown = {group.key for group in publishable(town)}
    hidden = [group for group in town if group.on_roll and group.key not in shown]
    if shown and hidden:
        assert len(hidden) >= 2
        assert sum(group.voted for group in hidden) >= SMALLEST
        assert sum(group.on_roll - group.voted for group in hidden) >= SMALLEST


@given(towns.filter(lambda town: len(town) > 2), st.data())
def test_no_sum_of_published_rows_and_totals_gives_a_small_number(town: list[Group], data: st.DataObject) -> None:
    """Whichever rows are taken away from the total, what is left is nothing or large enough."""
    shown = publishable(town)
    taken = data.draw(st.sets(st.sampled_from(shown)) if shown else st.just(set()))
    left = [group for group in shown if group not in taken]
    for part in (lambda group: group.voted, lambda group: group.on_roll - group.voted):
        remainder = sum(map(part, left))
        assert remainder == 0 or remainder >= SMALLEST


def test_who_knows_the_rule_and_every_number_shown_still_can_not_tell_a_small_group() -> None:
    """All towns of three groups of up to six people, threshold two: whatever is shown, another town looks the same in
    which the withheld small number is another one. Towns whose public total is small itself are left out."""
    smallest, most = 2, 6
    sizes = [(on_roll, voted) for on_roll in range(most + 1) for voted in range(on_roll + 1)]
    alike = defaultdict(list)
    for town in product(sizes, repeat=3):
        on_roll, voted = (sum(part) for part in zip(*town, strict=True))
        if min(voted, on_roll - voted) >= smallest:
            alike[(on_roll, voted, *publishable(groups_of(*town), smallest=smallest))].append(town)
    for (_, _, *shown), towns_alike in alike.items():
        shown_keys = {group.key for group in shown}
        for at, key in enumerate("abc"):
            if key in shown_keys or not any(town[at][0] for town in towns_alike):
                continue
            for numbers_of in (lambda group: group[1], lambda group: group[0] - group[1]):
                possible = {numbers_of(town[at]) for town in towns_alike}
                assert len(possible) > 1 or min(possible) >= smallest, (shown, key, towns_alike[0])


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (2010, AgeBand.UNDER_20),
        (2007, AgeBand.UNDER_20),
        (2006, AgeBand.FROM_20),
        (1957, AgeBand.FROM_60),
        (1956, AgeBand.FROM_70),
        (1900, AgeBand.FROM_70),
        (None, UNKNOWN),
    ],
)
def test_the_band_is_that_of_the_age_at_the_end_of_the_year(born: int | None, band: str) -> None:
    assert age_band(born, 2026) == band
