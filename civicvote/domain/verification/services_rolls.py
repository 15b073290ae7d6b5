"""Take in rolls of people who belong to the region, and confirm whoever stands on one."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.errors import OwnResidency
from civicvote.domain.accounts.models import Person
from civicvote.domain.accounts.residency import Assurance
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.regions.queries import RegionScope
from civicvote.domain.verification.claims import Claim, Verification
from civicvote.domain.verification.identity import name_and_birth_mark
from civicvote.domain.verification.kinds import VerificationChannel
from civicvote.domain.verification.models import RollPerson, RollUpload
from civicvote.domain.verification.reading_reasons import usable_reason
from civicvote.domain.verification.rolls import (
    RollMode,
    RollNotMatched,
    RollNotWithdrawable,
    RollWithoutRows,
    UnknownRollUpload,
    mail_mark,
)
from civicvote.domain.verification.rows import ListedPerson, PeopleList, RefusedRow, RowProblem
from civicvote.domain.verification.services import verify_residency
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.keys import KeyRing
from civicvote.kernel.permissions import Permission

_AT_ONCE = 5_000


def upload_roll(
    *,
    actor: Actor,
    region: RegionScope,
    listed: PeopleList,
    file_sha256: str,
    mode: RollMode,
    reason: str,
    keys: KeyRing,
) -> RollUpload:
    """Store a list as keyed hashes: nobody can read from it who stands there, but whoever does can show it.

    A row that an account has used stays as it is. Raises ``RollWithoutRows``, ``ReadingReasonMissing``,
    ``PersonalNumber``, ``NotPermitted``.
    """
    require(actor, Permission.ROLL_UPLOAD, region.id)
    given_reason = usable_reason(reason)
    if not listed.people:
        raise RollWithoutRows
    # Hashing takes longer than storing, so it is done before the first statement takes SQLite's lock for writing.
    upload_id = ids.new_id()
    rows = [_row(region.id, upload_id, person, keys) for person in listed.people]
    upload = RollUpload(
        region_id=region.id,
        id=upload_id,
        uploaded_by_id=actor.person_id,
        uploaded_at=clock.now(),
        reason=given_reason,
        file_sha256=file_sha256,
        accepted_count=0,
        refused_count=0,
        refusals={},
    )
    db.session.add(upload)
    db.session.flush()
    replaced = _delete_unclaimed(RollPerson.region_id == region.id) if mode is RollMode.REPLACE else 0
    there = _store_rows(region.id, rows)
    twice = [
        RefusedRow(person.line, RowProblem.ON_ROLL)
        for person, row in zip(listed.people, rows, strict=True)
        if row["identity_hash"] in there
    ]
    refused = sorted([*listed.refused, *twice], key=lambda row: row.line)
    upload.refusals = {"rows": [[row.line, row.problem.value] for row in refused]}
    upload.refused_count = len(refused)
    upload.accepted_count = len(listed.people) + len(listed.refused) - len(refused)
    record(
        region_id=region.id,
        actor_id=actor.person_id,
        verb=AuditVerb.ROLL_UPLOAD,
        subject=f"roll_upload:{upload.id}",
        detail={
            "accepted": upload.accepted_count,
            "refused": upload.refused_count,
            "replaced": replaced,
            "mode": mode.value,
            "reason": given_reason,
            "sha256": file_sha256,
        },
    )
    return upload


def _delete_unclaimed(*which: sa.ColumnElement[bool]) -> int:
    deleted: sa.CursorResult[Any] = db.session.execute(  # type: ignore[assignment]
        sa.delete(RollPerson)
        .where(RollPerson.claimed_by_id.is_(None), *which)
        .execution_options(synchronize_session=False)
    )
    return deleted.rowcount


def _row(region_id: int, upload_id: int, person: ListedPerson, keys: KeyRing) -> dict[str, Any]:
    mark = name_and_birth_mark(keys, region_id=region_id, name=person.name, born_on=person.born_on)
    return {
        "region_id": region_id,
        "identity_hash": mark.identity_hash,
        "upload_id": upload_id,
        "mail_mac": mail_mark(keys, region_id=region_id, address=person.email) if person.email else None,
        "residency_class": person.residency_class,
        "district_code": person.district_code,
        "excluded_as": person.excluded_as,
    }


def _store_rows(region_id: int, rows: list[dict[str, Any]]) -> set[str]:
    """Insert what is not on the roll yet; the identities that are."""
    already: set[str] = set()
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        there = set(
            db.session.scalars(
                sa.select(RollPerson.identity_hash)
                .where(
                    RollPerson.region_id == region_id,
                    RollPerson.identity_hash.in_([row["identity_hash"] for row in some]),
                )
                .order_by(RollPerson.identity_hash)
            )
        )
        already |= there
        if fresh := [row for row in some if row["identity_hash"] not in there]:
            db.session.execute(sa.insert(RollPerson), fresh)
    return already


def withdraw_roll(*, actor: Actor, region_id: int, upload_id: int, reason: str) -> int:
    """Take the rows of an upload that nobody has used off the roll; how many they were.

    Raises ``UnknownRollUpload``, ``RollNotWithdrawable``, ``ReadingReasonMissing``, ``NotPermitted``."""
    require(actor, Permission.ROLL_UPLOAD, region_id)
    given_reason = usable_reason(reason)
    if db.session.get(RollUpload, (region_id, upload_id)) is None:
        raise UnknownRollUpload
    withdrawn = _delete_unclaimed(RollPerson.region_id == region_id, RollPerson.upload_id == upload_id)
    if not withdrawn:
        raise RollNotWithdrawable
    record(
        region_id=region_id,
        actor_id=actor.person_id,
        verb=AuditVerb.ROLL_WITHDRAW,
        subject=f"roll_upload:{upload_id}",
        detail={"rows": withdrawn, "reason": given_reason},
    )
    return withdrawn


def claim_from_roll(
    *, actor: Actor, region: RegionScope, legal_name: str, born_on: date, keys: KeyRing
) -> Verification:
    """Somebody says to stand on the roll; the mail address of the account, which was confirmed, has to stand there too.

    Raises ``RollNotMatched`` whatever it is that does not fit, ``LegalNameMissing``, ``OwnResidency`` for whoever
    uploaded the row, and what ``verify_residency`` raises.
    """
    mark = name_and_birth_mark(keys, region_id=region.id, name=legal_name, born_on=born_on)
    address = db.session.scalar(sa.select(Person.email).where(Person.id == actor.person_id))
    row = db.session.get(RollPerson, (region.id, mark.identity_hash), with_for_update=True, populate_existing=True)
    if row is None or address is None or row.mail_mac != mail_mark(keys, region_id=region.id, address=address):
        raise RollNotMatched
    if actor.person_id == db.session.get_one(RollUpload, (region.id, row.upload_id)).uploaded_by_id:
        raise OwnResidency
    row.claimed_by_id, row.claimed_at = actor.person_id, clock.now()
    db.session.flush()
    claim = Claim(
        channel=VerificationChannel.ROLL,
        residency_class=row.residency_class,
        assurance=Assurance.ROLL,
        marks=(mark,),
        born_on=born_on,
        birth_year=born_on.year,
        district_code=row.district_code,
        excluded_as=row.excluded_as,
    )
    return verify_residency(region=region, person_id=actor.person_id, claim=claim, actor=None)
