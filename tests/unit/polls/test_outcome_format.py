"""The stored outcome: comes back as it was with every explanation, and what earlier versions stored is read."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given

from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.tally.counting import count, count_electorates
from civicvote.domain.tally.electorates import Electorate
from civicvote.domain.tally.parameters import CountingParameters, Envelopes, EnvelopesBy
from civicvote.domain.tally.profile import Option, Profile
from civicvote.domain.tally.registry import TALLY_RULES
from civicvote.domain.tally.result import Reason
from civicvote.domain.tally.shares_explained import (
    Load,
    NotPaid,
    NotReached,
    PhragmenExplained,
    Purchase,
    Runs,
    RunsEnded,
    SharesExplained,
)
from civicvote.domain.tally.ties import TieBreak
from civicvote.kernel.voting import Completion, CountingRule, Satisfaction
from tests.unit.tally.profiles import parameters, profiles

OPTIONS = [Option("a", 5, district="x"), Option("b", 6, district="x"), Option("c", 3)]
PROFILE = Profile.of_ballots(OPTIONS, [{"a": 2, "b": 1}, {"b": 1, "c": 2}, {}], budget=12)
HALF = Fraction(7, 2)
SHARES = SharesExplained(
    runs=Runs(2, HALF, Fraction(4), RunsEnded.EXHAUSTIVE),
    purchases=(Purchase("a", 1, HALF, Fraction(1, 5), 3, 2, 1, Fraction(1), HALF),),
    added_after=("c",),
    not_paid=(NotPaid("b", 6, 1, HALF), NotPaid("c", 3, 0, Fraction(0))),
    counts_points=False,
)
PHRAGMEN = PhragmenExplained(
    purchases=(Load("a", 1, HALF, 2, Fraction(1), HALF),),
    stopped_at="b",
    not_reached=(NotReached("b", 2, HALF), NotReached("c", 0, None)),
)


def through_json(result):
    stored = json.loads(json.dumps(outcome_format.write(result, PROFILE.supporters, {})))
    return outcome_format.read(stored)


@pytest.mark.parametrize("rule", TALLY_RULES)
@given(profile=profiles(), given_parameters=parameters())
def test_what_is_stored_comes_back_and_is_json(rule, profile, given_parameters):
    result = TALLY_RULES[rule](profile, given_parameters)

    stored = outcome_format.write(result, profile.supporters, {"envelopes": 3})

    assert json.loads(json.dumps(stored)) == stored
    record = outcome_format.read(stored)
    assert (record.rule, record.parameters, record.selected) == (rule, result.parameters, result.selected)
    assert [(v.option, v.reason, v.score, v.left) for v in record.verdicts] == [
        (v.option_id, v.reason, v.score, v.left) for v in result.verdicts
    ]
    assert record.explanation == result.explanation


@pytest.mark.parametrize("explanation", [SHARES, PHRAGMEN], ids=["shares", "phragmen"])
def test_reasons_of_shares_come_back_exactly(explanation):
    counted = replace(count(CountingRule.GREEDY, PROFILE, CountingParameters()), explanation=explanation)

    assert through_json(counted).explanation == explanation


def test_parts_of_electorates_within_envelopes_come_back_with_the_parameters():
    given_parameters = CountingParameters(
        tie_break=TieBreak.parse("cost,seed:비밀 아님"),
        threshold=HALF,
        support_divisor=3,
        incompatible=(("a", "b"),),
        satisfaction=Satisfaction.POINTS,
        completion=Completion.ADD1U,
        start=HALF,
        increment=1000,
        most_runs=7,
        envelopes=Envelopes(EnvelopesBy.DISTRICT, {"x": 6}),
    )
    electorates = [Electorate("residents", 50, PROFILE), Electorate("panel", 10, PROFILE)]
    counted = count_electorates(CountingRule.GREEDY_PER_COST, electorates, given_parameters)

    record = through_json(counted)

    assert record.explanation == counted.explanation
    assert record.explanation.parts[0].explanation.parts[1].key == "panel"
    assert record.parameters == given_parameters


def test_an_outcome_of_the_first_format_is_read():
    stored = {
        "format": 1,
        "rule": "greedy",
        "tie_break": "seed:2026",
        "threshold": 2,
        "seats": None,
        "budget": 12,
        "voters": 3,
        "valid_ballots": 2,
        "selected": ["a"],
        "total_cost": 5,
        "verdicts": [
            {"option": "a", "reason": "selected", "score": "7/2", "votes": 2, "cost": 5, "step": 1, "left": 12}
        ],
        "ties": [{"score": 1, "options": ["a", "b"], "changed_winners": True}],
        "checks": {"envelopes": 3},
    }

    record = outcome_format.read(stored)

    assert (record.tie_break, record.threshold, record.seats) == ("seed:2026", 2, None)
    assert record.verdicts[0].reason is Reason.SELECTED
    assert record.verdicts[0].score == HALF
    assert record.explanation is None
