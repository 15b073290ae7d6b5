"""Greedy with skip and with stop: a worked example, the reasons, and what must hold of any poll."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.tally import greedy
from civicvote.domain.tally.eligibility import eligibility
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Profile
from civicvote.domain.tally.ranking import rank
from civicvote.domain.tally.result import Reason, Tie, Verdict
from civicvote.domain.tally.ties import TieBreak
from civicvote.kernel.voting import CountingRule
from tests.unit.tally.profiles import parameters, profiles

RULES = [greedy.count, greedy.count_with_stop]
both_rules = pytest.mark.parametrize("count", RULES, ids=["skip", "stop"])
every_rule = pytest.mark.parametrize("count", [*RULES, greedy.count_per_cost], ids=["skip", "stop", "per-cost"])


@st.composite
def with_rivals(draw: st.DrawFn) -> tuple[Profile, CountingParameters]:
    """A poll in which up to two groups of options exclude each other, and a minimum support may be asked for."""
    profile = draw(profiles())
    group = st.lists(st.sampled_from([option.id for option in profile.options]), unique=True).map(tuple)
    divisor = draw(st.sampled_from([None, None, 1, 3]))
    given_parameters = draw(parameters())
    incompatible = tuple(draw(st.lists(group, max_size=2)))
    return profile, replace(given_parameters, incompatible=incompatible, support_divisor=divisor)


def scored(budget: int, **projects: tuple[int, int]) -> Profile:
    """A profile in which each project, given as (cost, score), has exactly that score."""
    options = [Option(option_id, cost) for option_id, (cost, _) in projects.items()]
    ballots = [{option_id: score} for option_id, (_, score) in projects.items()]
    return Profile.of_ballots(options, ballots, budget=budget)


# Wieliczka's example on the format's page (pabulib.org/format): ten voters, five projects, 2,500.
WIELICZKA = Profile.of_ballots(
    [Option("1", 600), Option("2", 800), Option("4", 1400), Option("5", 1000), Option("7", 1200)],
    [
        dict.fromkeys(choices.split(","), 1)
        for choices in ["1,2,4", "1,2", "2,4,5", "5,7", "1,4,7", "1,7", "5", "4", "2,4,5", "4,5"]
    ],
    budget=2500,
)


def test_worked_example_of_the_formats_page():
    # Votes: 4 has 6, 5 has 5, 1 and 2 have 4, 7 has 3. 4 and 5 cost 2,400; 100 is left, nothing else fits.
    result = greedy.count(WIELICZKA, CountingParameters())

    assert result.selected == ("4", "5")
    assert result.total_cost == 2400
    assert result.verdicts == (
        Verdict("4", Reason.SELECTED, 6, 1400, 1, 2500),
        Verdict("5", Reason.SELECTED, 5, 1000, 2, 1100),
        Verdict("1", Reason.DOES_NOT_FIT, 4, 600, 3, 100),
        Verdict("2", Reason.DOES_NOT_FIT, 4, 800, 4, 100),
        Verdict("7", Reason.DOES_NOT_FIT, 3, 1200, 5, 100),
    )
    assert result.ties == ()
    assert (result.voters, result.valid_ballots) == (10, 10)


def test_skip_goes_on_where_stop_ends():
    profile = scored(100, a=(60, 9), b=(50, 8), c=(40, 7), d=(1, 6))

    skipping = greedy.count(profile, CountingParameters())
    stopping = greedy.count_with_stop(profile, CountingParameters())

    assert skipping.selected == ("a", "c")
    assert skipping.verdict_by_id["b"].reason is Reason.DOES_NOT_FIT
    assert stopping.selected == ("a",)
    assert [v.reason for v in stopping.verdicts] == [
        Reason.SELECTED,
        Reason.DOES_NOT_FIT,
        Reason.AFTER_THE_STOP,
        Reason.AFTER_THE_STOP,
    ]
    assert stopping.verdict_by_id["c"].left == 40


@both_rules
def test_a_cost_equal_to_what_is_left_fits(count):
    assert count(scored(100, a=(60, 2), b=(40, 1)), CountingParameters()).total_cost == 100


@both_rules
@pytest.mark.parametrize("threshold", [5, Fraction(9, 2)])
def test_the_threshold_is_the_lowest_score_that_can_win(count, threshold):
    profile = scored(100, a=(10, 5), b=(10, 4), c=(10, 6))

    result = count(profile, CountingParameters(threshold=threshold))

    assert result.selected == ("c", "a")
    assert result.verdicts[-1] == Verdict("b", Reason.BELOW_THRESHOLD, 4, 10)


def test_an_option_below_the_threshold_does_not_stop_the_count():
    profile = scored(100, big=(999, 2), small=(10, 5))

    result = greedy.count_with_stop(profile, CountingParameters(threshold=3))

    assert result.selected == ("small",)


@both_rules
def test_a_withdrawn_option_neither_wins_nor_stops_the_count(count):
    options = [Option("gone", 1, is_withdrawn=True), Option("here", 1)]
    profile = Profile.of_ballots(options, [{"gone": 1}, {"gone": 1}, {"here": 1}], budget=5)

    result = count(profile, CountingParameters(threshold=1))

    assert result.selected == ("here",)
    assert result.verdict_by_id["gone"] == Verdict("gone", Reason.WITHDRAWN, 2, 1)


@both_rules
def test_an_option_that_nobody_chose_wins_if_it_fits_and_no_threshold_is_set(count):
    profile = Profile.of_ballots([Option("a", 1)], [{}], budget=1)

    assert count(profile, CountingParameters()).selected == ("a",)
    assert count(profile, CountingParameters(threshold=1)).selected == ()


@both_rules
def test_points_that_are_not_whole_are_compared_exactly(count):
    third = Fraction(1, 3)
    ballots = [{"a": third}, {"a": third}, {"a": third}, {"b": 1}, {"c": 1 + Fraction(1, 10**30)}]
    profile = Profile.of_ballots([Option("a", 1), Option("b", 1), Option("c", 1)], ballots, budget=3)

    result = count(profile, CountingParameters())

    assert result.selected == ("c", "a", "b")
    assert result.ties == (Tie(1, ("a", "b"), changed_winners=False),)


@both_rules
def test_a_tie_for_money_that_is_enough_for_one_changes_the_winners(count):
    profile = scored(100, a=(60, 5), b=(60, 5), c=(60, 5))

    by_id = count(profile, CountingParameters())
    by_lot = count(profile, CountingParameters(tie_break=TieBreak.parse("seed:단풍나무 길")))

    assert by_id.selected == ("a",)
    assert by_id.ties == (Tie(5, ("a", "b", "c"), changed_winners=True),)
    assert by_lot.selected == ("c",)
    assert by_lot.ties[0].option_ids == ("c", "b", "a")


def test_ties_compare_ids_as_text():
    profile = scored(1, **{"9": (1, 5), "10": (1, 5)})

    assert greedy.count(profile, CountingParameters()).selected == ("10",)


def test_equal_scores_of_which_only_one_can_fit_are_no_tie():
    profile = scored(100, a=(50, 5), b=(101, 5))

    assert greedy.count(profile, CountingParameters()).ties == ()


def test_when_stopping_a_tied_option_too_dear_for_anyone_changes_the_winners():
    profile = scored(100, a=(50, 5), b=(101, 5))

    result = greedy.count_with_stop(profile, CountingParameters())

    assert result.selected == ("a",)
    assert result.ties == (Tie(5, ("a", "b"), changed_winners=True),)


def test_per_cost_the_votes_that_money_buys_decide_and_what_is_free_comes_first():
    # 9 / 60 = 0.15, 8 / 50 = 0.16, 7 / 40 = 0.175: the order of votes turned round.
    profile = scored(100, a=(60, 9), b=(50, 8), c=(40, 7), free=(0, 1), cheap=(1, 30), dear=(101, 99))

    result = greedy.count_per_cost(profile, CountingParameters())

    assert result.selected == ("free", "cheap", "c", "b")
    assert [v.option_id for v in result.verdicts] == ["free", "cheap", "dear", "c", "b", "a"]
    assert result.rule is CountingRule.GREEDY_PER_COST


def test_per_cost_equal_quotients_tie_exactly_and_the_tie_says_the_quotient():
    third = scored(30, a=(30, 10), b=(3, 1), c=(30 * 10**20, 10**21 + 1))

    result = greedy.count_per_cost(third, CountingParameters())

    assert [v.option_id for v in result.verdicts] == ["c", "a", "b"]
    assert result.ties == (Tie(Fraction(1, 3), ("a", "b"), changed_winners=True),)


@every_rule
def test_once_one_has_won_its_rivals_lose_and_neither_stop_the_count_nor_spend(count):
    profile = scored(100, a=(60, 9), b=(70, 8), c=(40, 4))

    result = count(profile, CountingParameters(incompatible=(("a", "b"),)))

    assert result.selected == ("a", "c")
    assert result.verdict_by_id["b"] == Verdict("b", Reason.RIVAL_WON, 8, 70, 2, 40)


@every_rule
def test_a_rival_that_did_not_win_excludes_nobody(count):
    profile = scored(100, a=(101, 900), b=(70, 8))

    result = count(profile, CountingParameters(incompatible=(("a", "b"),)))

    assert "b" in result.selected or count is greedy.count_with_stop
    assert "a" not in result.selected


@every_rule
def test_tied_rivals_change_the_winners_though_the_money_is_enough_for_both(count):
    profile = scored(100, a=(50, 5), b=(50, 5))

    result = count(profile, CountingParameters(incompatible=(("a", "b"),)))

    assert result.selected == ("a",)
    assert result.ties == (Tie(Fraction(1, 10) if count is greedy.count_per_cost else 5, ("a", "b"), True),)


@every_rule
def test_too_little_support_for_the_cost_is_out_before_anything_is_looked_at(count):
    options = [Option("dear", 900), Option("cheap", 100)]
    profile = Profile.of_ballots(options, [{"dear": 9}, {"dear": 9}, {"cheap": 1}, *[{}] * 7], budget=1000)

    result = count(profile, CountingParameters(support_divisor=3))

    assert result.selected == ("cheap",)
    assert result.verdicts[-1] == Verdict("dear", Reason.TOO_LITTLE_SUPPORT, 18, 900)


@every_rule
@given(poll=with_rivals())
def test_rivals_never_win_together_and_a_loser_by_rival_has_one_that_won(count, poll):
    profile, given_parameters = poll
    result = count(profile, given_parameters)

    for group in given_parameters.incompatible:
        assert len(set(group) & set(result.selected)) <= 1
    for verdict in result.verdicts:
        if verdict.reason is Reason.RIVAL_WON:
            assert given_parameters.rivals[verdict.option_id] & set(result.selected)


@every_rule
@given(poll=with_rivals())
def test_never_overspends(count, poll):
    profile, given_parameters = poll
    result = count(profile, given_parameters)

    assert result.total_cost <= profile.budget
    assert result.total_cost == sum(o.cost for o in profile.options if o.id in result.selected)


@every_rule
@given(poll=with_rivals())
def test_every_option_gets_one_verdict_and_the_books_add_up(count, poll):
    profile, given_parameters = poll
    result = count(profile, given_parameters)

    assert sorted(v.option_id for v in result.verdicts) == sorted(o.id for o in profile.options)
    left = profile.budget
    looked_at = [v for v in result.verdicts if v.step is not None]
    for step, verdict in enumerate(looked_at, start=1):
        assert (verdict.step, verdict.left) == (step, left)
        if verdict.reason is Reason.SELECTED:
            left -= verdict.cost
        elif verdict.reason is Reason.DOES_NOT_FIT:
            assert verdict.cost > left
    assert left == profile.budget - result.total_cost


@given(profile=profiles(), given_parameters=parameters())
def test_what_was_skipped_would_not_fit_even_at_the_end(profile, given_parameters):
    result = greedy.count(profile, given_parameters)

    left = profile.budget - result.total_cost
    assert all(v.cost > left for v in result.verdicts if v.reason is Reason.DOES_NOT_FIT)


@given(profile=profiles(), given_parameters=parameters())
def test_with_stop_the_winners_are_the_head_of_the_ranking_and_of_the_skipping_count(profile, given_parameters):
    skipping = greedy.count(profile, given_parameters).selected
    stopping = greedy.count_with_stop(profile, given_parameters).selected

    ranking = tuple(option.id for option in rank(profile, given_parameters).options)
    assert stopping == skipping[: len(stopping)] == ranking[: len(stopping)]


@every_rule
@given(poll=with_rivals())
def test_a_tie_changed_the_winners_exactly_if_another_order_would(count, poll):
    # The definition, by brute force: the ranking with one group of equal worth in every possible order.
    profile, given_parameters = poll
    result = count(profile, given_parameters)
    groups = groups_of(profile, given_parameters, count)
    for place, group in enumerate(groups):
        outcomes = {
            frozenset(walk([*groups[:place], list(order), *groups[place + 1 :]], profile.budget, count, poll[1]))
            for order in permutations(group)
        }
        ids = tuple(option.id for option in group)
        tie = next((tie for tie in result.ties if tie.option_ids == ids), None)
        assert (tie is not None and tie.changed_winners) is (len(outcomes) > 1)
        if len(outcomes) == 1:
            assert (tie is not None) is (len(set(ids) & set(result.selected)) > 1)


def groups_of(profile, given_parameters, count):
    """Options of equal worth in the order of the tie-break, the highest worth first, as plainly as can be."""
    options = eligibility(profile, given_parameters).options

    def worth(option):
        score = profile.scores[option.id]
        if count is not greedy.count_per_cost:
            return 0, score
        return (0, Fraction(score) / option.cost) if option.cost else (1, score)

    worths = sorted({worth(option) for option in options}, reverse=True)
    return [[option for option in options if worth(option) == each] for each in worths]


def walk(groups, budget, count, given_parameters):
    """The rule once more, as plainly as can be: the ids selected from an order of options."""
    won = set()
    rivals = {frozenset(pair) for group in given_parameters.incompatible for pair in combinations(group, 2)}
    for option in (option for group in groups for option in group):
        if any(frozenset((option.id, other)) in rivals for other in won):
            continue
        if option.cost <= budget:
            budget -= option.cost
            won.add(option.id)
        elif count is greedy.count_with_stop:
            break
    return won


@every_rule
@given(poll=with_rivals())
def test_the_winners_are_those_of_the_rule_as_plainly_as_can_be(count, poll):
    profile, given_parameters = poll

    expected = walk(groups_of(profile, given_parameters, count), profile.budget, count, given_parameters)

    assert set(count(profile, given_parameters).selected) == expected
