"""How a list of proposals is asked for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from civicvote.domain.proposals.states import ProposalState
from civicvote.kernel import clock, ids
from civicvote.kernel.clock import CIVIC_ZONE


class ProposalSort(StrEnum):
    NEWEST = "newest"
    ENDORSED = "endorsed"
    DISCUSSED = "discussed"
    RANDOM = "random"
    BEST = "best"


class Period(StrEnum):
    """When a proposal was posted: in the last so many days, today included."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


DAYS = {Period.WEEK: 7, Period.MONTH: 30, Period.QUARTER: 90}

#: What a list shows when nothing is chosen: merged proposals stand where they lead to.
LISTED_STATES = tuple(state for state in ProposalState if state is not ProposalState.MERGED)


@dataclass(frozen=True, slots=True)
class ProposalFilter:
    """Empty values don't filter. ``prefixes``: the first five digits of the city's districts; ``dong``: a district code
    of ten digits, inside the city; ``has_point``: those with a point on the map."""

    field_key: str = ""
    state: ProposalState | None = None
    prefixes: tuple[str, ...] = ()
    dong: str = ""
    has_point: bool = False
    period: Period | None = None

    @property
    def active_count(self) -> int:
        return sum(
            bool(value) for value in (self.field_key, self.state, self.prefixes, self.dong, self.has_point, self.period)
        )


def first_id_of(period: Period) -> int:
    """Ids follow time, so a period is a range of them: the first id of the day on which the period begins."""
    today = clock.now().astimezone(CIVIC_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return ids.id_of_moment(_floor(today - timedelta(days=DAYS[period] - 1)), 0)


def _floor(moment: datetime) -> datetime:
    """No moment before the first id: a clock that tests set back may ask for one."""
    return max(moment, datetime(2024, 1, 1, 9, tzinfo=CIVIC_ZONE))
