"""What an officer lays down for a poll while it is a draft, and when that is sound enough to be frozen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from civicvote.domain.polls.ballots.shape import BallotShape
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
from civicvote.domain.polls.errors_planning import IncrementTooSmall
from civicvote.domain.polls.freezing import FrozenOption
from civicvote.domain.polls.planning.ballot_plan import require_ballot, require_counting, require_fillable
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.planning.window import PHASE_OF_KIND
from civicvote.domain.polls.states import PollKind
from civicvote.domain.rounds.schedule import ScheduledPhase, span_of
from civicvote.domain.tally.registry import BUDGET_RULES, TALLY_RULES
from civicvote.domain.tally.ties import TieStep
from civicvote.domain.verification.rules import OLDEST_MINIMUM_AGE, VOTING_AGE
from civicvote.kernel.voting import BallotType, Completion, CountingRule

FEWEST_OPTIONS = 2
STEPS_OF_A_SHARE = 1_000
GROWING = frozenset({Completion.ADD1, Completion.ADD1_FEASIBLE, Completion.ADD1U})
"""Completions that count again with larger shares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPlan:
    """The rules of a poll. Amounts in the currency's smallest unit.

    ``seats``: how many win, agenda polls only. ``envelope_amount``: what is divided, budget polls only;
    ``ballot_limit_amount``: what one ballot may spend. ``threshold``: how many people must have chosen what
    wins, 0 for no such rule; with 1, what nobody chose does not win where there is room or money for all.
    ``tie_steps``: what is looked at before the lot whose seed is drawn at freezing.
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
    threshold: int = 1
    envelope_amount: int | None = None
    minimum_age: int = VOTING_AGE
    counting: CountingChoice = field(default_factory=CountingChoice)
    ballot: BallotShape = field(default_factory=BallotShape)
    tie_steps: tuple[TieStep, ...] = ()
    publishes_ballots: bool = True


def counting_rules_of(kind: PollKind) -> tuple[CountingRule, ...]:
    """The rules by which a poll of this kind can be counted, the suggested one first."""
    if kind is PollKind.BUDGET:
        return tuple(sorted(BUDGET_RULES, key=lambda rule: rule is not CountingRule.EQUAL_SHARES))
    return tuple(rule for rule in TALLY_RULES if rule not in BUDGET_RULES)


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


def suggested_plan(
    kind: PollKind,
    phases: Sequence[ScheduledPhase],
    envelope_amount: int,
    minimum_age: int = VOTING_AGE,
    residents: int = 0,
) -> PollPlan:
    """What the form offers for a new poll: open for the whole phase; for budgets approvals and Equal Shares.

    ``residents``: how many could be on the roll today. Raises ``PollPhaseMissing``."""
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
        minimum_age=minimum_age,
        counting=CountingChoice(increment_amount=suggested_increment(envelope_amount, residents) if is_budget else 1),
        tie_steps=(TieStep.COST, TieStep.VOTES) if is_budget else (),
    )


def suggested_increment(envelope_amount: int, residents: int = 0) -> int:
    """By how much a voter's share grows from run to run, in the currency's smallest unit.

    A power of ten, so that it reads well. The more voters there are, the less a share is worth: 1 for envelopes up to
    a hundred million, 100 for those of ten billion (a hundred million won has 1 won, ten billion 100); more where so
    few ``residents`` (0: nobody knows) could vote that this would be refused."""
    least = least_increment(envelope_amount, residents) if residents else 1
    by_envelope = int("1" + "0" * max(len(str(envelope_amount)) - 9, 0))
    return max(by_envelope, int("1" + "0" * len(str(least - 1))) if least > 1 else 1)


def least_increment(envelope_amount: int, on_roll: int) -> int:
    """A thousandth of what everybody's share is if all on the roll vote, rounded up, in the currency's smallest unit.

    So a thousand runs double the shares, three thousand where a third votes; more precision than that nobody could
    see, and a count of very many runs keeps everybody waiting."""
    return -(-envelope_amount // (STEPS_OF_A_SHARE * max(on_roll, 1))) or 1


def require_runs_that_end(plan: PollPlan, on_roll: int) -> None:
    """Raises ``IncrementTooSmall`` where Equal Shares would go on and on before shares are larger to speak of."""
    if plan.counting_rule is not CountingRule.EQUAL_SHARES or plan.counting.completion not in GROWING:
        return
    least = least_increment(plan.envelope_amount or 0, on_roll)
    if plan.counting.increment_amount < least:
        raise IncrementTooSmall(least=least)
