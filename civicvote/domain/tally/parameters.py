"""What a counting rule needs to know beside the profile; frozen with the poll's rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from civicvote.domain.tally.profile import Points
from civicvote.domain.tally.ties import BY_ID, TieBreak
from civicvote.kernel.voting import Completion, Satisfaction


class EnvelopesBy(StrEnum):
    """By what a budget is split before counting."""

    DISTRICT = "district"
    FIELD = "field"


class ThresholdOf(StrEnum):
    """What a threshold is compared with."""

    SCORE = "score"
    """The sum of points, weighted where electorates are: Pabulib's ``min_project_score_threshold``."""
    BACKERS = "backers"
    """The ballots that give the option more than 0 points, whatever they are worth."""


@dataclass(frozen=True, slots=True)
class Envelopes:
    """``amounts``: district or field to its part of the budget, in the currency's smallest unit. What they leave is
    for the options of no listed one."""

    by: EnvelopesBy
    amounts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CountingParameters:
    """``threshold``: the lowest score that can win, or the fewest backers, as ``threshold_of`` says; None for no
    threshold. ``seats``: agenda polls only.

    ``support_divisor``: a project needs ``backers / voters >= cost / (divisor * budget)``, as Świecie 2023 had it
    with 3; None for no such rule. ``incompatible``: groups of option ids of which at most one can win.
    ``satisfaction`` to ``most_runs`` are of Equal Shares: ``start`` is the share of a voter in the first run, in the
    currency's smallest unit (None: budget / voters, exactly), ``increment`` what each further run adds to it in the
    same unit, ``most_runs`` where the runs end whatever they found; ``compares_with_greedy``: whether greedy stands
    where more voters prefer it. ``envelopes``: every rule that divides a budget then divides each part on its own.
    """

    tie_break: TieBreak = BY_ID
    threshold: Points | None = None
    seats: int | None = None
    support_divisor: int | None = None
    incompatible: tuple[tuple[str, ...], ...] = ()
    satisfaction: Satisfaction = Satisfaction.COST
    completion: Completion = Completion.NONE
    start: Fraction | None = None
    increment: int = 1
    most_runs: int = 1_000_000
    envelopes: Envelopes | None = None
    threshold_of: ThresholdOf = ThresholdOf.SCORE
    compares_with_greedy: bool = False

    @property
    def rivals(self) -> Mapping[str, frozenset[str]]:
        """Option id to the ids that can't win beside it; only options that have any."""
        found: dict[str, set[str]] = {}
        for group in self.incompatible:
            for option_id in group:
                found.setdefault(option_id, set()).update(other for other in group if other != option_id)
        return {option_id: frozenset(others) for option_id, others in found.items()}
