"""Where a round stands: half-open phases, pauses, ends."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.rounds.schedule import (
    PhaseStanding,
    Span,
    closing_moment,
    has_begun,
    is_over,
    next_span,
    phase_at,
    phase_end,
    standing,
    timeline,
)
from civicvote.kernel.phases import Phase

START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
#: Two phases without a pause, a day of pause, a third.
SPANS = [
    Span(Phase.DISCOVERY, START, START + 3 * DAY),
    Span(Phase.REVIEW, START + 3 * DAY, START + 5 * DAY),
    Span(Phase.AGENDA_VOTE, START + 6 * DAY, START + 8 * DAY),
]


def test_a_phase_holds_from_its_start_until_just_before_its_end() -> None:
    tick = timedelta(microseconds=1)
    assert phase_at(SPANS, START - tick) is None
    assert phase_at(SPANS, START) is Phase.DISCOVERY
    assert phase_at(SPANS, START + 3 * DAY - tick) is Phase.DISCOVERY
    assert phase_at(SPANS, START + 3 * DAY) is Phase.REVIEW
    assert phase_at(SPANS, START + 5 * DAY) is None
    assert phase_at(SPANS, START + 8 * DAY) is None


def test_order_of_the_rows_does_not_matter() -> None:
    assert [entry.phase for entry in timeline(reversed(SPANS), START)] == [span.phase for span in SPANS]


def test_timeline_tells_past_current_and_upcoming() -> None:
    assert [entry.state for entry in timeline(SPANS, START + 4 * DAY)] == [
        PhaseStanding.PAST,
        PhaseStanding.CURRENT,
        PhaseStanding.UPCOMING,
    ]


def test_in_a_pause_nothing_is_current_and_the_next_phase_is_told() -> None:
    where = standing(SPANS, START + 5 * DAY)
    assert where.current is None
    assert where.following is not None
    assert where.following.phase is Phase.AGENDA_VOTE
    assert not where.is_over


def test_after_the_last_phase_the_round_is_over() -> None:
    assert is_over(SPANS, START + 8 * DAY)
    assert not is_over(SPANS, START + 8 * DAY - timedelta(seconds=1))
    assert next_span(SPANS, START + 7 * DAY) is None
    assert not is_over([], START)


def test_a_poll_closes_with_its_phase_or_before() -> None:
    assert phase_end(SPANS, Phase.AGENDA_VOTE) == START + 8 * DAY
    assert closing_moment(START + 9 * DAY, SPANS, Phase.AGENDA_VOTE) == START + 8 * DAY
    assert closing_moment(START + 7 * DAY, SPANS, Phase.AGENDA_VOTE) == START + 7 * DAY
    assert closing_moment(START + 9 * DAY, SPANS, Phase.BUDGET_VOTE) == START + 9 * DAY


def test_a_phase_that_is_left_out_never_begins() -> None:
    assert has_begun(SPANS, Phase.REVIEW, START + 3 * DAY)
    assert not has_begun(SPANS, Phase.REVIEW, START)
    assert not has_begun(SPANS, Phase.RESULTS, START + 100 * DAY)


@given(st.integers(min_value=-3, max_value=12))
def test_at_any_moment_at_most_one_phase_is_current(hours_and_days: int) -> None:
    moment = START + hours_and_days * DAY
    current = [entry for entry in timeline(SPANS, moment) if entry.state is PhaseStanding.CURRENT]
    assert [entry.phase for entry in current] == [phase for phase in [phase_at(SPANS, moment)] if phase]
