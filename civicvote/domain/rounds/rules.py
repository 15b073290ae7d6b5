"""The rules of a round that its officers may set before it is announced, each with a default and the reason for it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from civicvote.domain.rounds.errors import LadderNotRising, RulesUnusable


@dataclass(frozen=True, slots=True)
class Limits:
    lowest: int
    highest: int


#: Bounds keep a typing error from closing the round (0 proposals) or undoing the rule (edits for ever).
LIMITS: dict[str, Limits] = {
    "proposals_per_person": Limits(1, 100),
    "comment_silent_edit_minutes": Limits(0, 60),
    "comment_edit_hours": Limits(0, 168),
    "ladder_department_answers": Limits(0, 1_000_000),
    "ladder_forum": Limits(0, 1_000_000),
    "ladder_mayor_answers": Limits(0, 1_000_000),
    "shows_turnout_by_group": Limits(0, 1),
}

#: The steps of the endorsement ladder from the lowest number up; 0 leaves a step out.
LADDER: tuple[str, ...] = ("ladder_department_answers", "ladder_forum", "ladder_mayor_answers")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRules:
    """``Round.rules`` as values. A key that is absent has the default."""

    #: Enough for what one person knows of a place, few enough that departments can answer every proposal.
    proposals_per_person: int = 5
    #: Long enough to mend a slip before many have read it.
    comment_silent_edit_minutes: int = 15
    #: A day to put something right, its history public; later edits would pull the ground from under the replies.
    comment_edit_hours: int = 24
    #: What a street or a school can gather in two weeks: enough that the department in charge owes an answer.
    ladder_department_answers: int = 50
    #: As many as fill a hall: then it is worth meeting about it.
    ladder_forum: int = 100
    #: Far beyond one neighbourhood: then it concerns the whole city, and its head answers.
    ladder_mayor_answers: int = 1000
    #: 1: after closing, turnout is also shown by dong, age band and class. Not until a city decides that it is.
    shows_turnout_by_group: int = 0

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "RoundRules":
        """Read and check the stored object.

        Raises ``RulesUnusable`` for an unknown rule or a value out of bounds, ``LadderNotRising`` for a step of the
        ladder that needs no more endorsements than the one below it."""
        for rule, value in stored.items():
            limits = LIMITS.get(rule)
            if limits is None:
                raise RulesUnusable(rule=rule, lowest=0, highest=0)
            if type(value) is not int or not limits.lowest <= value <= limits.highest:
                raise RulesUnusable(field=rule, rule=rule, lowest=limits.lowest, highest=limits.highest)
        rules = cls(**stored)
        rules._require_rising()
        return rules

    def _require_rising(self) -> None:
        below = 0
        for rule in LADDER:
            needed: int = getattr(self, rule)
            if needed and needed <= below:
                raise LadderNotRising(field=rule, below=below)
            below = needed or below

    def to_json(self) -> dict[str, Any]:
        """Every rule spelled out, so that a later change of a default leaves the round as it was announced."""
        return asdict(self)


RULE_NAMES: tuple[str, ...] = tuple(field.name for field in fields(RoundRules))
