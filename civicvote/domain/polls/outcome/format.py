"""What the count said, as the JSON that is stored and published, and back. Amounts in the currency's smallest unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from civicvote.domain.polls.ballots.choices import points_from_json, points_json
from civicvote.domain.polls.outcome.exact_json import Codec
from civicvote.domain.polls.outcome.reconciling import SUMS_OF_MARKS
from civicvote.domain.tally.pairwise import Comparison
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.parts_explained import (
    ComparedExplained,
    ElectoratesExplained,
    EnvelopesExplained,
    Explanation,
)
from civicvote.domain.tally.profile import Points
from civicvote.domain.tally.result import Reason, TallyResult
from civicvote.domain.tally.shares_explained import PhragmenExplained, SharesExplained
from civicvote.domain.tally.ties import TieBreak
from civicvote.kernel.voting import CountingRule

#: Format 1 had neither the parameters beyond tie-break, threshold and seats nor an explanation.
FORMAT, FIRST_FORMAT = 2, 1
SINCE_SECOND = frozenset({"parameters", "explanation", "withheld"})

_CODEC = Codec(
    {
        "shares": SharesExplained,
        "phragmen": PhragmenExplained,
        "pairwise": Comparison,
        "electorates": ElectoratesExplained,
        "envelopes": EnvelopesExplained,
        "compared": ComparedExplained,
    }
)
_FURTHER_PARAMETERS = (
    "support_divisor",
    "incompatible",
    "satisfaction",
    "completion",
    "start",
    "increment",
    "most_runs",
    "envelopes",
    "threshold_of",
)


@dataclass(frozen=True, slots=True)
class OptionVerdict:
    """``votes``: ballots that name the option; ``score``: the points they give it, equal where a choice is worth 1.
    ``step`` and ``left`` as in ``tally.result.Verdict``. Both numbers are None where they are withheld: so few people
    were offered the option that they would tell who chose it."""

    option: str
    reason: Reason
    score: Points | None
    votes: int | None
    cost: int
    step: int | None
    left: int | None

    @property
    def is_selected(self) -> bool:
        return self.reason is Reason.SELECTED

    @property
    def is_withheld(self) -> bool:
        return self.votes is None


@dataclass(frozen=True, slots=True)
class DecidedTie:
    score: Points
    options: tuple[str, ...]
    changed_winners: bool


@dataclass(frozen=True, slots=True)
class OutcomeRecord:
    """``checks``: the counts that were compared before the outcome was stored; empty for an imported poll."""

    rule: CountingRule
    parameters: CountingParameters
    budget: int
    voters: int
    valid_ballots: int
    selected: tuple[str, ...]
    total_cost: int
    verdicts: tuple[OptionVerdict, ...]
    ties: tuple[DecidedTie, ...]
    checks: Mapping[str, int]
    explanation: Explanation | None = None

    @property
    def tie_break(self) -> str:
        return str(self.parameters.tie_break)

    @property
    def threshold(self) -> Points | None:
        return self.parameters.threshold

    @property
    def seats(self) -> int | None:
        return self.parameters.seats


def write(
    result: TallyResult,
    votes: Mapping[str, int],
    checks: Mapping[str, int],
    *,
    withheld: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """``votes``: option key to ballots that name it. ``withheld``: options whose numbers, and everything by which they
    could be computed, are left out (docs/decisions/0070)."""
    parameters = result.parameters
    return {
        "format": FORMAT,
        "rule": result.rule.value,
        "tie_break": str(parameters.tie_break),
        "threshold": None if parameters.threshold is None else points_json(parameters.threshold),
        "seats": parameters.seats,
        "parameters": {name: _CODEC.write(getattr(parameters, name)) for name in _further(parameters)},
        "budget": result.budget,
        "voters": result.voters,
        "valid_ballots": result.valid_ballots,
        "selected": list(result.selected),
        "total_cost": result.total_cost,
        "verdicts": [
            {
                "option": verdict.option_id,
                "reason": verdict.reason.value,
                "score": None if verdict.option_id in withheld else points_json(verdict.score),
                "votes": None if verdict.option_id in withheld else votes[verdict.option_id],
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
            if withheld.isdisjoint(tie.option_ids)
        ],
        "checks": {name: number for name, number in checks.items() if not (withheld and name in SUMS_OF_MARKS)},
        "explanation": _CODEC.write(_without(withheld, result.explanation)),
        "withheld": sorted(withheld),
    }


def _further(parameters: CountingParameters) -> tuple[str, ...]:
    """``compares_with_greedy`` where it is asked for only, so that outcomes that knew no such choice stay equal."""
    return (*_FURTHER_PARAMETERS, *(["compares_with_greedy"] if parameters.compares_with_greedy else []))


def _without(withheld: frozenset[str], explanation: Explanation | None) -> Explanation | None:
    """What is told of the parts of the envelope in which nothing is withheld; of an undivided one nothing."""
    if not withheld:
        return explanation
    if not isinstance(explanation, EnvelopesExplained):
        return None
    return EnvelopesExplained(tuple(part for part in explanation.parts if withheld.isdisjoint(part.option_ids)))


def read(stored: Mapping[str, Any]) -> OutcomeRecord:
    """What ``write`` wrote, in this format or the one before."""
    return OutcomeRecord(
        rule=CountingRule(stored["rule"]),
        parameters=_parameters(stored),
        budget=stored["budget"],
        voters=stored["voters"],
        valid_ballots=stored["valid_ballots"],
        selected=tuple(stored["selected"]),
        total_cost=stored["total_cost"],
        verdicts=tuple(
            OptionVerdict(
                option=verdict["option"],
                reason=Reason(verdict["reason"]),
                score=None if verdict["score"] is None else points_from_json(verdict["score"]),
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
        explanation=_CODEC.read(Explanation | None, stored.get("explanation")),
    )


def _parameters(stored: Mapping[str, Any]) -> CountingParameters:
    threshold = stored["threshold"]
    hints = get_type_hints(CountingParameters)
    further = {name: _CODEC.read(hints[name], value) for name, value in stored.get("parameters", {}).items()}
    return CountingParameters(
        tie_break=TieBreak.parse(stored["tie_break"]),
        threshold=None if threshold is None else points_from_json(threshold),
        seats=stored["seats"],
        **further,
    )
