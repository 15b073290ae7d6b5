"""Equal Shares: worked examples, the reasons it gives, and what the literature promises of it."""

from dataclasses import replace
from fractions import Fraction
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civicvote.domain.tally import equal_shares
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Profile
from civicvote.domain.tally.result import Reason, Tie
from civicvote.domain.tally.shares_explained import NotPaid, Purchase, Runs, RunsEnded
from civicvote.kernel.voting import Completion, Satisfaction
from tests.unit.tally.profiles import money_parameters, money_profiles

every_satisfaction = pytest.mark.parametrize("satisfaction", list(Satisfaction))
every_completion = pytest.mark.parametrize("completion", list(Completion))


def approvals(budget: int, costs: dict[str, int], *ballots: str) -> Profile:
    """``ballots``: ``"3 ab"`` are three voters for a and b."""
    cast = []
    for text in ballots:
        number, _, chosen = text.partition(" ")
        cast += [dict.fromkeys(chosen, 1)] * int(number)
    return Profile.of_ballots([Option(key, cost) for key, cost in costs.items()], cast, budget=budget)


# Lackner and Skowron 2023, "Multi-Winner Voting with Approval Preferences", example 12: eight voters, three seats.
COMMITTEE = approvals(3, dict.fromkeys("abcd", 1), "3 cd", "2 ab", "2 ac", "1 bd")


def test_worked_example_12_of_lackner_and_skowron():
    result = equal_shares.count(COMMITTEE, CountingParameters(satisfaction=Satisfaction.CARDINALITY))

    assert result.selected == ("c", "a")
    explained = result.explanation
    assert explained.runs == Runs(1, Fraction(3, 8), Fraction(3, 8), RunsEnded.ONE_RUN)
    assert explained.purchases == (
        Purchase("c", 1, Fraction(1, 5), Fraction(1, 5), 5, 5, 0, Fraction(1, 5), Fraction(1, 5)),
        Purchase("a", 2, Fraction(13, 40), Fraction(13, 40), 4, 2, 2, Fraction(7, 40), Fraction(13, 40)),
    )
    # What the book prints as remaining: 7/40 for cd, 1/20 for ab, nothing for ac, 3/8 for bd.
    assert list(explained.payments((("a", 1), ("c", 1)))) == [
        ("c", Fraction(1, 5), Fraction(7, 40)),
        ("a", Fraction(7, 40), 0),
    ]
    assert explained.not_paid == (
        NotPaid("b", 1, 3, Fraction(2, 20) + Fraction(3, 8)),
        NotPaid("d", 1, 4, 3 * Fraction(7, 40) + Fraction(3, 8)),
    )
    assert explained.not_paid[1].missing == Fraction(1, 10)


def test_who_could_not_pay_and_what_was_left_of_the_budget():
    result = equal_shares.count(COMMITTEE, CountingParameters(satisfaction=Satisfaction.CARDINALITY))

    assert [(v.option_id, v.reason, v.step, v.left) for v in result.verdicts] == [
        ("c", Reason.SELECTED, 1, 3),
        ("a", Reason.SELECTED, 2, 2),
        ("b", Reason.SUPPORTERS_CANNOT_PAY, None, None),
        ("d", Reason.SUPPORTERS_CANNOT_PAY, None, None),
    ]


def test_voters_pay_by_the_points_they_gave():
    options = [Option("park", 90)]
    profile = Profile.of_ballots(options, [{"park": 2}, {"park": Fraction(1, 2)}, {"park": 0}], budget=150)

    result = equal_shares.count(profile, CountingParameters(satisfaction=Satisfaction.POINTS))

    (bought,) = result.explanation.purchases
    assert (bought.rate, bought.supporters, bought.paid_in_full, bought.paid_the_rest) == (80, 2, 1, 1)
    assert (bought.smallest_payment, bought.largest_payment) == (40, 50)
    assert list(result.explanation.payments((("park", Fraction(1, 2)),))) == [("park", 40, 10)]


def test_the_comparison_is_by_price_for_each_unit_of_satisfaction():
    profile = approvals(12, {"a": 6, "b": 2}, "1 ab", "1 ")

    by_cost = equal_shares.count(profile, CountingParameters())
    by_number = equal_shares.count(profile, CountingParameters(satisfaction=Satisfaction.CARDINALITY))

    assert by_cost.selected == ("a",)
    assert by_number.selected == ("b",)


