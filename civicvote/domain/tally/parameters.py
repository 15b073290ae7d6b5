"""What a counting rule needs to know beside the profile; frozen with the poll's rules."""

from dataclasses import dataclass

from civicvote.domain.tally.profile import Points
from civicvote.domain.tally.ties import BY_ID, TieBreak


@dataclass(frozen=True, slots=True)
class CountingParameters:
    """``threshold``: the lowest score that can win, None for no threshold. ``seats``: agenda polls only."""

    tie_break: TieBreak = BY_ID
    threshold: Points | None = None
    seats: int | None = None
