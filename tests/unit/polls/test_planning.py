"""What an officer lays down: refused where nobody could fill it in or no rule could count it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.polls.ballots import shape as ballot_shape
from civicvote.domain.polls.ballots.kinds import BallotKind, ballot_kinds_of, kind_of
from civicvote.domain.polls.ballots.shape import RESIDENTS, BallotShape
from civicvote.domain.polls.errors import ChoiceLimitsUnusable, RuleDoesNotFitKind
from civicvote.domain.polls.errors_planning import (
    BallotCannotBeFilled,
    BallotDoesNotFitKind,
    CountingChoiceUnusable,
    EnvelopesUnusable,
    EnvelopeWithoutOptions,
    FieldLimitUnusable,
    IncompatibleUnknown,
    PointsLimitsUnusable,
    RuleDoesNotFitBallot,
)
from civicvote.domain.polls.freezing import FrozenOption, FrozenRules
from civicvote.domain.polls.planning import counting_choice
from civicvote.domain.polls.planning.ballot_plan import require_fillable
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.planning.poll_plan import PollPlan, counting_rules_of
from civicvote.domain.polls.planning.soundness import require_sound
from civicvote.domain.polls.planning.suggestions import suggested_increment
from civicvote.domain.polls.roll.electorates import COMMITTEE, PANEL, electorates_from
from civicvote.domain.polls.states import PollKind
from civicvote.domain.tally.ballot_rules import BrokenBallotRule, check_limits
from civicvote.domain.tally.counting import count
from civicvote.domain.tally.parameters import EnvelopesBy
from civicvote.domain.tally.profile import Option, Profile
from civicvote.kernel.voting import BallotType, Completion, CountingRule, Satisfaction

OPENS = datetime(2026, 3, 1, tzinfo=UTC)
AGENDA = PollPlan(
    kind=PollKind.AGENDA,
    title_ko="의제",
    title_en="Agenda",
    opens_at=OPENS,
    closes_at=OPENS + timedelta(days=7),
    counting_rule=CountingRule.APPROVAL,
    seats=3,
)
FROZEN = FrozenRules(
    poll_id=1,
    region_id=1,
    kind=PollKind.BUDGET,
    ballot_type=BallotType.APPROVAL,
    min_choices=1,
    max_choices=None,
    ballot_limit_amount=None,
    counting_rule=CountingRule.GREEDY,
    seats=2,
    threshold=1,
    envelope_amount=100,
    tie_break="id",
    opens_at=OPENS,
    public_key="ab",
    options=(),
)
BUDGET = replace(AGENDA, kind=PollKind.BUDGET, counting_rule=CountingRule.EQUAL_SHARES, seats=None, envelope_amount=100)


@pytest.mark.parametrize(
    "plan",
    [
        AGENDA,
        BUDGET,
        replace(AGENDA, ballot_type=BallotType.ORDINAL, counting_rule=CountingRule.SCHULZE),
        replace(AGENDA, ballot_type=BallotType.CUMULATIVE, ballot=BallotShape(max_sum_points=10)),
        replace(AGENDA, ballot_type=BallotType.SCORING, ballot=BallotShape(min_points=1, max_points=5)),
        replace(BUDGET, counting=CountingChoice(envelopes_by=EnvelopesBy.FIELD, envelopes={"safety": 100})),
        replace(AGENDA, ballot=BallotShape(electorates=electorates_from({RESIDENTS: 50, COMMITTEE: 40, PANEL: 10}))),
    ],
)
def test_these_are_sound(plan):
    require_sound(plan)


@pytest.mark.parametrize(
    ("plan", "refusal"),
    [
        (replace(AGENDA, counting_rule=CountingRule.GREEDY), RuleDoesNotFitKind),
        (replace(BUDGET, counting_rule=CountingRule.SCHULZE), RuleDoesNotFitKind),
        (replace(BUDGET, ballot_type=BallotType.ORDINAL), BallotDoesNotFitKind),
        (replace(AGENDA, counting_rule=CountingRule.BORDA), RuleDoesNotFitBallot),
        (replace(BUDGET, counting=CountingChoice(satisfaction=Satisfaction.POINTS)), RuleDoesNotFitBallot),
        (replace(AGENDA, min_choices=3, max_choices=2), ChoiceLimitsUnusable),
        (replace(AGENDA, ballot_type=BallotType.CHOOSE_1, min_choices=2), ChoiceLimitsUnusable),
        (replace(AGENDA, ballot=BallotShape(max_per_field=0)), FieldLimitUnusable),
        (replace(AGENDA, ballot=BallotShape(max_points=3)), PointsLimitsUnusable),
        (replace(AGENDA, ballot_type=BallotType.CUMULATIVE), PointsLimitsUnusable),
        (replace(AGENDA, ballot_type=BallotType.SCORING), PointsLimitsUnusable),
        (replace(AGENDA, ballot_type=BallotType.SCORING, ballot=BallotShape(max_points=1_001)), PointsLimitsUnusable),
        (
            replace(AGENDA, ballot_type=BallotType.SCORING, ballot=BallotShape(min_points=4, max_points=3)),
            PointsLimitsUnusable,
        ),
        (
            replace(AGENDA, ballot_type=BallotType.SCORING, ballot=BallotShape(min_points=-1, max_points=3)),
            PointsLimitsUnusable,
        ),
        (replace(BUDGET, counting=CountingChoice(increment_amount=0)), CountingChoiceUnusable),
        (replace(BUDGET, counting=CountingChoice(support_divisor=0)), CountingChoiceUnusable),
        (
            replace(BUDGET, counting=CountingChoice(envelopes_by=EnvelopesBy.FIELD, envelopes={"a": 60, "b": 41})),
            EnvelopesUnusable,
        ),
    ],
)
def test_these_are_refused_while_they_are_drafts(plan, refusal):
    with pytest.raises(refusal):
        require_sound(plan)


OPTIONS = (
    FrozenOption(key="a", label="a", cost_amount=40, field_key="safety"),
    FrozenOption(key="b", label="b", cost_amount=50, field_key="safety"),
    FrozenOption(key="c", label="c", cost_amount=60, district_code="3011000001"),
)


@pytest.mark.parametrize(
    ("plan", "refusal"),
    [
        (replace(AGENDA, min_choices=4), BallotCannotBeFilled),
        (replace(AGENDA, min_choices=3, ballot=BallotShape(max_per_field=1)), BallotCannotBeFilled),
        (replace(AGENDA, min_choices=3, ballot=BallotShape(own_district_only=True)), BallotCannotBeFilled),
        (replace(BUDGET, min_choices=3, ballot_limit_amount=149), BallotCannotBeFilled),
        (replace(BUDGET, counting=CountingChoice(incompatible=(("a", "z"),))), IncompatibleUnknown),
        (replace(BUDGET, counting=CountingChoice(envelopes_by=EnvelopesBy.FIELD)), EnvelopesUnusable),
        (
            replace(BUDGET, counting=CountingChoice(envelopes_by=EnvelopesBy.FIELD, envelopes={"culture": 5})),
            EnvelopeWithoutOptions,
        ),
        (
            replace(BUDGET, counting=CountingChoice(envelopes_by=EnvelopesBy.DISTRICT, envelopes={"safety": 5})),
            EnvelopeWithoutOptions,
        ),
    ],
)
def test_these_are_refused_once_the_options_are_known(plan, refusal):
    require_sound(plan)
    with pytest.raises(refusal):
        require_fillable(plan, OPTIONS)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from([None, "x", "y"])), min_size=1, max_size=5),
    st.integers(1, 5),
    st.one_of(st.none(), st.integers(1, 2)),
    st.one_of(st.none(), st.integers(0, 120)),
)
def test_a_ballot_that_somebody_can_fill_in_is_never_refused(costs_and_fields, fewest, per_field, limit):
    options = [
        FrozenOption(key=str(number), label="", cost_amount=cost, field_key=field)
        for number, (cost, field) in enumerate(costs_and_fields)
    ]
    shape = BallotShape(max_per_field=per_field)
    plan = replace(BUDGET, min_choices=fewest, ballot=shape, ballot_limit_amount=limit)
    rule = ballot_shape.ballot_rule(shape, BallotType.APPROVAL, fewest, None, limit)
    known = {option.key: Option(option.key, option.cost_amount, field=option.field_key or "") for option in options}

    def is_taken(chosen) -> bool:
        try:
            check_limits(rule, known, chosen)
        except BrokenBallotRule:
            return False
        return True

    if any(is_taken(chosen) for chosen in combinations(known, fewest)):
        require_fillable(plan, options)


def test_equal_shares_is_what_a_budget_poll_is_offered_first():
    assert counting_rules_of(PollKind.BUDGET)[0] is CountingRule.EQUAL_SHARES
    assert set(counting_rules_of(PollKind.BUDGET)).isdisjoint(counting_rules_of(PollKind.AGENDA))
    assert set(counting_rules_of(PollKind.BUDGET)) | set(counting_rules_of(PollKind.AGENDA)) == set(CountingRule)


def test_a_knapsack_is_an_approval_ballot_with_an_amount():
    assert kind_of(BallotType.APPROVAL, 5) is BallotKind.KNAPSACK
    assert kind_of(BallotType.APPROVAL, None) is BallotKind.APPROVAL
    assert BallotKind.KNAPSACK.ballot_type is BallotType.APPROVAL
    assert BallotKind.KNAPSACK not in ballot_kinds_of(PollKind.AGENDA)


@pytest.mark.parametrize(
    ("envelope", "increment"), [(5_000_000, 1), (100_000_000, 1), (1_000_000_000, 10), (10_000_000_000, 100)]
)
def test_the_suggested_step_grows_with_the_envelope(envelope, increment):
    assert suggested_increment(envelope) == increment


def test_what_is_laid_down_comes_back_from_the_row_and_empty_is_as_it_was_before():
    choice = CountingChoice(
        completion=Completion.NONE,
        increment_amount=100,
        support_divisor=3,
        incompatible=(("a", "b"),),
        envelopes_by=EnvelopesBy.DISTRICT,
        envelopes={"3011000001": 5},
    )
    assert counting_choice.read(counting_choice.write(choice)) == choice
    assert counting_choice.read({}) == CountingChoice()
    shape = BallotShape(max_points=3, own_district_only=True, electorates=electorates_from({RESIDENTS: 1, PANEL: 2}))
    assert ballot_shape.read(ballot_shape.write(shape)) == shape
    assert ballot_shape.read({}) == BallotShape()


def test_residents_alone_are_no_several_electorates():
    assert electorates_from({RESIDENTS: 50}) == ()
    assert [each.key for each in electorates_from({PANEL: 1, RESIDENTS: 2})] == [RESIDENTS, PANEL]


@pytest.mark.parametrize("rule", [*counting_rules_of(PollKind.BUDGET), CountingRule.APPROVAL])
def test_unless_an_officer_writes_0_what_nobody_chose_does_not_win_though_there_is_room(rule):
    """Who chose something needs one person and no more; the form suggests 1 and takes an empty field for it."""
    assert AGENDA.threshold == BUDGET.threshold == 1
    options = (
        FrozenOption(key="chosen", label="", cost_amount=10),
        FrozenOption(key="unchosen", label="", cost_amount=10),
    )
    cast = {(("chosen", 1),): 1, (): 5}

    def selected(threshold: int) -> tuple[str, ...]:
        rules = replace(FROZEN, counting_rule=rule, options=options, threshold=threshold)
        profile = Profile.of_counts(rules.tally_options.values(), cast, budget=100)
        return count(rule, profile, rules.counting_parameters).selected

    assert selected(BUDGET.threshold) == ("chosen",)
    by_votes = rule not in {CountingRule.EQUAL_SHARES, CountingRule.PHRAGMEN}
    with_completion = rule is CountingRule.EQUAL_SHARES  # what is left over is given by votes, if only by none
    assert selected(0) == (("chosen", "unchosen") if by_votes or with_completion else ("chosen",))
