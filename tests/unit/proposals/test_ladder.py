"""The ladder as values: which steps a round has, what a number of endorsements reaches, how a proposal stands on it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from civicvote.domain.proposals.forum import is_likely
from civicvote.domain.proposals.ladder import next_rung, reached_with, rungs_of, standing_on
from civicvote.domain.proposals.states import LadderStep
from civicvote.domain.rounds.errors import LadderNotRising
from civicvote.domain.rounds.rules import RoundRules

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
ANSWER, FORUM, MAYOR = LadderStep


@dataclass
class Row:
    step: LadderStep
    reached_at: datetime
    fulfilled_at: datetime | None = None
    held_on: date | None = None
    place: str = ""
    note_html: str = ""


def test_the_default_ladder_is_fifty_a_hundred_a_thousand() -> None:
    assert [(rung.step, rung.needed) for rung in rungs_of(RoundRules())] == [(ANSWER, 50), (FORUM, 100), (MAYOR, 1000)]


def test_zero_leaves_a_step_out_and_the_others_stand() -> None:
    rungs = rungs_of(RoundRules.from_json({"ladder_forum": 0}))
    assert [rung.step for rung in rungs] == [ANSWER, MAYOR]
    assert (
        rungs_of(
            RoundRules.from_json(
                dict.fromkeys(("ladder_department_answers", "ladder_forum", "ladder_mayor_answers"), 0)
            )
        )
        == ()
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ladder_forum": 50}, "ladder_forum"),
        ({"ladder_department_answers": 100}, "ladder_forum"),
        ({"ladder_department_answers": 1000, "ladder_forum": 0}, "ladder_mayor_answers"),
        ({"ladder_mayor_answers": 99}, "ladder_mayor_answers"),
    ],
)
def test_a_ladder_that_does_not_rise_is_refused_at_the_step_that_is_too_low(
    changes: dict[str, int], field: str
) -> None:
    with pytest.raises(LadderNotRising) as refused:
        RoundRules.from_json(changes)
    assert refused.value.field == field


def test_a_number_reaches_every_step_up_to_it() -> None:
    rungs = rungs_of(RoundRules())
    assert [len(reached_with(rungs, number)) for number in (0, 49, 50, 99, 100, 999, 1000)] == [0, 0, 1, 1, 2, 2, 3]


def test_a_step_stays_reached_when_endorsements_are_taken_back() -> None:
    standing = standing_on(rungs_of(RoundRules()), [Row(ANSWER, NOW - timedelta(days=3, hours=5))], 48, NOW)
    assert standing[0].reached is not None
    assert (standing[0].days_waited, standing[0].is_next, standing[1].is_next) == (3, False, True)
    assert standing[1].missing == 52


def test_nothing_is_owed_for_what_was_done() -> None:
    done = Row(ANSWER, NOW - timedelta(days=3), fulfilled_at=NOW - timedelta(days=1))
    assert standing_on(rungs_of(RoundRules()), [done], 60, NOW)[0].days_waited is None


def test_on_top_of_the_ladder_nothing_comes_next() -> None:
    assert next_rung(rungs_of(RoundRules()), list(LadderStep)) is None


@pytest.mark.parametrize(
    ("day", "likely"),
    [(date(2026, 5, 20), True), (date(2027, 5, 20), True), (date(2027, 5, 21), False), (date(26, 5, 20), False)],
)
def test_a_forum_is_held_within_a_year(day: date, likely: bool) -> None:
    assert is_likely(day, date(2026, 5, 20)) is likely
