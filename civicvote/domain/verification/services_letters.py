"""Make letters with codes, withdraw lost ones, and confirm whoever enters one."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.errors import OwnResidency
from civicvote.domain.accounts.residency import Assurance
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.regions.queries import RegionScope
from civicvote.domain.verification.claims import Claim, Verification
from civicvote.domain.verification.identity import name_and_birth_mark
from civicvote.domain.verification.kinds import VerificationChannel
from civicvote.domain.verification.letters import (
    TRIES,
    LetterExpired,
    LetterNotMatched,
    LettersNotWithdrawable,
    LettersRefuseRows,
    LetterTriesSpent,
    LetterUsed,
    LetterWithdrawn,
    MadeLetters,
    PrintedLetter,
    UnknownLetterBatch,
    letter_fits,
    letter_mac,
    lifetime,
    new_code,
    new_number,
    read_code,
    read_number,
)
from civicvote.domain.verification.models import LetterBatch, LetterCode
from civicvote.domain.verification.reading_reasons import usable_reason
from civicvote.domain.verification.rows import ListedPerson, PeopleList
from civicvote.domain.verification.services import verify_residency
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.keys import KeyRing
from civicvote.kernel.permissions import Permission


def make_letters(
    *,
    actor: Actor,
    region: RegionScope,
    listed: PeopleList,
    reason: str,
    valid_days: int,
    takes_part_of_list: bool,
    keys: KeyRing,
) -> MadeLetters:
    """Letters for the people of a list; what is stored of them can't be turned back into a letter.

    The letters are returned once, to be printed. Raises ``LettersRefuseRows``, ``ReadingReasonMissing``,
    ``LetterDaysUnusable``, ``PersonalNumber``, ``NotPermitted``.
    """
    require(actor, Permission.LETTER_ISSUE, region.id)
    given_reason = usable_reason(reason)
    expires_at = clock.now() + lifetime(valid_days)
    if not listed.people or (listed.refused and not takes_part_of_list):
        raise LettersRefuseRows(refused=len(listed.refused))
    batch = LetterBatch(
        region_id=region.id,
        id=ids.new_id(),
        made_by_id=actor.person_id,
        made_at=clock.now(),
        reason=given_reason,
        letter_count=len(listed.people),
        refused_count=len(listed.refused),
    )
    db.session.add(batch)
    db.session.flush()
    printed = _store_codes(batch, listed.people, expires_at=expires_at, keys=keys)
    record(
        region_id=region.id,
        actor_id=actor.person_id,
        verb=AuditVerb.LETTER_ISSUE,
        subject=f"letter_batch:{batch.id}",
        detail={"letters": batch.letter_count, "refused_rows": batch.refused_count, "reason": given_reason},
    )
    return MadeLetters(printed, batch.made_at, expires_at)


def _store_codes(
    batch: LetterBatch, people: list[ListedPerson], *, expires_at: datetime, keys: KeyRing
) -> list[PrintedLetter]:
    numbers = _free_numbers(batch.region_id, len(people))
    printed, rows = [], []
    for number, person in zip(numbers, people, strict=True):
        code = new_code()
        mark = name_and_birth_mark(keys, region_id=batch.region_id, name=person.name, born_on=person.born_on)
        printed.append(PrintedLetter(person.name, person.address, number, code))
        rows.append(
            {
                "region_id": batch.region_id,
                "number": number,
                "batch_id": batch.id,
                "code_mac": letter_mac(keys, region_id=batch.region_id, number=number, code=code),
                "identity_hash": mark.identity_hash,
                "residency_class": person.residency_class,
                "district_code": person.district_code,
                "excluded_as": person.excluded_as,
                "tries_left": TRIES,
                "expires_at": expires_at,
            }
        )
    db.session.execute(sa.insert(LetterCode), rows)
    return printed


def _free_numbers(region_id: int, count: int) -> list[str]:
    """So many numbers that no letter of the region carries."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {new_number() for _ in range(count - len(found))}
        taken = db.session.scalars(
            sa.select(LetterCode.number)
            .where(LetterCode.region_id == region_id, LetterCode.number.in_(drawn))
            .order_by(LetterCode.number)
        )
        found |= drawn - set(taken)
    return list(found)


