"""Agenda polls: the k options with the most approvals."""

from itertools import permutations

import pytest
from hypothesis import given

from civicvote.domain.tally import approval, seats
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Profile
from civicvote.domain.tally.ranking import rank
from civicvote.domain.tally.result import Reason, Tie, Verdict
from civicvote.domain.tally.ties import TieBreak
from tests.unit.tally.profiles import parameters, profiles


def approved(**votes: int) -> Profile:
    options = [Option(option_id) for option_id in votes]
    return Profile.of_ballots(options, [{o: 1} for o, count in votes.items() for _ in range(count)])


def test_the_most_approved_take_the_seats_and_the_others_hear_their_rank():
    result = approval.count(approved(a=2, b=5, c=3), CountingParameters(seats=2))

    assert result.selected == ("b", "c")
    assert result.verdicts == (
        Verdict("b", Reason.SELECTED, 5, 0, 1, 2),
        Verdict("c", Reason.SELECTED, 3, 0, 2, 1),
        Verdict("a", Reason.BEYOND_THE_SEATS, 2, 0, 3, 0),
    )
    assert result.ties == ()
    assert (result.budget, result.total_cost) == (0, 0)


def test_a_tie_for_the_last_seat_changes_the_winners():
    profile = approved(a=3, b=2, c=2)

    by_id = approval.count(profile, CountingParameters(seats=2))
    by_lot = approval.count(profile, CountingParameters(seats=2, tie_break=TieBreak.parse("seed:단풍나무 길")))

    assert by_id.selected == ("a", "b")
    assert by_lot.selected == ("a", "c")
    assert by_id.ties == (Tie(2, ("b", "c"), changed_winners=True),)


def test_a_tie_within_the_seats_decides_the_order_only_and_one_beyond_them_nothing():
    result = approval.count(approved(a=3, b=3, c=1, d=1), CountingParameters(seats=2))

    assert result.ties == (Tie(3, ("a", "b"), changed_winners=False),)


def test_the_threshold_can_leave_seats_empty():
    result = approval.count(approved(a=3, b=1), CountingParameters(seats=2, threshold=2))

    assert result.selected == ("a",)
    assert result.verdicts[-1] == Verdict("b", Reason.BELOW_THRESHOLD, 1, 0)


@pytest.mark.parametrize("number", [None, 0, -1])
def test_without_seats_there_is_nothing_to_count(number):
    with pytest.raises(seats.SeatsMissing):
        approval.count(approved(a=1), CountingParameters(seats=number))


def test_of_rivals_one_takes_a_seat_and_the_next_in_rank_takes_the_other():
    result = approval.count(approved(a=5, b=4, c=3), CountingParameters(seats=2, incompatible=(("b", "a"),)))

    assert result.selected == ("a", "c")
    assert result.verdict_by_id["b"] == Verdict("b", Reason.RIVAL_WON, 4, 0, 2, 1)


def test_tied_rivals_with_seats_enough_change_the_winners_all_the_same():
    result = approval.count(approved(a=5, b=5), CountingParameters(seats=2, incompatible=(("b", "a"),)))

    assert result.ties == (Tie(5, ("a", "b"), changed_winners=True),)


@given(profile=profiles(), given_parameters=parameters())
def test_all_seats_are_filled_while_there_are_options_and_nobody_better_is_left_out(profile, given_parameters):
    result = approval.count(profile, given_parameters)

    taking_part = rank(profile, given_parameters).options
    assert len(result.selected) == min(given_parameters.seats, len(taking_part))
    scores = profile.scores
    losers = [v.score for v in result.verdicts if v.reason is Reason.BEYOND_THE_SEATS]
    assert not losers or max(losers) <= min(scores[option_id] for option_id in result.selected)


@given(profile=profiles(), given_parameters=parameters())
def test_a_tie_changed_the_winners_exactly_if_another_order_would(profile, given_parameters):
    result = approval.count(profile, given_parameters)
    groups = [group for _, group in rank(profile, given_parameters).groups()]
    for place, group in enumerate(groups):
        outcomes = set()
        for order in permutations(group):
            ranked = [o for g in (*groups[:place], order, *groups[place + 1 :]) for o in g]
            outcomes.add(frozenset(option.id for option in ranked[: given_parameters.seats]))
        ids = tuple(option.id for option in group)
        tie = next((tie for tie in result.ties if tie.option_ids == ids), None)
        assert (tie is not None and tie.changed_winners) is (len(outcomes) > 1)
