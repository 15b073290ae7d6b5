"""What an officer lays down for a poll while it is a draft."""

from dataclasses import dataclass, field
from datetime import datetime

from civicvote.domain.polls.ballots.shape import BallotShape
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.states import PollKind
from civicvote.domain.tally.registry import BUDGET_RULES, TALLY_RULES
from civicvote.domain.tally.ties import TieStep
from civicvote.domain.verification.rules import VOTING_AGE
from civicvote.kernel.voting import BallotType, CountingRule


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
