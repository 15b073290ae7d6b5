"""The rules of a round that its officers may set before it is announced, each with a default and the reason for it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from civicvote.domain.rounds.errors import RulesUnusable


@dataclass(frozen=True, slots=True)
class Limits:
    lowest: int
    highest: int


#: Bounds keep a typing error from closing the round (0 proposals) or undoing the rule (edits for ever).
LIMITS: dict[str, Limits] = {
    "proposals_per_person": Limits(1, 100),
    "comment_silent_edit_minutes": Limits(0, 60),
    "comment_edit_hours": Limits(0, 168),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRules:
    """``Round.rules`` as values. A key that is absent has the default."""

    #: Enough for what one person knows of a place, few enough that departments can answer every proposal.
    proposals_per_person: int = 5
    #: Long enough to mend a slip before many have read it.
    comment_silent_edit_minutes: int = 15
    #: A day to put something right, its history public; later edits would pull the ground from under the replies.
    comment_edit_hours: int = 24

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "RoundRules":
        """Read and check the stored object. Raises ``RulesUnusable`` for an unknown rule or a value out of bounds."""
        for rule, value in stored.items():
            limits = LIMITS.get(rule)
            if limits is None:
                raise RulesUnusable(rule=rule, lowest=0, highest=0)
            if type(value) is not int or not limits.lowest <= value <= limits.highest:
                raise RulesUnusable(field=rule, rule=rule, lowest=limits.lowest, highest=limits.highest)
        return cls(**stored)

    def to_json(self) -> dict[str, Any]:
        """Every rule spelled out, so that a later change of a default leaves the round as it was announced."""
        return asdict(self)


RULE_NAMES: tuple[str, ...] = tuple(field.name for field in fields(RoundRules))
