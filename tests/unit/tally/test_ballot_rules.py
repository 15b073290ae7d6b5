"""What a ballot may say, each limit from both sides."""

from fractions import Fraction

import pytest

from civicvote.domain.tally import ballot_rules
from civicvote.domain.tally.ballot_rules import BallotRule, check_choices
from civicvote.domain.tally.profile import Option
from civicvote.kernel.errors import Invalid
from civicvote.kernel.voting import BallotType

OPTIONS = {
    option.id: option
    for option in [Option("a", 60), Option("b", 50), Option("c", 40), Option("gone", 1, is_withdrawn=True)]
}
APPROVAL = BallotType.APPROVAL
CUMULATIVE = BallotType.CUMULATIVE
SCORING = BallotType.SCORING


@pytest.mark.parametrize(
    ("rule", "choices", "points", "worth"),
    [
        (BallotRule(APPROVAL), ["a", "b"], [], {"a": 1, "b": 1}),
        (BallotRule(APPROVAL, min_choices=0), [], [], {}),
        (BallotRule(APPROVAL, min_choices=2, max_choices=2), ["c", "a"], [], {"a": 1, "c": 1}),
        (BallotRule(APPROVAL, max_sum_cost=110), ["a", "b"], [], {"a": 1, "b": 1}),
        (BallotRule(APPROVAL, min_sum_cost=110), ["a", "b"], [], {"a": 1, "b": 1}),
        (BallotRule(BallotType.CHOOSE_1), ["b"], [], {"b": 1}),
        (BallotRule(CUMULATIVE, max_sum_points=5), ["a", "b"], [3, 2], {"a": 3, "b": 2}),
        (BallotRule(CUMULATIVE, min_points=1, max_points=3, min_sum_points=5), ["a", "b"], [3, 2], {"a": 3, "b": 2}),
        (BallotRule(CUMULATIVE), ["a"], [Fraction(1, 2)], {"a": Fraction(1, 2)}),
        (BallotRule(SCORING), ["a"], [-3], {"a": -3}),
        (BallotRule(BallotType.ORDINAL, max_choices=3), ["c", "a"], [], {"c": 3, "a": 2}),
        (BallotRule(BallotType.ORDINAL), ["c", "a"], [], {"c": 4, "a": 3}),
    ],
)  # fmt: skip
def test_a_ballot_within_the_rule_is_worth_its_points(rule, choices, points, worth):
    assert check_choices(rule, OPTIONS, choices, points) == worth


@pytest.mark.parametrize(
    ("rule", "choices", "points", "error", "params"),
    [
        (BallotRule(APPROVAL), ["x"], [], "UnknownOption", {"option": "x"}),
        (BallotRule(APPROVAL), ["gone"], [], "WithdrawnOption", {"option": "gone"}),
        (BallotRule(APPROVAL), ["a", "a"], [], "RepeatedOption", {"option": "a"}),
        (BallotRule(APPROVAL), [], [], "TooFewChoices", {"limit": 1, "given": 0}),
        (BallotRule(APPROVAL, max_choices=1), ["a", "b"], [], "TooManyChoices", {"limit": 1, "given": 2}),
        (BallotRule(BallotType.CHOOSE_1), ["a", "b"], [], "TooManyChoices", {"limit": 1, "given": 2}),
        (BallotRule(APPROVAL, min_sum_cost=111), ["a", "b"], [], "CostSumTooLow", {"limit": 111, "given": 110}),
        (BallotRule(APPROVAL, max_sum_cost=109), ["a", "b"], [], "CostSumTooHigh", {"limit": 109, "given": 110}),
        (BallotRule(APPROVAL), ["a"], [1], "PointsMismatch", {"choices": 1, "points": 1}),
        (BallotRule(CUMULATIVE), ["a", "b"], [1], "PointsMismatch", {"choices": 2, "points": 1}),
        (BallotRule(CUMULATIVE), ["a"], [-1], "PointsTooLow", {"option": "a", "limit": 0, "given": -1}),
        (BallotRule(SCORING, min_points=-2), ["a"], [-3], "PointsTooLow", {"option": "a", "limit": -2, "given": -3}),
        (BallotRule(CUMULATIVE, max_points=2), ["a"], [3], "PointsTooHigh", {"option": "a", "limit": 2, "given": 3}),
        (BallotRule(CUMULATIVE, min_sum_points=4), ["a", "b"], [1, 2], "PointsSumTooLow", {"limit": 4, "given": 3}),
        (BallotRule(CUMULATIVE, max_sum_points=2), ["a", "b"], [1, 2], "PointsSumTooHigh", {"limit": 2, "given": 3}),
    ],
)  # fmt: skip
def test_a_broken_rule_is_refused_by_its_name(rule, choices, points, error, params):
    with pytest.raises(getattr(ballot_rules, error)) as refused:
        check_choices(rule, OPTIONS, choices, points)

    assert isinstance(refused.value, Invalid)
    assert (refused.value.field, refused.value.params) == ("choices", params)


FIELDS = {
    option.id: option
    for option in [
        Option("park", field="green", district="north"),
        Option("tree", field="green"),
        Option("pond", field="green", district="south"),
        Option("bus", field="traffic"),
        Option("x"),
        Option("y"),
    ]
}


def test_fields_are_limited_each_for_itself_and_options_of_none_are_not():
    rule = BallotRule(APPROVAL, max_per_field=1)

    assert list(check_choices(rule, FIELDS, ["tree", "bus", "x", "y"])) == ["tree", "bus", "x", "y"]
    with pytest.raises(ballot_rules.TooManyOfField) as refused:
        check_choices(rule, FIELDS, ["bus", "park", "tree"])
    assert refused.value.params == {"area": "green", "limit": 1, "given": 2}
    assert len(check_choices(BallotRule(APPROVAL, max_per_field=2), FIELDS, ["bus", "park", "tree"])) == 3


def test_options_of_another_district_are_refused_and_those_of_none_are_everybodys():
    rule = BallotRule(APPROVAL, own_district_only=True)

    assert list(check_choices(rule, FIELDS, ["park", "tree"], district="north")) == ["park", "tree"]
    for choices, district in [(["tree", "pond"], "north"), (["park"], "")]:
        with pytest.raises(ballot_rules.OutsideDistrict) as refused:
            check_choices(rule, FIELDS, choices, district=district)
        assert refused.value.params == {"option": choices[-1]}
    assert list(check_choices(BallotRule(APPROVAL), FIELDS, ["park", "pond"])) == ["park", "pond"]
