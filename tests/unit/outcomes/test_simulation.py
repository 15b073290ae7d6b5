"""A poll that is over under other rules: what may be tried, and what flips."""

from dataclasses import replace

import pytest

from civicvote.domain.outcomes import trial_cost
from civicvote.domain.outcomes.ballots import BallotGroup, electorates, gather
from civicvote.domain.outcomes.comparison import MOST_RUNS, difference, parameters_beside
from civicvote.domain.outcomes.errors import (
    TrialEnvelopeUnusable,
    TrialNumberUnusable,
    TrialRivalsUnusable,
    TrialRuleUnusable,
    TrialTooLarge,
    TrialWeightUnusable,
)
from civicvote.domain.outcomes.keeping import Kept
from civicvote.domain.outcomes.simulation import as_it_was, require_countable, rules_to_try, simulate
from civicvote.domain.polls.ballots.shape import BallotShape, Electorate
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.planning.suggestions import GROWING
from civicvote.domain.tally.counting import count_electorates
from civicvote.domain.tally.parameters import EnvelopesBy
from civicvote.kernel.voting import Completion, CountingRule
from tests.unit.outcomes.rules import BUDGET_RULES, MILLION, agenda_rules

BALLOTS = gather(
    [
        BallotGroup("residents", "", '["park","road"]', 5),
        BallotGroup("residents", "", '["book"]', 3),
        BallotGroup("residents", "", '["bike","book"]', 1),
    ]
)
BODIES = BallotShape(
    electorates=(Electorate("residents", "주민", "Residents", 90), Electorate("panel", "패널", "", 10))
)


def selected(rules=BUDGET_RULES, ballots=BALLOTS, **changes) -> tuple[str, ...]:
    return simulate(rules, ballots, replace(as_it_was(rules), **changes)).selection.selected


def test_the_trial_that_changes_nothing_gives_the_outcome_that_holds():
    assert set(selected()) == {"road", "book"} or set(selected()) == {"park", "book"}
    assert selected() == selected(rule=BUDGET_RULES.counting_rule)


def test_a_smaller_envelope_flips_what_no_longer_fits():
    own = simulate(BUDGET_RULES, BALLOTS, as_it_was(BUDGET_RULES)).selection
    smaller = replace(as_it_was(BUDGET_RULES), envelope_amount=55 * MILLION)
    flips = difference(own, simulate(BUDGET_RULES, BALLOTS, smaller).selection)
    assert "book" in flips.lost or "road" in flips.lost


def test_two_projects_that_exclude_each_other_never_both_win():
    both = selected(envelope_amount=200 * MILLION)
    assert {"road", "park"} <= set(both)
    one = selected(envelope_amount=200 * MILLION, rivals=("park", "road"))
    assert len({"road", "park"} & set(one)) == 1


def test_a_threshold_keeps_out_what_few_want():
    assert "bike" in selected(envelope_amount=200 * MILLION)
    assert "bike" not in selected(envelope_amount=200 * MILLION, threshold=2)


def test_weights_decide_between_electorates():
    rules = agenda_rules(ballot=BODIES)
    ballots = gather([BallotGroup("residents", "", '["lamp"]', 8), BallotGroup("panel", "", '["tree"]', 2)])
    assert selected(rules, ballots) == ("lamp",)
    assert selected(rules, ballots, weights=(("residents", 10), ("panel", 90))) == ("tree",)


def test_envelopes_shrink_with_the_whole_and_can_be_put_together():
    by_district = CountingChoice(envelopes_by=EnvelopesBy.DISTRICT, envelopes={"1": 60 * MILLION, "2": 40 * MILLION})
    rules = replace(BUDGET_RULES, counting=by_district)
    assert "park" not in selected(rules)  # it costs 50 million of the 40 million of its district
    assert "park" in selected(rules, keeps_envelopes=False, threshold=2)
    assert "park" in selected(rules, envelope_amount=200 * MILLION)


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"rule": CountingRule.SCHULZE}, TrialRuleUnusable, "rule"),
        ({"envelope_amount": 0}, TrialEnvelopeUnusable, "envelope"),
        ({"envelope_amount": 1001 * MILLION}, TrialEnvelopeUnusable, "envelope"),
        ({"threshold": -1}, TrialNumberUnusable, "threshold"),
        ({"support_divisor": 0}, TrialNumberUnusable, "support_divisor"),
        ({"support_divisor": 101}, TrialNumberUnusable, "support_divisor"),
        ({"rivals": ("road", "nothing")}, TrialRivalsUnusable, "rival"),
        ({"rivals": ("road", "road")}, TrialRivalsUnusable, "rival"),
        ({"rivals": ("", "road")}, TrialRivalsUnusable, "rival"),
    ],
)
def test_what_cannot_be_tried_is_refused_beside_its_field(changes, refusal, field):
    with pytest.raises(refusal) as refused:
        require_countable(BUDGET_RULES, replace(as_it_was(BUDGET_RULES), **changes))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"seats": 0}, TrialNumberUnusable, "seats"),
        ({"seats": 4}, TrialNumberUnusable, "seats"),
        ({"weights": (("residents", 0), ("panel", 1))}, TrialWeightUnusable, "weight_residents"),
        ({"weights": (("residents", 1), ("panel", 1001))}, TrialWeightUnusable, "weight_panel"),
    ],
)
def test_seats_and_weights_have_limits(changes, refusal, field):
    rules = agenda_rules(ballot=BODIES)
    with pytest.raises(refusal) as refused:
        require_countable(rules, replace(as_it_was(rules), **changes))
    assert refused.value.field == field


