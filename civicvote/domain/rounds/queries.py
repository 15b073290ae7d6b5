"""Reads about rounds. Residents see announced rounds only; drafts are for those who may run rounds."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civicvote.db import db
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.errors import UnknownRound
from civicvote.domain.rounds.models import Round, RoundExtension, RoundField, RoundPhase
from civicvote.domain.rounds.states import RoundState
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.permissions import Permission

PAGE_SIZE = 20


# Built once, with the phases in the same statement: almost every page of a round asks this.
_ANNOUNCED = (
    sa.select(Round)
    .options(joinedload(Round.phases))
    .where(
        Round.region_id == sa.bindparam("region_id"),
        Round.id == sa.bindparam("round_id"),
        Round.state == RoundState.ANNOUNCED,
    )
)


def announced_round(region_id: int, round_id: int) -> Round:
    """A round that residents may see. Raises ``UnknownRound``, for drafts too. One statement, phases included."""
    found = db.session.execute(_ANNOUNCED, {"region_id": region_id, "round_id": round_id}).unique().scalar_one_or_none()
    if found is None:
        raise UnknownRound
    return found


def managed_round(actor: Actor, region_id: int, round_id: int) -> Round:
    """A round, draft or announced, for somebody who runs rounds here. Raises ``NotPermitted``, ``UnknownRound``."""
    require(actor, Permission.ROUND_MANAGE, region_id)
    found = db.session.get(Round, (region_id, round_id))
    if found is None:
        raise UnknownRound
    return found


def rounds_of(region_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[Round]:
    """Announced rounds of a region, newest year first."""
    return _newest_first(
        sa.select(Round).where(Round.region_id == region_id, Round.state == RoundState.ANNOUNCED), cursor, size
    )


def managed_rounds(actor: Actor, region_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[Round]:
    """All rounds of a region, drafts too, newest year first. Raises ``NotPermitted``."""
    require(actor, Permission.ROUND_MANAGE, region_id)
    return _newest_first(sa.select(Round).where(Round.region_id == region_id), cursor, size)


def _newest_first(rounds: sa.Select[Round], cursor: str | None, size: int) -> Page[Round]:
    if keys := read_cursor(cursor, 2):
        rounds = rounds.where(sa.tuple_(Round.year, Round.id) < sa.tuple_(*keys))
    rows = db.session.scalars(rounds.order_by(Round.year.desc(), Round.id.desc()).limit(size + 1)).all()
    return page_of(list(rows), size, cursor=lambda last: write_cursor(last.year, last.id))


def running_round(region_id: int) -> Round | None:
    """The region's announced round that is under way or still to come, the earliest to end first."""
    last_end = _last_ends(region_id)
    return db.session.scalars(
        sa.select(Round)
        .join(last_end, (last_end.c.region_id == Round.region_id) & (last_end.c.round_id == Round.id))
        .where(Round.state == RoundState.ANNOUNCED, last_end.c.ends_at > clock.now())
        .order_by(last_end.c.ends_at, Round.id)
        .limit(1)
    ).first()


def _last_ends(region_id: int | None = None) -> sa.Subquery:
    ends = sa.select(
        RoundPhase.region_id,
        RoundPhase.round_id,
        sa.func.min(RoundPhase.starts_at).label("starts_at"),
        sa.func.max(RoundPhase.ends_at).label("ends_at"),
    ).group_by(RoundPhase.region_id, RoundPhase.round_id)
    if region_id is not None:
        ends = ends.where(RoundPhase.region_id == region_id)
    return ends.subquery()


@dataclass(frozen=True, slots=True)
class RunningRound:
    """A round under way with the region it belongs to."""

    round: Round
    region: Region


def running_rounds(*, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[RunningRound]:
    """Announced rounds of all regions whose first phase has begun and whose last has not ended, newest first."""
    ends, now = _last_ends(), clock.now()
    statement = (
        sa.select(Round, Region)
        .join(Region, Region.id == Round.region_id)
        .join(ends, (ends.c.region_id == Round.region_id) & (ends.c.round_id == Round.id))
        .where(Round.state == RoundState.ANNOUNCED, ends.c.starts_at <= now, ends.c.ends_at > now)
    )
    if keys := read_cursor(cursor, 1):
        statement = statement.where(Round.id < keys[0])
    rows = db.session.execute(statement.order_by(Round.id.desc()).limit(size + 1)).all()
    found = [RunningRound(round_, region) for round_, region in rows]
    return page_of(found, size, cursor=lambda last: write_cursor(last.round.id))


def round_fields(region_id: int, round_id: int) -> list[RoundField]:
    """The fields (분야) into which the round's proposals fall, in their order."""
    return list(
        db.session.scalars(
            sa.select(RoundField)
            .where(RoundField.region_id == region_id, RoundField.round_id == round_id)
            .order_by(RoundField.position, RoundField.key)
        )
    )


def extensions_of(region_id: int, round_id: int) -> list[RoundExtension]:
    """Ends of phases that were moved to later, with their public reasons, latest first; at most ``PAGE_SIZE``."""
    return list(
        db.session.scalars(
            sa.select(RoundExtension)
            .where(RoundExtension.region_id == region_id, RoundExtension.round_id == round_id)
            .order_by(RoundExtension.id.desc())
            .limit(PAGE_SIZE)
        )
    )
