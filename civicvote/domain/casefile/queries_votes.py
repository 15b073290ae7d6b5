"""The votes on a proposal and its projects: what was fixed, when it opened and closed, and how it came out for them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.casefile.steps import CaseEvent, CaseLine
from civicvote.domain.polls.models import Outcome, Poll, PollOption
from civicvote.domain.polls.states import PollState
from civicvote.kernel import clock


@dataclass(frozen=True, slots=True)
class VoteTitle:
    title_ko: str
    title_en: str


def vote_lines(region_id: int, subjects: Mapping[int, str]) -> Iterator[CaseLine]:
    """``subjects``: titles of the proposal and its projects by id. Drafts are nobody's business. One statement."""
    rows = db.session.execute(
        sa.select(Poll, PollOption.key, PollOption.subject_id, Outcome.result)
        .join(PollOption, (PollOption.region_id == Poll.region_id) & (PollOption.poll_id == Poll.id))
        .outerjoin(
            Outcome,
            (Outcome.region_id == Poll.region_id)
            & (Outcome.poll_id == Poll.id)
            & (Outcome.rule == Poll.counting_rule)
            & (Poll.state == PollState.PUBLISHED),
        )
        .where(
            Poll.region_id == region_id,
            Poll.frozen_at.is_not(None),
            PollOption.subject_id.in_(list(subjects)),
        )
        .order_by(Poll.id, PollOption.position)
    ).all()
    now, told = clock.now(), set()
    for poll, key, subject_id, result in rows:
        detail: dict[str, Any] = {
            "kind": poll.kind,
            "vote": VoteTitle(poll.title_ko, poll.title_en),
            "subject": subjects[subject_id],
        }
        moments = (
            (poll.frozen_at, CaseEvent.POLL_FROZEN),
            (poll.opens_at if poll.opens_at <= now else None, CaseEvent.POLL_OPENED),
            (poll.closed_at, CaseEvent.POLL_CLOSED),
        )
        for at, event in moments if poll.id not in told else ():
            if at is not None:
                yield CaseLine(at, event, poll.id, detail=detail)
        told.add(poll.id)
        if poll.published_at is not None and result is not None:
            yield CaseLine(
                poll.published_at, CaseEvent.POLL_PUBLISHED, poll.id, detail={**detail, **_verdict(result, key)}
            )


def _verdict(result: Mapping[str, Any], key: str) -> dict[str, Any]:
    """How one option came out: ``place`` from 1 among the selected or None, ``votes``, None where they
    are withheld, of how many ``voters``."""
    verdict = next((each for each in result["verdicts"] if each["option"] == key), None)
    place = result["selected"].index(key) + 1 if key in result["selected"] else None
    return {"place": place, "votes": verdict["votes"] if verdict else 0, "voters": result["voters"]}
