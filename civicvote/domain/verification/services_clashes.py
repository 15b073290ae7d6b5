"""Clashes: a second account with an identity that another one carries waits for an administrator."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.audit.services import record
from civicvote.domain.verification import claims
from civicvote.domain.verification.claims import Claim
from civicvote.domain.verification.models import IdentityClash
from civicvote.domain.verification.services_marks import Holder
from civicvote.kernel import clock, ids


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
        verb="identity:clash",
        subject=f"clash:{ids.encode(clash.id)}",
        detail={"earlier": holder.person_id, "later": person_id, "channel": claim.channel.value},
    )
    return clash