def withdraw_letters(*, actor: Actor, region_id: int, batch_id: int, reason: str) -> int:
    """Make the unused letters of a batch worthless; how many they were.

    Raises ``UnknownLetterBatch``, ``LettersNotWithdrawable``, ``ReadingReasonMissing``, ``NotPermitted``."""
    require(actor, Permission.LETTER_ISSUE, region_id)
    given_reason = usable_reason(reason)
    if db.session.get(LetterBatch, (region_id, batch_id)) is None:
        raise UnknownLetterBatch
    done: sa.CursorResult[Any] = db.session.execute(  # type: ignore[assignment]
        sa.update(LetterCode)
        .where(
            LetterCode.region_id == region_id,
            LetterCode.batch_id == batch_id,
            LetterCode.used_at.is_(None),
            LetterCode.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=clock.now())
    )
    if not done.rowcount:
        raise LettersNotWithdrawable
    record(
        region_id=region_id,
        actor_id=actor.person_id,
        verb=AuditVerb.LETTER_WITHDRAW,
        subject=f"letter_batch:{batch_id}",
        detail={"letters": done.rowcount, "reason": given_reason},
    )
    return done.rowcount


def enter_letter(
    *, actor: Actor, region: RegionScope, number: str, code: str, legal_name: str, born_on: date, keys: KeyRing
) -> Verification:
    """Somebody types what a letter says, with name and birth date as the letter's sender has them.

    Whatever does not fit costs the letter one of its tries and is answered in one way. Only who has number, code, name
    and birth date right is told that the letter is used, too old, withdrawn or out of tries. Raises
    ``LetterNotMatched`` (recorded), ``LetterUsed``, ``LetterWithdrawn``, ``LetterExpired``, ``LetterTriesSpent``,
    ``LegalNameMissing``, ``OwnResidency`` for the clerk who made the letter, and what ``verify_residency`` raises.
    """
    mark = name_and_birth_mark(keys, region_id=region.id, name=legal_name, born_on=born_on)
    meant_number, meant_code = read_number(number), read_code(code)
    letter = _locked_letter(region.id, meant_number)
    if letter is None or meant_code is None:
        raise LetterNotMatched
    fits = letter_fits(keys, letter.code_mac, region_id=region.id, number=letter.number, code=meant_code)
    if not fits or letter.identity_hash != mark.identity_hash:
        _count_try(letter)
        raise LetterNotMatched
    _refuse_dead(letter)
    if actor.person_id == db.session.get_one(LetterBatch, (region.id, letter.batch_id)).made_by_id:
        raise OwnResidency
    letter.used_at, letter.used_by_id = clock.now(), actor.person_id
    db.session.flush()
    claim = Claim(
        channel=VerificationChannel.LETTER,
        residency_class=letter.residency_class,
        assurance=Assurance.LETTER_CODE,
        marks=(mark,),
        born_on=born_on,
        birth_year=born_on.year,
        district_code=letter.district_code,
        excluded_as=letter.excluded_as,
        evidence=letter.number,
    )
    return verify_residency(region=region, person_id=actor.person_id, claim=claim, actor=None)


def _locked_letter(region_id: int, number: str | None) -> LetterCode | None:
    """The letter, held until the request ends: of two people with one letter the second finds it used."""
    return (
        db.session.get(LetterCode, (region_id, number), with_for_update=True, populate_existing=True)
        if number
        else None
    )


def _count_try(letter: LetterCode) -> None:
    if letter.tries_left == 0:
        return
    letter.tries_left -= 1
    db.session.flush()
    if letter.tries_left == 0:
        record(
            region_id=letter.region_id,
            actor_id=None,
            verb=AuditVerb.LETTER_EXHAUST,
            subject=f"letter:{letter.number}",
        )


def _refuse_dead(letter: LetterCode) -> None:
    if letter.used_at is not None:
        raise LetterUsed(used_at=letter.used_at)
    if letter.withdrawn_at is not None:
        raise LetterWithdrawn
    if letter.expires_at <= clock.now():
        raise LetterExpired(expires_at=letter.expires_at)
    if letter.tries_left == 0:
        raise LetterTriesSpent(tries=TRIES)
