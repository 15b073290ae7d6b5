"""How many proposals each further choice of a filter would leave, and where those with a point lie.

One statement groups the round's proposals by all that can be filtered; the numbers beside each option are sums over
these groups. It reads the index ``ix_proposals_facets`` only, never a text.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.proposals.listing import Period, ProposalFilter, first_id_of
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.queries_list import IN_ROUND, PREFIX, filters
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.regions.points import Point

#: So many points at once; more would be slow on a phone, and nobody can tell them apart.
MOST_POINTS = 1000
#: From the longest to the shortest: a proposal of the last week is one of the last month, too.
_PERIODS = (Period.QUARTER, Period.MONTH, Period.WEEK)


@dataclass(frozen=True, slots=True)
class Facets:
    """For each option the number of proposals that it would leave under all other filters.

    ``prefixes`` by the first five digits of the district, "" for those that name none; ``dongs`` inside the chosen
    city only; ``with_point``: those on the map."""

    fields: Counter[str]
    states: Counter[ProposalState]
    prefixes: Counter[str]
    dongs: Counter[str]
    periods: Counter[Period]
    with_point: int


@dataclass(frozen=True, slots=True)
class _Cell:
    state: ProposalState
    field_key: str
    district: str
    has_point: bool
    reached: int
    number: int

    def fits(self, wanted: ProposalFilter, *, but: str) -> bool:
        """Whether its proposals pass all filters but one."""
        return (
            (but == "field" or not wanted.field_key or self.field_key == wanted.field_key)
            and (but == "state" or not wanted.state or self.state is wanted.state)
            and (but == "city" or not wanted.prefixes or self.district[:5] in wanted.prefixes)
            and (but in {"city", "dong"} or not wanted.dong or self.district == wanted.dong)
            and (but == "point" or not wanted.has_point or self.has_point)
            and (but == "period" or not wanted.period or self.reached > _PERIODS.index(wanted.period))
        )


def count_facets(
    region_id: int, round_id: int, wanted: ProposalFilter, *, among: Sequence[int] | None = None
) -> Facets:
    """The numbers beside each option of the filters. One statement."""
    cells = _cells(region_id, round_id, wanted, among)
    periods: Counter[Period] = Counter()
    for each in cells:
        if each.fits(wanted, but="period"):
            for period in _PERIODS[: each.reached]:
                periods[period] += each.number
    return Facets(
        fields=_sums(cells, wanted, "field", lambda cell: cell.field_key),
        states=_sums(cells, wanted, "state", lambda cell: cell.state),
        prefixes=_sums(cells, wanted, "city", lambda cell: cell.district[:5]),
        dongs=_sums(cells, wanted, "dong", lambda cell: cell.district) if wanted.prefixes else Counter(),
        periods=periods,
        with_point=sum(each.number for each in cells if each.has_point and each.fits(wanted, but="point")),
    )


def _sums(cells: list[_Cell], wanted: ProposalFilter, facet: str, option: Any) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for each in cells:
        if each.fits(wanted, but=facet):
            found[option(each)] += each.number
    return found


def _cells(region_id: int, round_id: int, wanted: ProposalFilter, among: Sequence[int] | None) -> list[_Cell]:
    """Dongs are told apart in the chosen city only: elsewhere they would make many groups of which nobody asks."""
    district: sa.ColumnElement[str] = sa.func.coalesce(PREFIX, "")
    if wanted.prefixes:
        district = sa.case((PREFIX.in_(wanted.prefixes), Proposal.district_code), else_=district)
    has_point = Proposal.latitude_e6.is_not(None)
    reached = sa.case(
        *((Proposal.id >= first_id_of(period), place) for place, period in reversed([*enumerate(_PERIODS, start=1)])),
        else_=0,
    )
    grouped: tuple[sa.ColumnElement[Any], ...] = (district, has_point, reached)
    keys = [each.label(f"key_{place}") for place, each in enumerate(grouped)]
    statement = (
        sa.select(Proposal.state, Proposal.field_key, *keys, sa.func.count())
        .where(*IN_ROUND, *filters(None, among))
        .group_by(Proposal.state, Proposal.field_key, *keys)
        .order_by(Proposal.state, Proposal.field_key, *keys)
    )
    rows = db.session.execute(statement, {"region_id": region_id, "round_id": round_id})
    return [
        _Cell(state, field, place or "", bool(point), reached, number)
        for state, field, place, point, reached, number in rows
    ]


@dataclass(frozen=True, slots=True)
class ProposalPoint:
    id: int
    title: str
    point: Point


def points_of(
    region_id: int, round_id: int, wanted: ProposalFilter, *, among: Sequence[int] | None = None
) -> list[ProposalPoint]:
    """The newest proposals that the filter leaves and that have a point: at most one more than ``MOST_POINTS``, which
    says that there are too many. One statement."""
    rows = db.session.execute(
        sa.select(Proposal.id, Proposal.title, Proposal.latitude_e6, Proposal.longitude_e6)
        .where(*IN_ROUND, *filters(wanted, among), Proposal.latitude_e6.is_not(None))
        .order_by(Proposal.id.desc())
        .limit(MOST_POINTS + 1),
        {"region_id": region_id, "round_id": round_id},
    )
    return [ProposalPoint(id, title, Point(north or 0, east or 0)) for id, title, north, east in rows]
