"""What a decided clash does to marks and residencies, behind the locks of ``services_clashes.open_clash``."""

from dataclasses import replace

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person, Residency
from civicvote.domain.regions.queries import RegionScope
from civicvote.domain.verification.claims import Claim
from civicvote.domain.verification.identity import Mark
from civicvote.domain.verification.kinds import MarkKind, VerificationChannel
from civicvote.domain.verification.models import GuardianConsent, IdentityClash, IdentityMark
from civicvote.domain.verification.queries import region_rules
from civicvote.domain.verification.services import confirm
from civicvote.domain.verification.services_clashes import raise_clash
from civicvote.domain.verification.services_marks import add_mark, carriers_of, claim_marks


def move_identity(*, region: RegionScope, clash: IdentityClash, claim: Claim) -> None:
    """The later account takes over the earlier one's marks, residency and guardian's consent, then what it claimed.

    The earlier account is no resident any more. Whether it may lose its residency is the caller's question."""
    earlier, later = clash.earlier_person_id, clash.later_person_id
    claim = _still_excluded(claim, db.session.get(Residency, (region.id, earlier)))
    db.session.execute(
        sa.update(IdentityMark)
        .where(IdentityMark.region_id == region.id, IdentityMark.person_id == earlier)
        .values(person_id=later)
    )
    met_another = _meets_another(region, clash, claim)
    for model in (Residency, GuardianConsent):
        of_earlier = (model.region_id == region.id, model.person_id == earlier)
        if met_another or db.session.get(model, (region.id, later)) is not None:
            db.session.execute(sa.delete(model).where(*of_earlier))
        else:
            db.session.execute(sa.update(model).where(*of_earlier).values(person_id=later))
    db.session.expire_all()
    if not met_another:
        _confirm(region, clash, claim)


def _still_excluded(claim: Claim, earlier: Residency | None) -> Claim:
    """The claim of somebody whose earlier residency says that they have no ballot: another account does not give them
    one, unless a clerk has just seen otherwise."""
    if earlier is None or claim.excluded_as is not None or claim.channel is VerificationChannel.DESK:
        return claim
    return replace(claim, excluded_as=earlier.excluded_as)


def let_both_stand(*, region: RegionScope, clash: IdentityClash, claim: Claim) -> None:
    """Two people of one name and one birth date: the later account carries the mark too, under the next ordinal."""
    for mark in claim.marks:
        if mark.kind is MarkKind.NAME_AND_BIRTH and clash.later_person_id not in carriers_of(region.id, mark):
            _add_namesake(region.id, clash, mark)
    if not _meets_another(region, clash, claim):
        _confirm(region, clash, claim)


def _add_namesake(region_id: int, clash: IdentityClash, mark: Mark) -> None:
    ordinal = 0
    while not add_mark(
        region_id=region_id, person_id=clash.later_person_id, channel=clash.channel, mark=mark, ordinal=ordinal
    ):
        ordinal += 1


def _meets_another(region: RegionScope, clash: IdentityClash, claim: Claim) -> bool:
    """Whether another mark of the claim meets yet another account: then the person goes on waiting."""
    later = clash.later_person_id
    holder = claim_marks(region_id=region.id, person_id=later, channel=claim.channel, marks=claim.marks)
    if holder is not None:
        raise_clash(region_id=region.id, person_id=later, holder=holder, claim=claim, actor_id=clash.raised_by_id)
    return holder is not None


def _confirm(region: RegionScope, clash: IdentityClash, claim: Claim) -> None:
    """Finish the verification that waited."""
    confirm(
        region=region,
        person=db.session.get_one(Person, clash.later_person_id),
        claim=claim,
        actor_id=clash.raised_by_id,
        rules=region_rules(region.id),
        tells=False,
    )
