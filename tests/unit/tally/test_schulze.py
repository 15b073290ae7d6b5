"""Condorcet by Schulze: the paper's first example, the definition by brute force, and what the paper proves."""

from fractions import Fraction
from itertools import pairwise, permutations

import pytest
from hypothesis import given

from civicvote.domain.tally import schulze
from civicvote.domain.tally.pairwise import Comparison, compare
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Profile
from civicvote.domain.tally.result import Reason, Tie
from civicvote.domain.tally.ties import TieBreak
from tests.unit.tally.profiles import parameters, profiles
from tests.unit.tally.test_borda import ranked

# Schulze's example with 45 voters and 5 alternatives, as in his papers of 2003 and later: E > A > C > B > D.
FORTY_FIVE = ranked(
    "ABCDE",
    (5, "ACBED"),
    (5, "ADECB"),
    (8, "BEDAC"),
    (3, "CABED"),
    (7, "CAEBD"),
    (2, "CBADE"),
    (7, "DCEBA"),
    (8, "EBADC"),
)


def test_schulzes_example_of_45_voters():
    comparison = compare(FORTY_FIVE, "ABCDE")

    assert comparison.preferred == (
        (0, 20, 26, 30, 22),
        (25, 0, 16, 33, 18),
        (19, 29, 0, 17, 24),
        (15, 12, 28, 0, 14),
        (23, 27, 21, 31, 0),
    )
    assert comparison.strengths == (
        (0, 28, 28, 30, 24),
        (25, 0, 28, 33, 24),
        (25, 29, 0, 29, 24),
        (25, 28, 28, 0, 24),
        (25, 28, 28, 31, 0),
    )
    result = schulze.count(FORTY_FIVE, CountingParameters(seats=2))
    assert [(v.option_id, v.score) for v in result.verdicts] == [("E", 4), ("A", 3), ("C", 2), ("B", 1), ("D", 0)]
    assert result.selected == ("E", "A")
    assert result.explanation == comparison


def test_the_condorcet_winner_wins_where_plurality_and_borda_differ():
    # B is above each other option on most ballots, though it has the fewest first places.
    profile = ranked("ABC", (4, "ABC"), (3, "CBA"), (2, "BCA"))

    assert schulze.count(profile, CountingParameters(seats=1)).selected == ("B",)


def test_an_option_left_off_stands_below_all_that_are_named_and_beside_the_others_left_off():
    assert compare(ranked("ABCD", (3, "AB")), "ABCD").preferred == (
        (0, 3, 3, 3),
        (0, 0, 3, 3),
        (0, 0, 0, 0),
        (0, 0, 0, 0),
    )


def test_winning_votes_count_and_not_margins():
    # A beats B by 5 to 4, B beats C by 3 to 0, C beats A by 4 to 1. By votes the link from B to C is the weakest and C
    # wins; by margins it would be the link from A to B, and B would win.
    comparison = Comparison(("A", "B", "C"), ((0, 5, 1), (4, 0, 3), (4, 0, 0)))

    assert list(comparison.steps()) == [("C",), ("A",), ("B",)]


def test_a_cycle_of_equal_strength_is_a_tie_for_the_declared_order():
    cycle = ranked("ABC", (1, "ABC"), (1, "BCA"), (1, "CAB"))

    by_id = schulze.count(cycle, CountingParameters(seats=1))
    by_lot = schulze.count(cycle, CountingParameters(seats=1, tie_break=TieBreak.parse("seed:2026")))

    assert by_id.selected == ("A",)
    assert by_id.ties == (Tie(0, ("A", "B", "C"), changed_winners=True),)
    assert by_lot.ties[0].option_ids == tuple(sorted("ABC", key=TieBreak.parse("seed:2026").ticket))


def test_a_withdrawn_option_takes_no_part_and_leads_no_chain():
    without = schulze.count(ranked("ABC", (2, "ABC"), (1, "CB")), CountingParameters(seats=1))
    withdrawn = schulze.count(ranked("ABCX", (2, "XABC"), (1, "CXB"), withdrawn="X"), CountingParameters(seats=1))

    assert withdrawn.selected == without.selected
    assert withdrawn.explanation == without.explanation
    assert withdrawn.verdict_by_id["X"].reason is Reason.WITHDRAWN


