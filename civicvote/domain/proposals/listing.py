"""How a list of proposals is asked for."""

from dataclasses import dataclass
from enum import StrEnum

from civicvote.domain.proposals.states import ProposalState


class ProposalSort(StrEnum):
    NEWEST = "newest"
    ENDORSED = "endorsed"
    DISCUSSED = "discussed"


@dataclass(frozen=True, slots=True)
class ProposalFilter:
    """Empty values don't filter. ``place`` is any part of the place's name."""

    field_key: str = ""
    state: ProposalState | None = None
    place: str = ""

    @property
    def active_count(self) -> int:
        return sum(bool(value) for value in (self.field_key, self.state, self.place))
