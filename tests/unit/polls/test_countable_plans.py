"""What would be frozen can be counted: the parts of an envelope, and runs that come to an end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.polls.errors_planning import IncrementTooSmall, OptionAbovePart, RivalsInSeveralParts
from civicvote.domain.polls.freezing import FrozenOption
from civicvote.domain.polls.planning.ballot_plan import require_fillable
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.planning.poll_plan import PollPlan
from civicvote.domain.polls.planning.suggestions import least_increment, require_runs_that_end, suggested_increment
from civicvote.domain.polls.states import PollKind
from civicvote.domain.tally.counting import count
from civicvote.domain.tally.envelopes import RivalsAcrossEnvelopes
from civicvote.domain.tally.parameters import CountingParameters, Envelopes, EnvelopesBy, ThresholdOf
from civicvote.domain.tally.profile import Profile
from civicvote.kernel.voting import BallotType, Completion, CountingRule
from tests.unit.outcomes.rules import agenda_rules

OPENS = datetime(2026, 3, 1, tzinfo=UTC)
OPTIONS = (
    FrozenOption(key="lamp", label="가로등", cost_amount=40, field_key="safety"),
    FrozenOption(key="ramp", label="경사로", cost_amount=30, field_key="safety"),
    FrozenOption(key="book", label="도서관", cost_amount=40, field_key="culture"),
    FrozenOption(key="tree", label="가로수", cost_amount=20),
)


def parted(envelopes: dict[str, int], *incompatible: tuple[str, ...]) -> PollPlan:
    return PollPlan(
        kind=PollKind.BUDGET,
        title_ko="예산",
        title_en="Budget",
        opens_at=OPENS,
        closes_at=OPENS + timedelta(days=7),
        counting_rule=CountingRule.EQUAL_SHARES,
        envelope_amount=100,
        counting=CountingChoice(envelopes_by=EnvelopesBy.FIELD, envelopes=envelopes, incompatible=incompatible),
    )


@pytest.mark.parametrize("rivals", [("lamp", "book"), ("lamp", "tree")])
def test_rivals_in_different_parts_are_refused_before_anybody_votes_and_not_at_the_count(rivals):
    plan = parted({"safety": 40, "culture": 40}, rivals)
    envelopes = Envelopes(EnvelopesBy.FIELD, plan.counting.envelopes)
    with pytest.raises(RivalsAcrossEnvelopes):
        count(
            CountingRule.GREEDY,
            Profile.of_ballots([option.as_counted for option in OPTIONS], [], budget=100),
            CountingParameters(incompatible=(rivals,), envelopes=envelopes),
        )

    with pytest.raises(RivalsInSeveralParts) as refused:
        require_fillable(plan, OPTIONS)

    assert "가로등" in str(refused.value.params["options"])


def test_rivals_in_one_part_are_taken():
    require_fillable(parted({"safety": 40, "culture": 40}, ("lamp", "ramp")), OPTIONS)


@pytest.mark.parametrize(
    ("envelopes", "too_dear"),
    [({"safety": 39, "culture": 40}, "가로등"), ({"safety": 41, "culture": 40}, "가로수"), ({"safety": 80}, "도서관")],
)
def test_what_its_own_part_cannot_pay_is_refused_though_the_whole_envelope_could(envelopes, too_dear):
    with pytest.raises(OptionAbovePart) as refused:
        require_fillable(parted(envelopes), OPTIONS)

    assert refused.value.params["option"] == too_dear


def test_the_same_parts_without_rivals_and_with_enough_money_are_taken():
    require_fillable(parted({"safety": 40, "culture": 40}), OPTIONS)
    require_fillable(replace(parted({"safety": 60}), counting=CountingChoice()), OPTIONS)


def test_a_threshold_speaks_of_people_in_a_vote_held_here_and_of_points_in_one_that_was_read_in():
    held_here = agenda_rules(threshold=2, public_key="ab", ballot_type=BallotType.CUMULATIVE)
    read_in = replace(held_here, public_key="")

    assert held_here.counting_parameters.threshold_of is ThresholdOf.BACKERS
    assert read_in.counting_parameters.threshold_of is ThresholdOf.SCORE


def shares(increment: int, **changes: object) -> PollPlan:
    plan = parted({})
    return replace(plan, envelope_amount=100_000_000, counting=CountingChoice(increment_amount=increment, **changes))


def test_shares_of_few_people_must_grow_by_more_than_a_thousandth():
    require_runs_that_end(shares(10_000), on_roll=10)
    with pytest.raises(IncrementTooSmall) as refused:
        require_runs_that_end(shares(9_999), on_roll=10)
    assert refused.value.params["least"] == 10_000


def test_a_small_step_is_taken_from_a_large_roll_and_where_shares_do_not_grow():
    require_runs_that_end(shares(1), on_roll=100_000)
    require_runs_that_end(shares(1, completion=Completion.GREEDY), on_roll=10)
    require_runs_that_end(replace(shares(1), counting_rule=CountingRule.GREEDY), on_roll=10)


@given(st.integers(1, 10**13), st.integers(1, 10**7))
def test_what_is_suggested_for_so_many_residents_is_not_refused_if_all_are_on_the_roll(envelope, residents):
    plan = replace(shares(suggested_increment(envelope, residents)), envelope_amount=envelope)

    require_runs_that_end(plan, on_roll=residents)

    assert 1_000 * residents * (least_increment(envelope, residents) - 1) < envelope
    assert suggested_increment(envelope, residents) < 10 * max(least_increment(envelope, residents), envelope // 10**7)


def test_what_comes_to_the_count_ends_after_ten_thousand_runs_whatever_is_voted():
    assert shares(1).counting.most_runs == 10_000