def test_shares_grow_up_to_the_first_outcome_to_which_nothing_can_be_added():
    profile = approvals(9, {"a": 8, "b": 2}, "1 ab", "1 ")

    ended = {
        completion: (result.selected, result.explanation.runs.number, result.explanation.runs.ended)
        for completion in Completion
        for result in [equal_shares.count(profile, CountingParameters(completion=completion))]
    }

    assert ended == {
        Completion.NONE: (("b",), 1, RunsEnded.ONE_RUN),
        Completion.ADD1: (("b",), 1, RunsEnded.EXHAUSTIVE),
        Completion.ADD1_FEASIBLE: (("a",), 7, RunsEnded.NEXT_OVERSPENDS),
        Completion.ADD1U: (("b",), 1, RunsEnded.EXHAUSTIVE),
        Completion.GREEDY: (("b",), 1, RunsEnded.ONE_RUN),
    }


def test_runs_end_where_they_are_told_to():
    profile = approvals(9, {"a": 8, "b": 2}, "1 ab", "1 ")
    parameters = CountingParameters(completion=Completion.ADD1_FEASIBLE, most_runs=3)

    assert equal_shares.count(profile, parameters).explanation.runs == Runs(
        3, Fraction(9, 2), Fraction(13, 2), RunsEnded.MOST_RUNS
    )


def test_runs_end_when_everything_is_bought():
    profile = approvals(9, {"a": 1, "b": 2}, "1 ab", "1 ")

    result = equal_shares.count(profile, CountingParameters(completion=Completion.ADD1_FEASIBLE))

    assert result.explanation.runs.ended is RunsEnded.ALL_BOUGHT


def test_a_start_that_could_overspend_counts_as_the_whole_budget_in_equal_parts():
    profile = approvals(9, {"a": 8, "b": 9}, "1 a", "1 b")

    result = equal_shares.count(profile, CountingParameters(start=Fraction(100)))

    assert result.selected == ()
    assert result.explanation.runs.first_share == Fraction(9, 2)


def test_the_greedy_completion_says_what_it_added_and_what_did_not_fit():
    profile = approvals(10, {"a": 4, "b": 5, "c": 6, "d": 1}, "3 a", "2 b", "2 c")

    result = equal_shares.count(profile, CountingParameters(completion=Completion.GREEDY))

    assert [(v.option_id, v.reason, v.step, v.left) for v in result.verdicts] == [
        ("a", Reason.SELECTED, 1, 10),
        ("b", Reason.SELECTED, 2, 6),
        ("c", Reason.DOES_NOT_FIT, 3, 1),
        ("d", Reason.SELECTED, 4, 1),
    ]
    assert result.explanation.added_after == ("b", "d")
    assert [each.option_id for each in result.explanation.not_paid] == ["b", "c", "d"]
    assert result.ties == (Tie(2, ("b", "c"), changed_winners=True),)


def test_a_rival_of_what_was_bought_is_out_though_its_supporters_could_pay():
    profile = approvals(10, {"a": 2, "b": 2}, "2 ab")
    parameters = CountingParameters(incompatible=(("a", "b"),), completion=Completion.GREEDY)

    result = equal_shares.count(profile, parameters)

    assert result.selected == ("a",)
    assert result.verdict_by_id["b"].reason is Reason.RIVAL_WON
    assert result.explanation.not_paid[0].missing == 0


def test_threshold_and_minimum_support_are_asked_first():
    profile = approvals(10, {"a": 1, "b": 1, "c": 9}, "4 a", "1 b", "1 c")

    result = equal_shares.count(profile, CountingParameters(threshold=1, support_divisor=3))

    assert result.selected == ("a", "b")
    assert result.verdict_by_id["c"].reason is Reason.TOO_LITTLE_SUPPORT


def test_a_tie_changes_the_winners_only_where_one_takes_the_money_of_the_other():
    costs = {"a": 2, "b": 2}

    same_money = equal_shares.count(approvals(4, costs, "1 ab", "1 "), CountingParameters())
    money_for_both = equal_shares.count(approvals(8, costs, "1 ab", "1 "), CountingParameters())
    different_money = equal_shares.count(approvals(4, costs, "1 a", "1 b"), CountingParameters())

    assert same_money.selected == ("a",)
    assert same_money.ties == (Tie(1, ("a", "b"), changed_winners=True),)
    assert money_for_both.ties == different_money.ties == (Tie(1, ("a", "b"), changed_winners=False),)


def test_without_voters_nothing_is_bought():
    assert equal_shares.count(approvals(5, {"a": 1}), CountingParameters()).selected == ()


@st.composite
def polls(draw: st.DrawFn) -> tuple[Profile, CountingParameters]:
    profile = draw(money_profiles())
    return profile, draw(money_parameters(profile))


