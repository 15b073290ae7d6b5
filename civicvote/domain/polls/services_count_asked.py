"""A count that is asked for: noted first, done in a unit of its own, and told on the poll's page.

An officer asks in a request, and the count is done after the answer; of polls with a key file the schedule asks by
itself. Noting it apart keeps both from waiting for each other's lock. The poll is closed for good before, so nobody's
ballot waits for it. A count that broke off can be asked for again.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from civicvote.db import db
from civicvote.domain.polls.count_asked import is_counting
from civicvote.domain.polls.errors import CountBrokeOff, CountUnderWay, NotClosed, UnknownPoll
from civicvote.domain.polls.errors_sealing import KeyholdersNeeded
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.policy import require_manager
from civicvote.domain.polls.services_closing import close_poll
from civicvote.domain.polls.services_counting import count_poll
from civicvote.domain.polls.services_preparing import locked_poll
from civicvote.domain.polls.services_turns import wait_for_casts
from civicvote.domain.polls.states import PollState
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from civicvote.kernel.errors import Refusal

Unit = Callable[[], AbstractContextManager[object]]


def close_and_ask(*, actor: Actor, region_id: int, poll_id: int, reason: str = "") -> bool:
    """Close where that is not done yet. Whether the count is to follow: not where it takes keyholders.

    Raises what ``close_poll`` raises, ``CountUnderWay``, and ``KeyholdersNeeded`` where there is nothing to close."""
    require_manager(actor, region_id)
    require_no_count(region_id=region_id, poll_id=poll_id)
    wait_for_casts(poll_id)
    poll = locked_poll(region_id, poll_id)
    if poll.state is not PollState.CLOSED:
        close_poll(actor=actor, region_id=region_id, poll_id=poll_id, reason=reason)
        if poll.keyholders_needed:
            return False
    if poll.keyholders_needed:
        raise KeyholdersNeeded(needed=poll.keyholders_needed)
    ask_for_count(actor=actor, region_id=region_id, poll_id=poll_id)
    return True


def require_no_count(*, region_id: int, poll_id: int) -> None:
    """Looks without a lock, for which it would wait until the count is over. Raises ``UnknownPoll``,
    ``CountUnderWay``."""
    poll = db.session.get(Poll, (region_id, poll_id))
    if poll is None:
        raise UnknownPoll
    if is_counting(poll.counting_since, clock.now()):
        raise CountUnderWay


def ask_for_count(*, actor: Actor | None, region_id: int, poll_id: int) -> None:
    """Note that the closed poll is being counted from here on. ``actor`` None: the schedule asks.

    Raises ``NotPermitted``, ``UnknownPoll``, ``NotClosed``, ``CountUnderWay``."""
    if actor is not None:
        require_manager(actor, region_id)
    require_no_count(region_id=region_id, poll_id=poll_id)
    poll = locked_poll(region_id, poll_id)
    if poll.state is not PollState.CLOSED:
        raise NotClosed
    poll.counting_since, poll.count_refusal = clock.now(), None
    db.session.flush()


def count_as_asked(*, count: Callable[[], object], region_id: int, poll_id: int, unit: Unit) -> str:
    """Run ``count``, one of ``services_counting``, in a unit of its own; where it is refused, the poll's page says why.

    The refusal's code, empty where there is none. What is no refusal is raised again, once the page says that the count
    broke off."""
    try:
        with unit():
            count()
    except Refusal as refusal:
        _tell(refusal, region_id, poll_id, unit)
        return refusal.code
    except BaseException:
        _tell(CountBrokeOff(), region_id, poll_id, unit)
        raise
    return ""


def count_by_schedule(*, region_id: int, poll_id: int, key_folder: Path, unit: Unit) -> str:
    """Ask and count, with the key file; the code of what it was refused for, empty where it was not."""
    try:
        with unit():
            ask_for_count(actor=None, region_id=region_id, poll_id=poll_id)
    except Refusal as refusal:
        return refusal.code
    count = partial(count_poll, actor=None, region_id=region_id, poll_id=poll_id, key_folder=key_folder)
    return count_as_asked(count=count, region_id=region_id, poll_id=poll_id, unit=unit)


def _tell(refusal: Refusal, region_id: int, poll_id: int, unit: Unit) -> None:
    """On a poll that somebody else counted meanwhile there is nothing to tell."""
    with unit():
        poll = locked_poll(region_id, poll_id)
        if poll.state is PollState.CLOSED:
            params = {name: value if isinstance(value, int) else str(value) for name, value in refusal.params.items()}
            poll.counting_since, poll.count_refusal = None, {"code": refusal.code, "params": params}
