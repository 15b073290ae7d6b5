"""Borda over rankings of any length: worked examples, and what must hold of any poll."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.tally import borda
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Profile
from civicvote.domain.tally.ranking import rank
from civicvote.domain.tally.result import Reason, Tie
from tests.unit.tally.profiles import parameters, profiles


def ranked(options: str, *ballots: tuple[int, str], withdrawn: str = "") -> Profile:
    """Ballots as (number, best first), worth what ``ballot_rules.points_of`` gives them."""
    counts = {
        tuple(sorted((option, len(options) - place) for place, option in enumerate(order))): number
        for number, order in ballots
    }
    return Profile.of_counts([Option(option, is_withdrawn=option in withdrawn) for option in options], counts)


# Saari, "Chaotic Elections!" (2001): 15 people choose a drink. Plurality says milk, beer, wine; Borda the reverse.
SAARI = ranked("MBW", (6, "MWB"), (5, "BWM"), (4, "WBM"))


def test_saaris_beverages():
    result = borda.count(SAARI, CountingParameters(seats=1))

    assert borda.scores_of(SAARI) == {"W": 34, "B": 29, "M": 27}
    assert result.selected == ("W",)
    assert [v.option_id for v in result.verdicts] == ["W", "B", "M"]


def test_emersons_partial_vote_gives_as_many_points_as_it_names_options():
    # Emerson 2013: who casts m preferences gives m, m - 1, ..., 1; one preference alone gives one point.
    profile = ranked("ABCDE", (1, "A"), (1, "BA"), (1, "CDEAB"))

    assert borda.scores_of(profile) == {"A": 1 + 1 + 2, "B": 2 + 1, "C": 5, "D": 4, "E": 3}


def test_a_ballot_limited_to_some_places_is_read_by_its_order_whatever_its_points():
    by_place = Profile.of_ballots([Option("a"), Option("b"), Option("c")], [{"a": 3, "b": 2}])
    by_points = Profile.of_ballots([Option("a"), Option("b"), Option("c")], [{"a": 90, "b": Fraction(1, 2)}])

    assert borda.scores_of(by_place) == borda.scores_of(by_points) == {"a": 2, "b": 1, "c": 0}


def test_options_ranked_equal_share_the_average_of_their_places():
    profile = Profile.of_ballots([Option(o) for o in "abcd"], [{"a": 5, "b": 3, "c": 3, "d": 1}])

    assert borda.scores_of(profile) == {"a": 4, "b": Fraction(5, 2), "c": Fraction(5, 2), "d": 1}


def test_a_withdrawn_option_is_taken_off_the_ballots_before():
    without = ranked("ABC", (2, "AC"), (1, "C"))
    withdrawn = ranked("ABCX", (2, "AXC"), (1, "XC"), withdrawn="X")

    assert borda.scores_of(withdrawn) == borda.scores_of(without) | {"X": 0}
    verdict = borda.count(withdrawn, CountingParameters(seats=1)).verdict_by_id["X"]
    assert verdict.reason is Reason.WITHDRAWN


def test_the_threshold_is_asked_of_the_points_by_place():
    assert borda.count(SAARI, CountingParameters(seats=3, threshold=29)).selected == ("W", "B")


def test_a_tie_for_the_last_seat_is_told():
    result = borda.count(ranked("AB", (1, "AB"), (1, "BA")), CountingParameters(seats=1))

    assert result.selected == ("A",)
    assert result.ties == (Tie(3, ("A", "B"), changed_winners=True),)


@given(profile=profiles())
def test_a_ballot_hands_out_all_its_places(profile):
    taking_part = {option.id for option in profile.options if not option.is_withdrawn}
    handed_out = 0
    for group in profile.ballots:
        named = sum(option_id in taking_part for option_id, _ in group.choices)
        handed_out += group.count * named * (named + 1) // 2

    assert sum(borda.scores_of(profile).values()) == handed_out


@given(profile=profiles(), given_parameters=parameters(), extra=st.integers(1, 3))
def test_ranking_a_winner_higher_never_makes_it_lose(profile, given_parameters, extra):
    before = borda.count(profile, given_parameters)
    ballots = [dict(group.choices) for group in profile.ballots for _ in range(group.count)]
    for winner in before.selected:
        for ballot in (ballot for ballot in ballots if winner in ballot):
            lifted = [b if b is not ballot else ballot | {winner: ballot[winner] + extra} for b in ballots]
            after = Profile.of_ballots(profile.options, lifted, budget=profile.budget)
            assert winner in borda.count(after, given_parameters).selected


@given(profile=profiles(), given_parameters=parameters())
def test_all_seats_are_filled_by_the_highest(profile, given_parameters):
    result = borda.count(profile, given_parameters)

    taking_part = rank(profile, given_parameters, scores=borda.scores_of(profile)).options
    assert len(result.selected) == min(given_parameters.seats, len(taking_part))
    scores = borda.scores_of(profile)
    assert all(
        scores[winner] >= verdict.score
        for winner in result.selected
        for verdict in result.verdicts
        if verdict.reason is Reason.BEYOND_THE_SEATS
    )


@pytest.mark.parametrize("order", ["ABC", "CBA"])
def test_naming_fewer_options_never_gives_the_first_more(order):
    scores = [borda.scores_of(ranked("ABC", (1, order[:length])))[order[0]] for length in (1, 2, 3)]

    assert scores == sorted(scores)
