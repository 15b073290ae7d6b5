"""What observers see of a poll's traces: counts and times, no mark, no name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.monitor import flags
from civicvote.domain.monitor.flags import BURST_SIZE, SHARED_DEVICE_SIZE, Burst, Moment
from civicvote.domain.monitor.marks import MarkOf, mark, networks_in
from civicvote.domain.monitor.models import CastTrace, PollWatch, StaffNetwork
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class FromStaff:
    """``ballots`` that came from a network of the city."""

    name: str
    network: str
    ballots: int


@dataclass(frozen=True, slots=True)
class Flags:
    """``ballots``: how many left a trace, changed ones not counted. ``shared_devices``: ballots of each, most first.
    ``from_staff`` is None once the salt is destroyed: then nobody can tell any more."""

    ballots: int
    bursts: list[Burst]
    shared_devices: list[int]
    from_staff: list[FromStaff] | None


def flags_of_poll(
    actor: Actor, region_id: int, poll_id: int, *, mac_key: bytes, before: datetime | None = None
) -> Flags:
    """What the poll's traces point to. Raises ``NotPermitted``. Six statements however many ballots there are.

    ``before``: ballots from then on are left out, all numbers included. With a full hour, somebody who looks each
    minute does not see which device or network a ballot of this minute came from."""
    require(actor, Permission.MONITOR_READ, region_id)
    first = [CastTrace.region_id == region_id, CastTrace.poll_id == poll_id, ~CastTrace.is_change]
    if before is not None:
        first.append(CastTrace.cast_at < before)
    ballots = db.session.scalar(sa.select(sa.func.count()).where(*first)) or 0
    busy = sa.select(CastTrace.network_mark).where(*first).group_by(CastTrace.network_mark)
    moments = db.session.execute(
        sa.select(CastTrace.network_mark, CastTrace.cast_at, sa.func.count())
        .where(*first, CastTrace.network_mark.in_(busy.having(sa.func.count() >= BURST_SIZE)))
        .group_by(CastTrace.network_mark, CastTrace.cast_at)
        .order_by(CastTrace.network_mark, CastTrace.cast_at)
    )
    devices = db.session.execute(
        sa.select(CastTrace.device_mark, sa.func.count())
        .where(*first, CastTrace.device_mark != "")
        .group_by(CastTrace.device_mark)
        .having(sa.func.count() >= SHARED_DEVICE_SIZE)
        .order_by(CastTrace.device_mark)
    )
    return Flags(
        ballots=ballots,
        bursts=flags.bursts(Moment(*row) for row in moments),
        shared_devices=flags.shared_devices({row[0]: row[1] for row in devices}),
        from_staff=_from_staff(region_id, poll_id, first, mac_key),
    )


def _from_staff(
    region_id: int, poll_id: int, first: Sequence[sa.ColumnElement[bool]], mac_key: bytes
) -> list[FromStaff] | None:
    """The marks of the city's networks are computed, those of the traces cannot be read back."""
    salt = db.session.scalar(
        sa.select(PollWatch.salt).where(PollWatch.region_id == region_id, PollWatch.poll_id == poll_id)
    )
    if salt is None:
        return None
    rows = db.session.execute(
        sa.select(CastTrace.network_mark, sa.func.count())
        .where(*first)
        .group_by(CastTrace.network_mark)
        .order_by(CastTrace.network_mark)
    )
    by_mark = {row[0]: int(row[1]) for row in rows}
    return [
        FromStaff(
            each.name,
            each.network,
            sum(by_mark.get(mark(mac_key, salt, MarkOf.NETWORK, one), 0) for one in networks_in(each.network)),
        )
        for each in staff_networks(region_id)
    ]


def staff_networks(region_id: int) -> list[StaffNetwork]:
    """The city's own networks in the order of their writing."""
    return list(
        db.session.scalars(
            sa.select(StaffNetwork).where(StaffNetwork.region_id == region_id).order_by(StaffNetwork.network)
        )
    )
