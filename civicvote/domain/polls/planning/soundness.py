"""When a plan is sound as a draft, and when enough so to be frozen."""

from collections.abc import Sequence
from datetime import datetime

from civicvote.domain.polls.errors import (
    EnvelopeMissing,
    MinimumAgeUnusable,
    OptionAboveEnvelope,
    PollAlreadyOver,
    PollEndsBeforeItStarts,
    PollOutsidePhase,
    PollPhaseMissing,
    RuleDoesNotFitKind,
    SeatsMissing,
    TooFewOptions,
)
from civicvote.domain.polls.freezing import FrozenOption
from civicvote.domain.polls.planning.ballot_plan import require_ballot, require_counting, require_fillable
from civicvote.domain.polls.planning.poll_plan import PollPlan, counting_rules_of
from civicvote.domain.polls.planning.window import PHASE_OF_KIND
from civicvote.domain.polls.states import PollKind
from civicvote.domain.rounds.schedule import ScheduledPhase, span_of
from civicvote.domain.verification.rules import OLDEST_MINIMUM_AGE

FEWEST_OPTIONS = 2


def require_sound(plan: PollPlan) -> None:
    """What holds for a draft already. Raises the first broken rule of ``polls.errors`` or ``errors_planning``."""
    if plan.opens_at >= plan.closes_at:
        raise PollEndsBeforeItStarts
    if plan.counting_rule not in counting_rules_of(plan.kind):
        raise RuleDoesNotFitKind
    if plan.kind is PollKind.AGENDA and (plan.seats is None or plan.seats < 1):
        raise SeatsMissing
    if plan.kind is PollKind.BUDGET and (plan.envelope_amount is None or plan.envelope_amount < 1):
        raise EnvelopeMissing
    require_ballot(plan)
    require_counting(plan)
    if not 0 <= plan.minimum_age <= OLDEST_MINIMUM_AGE:
        raise MinimumAgeUnusable(oldest=OLDEST_MINIMUM_AGE)


def require_freezable(
    plan: PollPlan, options: Sequence[FrozenOption], phases: Sequence[ScheduledPhase], moment: datetime
) -> None:
    """What must hold beyond ``require_sound`` before voters are promised anything. Raises the first broken rule."""
    require_sound(plan)
    if len(options) < FEWEST_OPTIONS:
        raise TooFewOptions(fewest=FEWEST_OPTIONS)
    if plan.kind is PollKind.BUDGET:
        assert plan.envelope_amount is not None
        for option in options:
            if option.cost_amount > plan.envelope_amount:
                raise OptionAboveEnvelope(option=option.label)
    require_fillable(plan, options)
    phase = PHASE_OF_KIND[plan.kind]
    span = span_of(phases, phase)
    if span is None:
        raise PollPhaseMissing(phase=phase)
    for name, at in (("opens_at", plan.opens_at), ("closes_at", plan.closes_at)):
        if not span.starts_at <= at <= span.ends_at:
            raise PollOutsidePhase(field=name, phase=phase, starts_at=span.starts_at, ends_at=span.ends_at)
    if plan.closes_at <= moment:
        raise PollAlreadyOver
