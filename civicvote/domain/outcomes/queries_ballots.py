"""Reads of opened ballots, equal ones already together: one statement, whatever their number."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.outcomes.ballots import BallotGroup, Ballots, gather
from civicvote.domain.outcomes.models import OutcomeInsight
from civicvote.domain.polls.models import Outcome, Poll, UnsealedBallot
from civicvote.domain.polls.roll.strata import may_show
from civicvote.domain.polls.states import PollState
from civicvote.kernel.voting import CountingRule

_MOST_AT_ONCE = 20


def opened_ballots(region_id: int, poll_id: int) -> Ballots:
    """Every ballot of the poll, once it is counted; none before."""
    said = (UnsealedBallot.electorate, UnsealedBallot.style, UnsealedBallot.choices)
    rows = db.session.execute(
        sa.select(*said, sa.func.count())
        .where(UnsealedBallot.region_id == region_id, UnsealedBallot.poll_id == poll_id)
        .group_by(*said)
        .order_by(*said)
    )
    return gather(BallotGroup(*row) for row in rows)


def ballots_can_be_shown(region_id: int, poll_id: int, rule: CountingRule) -> bool:
    """Whether single ballots of the counted poll, and what can be computed of them, may be shown: one statement."""
    told = Outcome.result["voters"].as_integer(), Outcome.result["withheld"].as_json()
    found = db.session.execute(
        sa.select(*told).where(Outcome.region_id == region_id, Outcome.poll_id == poll_id, Outcome.rule == rule)
    ).one()
    return may_show(found[0]) and not found[1]


def polls_to_compare(*, after: int = 0) -> list[tuple[int, int]]:
    """(region, poll) of counted polls whose other rules, or whose bundle's hash, nobody has computed yet: the oldest
    first, at most 20 behind the poll ``after``."""
    rows = db.session.execute(
        sa.select(Poll.region_id, Poll.id)
        .join(
            Outcome,
            (Outcome.region_id == Poll.region_id) & (Outcome.poll_id == Poll.id) & (Outcome.rule == Poll.counting_rule),
        )
        .outerjoin(
            OutcomeInsight,
            (OutcomeInsight.region_id == Outcome.region_id)
            & (OutcomeInsight.poll_id == Outcome.poll_id)
            & (OutcomeInsight.rule == Outcome.rule),
        )
        .where(
            Poll.state.in_([PollState.COUNTED, PollState.PUBLISHED]),
            Poll.frozen_rules.is_not(None),
            OutcomeInsight.rule.is_(None) | OutcomeInsight.insight["bundle"].as_string().is_(None),
            Poll.id > after,
        )
        .order_by(Poll.id)
        .limit(_MOST_AT_ONCE)
    )
    return [(row.region_id, row.id) for row in rows]
