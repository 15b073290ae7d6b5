"""The other rules, counted once beside the one that holds."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
import structlog

from civicvote.db import db, reading, unit_of_work
from civicvote.domain.outcomes import insight_format, queries_ballots
from civicvote.domain.outcomes.errors import SmallDistrictWithheld
from civicvote.domain.outcomes.models import OutcomeInsight
from civicvote.domain.outcomes.queries_ballots import opened_ballots, polls_to_compare
from civicvote.domain.outcomes.queries_simulating import forget_all, rules_of_trial, try_rules
from civicvote.domain.outcomes.services import Compared, compare_rules, compare_waiting, count_beside
from civicvote.domain.outcomes.simulation import as_it_was
from civicvote.domain.polls import freezing
from civicvote.domain.polls.ballots.shape import BallotShape
from civicvote.domain.polls.errors import NotCounted, UnknownPoll
from civicvote.domain.polls.models import Outcome, UnsealedBallot
from civicvote.domain.polls.queries import visible_poll
from civicvote.kernel.voting import CountingRule
from tests.factories.outcomes import Cast, make_published_budget
from tests.factories.places import make_region
from tests.integration.polls.conftest import key_folder, open_budget

__all__ = ["key_folder", "open_budget"]

BALLOTS = [
    Cast(("road",), 12, style="1111"),
    Cast(("park", "book"), 11, style="2222"),
    Cast(("bike",), 9, style="3333"),
]


@pytest.fixture
def region(session):
    return make_region()


def insight_of(poll, rule) -> insight_format.Insight:
    return insight_format.read(db.session.get_one(OutcomeInsight, (poll.region_id, poll.id, rule)).insight)


def test_every_rule_beside_is_stored_with_what_voters_got(region, key_folder):
    poll = make_published_budget(region, key_folder, BALLOTS)
    stored = set(db.session.scalars(sa.select(Outcome.rule).where(Outcome.poll_id == poll.id)))
    assert stored == {
        CountingRule.EQUAL_SHARES,
        CountingRule.GREEDY,
        CountingRule.GREEDY_PER_COST,
        CountingRule.PHRAGMEN,
    }
    for rule in stored:
        told = insight_of(poll, rule).satisfaction
        assert told.ballots == 32
        assert sum(told.by_number) == sum(told.by_cost) == 32


def test_it_is_done_once_and_changes_no_outcome_that_holds(region, key_folder):
    poll = make_published_budget(region, key_folder, BALLOTS, is_compared=False)
    before = db.session.get_one(Outcome, (poll.region_id, poll.id, poll.counting_rule)).result
    assert compare_rules(region_id=poll.region_id, poll_id=poll.id) == 4
    assert compare_rules(region_id=poll.region_id, poll_id=poll.id) == 0
    assert db.session.get_one(Outcome, (poll.region_id, poll.id, poll.counting_rule)).result == before


def test_a_group_of_nine_is_told_together_with_another(region, key_folder):
    poll = make_published_budget(region, key_folder, BALLOTS)
    groups = {group.key: group.voters for group in insight_of(poll, poll.counting_rule).paid_by}
    assert groups == {"1111": 12, "merged": 20}


def test_nothing_is_told_of_groups_where_all_must_be_merged(region, key_folder):
    ballots = [Cast(("road",), 9, style="1111"), Cast(("park",), 8, style="2222")]
    poll = make_published_budget(region, key_folder, ballots)
    assert insight_of(poll, poll.counting_rule).paid_by == ()


def test_the_job_finds_what_was_counted_and_not_compared(region, key_folder):
    poll = make_published_budget(region, key_folder, BALLOTS, is_compared=False)
    assert (poll.region_id, poll.id) in polls_to_compare()
    db.session.commit()
    assert compare_waiting(reading=reading, unit=unit_of_work).done >= 1
    assert (poll.region_id, poll.id) not in polls_to_compare()
    assert insight_of(poll, CountingRule.GREEDY)


def test_polls_that_cannot_be_compared_stop_no_other_and_are_told_at_the_end(region, key_folder, monkeypatch):
    """However many they are: the job asks for twenty at once."""
    monkeypatch.setattr(queries_ballots, "_MOST_AT_ONCE", 2)
    broken = [make_published_budget(region, key_folder, BALLOTS, is_compared=False) for _ in range(3)]
    torn = sa.update(UnsealedBallot).where(UnsealedBallot.poll_id == broken[0].id)
    db.session.execute(torn.values(choices="torn"))
    for poll in broken[1:]:
        db.session.get_one(Outcome, (poll.region_id, poll.id, poll.counting_rule)).result = {"rule": "unheard of"}
    sound = make_published_budget(region, key_folder, BALLOTS, is_compared=False)
    db.session.commit()

    with structlog.testing.capture_logs() as logs:
        told = compare_waiting(reading=reading, unit=unit_of_work)

    assert told == Compared(1, tuple((poll.region_id, poll.id) for poll in broken))
    assert insight_of(sound, CountingRule.GREEDY)
    assert [each["poll_id"] for each in logs if each["event"] == "comparison_failed"] == [poll.id for poll in broken]
    (at_the_end,) = [each for each in logs if each["event"] == "comparisons_waiting"]
    assert at_the_end["failed"] == [[poll.region_id, poll.id] for poll in broken]
    waiting = [*polls_to_compare(), *polls_to_compare(after=broken[1].id)]
    assert waiting == [(poll.region_id, poll.id) for poll in broken]


def test_a_poll_that_was_compared_before_bundles_had_a_hash_gets_it_and_nothing_else_changes(region, key_folder):
    poll = make_published_budget(region, key_folder, BALLOTS)
    own = db.session.get_one(OutcomeInsight, (poll.region_id, poll.id, poll.counting_rule))
    complete = dict(own.insight)
    own.insight = {name: value for name, value in complete.items() if name != "bundle"}
    db.session.commit()

    assert compare_waiting(reading=reading, unit=unit_of_work) == Compared(1, ())

    assert insight_of(poll, poll.counting_rule) == insight_format.read(complete)
    assert insight_format.read(complete).bundle is not None
    assert polls_to_compare() == []


def test_no_hash_stands_for_ballots_that_are_shown_to_nobody(region, key_folder):
    poll = make_published_budget(region, key_folder, [Cast(("road",), 9)])
    assert insight_of(poll, poll.counting_rule).bundle is None
    assert polls_to_compare() == [], "it is not asked for again and again"


def test_what_is_not_counted_cannot_be_compared(open_budget):
    with pytest.raises(NotCounted):
        compare_rules(region_id=open_budget.region.id, poll_id=open_budget.poll.id)
    with pytest.raises(UnknownPoll):
        compare_rules(region_id=open_budget.region.id, poll_id=1)


def test_equal_ballots_are_read_together(region, key_folder, count_queries):
    poll = make_published_budget(region, key_folder, BALLOTS)
    key = poll.region_id, poll.id
    with count_queries() as statements:
        ballots = opened_ballots(*key)
    assert len(statements) == 1
    assert ballots.distinct == 3


def test_a_small_district_with_options_of_its_own_keeps_the_other_rules_and_sums_untold(region, key_folder):
    poll = make_published_budget(region, key_folder, BALLOTS, is_compared=False)
    poll.frozen_rules = freezing.write(
        replace(freezing.read(poll.frozen_rules), ballot=BallotShape(own_district_only=True))
    )
    with db.session.no_autoflush:
        assert [(each.rule, each.insight) for each in count_beside(region_id=poll.region_id, poll_id=poll.id)] == [
            (CountingRule.EQUAL_SHARES, insight_format.Insight(None))
        ]
    assert insight_format.read(insight_format.write(insight_format.Insight(None))) == insight_format.Insight(None)
    db.session.rollback()


def test_nothing_can_be_tried_where_trials_would_tell_what_a_small_district_chose(region, key_folder):
    made = make_published_budget(region, key_folder, BALLOTS, is_compared=False)
    poll = visible_poll(None, region.id, made.id)
    rules = rules_of_trial(None, poll)
    assert try_rules(poll, rules, as_it_was(rules)).selection.selected
    own_only = replace(rules, ballot=BallotShape(own_district_only=True))
    forget_all()
    with pytest.raises(SmallDistrictWithheld):
        try_rules(poll, own_only, replace(as_it_was(own_only), threshold=1))
