"""Marks of identity as rows: who carries one, and that nobody else gets it."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.verification.identity import Mark
from civicvote.domain.verification.kinds import VerificationChannel
from civicvote.domain.verification.models import IdentityMark
from civicvote.kernel import clock


@dataclass(frozen=True, slots=True)
class Holder:
    """Another account that carries a mark of the claim."""

    person_id: int
    mark: Mark


class _TakenMeanwhile(Exception):
    pass


def locked_person(person_id: int) -> Person:
    """The person's row, locked: verifications of one account queue, while ballots and comments of it go on."""
    return db.session.scalars(
        sa.select(Person)
        .where(Person.id == person_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def claim_marks(
    *, region_id: int, person_id: int, channel: VerificationChannel, marks: tuple[Mark, ...]
) -> Holder | None:
    """Give the account all the marks, or none of them where another account carries one: that account.

    A mark that the account carries already, under whichever ordinal, is its own. Marks are taken in one order, so that
    two verifications never wait for each other; the second of two at once finds the first one's mark after its commit.
    """
    wanted = sorted(set(marks), key=lambda mark: (mark.kind, mark.identity_hash))
    new = []
    for mark in wanted:
        carriers = carriers_of(region_id, mark)
        if carriers and person_id not in carriers:
            return Holder(carriers[0], mark)
        if not carriers:
            new.append(mark)
    mark = wanted[0]
    try:
        with db.session.begin_nested():
            for mark in new:
                if not add_mark(region_id=region_id, person_id=person_id, channel=channel, mark=mark):
                    raise _TakenMeanwhile
    except _TakenMeanwhile:
        carriers = carriers_of(region_id, mark)
        return None if person_id in carriers else Holder(carriers[0], mark)
    return None


def carriers_of(region_id: int, mark: Mark) -> list[int]:
    """The accounts that carry the mark, the earliest first; namesakes make more than one."""
    return list(
        db.session.scalars(
            sa.select(IdentityMark.person_id)
            .where(
                IdentityMark.region_id == region_id,
                IdentityMark.kind == mark.kind,
                IdentityMark.identity_hash == mark.identity_hash,
            )
            .order_by(IdentityMark.ordinal)
        )
    )


def add_mark(*, region_id: int, person_id: int, channel: VerificationChannel, mark: Mark, ordinal: int = 0) -> bool:
    """Store the mark for the account; False where somebody carries it under this ordinal already."""
    stored = db.session.execute(
        _insert()
        .values(
            region_id=region_id,
            kind=mark.kind,
            identity_hash=mark.identity_hash,
            ordinal=ordinal,
            person_id=person_id,
            channel=channel,
            marked_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(IdentityMark.ordinal)
    ).first()
    return stored is not None


def _insert() -> Any:
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(IdentityMark) if is_sqlite else postgresql.insert(IdentityMark)
