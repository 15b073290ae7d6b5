"""The order among options of equal score, fixed before the poll opens and checkable by anybody.

A declared order ends in one of two. ``id`` takes the option ids as text, code point by code point, ascending.
``seed:TEXT`` is a lot: every option's ticket is SHA-256 of the seed, one zero byte and the option id (all
UTF-8), in hexadecimal, and the lowest ticket goes first. The seed is published with the poll's rules. Anybody
can recompute a ticket with ::

    printf '%s\\0%s' "TEXT" "OPTION-ID" | sha256sum

Before it may stand, each at most once and in the order wanted, ``cost`` (the lowest first) and ``votes`` (the
most ballots that give the option more than 0 points first): ``cost,votes,seed:TEXT``. The order is fixed before
the count and is the same in all runs of a rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Self, TypeAlias

from civicvote.domain.tally.profile import Option
from civicvote.kernel.errors import Invalid

TieKey: TypeAlias = tuple[int | str, ...]
"""What is compared among tied options: the lowest goes first."""

_SEED_PREFIX = "seed:"


class TieBreakUnknown(Invalid):
    code = "tie_break_unknown"


class TieBreakSeedUnusable(Invalid):
    """The seed is empty, or holds a control character, which nobody could retype from a published page."""

    code = "tie_break_seed_unusable"


class TieBreakKind(StrEnum):
    BY_ID = "id"
    SEEDED_LOT = "seed"


class TieStep(StrEnum):
    """What is looked at before ids or lots."""

    COST = "cost"
    VOTES = "votes"


@dataclass(frozen=True, slots=True)
class TieBreak:
    kind: TieBreakKind
    seed: str = ""
    steps: tuple[TieStep, ...] = ()

    def __post_init__(self) -> None:
        if self.kind is TieBreakKind.SEEDED_LOT and (not self.seed or not self.seed.isprintable()):
            raise TieBreakSeedUnusable(field="tie_break")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads steps, then ``id`` or ``seed:TEXT``; TEXT is taken as it stands, spaces and commas included.

        Raises :class:`TieBreakUnknown` or :class:`TieBreakSeedUnusable`.
        """
        steps: list[TieStep] = []
        rest = text
        while (head := rest.partition(",")[0]) in set(TieStep) and TieStep(head) not in steps:
            steps.append(TieStep(head))
            rest = rest[len(head) + 1 :]
        if rest == TieBreakKind.BY_ID:
            return cls(TieBreakKind.BY_ID, steps=tuple(steps))
        if rest.startswith(_SEED_PREFIX):
            return cls(TieBreakKind.SEEDED_LOT, rest.removeprefix(_SEED_PREFIX), tuple(steps))
        raise TieBreakUnknown(field="tie_break", text=text)

    def __str__(self) -> str:
        last = _SEED_PREFIX + self.seed if self.kind is TieBreakKind.SEEDED_LOT else self.kind.value
        return ",".join((*self.steps, last))

    def key(self, option: Option, backers: Mapping[str, int]) -> TieKey:
        """By what a tied option is put into order, lowest first. ``backers`` as in :class:`.Profile`."""
        looked_at = {TieStep.COST: option.cost, TieStep.VOTES: -backers[option.id]}
        return (*(looked_at[step] for step in self.steps), self.ticket(option.id))

    def ticket(self, option_id: str) -> str:
        """What is compared: the option id itself, or its 64 hexadecimal digits in the lot; lowest first."""
        if self.kind is TieBreakKind.BY_ID:
            return option_id
        return sha256(self.seed.encode() + b"\0" + option_id.encode()).hexdigest()


BY_ID = TieBreak(TieBreakKind.BY_ID)
