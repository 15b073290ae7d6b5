"""Envelopes: every part counted on its own, joined into one outcome, and nothing spent twice."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.tally import envelopes
from civicvote.domain.tally.counting import count, count_electorates
from civicvote.domain.tally.electorates import Electorate
from civicvote.domain.tally.parameters import CountingParameters, Envelopes, EnvelopesBy
from civicvote.domain.tally.profile import Option, Profile
from civicvote.domain.tally.registry import BUDGET_RULES
from civicvote.domain.tally.result import Reason, Tie
from civicvote.kernel.voting import CountingRule
from tests.unit.tally.profiles import IDS, ballots, parameters

every_rule = pytest.mark.parametrize("rule", BUDGET_RULES)
OPTIONS = [
    Option("park", 50, district="north"),
    Option("road", 50, district="north"),
    Option("pond", 40, district="south"),
    Option("lamp", 30, district="south"),
    Option("bus", 20),
]
BALLOTS = [{"park": 1, "road": 1}] * 3 + [{"park": 1}] + [{"lamp": 1}] * 2 + [{"pond": 1, "bus": 1}] + [{}]
SPLIT = CountingParameters(envelopes=Envelopes(EnvelopesBy.DISTRICT, {"south": 30, "north": 60}))
POLL = Profile.of_ballots(OPTIONS, BALLOTS, budget=100)


def test_each_district_has_its_own_money_and_the_others_share_the_rest():
    # In one pot park, road would take all 100. Here north has 60, south 30, and 10 is left for the rest.
    result = count(CountingRule.GREEDY, POLL, SPLIT)

    assert count(CountingRule.GREEDY, POLL, CountingParameters()).selected == ("park", "road")
    assert result.selected == ("park", "lamp")
    assert [(v.option_id, v.reason, v.step, v.left) for v in result.verdicts] == [
        ("park", Reason.SELECTED, 1, 60),
        ("road", Reason.DOES_NOT_FIT, 2, 10),
        ("lamp", Reason.SELECTED, 3, 30),
        ("pond", Reason.DOES_NOT_FIT, 4, 0),
        ("bus", Reason.DOES_NOT_FIT, 5, 10),
    ]
    assert [(p.key, p.amount, p.spent, p.voters) for p in result.explanation.parts] == [
        ("north", 60, 50, 4),
        ("south", 30, 30, 3),
        ("", 10, 0, 1),
    ]
    assert (result.budget, result.voters, result.valid_ballots) == (100, 8, 7)


def test_fields_split_as_districts_do():
    options = [Option("a", 5, field="green"), Option("b", 5, field="traffic")]
    profile = Profile.of_ballots(options, [{"a": 1, "b": 1}], budget=9)

    result = count(
        CountingRule.GREEDY, profile, CountingParameters(envelopes=Envelopes(EnvelopesBy.FIELD, {"green": 5}))
    )

    assert result.selected == ("a",)
    assert result.explanation.parts[1].amount == 4


def test_support_is_asked_of_those_who_voted_in_the_part():
    # 2 of 3 who voted in the south want the lamp for all its money; of all 8 voters that would be a quarter.
    result = count(CountingRule.GREEDY, POLL, replace(SPLIT, support_divisor=2))

    assert "lamp" in result.selected


def test_an_envelope_without_options_and_a_rest_without_any():
    split = CountingParameters(envelopes=Envelopes(EnvelopesBy.DISTRICT, {"east": 10, "north": 60}))
    profile = Profile.of_ballots(OPTIONS[:2], [{"park": 1}], budget=100)

    parts = count(CountingRule.GREEDY, profile, split).explanation.parts

    assert [(part.key, part.option_ids) for part in parts] == [("east", ()), ("north", ("park", "road"))]


def test_ties_stay_within_their_part():
    profile = Profile.of_ballots(OPTIONS, [{"park": 1, "road": 1, "pond": 1, "lamp": 1}], budget=90)

    result = count(CountingRule.GREEDY, profile, SPLIT)

    assert result.ties == (Tie(1, ("park", "road"), True),)


@pytest.mark.parametrize("amounts", [{"north": 101}, {"north": 60, "south": 41}, {"north": -1}])
def test_more_than_the_budget_is_refused(amounts):
    with pytest.raises(envelopes.EnvelopesExceedBudget):
        count(CountingRule.GREEDY, POLL, CountingParameters(envelopes=Envelopes(EnvelopesBy.DISTRICT, amounts)))


def test_rivals_must_share_an_envelope():
    for group in (("park", "lamp"), ("park", "bus")):
        with pytest.raises(envelopes.RivalsAcrossEnvelopes):
            count(CountingRule.GREEDY, POLL, replace(SPLIT, incompatible=(group,)))
    assert count(CountingRule.GREEDY, POLL, replace(SPLIT, incompatible=(("park", "road"),))).selected[0] == "park"


def test_weighted_electorates_have_their_weight_in_every_part():
    cast = [
        Electorate("residents", 60, Profile.of_ballots(OPTIONS, [{"road": 1}] * 9 + [{"lamp": 1}], budget=100)),
        Electorate("panel", 40, Profile.of_ballots(OPTIONS, [{"park": 1, "pond": 1}], budget=100)),
    ]

    result = count_electorates(CountingRule.GREEDY, cast, SPLIT)

    scores = {verdict.option_id: verdict.score for verdict in result.verdicts}
    assert scores == {"road": 60, "park": 40, "lamp": 60, "pond": 40, "bus": 0}


def test_rules_for_seats_do_not_look_at_envelopes():
    assert count(CountingRule.APPROVAL, POLL, replace(SPLIT, seats=2)).selected == ("park", "road")


@st.composite
def split_polls(draw: st.DrawFn) -> tuple[Profile, CountingParameters]:
    options = [
        Option(option_id, draw(st.integers(0, 8)), district=draw(st.sampled_from(["n", "s", "w", ""])))
        for option_id in draw(st.permutations(IDS))
    ]
    amounts = draw(st.dictionaries(st.sampled_from("nse"), st.integers(0, 12)))
    profile = Profile.of_ballots(
        options, draw(ballots(list(IDS))), budget=sum(amounts.values()) + draw(st.integers(0, 9))
    )
    return profile, replace(draw(parameters()), envelopes=Envelopes(EnvelopesBy.DISTRICT, amounts))


@every_rule
@given(poll=split_polls())
def test_no_part_overspends_every_option_has_one_verdict_and_steps_are_numbered_through(rule, poll):
    profile, given_parameters = poll

    result = count(rule, profile, given_parameters)

    assert sorted(v.option_id for v in result.verdicts) == sorted(IDS)
    steps = [v.step for v in result.verdicts if v.step is not None]
    assert steps == list(range(1, len(steps) + 1))
    costs = {option.id: option.cost for option in profile.options}
    for part in result.explanation.parts:
        spent = sum(costs[option_id] for option_id in result.selected if option_id in part.option_ids)
        assert spent == part.spent <= part.amount
    assert sum(part.spent for part in result.explanation.parts) == result.total_cost <= profile.budget


@every_rule
@given(poll=split_polls())
def test_each_part_is_what_its_own_election_would_be(rule, poll):
    profile, given_parameters = poll
    result = count(rule, profile, given_parameters)

    for part in result.explanation.parts:
        own = [
            {option_id: points for option_id, points in group.choices if option_id in part.option_ids}
            for group in profile.ballots
            for _ in range(group.count)
        ]
        options = [option for option in profile.options if option.id in part.option_ids]
        alone = Profile.of_ballots(options, [ballot for ballot in own if ballot], budget=part.amount)
        expected = count(rule, alone, replace(given_parameters, envelopes=None)).selected
        assert tuple(option_id for option_id in result.selected if option_id in part.option_ids) == expected