def test_the_threshold_asks_the_points_that_the_ballots_give():
    profile = ranked("AB", (2, "AB"))

    result = schulze.count(profile, CountingParameters(seats=2, threshold=3))

    assert result.selected == ("A",)
    assert (result.verdict_by_id["B"].reason, result.verdict_by_id["B"].score) == (Reason.BELOW_THRESHOLD, 2)


def chains(comparison: Comparison, start: int, end: int) -> int:
    """The definition, by brute force: over every chain of links from start to end, the strongest weakest link."""
    preferred, others = comparison.preferred, range(len(comparison.option_ids))
    middles = [i for i in others if i not in (start, end)]
    best = 0
    for length in range(len(middles) + 1):
        for middle in permutations(middles, length):
            path = (start, *middle, end)
            links = list(pairwise(path))
            if all(preferred[i][j] > preferred[j][i] for i, j in links):
                best = max(best, min(preferred[i][j] for i, j in links))
    return best


@given(profile=profiles())
def test_strengths_and_steps_are_those_of_the_definition(profile):
    ids = [option.id for option in profile.options]
    comparison = compare(profile, ids)

    places = range(len(ids))
    strongest = [[chains(comparison, i, j) if i != j else 0 for j in places] for i in places]
    assert [list(row) for row in comparison.strengths] == strongest
    first = next(comparison.steps())
    assert set(first) == {
        comparison.option_ids[i] for i in places if all(strongest[i][j] >= strongest[j][i] for j in places)
    }


@given(profile=profiles())
def test_ballots_are_compared_one_by_one(profile):
    ids = sorted(option.id for option in profile.options)
    comparison = compare(profile, ids)

    for i, above in enumerate(ids):
        for j, below in enumerate(ids):
            expected = 0
            for group in profile.ballots:
                points = dict(group.choices)
                if above in points and above != below:
                    expected += group.count * (below not in points or points[above] > points[below])
            assert comparison.preferred[i][j] == expected


@given(profile=profiles())
def test_nothing_in_a_later_step_is_better_than_anything_in_an_earlier_one(profile):
    comparison = compare(profile, [option.id for option in profile.options])
    place = {option_id: i for i, option_id in enumerate(comparison.option_ids)}
    steps = list(comparison.steps())

    assert sorted(option_id for step in steps for option_id in step) == list(comparison.option_ids)
    for number, step in enumerate(steps):
        for above in map(place.get, step):
            for below in (place[option_id] for later in steps[number:] for option_id in later):
                assert comparison.strengths[above][below] >= comparison.strengths[below][above]


@given(profile=profiles())
def test_a_potential_winner_ranked_higher_stays_one(profile):
    # Schulze 2011, section 4.5: monotonicity.
    ids = [option.id for option in profile.options]
    ballots = [dict(group.choices) for group in profile.ballots for _ in range(group.count)]
    for winner in next(compare(profile, ids).steps()):
        for ballot in ballots:
            lifted = [b if b is not ballot else ballot | {winner: max(ballot.values(), default=0) + 1} for b in ballots]
            assert winner in next(compare(Profile.of_ballots(profile.options, lifted), ids).steps())


@given(profile=profiles())
def test_turning_every_ballot_round_turns_a_sole_winner_into_none(profile):
    # Schulze 2011, section 4.4: reversal symmetry, on ballots that name every option.
    ids = [option.id for option in profile.options]
    full = [
        dict.fromkeys(ids, Fraction(0)) | dict(group.choices) for group in profile.ballots for _ in range(group.count)
    ]
    options = [Option(option_id) for option_id in ids]
    winners = next(compare(Profile.of_ballots(options, full), ids).steps())
    turned = [{option_id: -points for option_id, points in ballot.items()} for ballot in full]
    if len(ids) > 1 and len(winners) == 1:
        assert winners[0] not in next(compare(Profile.of_ballots(options, turned), ids).steps())


@given(profile=profiles(), given_parameters=parameters())
def test_the_seats_go_to_the_head_of_the_ranking(profile, given_parameters):
    result = schulze.count(profile, given_parameters)

    looked_at = [verdict for verdict in result.verdicts if verdict.step is not None]
    assert [v.option_id for v in looked_at[: given_parameters.seats]] == list(result.selected)
    assert [v.score for v in looked_at] == sorted((v.score for v in looked_at), reverse=True)


@pytest.mark.parametrize("seats", [1, 2, 3])
def test_a_unanimous_ranking_is_the_outcome(seats):
    assert schulze.count(ranked("ABC", (5, "CAB")), CountingParameters(seats=seats)).selected == tuple("CAB"[:seats])
