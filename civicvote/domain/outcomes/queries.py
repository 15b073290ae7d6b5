"""What the outcome page tells: the outcome, the other rules beside it, how content voters can be. Plain values."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.outcomes import insight_format
from civicvote.domain.outcomes.comparison import Comparison, Selection, compare
from civicvote.domain.outcomes.groups import GroupTold, by_district, by_field
from civicvote.domain.outcomes.insight_format import Insight
from civicvote.domain.outcomes.models import OutcomeInsight
from civicvote.domain.polls.errors import NotCounted, OutcomeNotPublished
from civicvote.domain.polls.models import Outcome
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.polls.outcome.view import OutcomeView, view
from civicvote.domain.polls.policy import require_manager
from civicvote.domain.polls.queries import PollView
from civicvote.domain.polls.states import PollState
from civicvote.kernel.actor import Actor
from civicvote.kernel.voting import CountingRule


@dataclass(frozen=True, slots=True)
class OutcomeTold:
    """``insight`` and the others of ``comparison`` are missing until a job has counted them."""

    view: OutcomeView
    comparison: Comparison
    insight: Insight | None
    by_field: tuple[GroupTold, ...]
    by_district: tuple[GroupTold, ...]

    @property
    def paying_districts(self) -> tuple[str, ...]:
        """Codes of the groups that paid."""
        return tuple(group.key for group in self.insight.paid_by) if self.insight else ()


def published_outcome(poll: PollView) -> OutcomeTold:
    """The outcome for everybody. One statement. Raises ``OutcomeNotPublished``."""
    if poll.state is not PollState.PUBLISHED:
        raise OutcomeNotPublished
    told = _told(poll)
    if told is None:
        raise OutcomeNotPublished
    return told


def counted_outcome(actor: Actor, poll: PollView) -> OutcomeTold:
    """The same for an officer who decides about publishing it. Raises ``NotPermitted``, ``NotCounted``."""
    require_manager(actor, poll.region_id)
    told = _told(poll)
    if told is None:
        raise NotCounted
    return told


def _told(poll: PollView) -> OutcomeTold | None:
    rows = _outcomes(poll)
    own = next((row for row in rows if row.rule is poll.counting_rule), None)
    if own is None:
        return None
    outcome = view(outcome_format.read(own.result), poll.options)
    insight = insight_format.read(own.insight) if own.insight else None
    selected = outcome.record.selected
    return OutcomeTold(
        view=outcome,
        comparison=compare(_selection(own), [_selection(row) for row in rows if row is not own]),
        insight=insight,
        by_field=by_field(poll.options, selected),
        by_district=by_district(poll.options, selected),
    )


def _outcomes(poll: PollView) -> list[Any]:
    """Every rule under which the poll was counted, with its insight. One statement."""
    return list(
        db.session.execute(
            sa.select(Outcome.rule, Outcome.result, OutcomeInsight.insight)
            .outerjoin(
                OutcomeInsight,
                (OutcomeInsight.region_id == Outcome.region_id)
                & (OutcomeInsight.poll_id == Outcome.poll_id)
                & (OutcomeInsight.rule == Outcome.rule),
            )
            .where(Outcome.region_id == poll.region_id, Outcome.poll_id == poll.id)
            .order_by(Outcome.rule)
        )
    )


def _selection(row: Any) -> Selection:
    """Of the stored result only what is compared: reading it whole for each rule would take longer than the page."""
    return Selection(
        rule=CountingRule(row.rule),
        selected=tuple(row.result["selected"]),
        total_cost=row.result["total_cost"],
        satisfaction=insight_format.read(row.insight).satisfaction if row.insight else None,
    )