@settings(max_examples=100, deadline=None)
@given(poll=polls())
def test_the_books_add_up(poll):
    """Every purchase is paid in full by its supporters, nobody pays more than the share, and what is said to be left
    is what the ballots say."""
    profile, parameters = poll
    result = equal_shares.count(profile, parameters)
    explained = result.explanation

    paid = dict.fromkeys(result.verdict_by_id, Fraction(0))
    payments: dict[str, list[Fraction]] = {option_id: [] for option_id in paid}
    left = dict.fromkeys(paid, Fraction(0))
    for group in profile.ballots:
        rest = explained.runs.share
        for option_id, amount, rest in explained.payments(group.choices):  # noqa: B007 - the last is what is left
            paid[option_id] += amount * group.count
            payments[option_id] += [amount] * group.count
        assert rest >= 0
        for option_id, points in group.choices:
            left[option_id] += rest * group.count if points > 0 else 0
    cost = {option.id: option.cost for option in profile.options}
    for each in explained.purchases:
        assert paid[each.option_id] == cost[each.option_id]
        assert each.supporters == len(payments[each.option_id])
        above_zero = [amount for amount in payments[each.option_id] if amount]
        assert each.smallest_payment == min(above_zero, default=0)
        assert each.largest_payment == max(above_zero, default=0)
        if each.rate:
            assert each.had_nothing_left == len(payments[each.option_id]) - len(above_zero)
    for each in explained.not_paid:
        assert each.money_left == left[each.option_id]
    assert result.total_cost <= profile.budget


def subsets(ids):
    return chain.from_iterable(combinations(ids, size) for size in range(1, len(ids) + 1))


@every_satisfaction
@pytest.mark.parametrize("completion", [Completion.NONE, Completion.GREEDY])
@settings(max_examples=50, deadline=None)
@given(profile=money_profiles())
def test_every_group_that_agrees_and_has_the_money_gets_it_up_to_one_project(satisfaction, completion, profile):
    """EJR up to one (Peters, Pierczyński, Skowron 2021, theorem 1), by brute force over all sets of projects. A group
    of voters deserves a set if each of them supports all of it and their part of the budget pays for it. Then some one
    of them must have as much as the set gives, or more than that with one more project."""
    parameters = CountingParameters(satisfaction=satisfaction, completion=completion)
    won = set(equal_shares.count(profile, parameters).selected)
    cost = {option.id: option.cost for option in profile.options}

    def worth(points: dict, ids) -> Fraction:
        match satisfaction:
            case Satisfaction.COST:
                return Fraction(sum(cost[each] for each in ids if each in points))
            case Satisfaction.CARDINALITY:
                return Fraction(sum(1 for each in ids if each in points))
            case Satisfaction.POINTS:
                return sum((Fraction(points[each]) for each in ids if each in points), Fraction(0))

    groups = [({k: v for k, v in group.choices if v > 0}, group.count) for group in profile.ballots]
    for wanted in subsets(list(cost)):
        agreeing = [(points, count) for points, count in groups if points.keys() >= set(wanted)]
        floors = {worth(points, wanted) for points, _ in agreeing}
        # Where points differ, what a set gives is the least that each of the group gives it; so ask at each level.
        for level in floors:
            dissatisfied = 0
            for points, count in agreeing:
                if worth(points, wanted) < level:
                    continue
                has = worth(points, won)
                with_one_more = max((worth(points, won | {each}) for each in cost), default=has)
                if has < level and with_one_more <= level:
                    dissatisfied += count
            if dissatisfied:
                assert dissatisfied * profile.budget < profile.voters * sum(cost[each] for each in wanted)


@every_satisfaction
@every_completion
@settings(max_examples=15, deadline=None)
@given(profile=money_profiles(), size=st.integers(1, 4), share=st.fractions(0, 1))
def test_a_unanimous_minority_large_enough_gets_its_project(satisfaction, completion, profile, size, share):
    """Voters who want one project and nothing else keep their money for it."""
    voters = profile.voters + size
    theirs = Option("theirs", int(share * Fraction(profile.budget * size, voters)))
    ballots = [dict(group.choices) for group in profile.ballots for _ in range(group.count)]
    larger = Profile.of_ballots(
        [*profile.options, theirs], [*ballots, *([{"theirs": 1}] * size)], budget=profile.budget
    )
    parameters = CountingParameters(
        satisfaction=satisfaction, completion=completion, increment=profile.budget // 20 + 1
    )

    assert "theirs" in equal_shares.count(larger, parameters).selected


@settings(max_examples=100, deadline=None)
@given(poll=polls(), times=st.integers(2, 3))
def test_every_ballot_twice_and_twice_the_money_and_the_costs_change_nothing(poll, times):
    profile, parameters = poll
    parameters = replace(parameters, threshold=None)  # which counts votes, and there are twice as many
    larger = Profile.of_counts(
        [replace(option, cost=option.cost * times) for option in profile.options],
        {group.choices: group.count * times for group in profile.ballots},
        budget=profile.budget * times,
    )

    assert equal_shares.count(larger, parameters).selected == equal_shares.count(profile, parameters).selected
