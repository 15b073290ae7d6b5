"""The list of a round's proposals: in an order, by key, filtered; and how many there are.

Merged proposals are in no list: they stand where they lead to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.proposals.listing import ProposalFilter, ProposalSort, first_id_of
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.regions.models import District
from civicvote.domain.threads.models import Thread
from civicvote.kernel import ids
from civicvote.kernel.lots import PRIME
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.visibility import Visibility

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """What a list shows of a proposal; ``key`` is the id as it stands in addresses, ``district`` a dong's or a city's
    name."""

    id: int
    thread_id: int
    title: str
    summary: str
    district: str | None
    place: str
    field_key: str
    state: ProposalState
    endorsement_count: int
    comment_count: int
    submitted_at: datetime
    key: str


_COLUMNS = (
    Proposal.id,
    Proposal.thread_id,
    Proposal.title,
    Proposal.summary,
    District.name_ko.label("district"),
    Proposal.place,
    Proposal.field_key,
    Proposal.state,
    Proposal.endorsement_count,
    Thread.comment_count,
    Proposal.submitted_at,
)
_ROWS = (
    sa.select(*_COLUMNS)
    .join(Thread, (Thread.region_id == Proposal.region_id) & (Thread.id == Proposal.thread_id))
    .join(District, District.code == Proposal.district_code, isouter=True)
)

#: The keys of each sort that an index holds, most significant first; each is the tail of that index.
_SORT_KEYS: dict[ProposalSort, tuple[sa.ColumnElement[Any] | Any, ...]] = {
    ProposalSort.NEWEST: (Proposal.id,),
    ProposalSort.ENDORSED: (Proposal.endorsement_count, Proposal.id),
    ProposalSort.DISCUSSED: (Thread.comment_count, Thread.id),
}
_KEYS_IN_CURSOR = {sort: len(keys) for sort, keys in _SORT_KEYS.items()} | {
    ProposalSort.RANDOM: 2,
    ProposalSort.BEST: 1,
}

IN_ROUND = (
    Proposal.region_id == sa.bindparam("region_id"),
    Proposal.round_id == sa.bindparam("round_id"),
    Proposal.visibility == Visibility.VISIBLE,
    Proposal.state != ProposalState.MERGED,
)
#: The first five digits of a district's code: its city, county or district.
PREFIX = sa.func.substr(Proposal.district_code, 1, 5)


def filters(wanted: ProposalFilter | None, among: Sequence[int] | None = None) -> list[sa.ColumnElement[bool]]:
    """What a filter asks of each proposal; ``among``: only these."""
    conditions: list[sa.ColumnElement[bool]] = []
    if among is not None:
        conditions.append(Proposal.id.in_(among))
    if wanted is None:
        return conditions
    if wanted.field_key:
        conditions.append(Proposal.field_key == wanted.field_key)
    if wanted.state:
        conditions.append(Proposal.state == wanted.state)
    if wanted.prefixes:
        conditions.append(PREFIX.in_(wanted.prefixes))
    if wanted.dong:
        conditions.append(Proposal.district_code == wanted.dong)
    if wanted.has_point:
        conditions.append(Proposal.latitude_e6.is_not(None))
    if wanted.period:
        conditions.append(Proposal.id >= first_id_of(wanted.period))
    return conditions


def list_proposals(
    region_id: int,
    round_id: int,
    *,
    sort: ProposalSort = ProposalSort.NEWEST,
    wanted: ProposalFilter | None = None,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
    seed: int = 1,
    among: Sequence[int] | None = None,
) -> Page[ProposalRow]:
    """A page of a round's visible proposals.

    ``among``: only these, best first, which is the order of ``BEST``; without it that is the newest first. ``seed``,
    from 1 to ``PRIME`` - 1, says how ``RANDOM`` shuffles. One statement, for ``BEST`` two.
    """
    conditions = filters(wanted, among)
    values: dict[str, Any] = {"region_id": region_id, "round_id": round_id, "size": size + 1}
    if sort is ProposalSort.BEST and among is not None:
        return _best_first(among, conditions, values, cursor)
    if sort is ProposalSort.RANDOM:
        return _shuffled(seed, conditions, values, cursor)
    by_key = ProposalSort.NEWEST if sort is ProposalSort.BEST else sort
    last = read_cursor(cursor, _KEYS_IN_CURSOR[by_key]) or ()
    statement = _by_key(by_key, continued=bool(last))
    if conditions:
        statement = statement.where(*conditions)
    values |= {f"last_{place}": key for place, key in enumerate(last)}
    rows = _read(statement, values)
    return page_of(rows, size, cursor=lambda row: write_cursor(*_last_keys(by_key, row)))


def _read(statement: sa.Select[*tuple[Any, ...]], values: dict[str, Any]) -> list[ProposalRow]:
    return [ProposalRow(*(*row, ids.encode(row[0]))) for row in db.session.execute(statement, values)]


@cache
def _by_key(sort: ProposalSort, *, continued: bool) -> sa.Select[*tuple[Any, ...]]:
    """The list before any filter. Kept, since building it anew costs more than the database needs to answer it."""
    keys = _SORT_KEYS[sort]
    statement = _ROWS.where(*IN_ROUND).order_by(*(key.desc() for key in keys)).limit(sa.bindparam("size"))
    if sort is ProposalSort.DISCUSSED:
        statement = statement.where(
            Thread.region_id == sa.bindparam("region_id"), Thread.group_id == sa.bindparam("round_id")
        )
    if continued:
        last = (sa.bindparam(f"last_{place}", type_=sa.BigInteger()) for place in range(len(keys)))
        statement = statement.where(sa.tuple_(*keys) < sa.tuple_(*last))
    return statement


def _last_keys(sort: ProposalSort, row: ProposalRow) -> tuple[int, ...]:
    match sort:
        case ProposalSort.ENDORSED:
            return (row.endorsement_count, row.id)
        case ProposalSort.DISCUSSED:
            return (row.comment_count, row.thread_id)
        case _:
            return (row.id,)


def _shuffled(
    seed: int, conditions: list[sa.ColumnElement[bool]], values: dict[str, Any], cursor: str | None
) -> Page[ProposalRow]:
    """Each proposal stands where its lot times the seed falls. The index of the facets holds all that the order needs,
    so the rows themselves are read for one page only."""
    place = (Proposal.lot * sa.bindparam("seed", type_=sa.BigInteger())) % PRIME
    picked = sa.select(Proposal.id, place.label("place")).where(*IN_ROUND, *conditions)
    values["seed"] = seed
    if last := read_cursor(cursor, _KEYS_IN_CURSOR[ProposalSort.RANDOM]):
        picked = picked.where(
            sa.tuple_(place, Proposal.id)
            > sa.tuple_(sa.bindparam("last_0", type_=sa.BigInteger()), sa.bindparam("last_1", type_=sa.BigInteger()))
        )
        values |= {"last_0": last[0], "last_1": last[1]}
    chosen = picked.order_by(place, Proposal.id).limit(sa.bindparam("size")).subquery()
    statement = (
        _ROWS.add_columns(chosen.c.place.label("lot_place"))
        .join(chosen, chosen.c.id == Proposal.id)
        .where(Proposal.region_id == sa.bindparam("region_id"))
        .order_by(chosen.c.place, Proposal.id)
    )
    found = [
        (ProposalRow(*(*row, ids.encode(row[0]))), row_place)
        for *row, row_place in db.session.execute(statement, values)
    ]
    places = {row.id: row_place for row, row_place in found}
    rows = [row for row, _ in found]
    return page_of(rows, values["size"] - 1, cursor=lambda row: write_cursor(places[row.id], row.id))


def _best_first(
    among: Sequence[int], conditions: list[sa.ColumnElement[bool]], values: dict[str, Any], cursor: str | None
) -> Page[ProposalRow]:
    """In the order of ``among``, of which as many were ranked as a reader could look through."""
    last = read_cursor(cursor, _KEYS_IN_CURSOR[ProposalSort.BEST])
    rank = {proposal_id: place for place, proposal_id in enumerate(among, start=1)}
    left = sa.select(Proposal.id).where(*IN_ROUND, *conditions).order_by(Proposal.id)
    standing = [each for each in db.session.scalars(left, values) if rank[each] > (last[0] if last else 0)]
    chosen = sorted(standing, key=rank.__getitem__)[: values["size"]]
    statement = _ROWS.where(Proposal.region_id == sa.bindparam("region_id"), Proposal.id.in_(chosen))
    rows = sorted(_read(statement, values), key=lambda row: rank[row.id])
    return page_of(rows, values["size"] - 1, cursor=lambda row: write_cursor(rank[row.id]))


@dataclass(frozen=True, slots=True)
class Count:
    """``newest`` is the last proposal's id, 0 without any: together they tell that the list changed."""

    total: int
    newest: int


_COUNT = sa.select(sa.func.count(), sa.func.max(Proposal.id)).select_from(Proposal).where(*IN_ROUND)


def count_proposals(
    region_id: int, round_id: int, wanted: ProposalFilter | None = None, *, among: Sequence[int] | None = None
) -> Count:
    """How many visible proposals of the round the filter leaves. One statement."""
    statement = _COUNT
    if conditions := filters(wanted, among):
        statement = statement.where(*conditions)
    total, newest = db.session.execute(statement, {"region_id": region_id, "round_id": round_id}).one()
    return Count(total, newest or 0)
