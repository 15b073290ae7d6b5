"""What a schedule must be like, and how it moves."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.rounds.errors import PhaseAlreadyOver, PhaseNotExtended
from civicvote.domain.rounds.planning import NOTICE_DAYS, extended, schedule_problems, suggested_schedule
from civicvote.domain.rounds.schedule import Span
from civicvote.kernel.clock import CIVIC_ZONE
from civicvote.kernel.phases import Phase

START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def span(phase: Phase, first: int, last: int) -> Span:
    return Span(phase, START + first * DAY, START + last * DAY)


def problems(*spans: Span) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.field) for problem in schedule_problems(spans)]


def test_phases_with_a_pause_are_a_sound_schedule() -> None:
    assert problems(span(Phase.DISCOVERY, 0, 3), span(Phase.AGENDA_VOTE, 5, 8)) == []


def test_phases_may_touch() -> None:
    assert problems(span(Phase.DISCOVERY, 0, 3), span(Phase.REVIEW, 3, 5)) == []


def test_overlapping_phases_are_refused_at_the_later_one() -> None:
    assert problems(span(Phase.DISCOVERY, 0, 3), span(Phase.REVIEW, 2, 5)) == [("phases_overlap", "review_starts_at")]


def test_phases_in_another_order_are_refused_even_without_overlap() -> None:
    assert problems(span(Phase.DISCOVERY, 5, 8), span(Phase.REVIEW, 0, 3)) == [("phases_overlap", "review_starts_at")]


def test_an_end_before_the_start_is_refused() -> None:
    assert problems(span(Phase.DISCOVERY, 3, 3)) == [("phase_ends_before_start", "discovery_ends_at")]


def test_a_schedule_needs_a_phase() -> None:
    assert problems() == [("no_phases", None)]


@pytest.mark.parametrize(
    ("phases", "lacking"),
    [
        ([Phase.AGENDA_VOTE], [Phase.AGENDA_VOTE]),
        ([Phase.DISCOVERY, Phase.BUDGET_VOTE], [Phase.BUDGET_VOTE]),
        ([Phase.DISCOVERY, Phase.AGENDA_VOTE, Phase.MATCHING, Phase.BUDGET_VOTE], []),
        ([Phase.ALLOCATION, Phase.RESULTS], []),
    ],
)
def test_a_phase_needs_the_one_whose_work_it_continues(phases: list[Phase], lacking: list[Phase]) -> None:
    spans = [span(phase, 2 * i, 2 * i + 1) for i, phase in enumerate(phases)]
    assert problems(*spans) == [("phase_needs_another", f"{phase}_starts_at") for phase in lacking]


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2100, 1, 1)))
def test_the_suggested_schedule_is_sound_whatever_the_day(today: date) -> None:
    spans = suggested_schedule(today)
    assert not list(schedule_problems(spans))
    first = spans[0].starts_at.astimezone(CIVIC_ZONE)
    assert first.weekday() == 0
    assert timedelta(days=NOTICE_DAYS) <= first.date() - today < timedelta(days=NOTICE_DAYS + 7)


def test_an_extension_fills_the_pause_before_it_moves_anybody() -> None:
    spans = [span(Phase.DISCOVERY, 0, 3), span(Phase.REVIEW, 5, 8), span(Phase.DELIBERATION, 8, 9)]
    assert extended(spans, Phase.DISCOVERY, START + 5 * DAY, START) == [span(Phase.DISCOVERY, 0, 5), *spans[1:]]


def test_later_phases_move_as_far_as_they_must_and_keep_their_length() -> None:
    spans = [
        span(Phase.DISCOVERY, 0, 3),
        span(Phase.REVIEW, 3, 5),
        span(Phase.AGENDA_VOTE, 6, 8),
        span(Phase.RESULTS, 20, 21),
    ]
    assert extended(spans, Phase.DISCOVERY, START + 6 * DAY, START) == [
        span(Phase.DISCOVERY, 0, 6),
        span(Phase.REVIEW, 6, 8),
        span(Phase.AGENDA_VOTE, 8, 10),
        span(Phase.RESULTS, 20, 21),
    ]


def test_earlier_phases_stay() -> None:
    spans = [span(Phase.DISCOVERY, 0, 3), span(Phase.REVIEW, 3, 5)]
    assert extended(spans, Phase.REVIEW, START + 6 * DAY, START + 4 * DAY)[0] == spans[0]


@given(st.integers(min_value=1, max_value=200))
def test_an_extended_schedule_is_still_sound(days: int) -> None:
    spans = suggested_schedule(date(2026, 1, 1))
    moved = extended(spans, Phase.REVIEW, spans[1].ends_at + timedelta(days=days), spans[0].starts_at)
    assert not list(schedule_problems(moved))
    lengths = [each.ends_at - each.starts_at for each in moved]
    assert lengths[2:] == [each.ends_at - each.starts_at for each in spans[2:]]


def test_an_end_only_moves_to_later() -> None:
    with pytest.raises(PhaseNotExtended):
        extended([span(Phase.DISCOVERY, 0, 3)], Phase.DISCOVERY, START + 3 * DAY, START)


def test_a_finished_or_absent_phase_is_not_extended() -> None:
    spans = [span(Phase.DISCOVERY, 0, 3)]
    with pytest.raises(PhaseAlreadyOver):
        extended(spans, Phase.DISCOVERY, START + 9 * DAY, START + 3 * DAY)
    with pytest.raises(PhaseAlreadyOver):
        extended(spans, Phase.REVIEW, START + 9 * DAY, START)
