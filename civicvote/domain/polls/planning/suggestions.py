"""What the form offers for a new poll, and by how much shares grow in a count that ends."""

from collections.abc import Sequence

from civicvote.domain.polls.errors import PollPhaseMissing
from civicvote.domain.polls.errors_planning import IncrementTooSmall
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.planning.poll_plan import PollPlan, counting_rules_of
from civicvote.domain.polls.planning.window import PHASE_OF_KIND
from civicvote.domain.polls.states import PollKind
from civicvote.domain.rounds.schedule import ScheduledPhase, span_of
from civicvote.domain.tally.ties import TieStep
from civicvote.domain.verification.rules import VOTING_AGE
from civicvote.kernel.voting import Completion, CountingRule

STEPS_OF_A_SHARE = 1_000
GROWING = frozenset({Completion.ADD1, Completion.ADD1_FEASIBLE, Completion.ADD1U})
"""Completions that count again with larger shares."""


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
