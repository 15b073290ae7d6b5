"""The order among options of equal score, fixed before the poll opens and checkable by anybody.

Two orders exist. ``id`` takes the option ids as text, code point by code point, ascending. ``seed:TEXT`` is
a lot: every option's ticket is SHA-256 of the seed, one zero byte and the option id (all UTF-8), in
hexadecimal, and the lowest ticket goes first. The seed is published with the poll's rules. Anybody can
recompute a ticket with ::

    printf '%s\\0%s' "TEXT" "OPTION-ID" | sha256sum
"""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Self

from civicvote.kernel.errors import Invalid

_SEED_PREFIX = "seed:"


class TieBreakUnknown(Invalid):
    code = "tie_break_unknown"


class TieBreakSeedUnusable(Invalid):
    """The seed is empty, or holds a control character, which nobody could retype from a published page."""

    code = "tie_break_seed_unusable"


class TieBreakKind(StrEnum):
    BY_ID = "id"
    SEEDED_LOT = "seed"


@dataclass(frozen=True, slots=True)
class TieBreak:
    kind: TieBreakKind
    seed: str = ""

    def __post_init__(self) -> None:
        if self.kind is TieBreakKind.SEEDED_LOT and (not self.seed or not self.seed.isprintable()):
            raise TieBreakSeedUnusable(field="tie_break")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads ``id`` or ``seed:TEXT``; TEXT is taken as it stands, spaces included.

        Raises :class:`TieBreakUnknown` or :class:`TieBreakSeedUnusable`.
        """
        if text == TieBreakKind.BY_ID:
            return cls(TieBreakKind.BY_ID)
        if text.startswith(_SEED_PREFIX):
            return cls(TieBreakKind.SEEDED_LOT, text.removeprefix(_SEED_PREFIX))
        raise TieBreakUnknown(field="tie_break", text=text)

    def __str__(self) -> str:
        return _SEED_PREFIX + self.seed if self.kind is TieBreakKind.SEEDED_LOT else self.kind.value

    def ticket(self, option_id: str) -> str:
        """What is compared: the option id itself, or its 64 hexadecimal digits in the lot; lowest first."""
        if self.kind is TieBreakKind.BY_ID:
            return option_id
        return sha256(self.seed.encode() + b"\0" + option_id.encode()).hexdigest()


BY_ID = TieBreak(TieBreakKind.BY_ID)
