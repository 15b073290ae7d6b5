"""What the count said, as the JSON that is stored and published, and back. Amounts in the currency's smallest unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from civicvote.domain.polls.choices import points_from_json, points_json
from civicvote.domain.tally.profile import Points
from civicvote.domain.tally.result import Reason, TallyResult
from civicvote.kernel.voting import CountingRule

FORMAT = 1


@dataclass(frozen=True, slots=True)
class OptionVerdict:
    """``votes``: ballots that name the option; ``score``: the points they give it, equal where a choice is worth 1.
    ``step`` and ``left`` as in ``tally.result.Verdict``."""

    option: str
    reason: Reason
    score: Points
    votes: int
    cost: int
    step: int | None
    left: int | None

    @property
    def is_selected(self) -> bool:
        return self.reason is Reason.SELECTED


@dataclass(frozen=True, slots=True)
class DecidedTie:
    score: Points
    options: tuple[str, ...]
    changed_winners: bool


@dataclass(frozen=True, slots=True)
class OutcomeRecord:
    """``checks``: the counts that were compared before the outcome was stored; empty for an imported poll."""

    rule: CountingRule
    tie_break: str
    threshold: Points | None
    seats: int | None
    budget: int
    voters: int
    valid_ballots: int
    selected: tuple[str, ...]
    total_cost: int
    verdicts: tuple[OptionVerdict, ...]
    ties: tuple[DecidedTie, ...]
    checks: Mapping[str, int]


def write(result: TallyResult, votes: Mapping[str, int], checks: Mapping[str, int]) -> dict[str, Any]:
    """``votes``: option key to ballots that name it."""
    parameters = result.parameters
    return {
        "format": FORMAT,
        "rule": result.rule.value,
        "tie_break": str(parameters.tie_break),
        "threshold": None if parameters.threshold is None else points_json(parameters.threshold),
        "seats": parameters.seats,
        "budget": result.budget,
        "voters": result.voters,
        "valid_ballots": result.valid_ballots,
        "selected": list(result.selected),
        "total_cost": result.total_cost,
        "verdicts": [
            {
                "option": verdict.option_id,
                "reason": verdict.reason.value,
                "score": points_json(verdict.score),
                "votes": votes[verdict.option_id],
                "cost": verdict.cost,
                "step": verdict.step,
                "left": verdict.left,
            }
            for verdict in result.verdicts
        ],
        "ties": [
            {
                "score": points_json(tie.score),
                "options": list(tie.option_ids),
                "changed_winners": tie.changed_winners,
            }
            for tie in result.ties
        ],
        "checks": dict(checks),
    }


def read(stored: Mapping[str, Any]) -> OutcomeRecord:
    """What ``write`` wrote."""
    threshold = stored["threshold"]
    return OutcomeRecord(
        rule=CountingRule(stored["rule"]),
        tie_break=stored["tie_break"],
        threshold=None if threshold is None else points_from_json(threshold),
        seats=stored["seats"],
        budget=stored["budget"],
        voters=stored["voters"],
        valid_ballots=stored["valid_ballots"],
        selected=tuple(stored["selected"]),
        total_cost=stored["total_cost"],
        verdicts=tuple(
            OptionVerdict(
                option=verdict["option"],
                reason=Reason(verdict["reason"]),
                score=points_from_json(verdict["score"]),
                votes=verdict["votes"],
                cost=verdict["cost"],
                step=verdict["step"],
                left=verdict["left"],
            )
            for verdict in stored["verdicts"]
        ),
        ties=tuple(
            DecidedTie(points_from_json(tie["score"]), tuple(tie["options"]), tie["changed_winners"])
            for tie in stored["ties"]
        ),
        checks=stored["checks"],
    )
