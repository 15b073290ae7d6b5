"""Read of a count that an officer asked for: under way, or refused, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.polls.count_asked import is_counting
from civicvote.domain.polls.errors import CountBrokeOff, UnknownPoll
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.policy import require_manager
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class AskedCount:
    """``since``: the count is under way. ``refusal``: the code of what the last one was refused for, with its params;
    empty where it was not."""

    since: datetime | None = None
    refusal: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


def asked_count(actor: Actor, region_id: int, poll_id: int) -> AskedCount:
    """One statement. Raises ``NotPermitted``, ``UnknownPoll``."""
    require_manager(actor, region_id)
    row = db.session.execute(
        sa.select(Poll.counting_since, Poll.count_refusal).where(Poll.region_id == region_id, Poll.id == poll_id)
    ).first()
    if row is None:
        raise UnknownPoll
    if is_counting(row.counting_since, clock.now()):
        return AskedCount(row.counting_since)
    if row.counting_since is not None:
        return AskedCount(refusal=CountBrokeOff.code)
    told = row.count_refusal
    return AskedCount(refusal=told["code"], params=told["params"]) if told else AskedCount()
