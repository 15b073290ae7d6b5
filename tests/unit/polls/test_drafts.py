"""Unfinished ballots: sealed for one session, all equally long; and when who began one is reminded."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.polls import reminders
from civicvote.domain.polls.ballots import wishes
from civicvote.domain.polls.ballots.wishes import of_choices
from civicvote.domain.polls.box import draft_sealing
from civicvote.domain.polls.box.draft_sealing import NotThisSession
from civicvote.domain.polls.freezing import FrozenOption
from civicvote.domain.polls.states import Reminder
from civicvote.kernel.voting import BallotType

OPTIONS = [FrozenOption(key=key, label=key) for key in ("a", "나무", "bench-3", 'q"\\')]
LONGEST = wishes.longest(OPTIONS)
KEY = draft_sealing.key_from("the token in the cookie", 7)


@given(
    st.lists(st.sampled_from([option.key for option in OPTIONS]), unique=True),
    st.sampled_from(BallotType),
    st.integers(0, 9_999),
)
def test_every_draft_comes_back_and_all_of_a_poll_are_equally_long(chosen, ballot_type, points):
    has_points = ballot_type in (BallotType.CUMULATIVE, BallotType.SCORING)
    wish = of_choices(chosen, [points] * len(chosen) if has_points else [], ballot_type)
    sealed = draft_sealing.seal(wishes.write(wish), key=KEY, longest=LONGEST)
    assert len(sealed) == 24 + 16 + 4 + LONGEST
    assert wishes.read(draft_sealing.unseal(sealed, key=KEY), ballot_type) == wish


@pytest.mark.parametrize("other", [("another token", 7), ("the token in the cookie", 8)])
def test_another_session_or_another_poll_does_not_open_it(other):
    sealed = draft_sealing.seal("[[],[]]", key=KEY, longest=LONGEST)
    with pytest.raises(NotThisSession):
        draft_sealing.unseal(sealed, key=draft_sealing.key_from(*other))


def test_the_same_choices_never_look_the_same():
    assert len({draft_sealing.seal("[[],[]]", key=KEY, longest=LONGEST) for _ in range(20)}) == 20


BEGUN = datetime(2026, 3, 1, tzinfo=UTC)
CLOSES = BEGUN + timedelta(days=14)


@pytest.mark.parametrize(
    ("after", "told", "due"),
    [
        (timedelta(hours=1, minutes=59), None, None),
        (timedelta(hours=2), None, Reminder.AFTER_HOURS),
        (timedelta(hours=3), Reminder.AFTER_HOURS, None),
        (timedelta(days=7), Reminder.AFTER_HOURS, Reminder.AFTER_A_WEEK),
        (timedelta(days=8), Reminder.AFTER_A_WEEK, None),
        (timedelta(days=8), None, Reminder.AFTER_A_WEEK),
        (timedelta(days=13), Reminder.AFTER_A_WEEK, Reminder.LAST_DAY),
        (timedelta(days=13), Reminder.LAST_DAY, None),
        (timedelta(days=14), None, None),
    ],
)
def test_each_reminder_comes_once_in_its_time_and_none_after_closing(after, told, due):
    assert reminders.due(BEGUN, CLOSES, told, BEGUN + after) is due


def test_who_begins_on_the_last_day_is_left_in_peace_for_two_hours():
    begun = CLOSES - timedelta(hours=6)
    assert reminders.due(begun, CLOSES, None, begun + timedelta(hours=1)) is None
    assert reminders.due(begun, CLOSES, None, begun + timedelta(hours=2)) is Reminder.LAST_DAY


@given(st.integers(0, 400), st.integers(1, 400))
def test_a_worker_that_looks_at_any_times_sends_at_most_three_and_never_two_alike(step, hours):
    closes, told, sent, now = BEGUN + timedelta(hours=hours), None, [], BEGUN
    while now < closes + timedelta(days=1):
        stage = reminders.due(BEGUN, closes, told, now)
        if stage is not None:
            told = stage
            sent.append(stage)
        now += timedelta(hours=1 + step / 100)
    assert len(sent) == len(set(sent)) <= 3
