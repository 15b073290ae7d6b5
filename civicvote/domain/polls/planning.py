"""What an officer lays down for a poll while it is a draft, and when that is sound enough to be frozen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from civicvote.domain.polls.errors import (
    ChoiceLimitsUnusable,
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
from civicvote.domain.polls.states import PollKind
from civicvote.domain.polls.window import PHASE_OF_KIND
from civicvote.domain.rounds.schedule import ScheduledPhase, span_of
from civicvote.domain.tally.registry import BUDGET_RULES
from civicvote.domain.verification.rules import OLDEST_MINIMUM_AGE, VOTING_AGE
from civicvote.kernel.voting import BallotType, CountingRule

FEWEST_OPTIONS = 2
CASTABLE = (BallotType.APPROVAL, BallotType.CHOOSE_1)
"""The ballots that can be cast here; the others come in with imported elections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPlan:
    """The rules of a poll. Amounts in the currency's smallest unit.

    ``seats``: how many win, agenda polls only. ``envelope_amount``: what is divided, budget polls only;
    ``ballot_limit_amount``: what one ballot may spend. ``threshold``: the fewest votes that can win, 0 for none.
    """

    kind: PollKind
    title_ko: str
    title_en: str
    opens_at: datetime
    closes_at: datetime
    counting_rule: CountingRule
    description_ko: str = ""
    description_en: str = ""
    ballot_type: BallotType = BallotType.APPROVAL
    min_choices: int = 1
    max_choices: int | None = None
    ballot_limit_amount: int | None = None
    seats: int | None = None
    threshold: int = 0
    envelope_amount: int | None = None
    minimum_age: int = VOTING_AGE


def counting_rules_of(kind: PollKind) -> tuple[CountingRule, ...]:
    """The rules by which a poll of this kind can be counted."""
    return BUDGET_RULES if kind is PollKind.BUDGET else (CountingRule.APPROVAL,)


def require_sound(plan: PollPlan) -> None:
    """What holds for a draft already. Raises the first broken rule of ``polls.errors``."""
    if plan.opens_at >= plan.closes_at:
        raise PollEndsBeforeItStarts
    if plan.counting_rule not in counting_rules_of(plan.kind) or plan.ballot_type not in CASTABLE:
        raise RuleDoesNotFitKind
    if plan.kind is PollKind.AGENDA and (plan.seats is None or plan.seats < 1):
        raise SeatsMissing
    if plan.kind is PollKind.BUDGET and (plan.envelope_amount is None or plan.envelope_amount < 1):
        raise EnvelopeMissing
    if plan.min_choices < 1 or (plan.max_choices is not None and plan.max_choices < plan.min_choices):
        raise ChoiceLimitsUnusable
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
    phase = PHASE_OF_KIND[plan.kind]
    span = span_of(phases, phase)
    if span is None:
        raise PollPhaseMissing(phase=phase)
    for name, at in (("opens_at", plan.opens_at), ("closes_at", plan.closes_at)):
        if not span.starts_at <= at <= span.ends_at:
            raise PollOutsidePhase(field=name, phase=phase, starts_at=span.starts_at, ends_at=span.ends_at)
    if plan.closes_at <= moment:
        raise PollAlreadyOver


def suggested_plan(
    kind: PollKind, phases: Sequence[ScheduledPhase], envelope_amount: int, minimum_age: int = VOTING_AGE
) -> PollPlan:
    """What the form offers for a new poll: open for the whole phase, one ballot as large as the envelope.

    Raises ``PollPhaseMissing``."""
    phase = PHASE_OF_KIND[kind]
    span = span_of(phases, phase)
    if span is None:
        raise PollPhaseMissing(phase=phase)
    is_budget = kind is PollKind.BUDGET
    return PollPlan(
        kind=kind,
        title_ko="",
        title_en="",
        opens_at=span.starts_at,
        closes_at=span.ends_at,
        counting_rule=counting_rules_of(kind)[0],
        max_choices=None if is_budget else 5,
        seats=None if is_budget else 5,
        envelope_amount=envelope_amount if is_budget else None,
        ballot_limit_amount=envelope_amount if is_budget else None,
        minimum_age=minimum_age,
    )
