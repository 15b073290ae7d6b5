"""Residency through an identity provider: weighed at every sign-in, stored when it says something new."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Residency
from civicvote.domain.accounts.providers import ProvidedResidency
from civicvote.domain.regions.queries import region_scope
from civicvote.domain.verification import claims
from civicvote.domain.verification.claims import Claim, Verification
from civicvote.domain.verification.kinds import ClashDecision
from civicvote.domain.verification.models import IdentityClash, IdentityMark
from civicvote.domain.verification.provided import claim_of
from civicvote.domain.verification.services import verify_residency
from civicvote.kernel import clock
from civicvote.kernel.keys import KeyRing


def verify_provided(*, person_id: int, residency: ProvidedResidency, keys: KeyRing) -> Verification | None:
    """Confirm what the provider says, or None where all of it is known or was refused already, so that signing in
    daily is no news.

    Raises ``UnknownRegion``, ``BirthDateUnreadable``, ``LegalNameMissing`` and what ``verify_residency`` raises; the
    sign-in around it may go on, nothing of the verification stays then.
    """
    region = region_scope(residency.region_slug)
    claim = claim_of(residency, keys=keys, region_id=region.id, today=clock.today())
    if _is_confirmed(region.id, person_id, claim) or _waits(region.id, person_id, claim):
        return None
    if _was_refused(region.id, person_id, claim):
        return None
    with db.session.begin_nested():
        return verify_residency(region=region, person_id=person_id, claim=claim, actor=None)


def _is_confirmed(region_id: int, person_id: int, claim: Claim) -> bool:
    """Whether the account carries every mark, and a residency stands that is surer, or as sure and of this class."""
    residency = db.session.get(Residency, (region_id, person_id))
    if residency is None:
        return False
    if residency.valid_until_on is not None and residency.valid_until_on < clock.today():
        return False
    carried = sa.select(IdentityMark.identity_hash).where(
        IdentityMark.region_id == region_id, IdentityMark.person_id == person_id
    )
    if {mark.identity_hash for mark in claim.marks} - set(db.session.scalars(carried)):
        return False
    if residency.assurance is claim.assurance:
        return residency.residency_class is claim.residency_class
    return residency.assurance.at_least(claim.assurance)


def _waits(region_id: int, person_id: int, claim: Claim) -> bool:
    """Whether this very claim of the account waits for an administrator."""
    waiting = sa.select(IdentityClash.claim).where(
        IdentityClash.region_id == region_id,
        IdentityClash.later_person_id == person_id,
        IdentityClash.decided_at.is_(None),
    )
    return any(claims.read(each) == claim for each in db.session.scalars(waiting))


def _was_refused(region_id: int, person_id: int, claim: Claim) -> bool:
    """Whether an administrator refused this identity to the account, and the other account still carries it."""
    refused = (
        sa.select(IdentityClash.id)
        .join(
            IdentityMark,
            (IdentityMark.region_id == IdentityClash.region_id)
            & (IdentityMark.kind == IdentityClash.kind)
            & (IdentityMark.identity_hash == IdentityClash.identity_hash)
            & (IdentityMark.person_id == IdentityClash.earlier_person_id),
        )
        .where(
            IdentityClash.region_id == region_id,
            IdentityClash.later_person_id == person_id,
            IdentityClash.decision == ClashDecision.REFUSE,
            IdentityClash.identity_hash.in_([mark.identity_hash for mark in claim.marks]),
        )
    )
    return db.session.scalars(refused.limit(1)).first() is not None