def test_every_rule_on_offer_counts():
    for rule in rules_to_try(BUDGET_RULES):
        assert selected(rule=rule)


def test_equal_shares_on_trial_take_the_steps_that_stand_beside_another_rule():
    trial = replace(as_it_was(BUDGET_RULES), rule=CountingRule.EQUAL_SHARES)
    simulated = simulate(BUDGET_RULES, BALLOTS, trial)
    beside = parameters_beside(CountingRule.EQUAL_SHARES, BUDGET_RULES, 9)
    assert simulated.view.record.parameters == beside
    assert (beside.most_runs, beside.increment) == (MOST_RUNS, 100_000)
    assert simulated.has_steps
    assert not simulated.has_own_steps


def by_shares(**counting):
    chosen = CountingChoice(**{"completion": Completion.ADD1, "increment_amount": 1_111} | counting)
    return replace(BUDGET_RULES, counting_rule=CountingRule.EQUAL_SHARES, counting=chosen)


@pytest.mark.parametrize("completion", list(Completion))
def test_a_vote_by_equal_shares_is_tried_by_its_own_steps_so_that_nothing_else_differs(completion):
    rules = by_shares(completion=completion)
    (voting,) = electorates(BALLOTS, rules)
    held = count_electorates(rules.counting_rule, [voting], rules.counting_parameters)

    simulated = simulate(rules, BALLOTS, as_it_was(rules))

    told = outcome_format.write(held, voting.profile.supporters, {})
    assert simulated.view.record == outcome_format.read(told)
    assert simulated.has_steps is simulated.has_own_steps is (completion in GROWING)


def test_a_trial_that_nobody_would_wait_for_is_refused_with_the_number_of_runs(monkeypatch):
    rules = by_shares(increment_amount=1, completion=Completion.ADD1_FEASIBLE)
    monkeypatch.setattr(trial_cost, "MOST_WORK", 10_000)
    with pytest.raises(TrialTooLarge) as refused:
        simulate(rules, BALLOTS, as_it_was(rules))
    (voting,) = electorates(BALLOTS, rules)
    assert refused.value.params == {"runs": trial_cost.runs_while_waiting(voting.profile)}
    assert selected(rules, completion=Completion.NONE), "one run can be waited for"


def test_a_count_that_its_own_rules_end_after_so_many_runs_is_no_longer_than_they_say():
    rules = by_shares(increment_amount=1, most_runs=7, completion=Completion.ADD1_FEASIBLE)
    record = simulate(rules, BALLOTS, as_it_was(rules)).view.record
    assert record.explanation.runs.number == 7


def test_more_ballots_and_more_options_leave_fewer_runs():
    (few,) = electorates(BALLOTS, BUDGET_RULES)
    (many,) = electorates(
        gather(BallotGroup("residents", "", text, 1) for text in ('["road"]', '["park"]', '["bike","book","road"]')),
        BUDGET_RULES,
    )
    assert trial_cost.runs_while_waiting(many.profile) <= trial_cost.runs_while_waiting(few.profile)
    assert trial_cost.runs_while_waiting(few.profile) >= MOST_RUNS, "a small vote is never refused"


def test_what_is_kept_is_made_once_and_never_more_than_there_is_room_for():
    kept, made = Kept[str, str](10, len), []

    def make(value: str):
        return lambda: made.append(value) or value

    assert [kept.get_or_make("a", make("aaaa")) for _ in range(3)] == ["aaaa"] * 3
    assert made == ["aaaa"]
    kept.get_or_make("b", make("bbbb"))
    kept.get("a")
    kept.get_or_make("c", make("cccc"))
    assert kept.get("b") is None, "the least lately asked for goes"
    assert kept.get("a") == "aaaa"
    assert kept.get_or_make("large", make("x" * 11)) == "x" * 11
    assert kept.get("large") is None
    kept.clear()
    assert kept.get("a") is None
