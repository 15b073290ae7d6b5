"""When a poll takes ballots: from the first moment, not at the last, within its phase."""

from datetime import UTC, datetime, timedelta

import pytest

from civicvote.domain.polls.errors import PollClosed, PollNotOpenYet
from civicvote.domain.polls.planning import window
from civicvote.domain.polls.states import PollState, Standing

OPENS = datetime(2026, 3, 1, tzinfo=UTC)
CLOSES = datetime(2026, 3, 8, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("state", "moment", "expected"),
    [
        (PollState.DRAFT, OPENS, Standing.DRAFT),
        (PollState.FROZEN, OPENS - TICK, Standing.COMING),
        (PollState.FROZEN, OPENS, Standing.OPEN),
        (PollState.FROZEN, CLOSES - TICK, Standing.OPEN),
        (PollState.FROZEN, CLOSES, Standing.OVER),
        (PollState.CLOSED, OPENS + TICK, Standing.OVER),
        (PollState.COUNTED, CLOSES, Standing.OVER),
        (PollState.PUBLISHED, OPENS, Standing.PUBLISHED),
    ],
)
def test_state_and_clock_decide_together(state, moment, expected):
    assert window.standing(state, OPENS, CLOSES, moment) is expected
    if expected is Standing.OPEN:
        window.require_open(state, OPENS, CLOSES, moment)
    else:
        refusal = PollNotOpenYet if expected in {Standing.DRAFT, Standing.COMING} else PollClosed
        with pytest.raises(refusal):
            window.require_open(state, OPENS, CLOSES, moment)


def test_the_phase_narrows_the_poll_and_never_widens_it():
    day = timedelta(days=1)
    assert window.effective_closing(CLOSES, CLOSES - day) == CLOSES - day
    assert window.effective_closing(CLOSES, CLOSES + day) == CLOSES
    assert window.effective_opening(OPENS, OPENS + day) == OPENS + day
    assert window.effective_opening(OPENS, OPENS - day) == OPENS
    assert window.effective_closing(CLOSES, None) == CLOSES
