"""Traces for the observers: begun with a poll's rules, left by each cast, useless from publication on; and the list of
the city's own networks."""

import secrets
from datetime import datetime

import sqlalchemy as sa

from civicvote.db import database_now, db, insert_and_read_clock
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.monitor.errors import NetworkAlreadyListed, TooManyNetworks, UnknownNetwork
from civicvote.domain.monitor.marks import MarkOf, Origin, mark, read_range
from civicvote.domain.monitor.models import CastTrace, PollWatch, StaffNetwork
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.markup import clean_text
from civicvote.kernel.permissions import Permission

MOST_NETWORKS = 20


def begin_watch(*, region_id: int, poll_id: int) -> None:
    """Make the salt of a poll's marks."""
    db.session.add(PollWatch(region_id=region_id, poll_id=poll_id, salt=secrets.token_hex(32)))
    db.session.flush()


def end_watch(*, region_id: int, poll_id: int) -> None:
    """Destroy the salt: from now on nobody can find out which network or device a mark is of."""
    db.session.execute(sa.delete(PollWatch).where(PollWatch.region_id == region_id, PollWatch.poll_id == poll_id))


def leave_trace(
    *, region_id: int, poll_id: int, origin: Origin | None, salt: str | None, mac_key: bytes, is_change: bool
) -> datetime:
    """Leave a trace of a cast in its transaction; the database's clock, read by the same statement.

    Nothing is left without an origin (paper, booths, commands) or a salt (polls from before there was a monitor)."""
    if origin is None or salt is None:
        return database_now()
    return insert_and_read_clock(
        CastTrace.__table__,
        {
            "region_id": region_id,
            "poll_id": poll_id,
            "key": secrets.token_hex(16),
            "cast_at": clock.now().replace(second=0, microsecond=0),
            "network_mark": mark(mac_key, salt, MarkOf.NETWORK, origin.network),
            "device_mark": mark(mac_key, salt, MarkOf.DEVICE, origin.device) if origin.device else "",
            "is_change": is_change,
        },
    )


def list_network(*, actor: Actor, region_id: int, network: str, name: str) -> StaffNetwork:
    """Add a range of the city's own addresses.

    Raises ``NotPermitted``, ``NetworkUnusable``, ``NetworkTooWide``, ``NetworkAlreadyListed``, ``TooManyNetworks``."""
    require(actor, Permission.NETWORK_LIST, region_id)
    network = read_range(network)
    listed = db.session.scalars(sa.select(StaffNetwork.network).where(StaffNetwork.region_id == region_id)).all()
    if network in listed:
        raise NetworkAlreadyListed
    if len(listed) >= MOST_NETWORKS:
        raise TooManyNetworks(most=MOST_NETWORKS)
    added = StaffNetwork(region_id=region_id, network=network, name=clean_text(name))
    db.session.add(added)
    db.session.flush()
    _record(actor, region_id, AuditVerb.NETWORK_LIST, added)
    return added


def drop_network(*, actor: Actor, region_id: int, network: str) -> None:
    """Take a range from the list. Raises ``NotPermitted``, ``UnknownNetwork``."""
    require(actor, Permission.NETWORK_LIST, region_id)
    dropped = db.session.get(StaffNetwork, (region_id, network))
    if dropped is None:
        raise UnknownNetwork
    db.session.delete(dropped)
    db.session.flush()
    _record(actor, region_id, AuditVerb.NETWORK_DROP, dropped)


def _record(actor: Actor, region_id: int, verb: AuditVerb, network: StaffNetwork) -> None:
    record(
        region_id=region_id,
        actor_id=actor.person_id,
        verb=verb,
        subject=f"network:{network.network}",
        detail={"name": network.name},
    )
