"""Profiles: equal ballots once, sums exact."""

from fractions import Fraction

import pytest

from civicvote.domain.tally.profile import (
    BallotForUnknownOption,
    BallotGroup,
    BudgetNegative,
    Option,
    OptionCostNegative,
    OptionRepeated,
    Profile,
)


def test_equal_ballots_are_kept_once_with_their_number():
    profile = Profile.of_ballots([Option("a"), Option("b")], [{"a": 1, "b": 2}, {"b": 2, "a": 1}, {}, {"a": 2}, {}])

    assert profile.ballots == (
        BallotGroup((), 2),
        BallotGroup((("a", 1), ("b", 2)), 2),
        BallotGroup((("a", 2),), 1),
    )
    assert (profile.voters, profile.valid_ballots) == (5, 3)
    assert profile.scores == {"a": 4, "b": 4}
    assert profile.supporters == {"a": 3, "b": 2}


def test_parts_of_points_add_up_exactly():
    profile = Profile.of_ballots([Option("a")], [{"a": Fraction(1, 3)}] * 3)

    assert profile.scores == {"a": 1}


@pytest.mark.parametrize(
    ("offered", "cast", "budget", "error"),
    [
        ([Option("a")], [], -1, BudgetNegative),
        ([Option("a"), Option("a", 5)], [], 0, OptionRepeated),
        ([Option("a", -1)], [], 0, OptionCostNegative),
        ([Option("a")], [{"b": 1}], 0, BallotForUnknownOption),
    ],
)
def test_a_profile_that_makes_no_sense_cannot_be_built(offered, cast, budget, error):
    with pytest.raises(error):
        Profile.of_ballots(offered, cast, budget=budget)


def test_sums_too_long_for_the_machine_are_exact():
    third = Fraction(10**30, 3)

    profile = Profile.of_ballots([Option("a"), Option("b")], [{"a": 10**30, "b": third}] * 3)

    assert profile.scores == {"a": 3 * 10**30, "b": 10**30}
    assert profile.supporters == {"a": 3, "b": 3}
