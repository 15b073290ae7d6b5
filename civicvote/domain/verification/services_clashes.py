"""Clashes: a second account with an identity that another one carries waits for an administrator."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.verification import claims
from civicvote.domain.verification.claims import Claim
from civicvote.domain.verification.errors import (
    ClashAlreadyDecided,
    ClashReasonMissing,
    NamesakeImpossible,
    OwnClash,
    UnknownClash,
)
from civicvote.domain.verification.kinds import ClashDecision, MarkKind
from civicvote.domain.verification.models import IdentityClash
from civicvote.domain.verification.services_marks import Holder, locked_person
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.markup import clean_text
from civicvote.kernel.personal_data import refuse_personal_numbers


def raise_clash(*, region_id: int, person_id: int, holder: Holder, claim: Claim, actor_id: int | None) -> IdentityClash:
    """Keep the claim until an administrator decides; the same two accounts again renew the clash that is open."""
    clash = db.session.scalars(
        sa.select(IdentityClash).where(
            IdentityClash.region_id == region_id,
            IdentityClash.earlier_person_id == holder.person_id,
            IdentityClash.later_person_id == person_id,
            IdentityClash.decided_at.is_(None),
        )
    ).first()
    if clash is None:
        clash = IdentityClash(
            region_id=region_id, id=ids.new_id(), earlier_person_id=holder.person_id, later_person_id=person_id
        )
        db.session.add(clash)
    clash.kind, clash.identity_hash = holder.mark.kind, holder.mark.identity_hash
    clash.channel, clash.claim = claim.channel, claims.write(claim)
    clash.raised_at, clash.raised_by_id = clock.now(), actor_id
    db.session.flush()
    record(
        region_id=region_id,
        actor_id=actor_id,
        verb=AuditVerb.IDENTITY_CLASH,
        subject=f"clash:{ids.encode(clash.id)}",
        detail={"earlier": holder.person_id, "later": person_id, "channel": claim.channel.value},
    )
    return clash


def open_clash(*, actor: Actor, region_id: int, clash_id: int) -> IdentityClash:
    """A clash that waits, locked for a decision with its two accounts.

    Raises ``UnknownClash``, ``ClashAlreadyDecided``, ``OwnClash``."""
    found = db.session.get(IdentityClash, (region_id, clash_id))
    if found is None:
        raise UnknownClash
    # People first, as a verification does that renews the clash.
    for person_id in sorted((found.earlier_person_id, found.later_person_id)):
        locked_person(person_id)
    clash = db.session.get(IdentityClash, (region_id, clash_id), with_for_update=True, populate_existing=True)
    if clash is None:
        raise UnknownClash  # the later account was closed meanwhile
    if clash.decided_at is not None:
        raise ClashAlreadyDecided
    if actor.person_id in (clash.earlier_person_id, clash.later_person_id):
        raise OwnClash
    return clash


def close_clash(clash: IdentityClash, *, decision: ClashDecision, reason: str, decided_by_id: int) -> Claim:
    """Note the decision; what was claimed leaves the database and is returned.

    Raises ``ClashReasonMissing``, ``NamesakeImpossible``, ``PersonalNumber``."""
    refuse_personal_numbers(reason, field="reason")
    given = clean_text(reason)
    if not given:
        raise ClashReasonMissing
    if decision is ClashDecision.NAMESAKE and clash.kind is not MarkKind.NAME_AND_BIRTH:
        raise NamesakeImpossible
    claim = claims.read(clash.claim)
    clash.decision, clash.reason, clash.claim = decision, given, {}
    clash.decided_at, clash.decided_by_id = clock.now(), decided_by_id
    db.session.flush()
    return claim
