from datetime import UTC, datetime, timedelta

from civicvote.domain.notifications.retries import wait_after
from civicvote.domain.reporting.doors import Deed, Door, OpenPoll, by_weight, main_deed
from civicvote.domain.rounds.phase_actions import PHASE_ACTIONS
from civicvote.kernel.phases import Phase

NOW = datetime(2026, 3, 2, tzinfo=UTC)
POLL = OpenPoll(1, "투표", "Poll", NOW)


def test_the_main_deed_of_each_phase() -> None:
    deeds = {phase: main_deed(phase, PHASE_ACTIONS[phase], None) for phase in Phase}
    assert deeds == {
        Phase.DISCOVERY: Deed.PROPOSE,
        Phase.REVIEW: Deed.DISCUSS,
        Phase.DELIBERATION: Deed.DISCUSS,
        Phase.AGENDA_VOTE: Deed.DISCUSS,
        Phase.MATCHING: Deed.DISCUSS,
        Phase.BUDGET_VOTE: Deed.DISCUSS,
        Phase.ALLOCATION: Deed.FOLLOW_MONEY,
        Phase.IMPLEMENTATION: Deed.FOLLOW_MONEY,
        Phase.RESULTS: Deed.FOLLOW_MONEY,
    }
    assert main_deed(Phase.BUDGET_VOTE, PHASE_ACTIONS[Phase.BUDGET_VOTE], POLL) is Deed.VOTE


def _door(round_id: int, deed: Deed, days: int) -> Door:
    ends_at = NOW + timedelta(days=days)
    return Door(1, "here", "여기", "Here", round_id, "회차", "Round", Phase.DISCOVERY, deed, ends_at)


def test_votes_come_first_and_the_earliest_end_before_later_ones() -> None:
    doors = [
        _door(1, Deed.FOLLOW_MONEY, 1),
        _door(2, Deed.PROPOSE, 9),
        _door(3, Deed.PROPOSE, 2),
        _door(4, Deed.VOTE, 30),
        _door(5, Deed.DISCUSS, 1),
    ]
    assert [door.round_id for door in by_weight(doors)] == [4, 3, 2, 5, 1]


def test_waits_double_up_to_six_hours() -> None:
    assert [wait_after(tries) for tries in (1, 2, 3)] == [timedelta(minutes=minutes) for minutes in (1, 2, 4)]
    assert wait_after(10) == timedelta(hours=6)
