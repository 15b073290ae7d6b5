"""What a counting rule answers: who won, and for every option why or why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.parts_explained import Explanation
from civicvote.domain.tally.profile import Points
from civicvote.kernel.voting import CountingRule


class Reason(StrEnum):
    SELECTED = "selected"
    DOES_NOT_FIT = "does_not_fit"
    AFTER_THE_STOP = "after_the_stop"
    BEYOND_THE_SEATS = "beyond_the_seats"
    BELOW_THRESHOLD = "below_threshold"
    TOO_LITTLE_SUPPORT = "too_little_support"
    RIVAL_WON = "rival_won"
    SUPPORTERS_CANNOT_PAY = "supporters_cannot_pay"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why one option won or did not.

    ``step`` counts from 1 the options that the rule looked at, in that order; it is None for those that it
    never looked at (withdrawn, below the threshold). ``left`` is what was left just before this step: of the
    budget in the currency's smallest unit, or of the seats in an agenda poll; None where ``step`` is.
    """

    option_id: str
    reason: Reason
    score: Points
    cost: int
    step: int | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """Options of equal score among which the tie-break decided.

    ``option_ids`` are in the order used. ``changed_winners`` is True when some other order of these options
    would have selected another set; otherwise the tie-break decided no more than the order of selection.
    """

    score: Points
    option_ids: tuple[str, ...]
    changed_winners: bool


@dataclass(frozen=True)
class TallyResult:
    """``verdicts`` has every option once: first those looked at, by step, then the others by id.

    ``budget`` and ``total_cost`` are in the currency's smallest unit. ``explanation`` is there where a rule has
    more to say than the verdicts do.
    """

    rule: CountingRule
    parameters: CountingParameters
    budget: int
    voters: int
    valid_ballots: int
    verdicts: tuple[Verdict, ...]
    ties: tuple[Tie, ...]
    explanation: Explanation | None = None

    @cached_property
    def selected(self) -> tuple[str, ...]:
        """Option ids in order of selection."""
        return tuple(v.option_id for v in self.verdicts if v.reason is Reason.SELECTED)

    @cached_property
    def total_cost(self) -> int:
        return sum(v.cost for v in self.verdicts if v.reason is Reason.SELECTED)

    @cached_property
    def verdict_by_id(self) -> Mapping[str, Verdict]:
        return {verdict.option_id: verdict for verdict in self.verdicts}
