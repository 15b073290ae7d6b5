"""A guardian's consent that a minor takes part, as a clerk records it from a paper."""

from civicvote.db import db
from civicvote.domain.accounts.errors import OwnResidency
from civicvote.domain.accounts.models import Person, Residency
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.regions.queries import RegionScope
from civicvote.domain.verification.ages import age_on
from civicvote.domain.verification.errors import ConsentNotStanding, GuardianMissing, NoMinor
from civicvote.domain.verification.models import GuardianConsent
from civicvote.domain.verification.queries import region_rules
from civicvote.domain.verification.services_desk import person_by_address
from civicvote.domain.verification.services_marks import locked_person
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.markup import clean_text
from civicvote.kernel.permissions import Permission
from civicvote.kernel.personal_data import refuse_personal_numbers


def record_consent(
    *, actor: Actor, region: RegionScope, email: str, guardian_name: str, relation: str, evidence: str
) -> Person:
    """The guardian of the minor with this address agreed; ``evidence`` says by which paper that was seen.

    Raises ``UnknownAccount``, ``NoMinor``, ``OwnResidency``, ``GuardianMissing``, ``PersonalNumber``, ``NotPermitted``.
    """
    require(actor, Permission.RESIDENCY_CONFIRM, region.id)
    given = {"guardian_name": guardian_name, "relation": relation, "evidence": evidence}
    for name, text in given.items():
        refuse_personal_numbers(text, field=name)
        given[name] = " ".join(clean_text(text).split())
        if not given[name]:
            raise GuardianMissing(field=name)
    person = locked_person(person_by_address(email).id)
    if person.id == actor.person_id:
        raise OwnResidency
    residency = db.session.get(Residency, (region.id, person.id), populate_existing=True)
    today, limit = clock.today(), region_rules(region.id).consent_below_age
    if residency is None or residency.born_on is None or age_on(today, residency.born_on) >= limit:
        raise NoMinor(age=limit)
    consent = GuardianConsent(
        region_id=region.id,
        person_id=person.id,
        **given,
        consented_at=clock.now(),
        recorded_by_id=actor.person_id,
        withdrawn_at=None,
    )
    db.session.merge(consent)
    residency.guardian_consented_at = consent.consented_at
    db.session.flush()
    _record(actor, region, person.id, AuditVerb.GUARDIAN_CONSENT)
    return person


def withdraw_consent(*, actor: Actor, region: RegionScope, person_id: int) -> None:
    """The guardian took the consent back: from now on it counts for no vote. Who stands on a roll stays there.

    Raises ``ConsentNotStanding``, ``NotPermitted``."""
    require(actor, Permission.RESIDENCY_CONFIRM, region.id)
    consent = db.session.get(GuardianConsent, (region.id, person_id), with_for_update=True)
    if consent is None or consent.withdrawn_at is not None:
        raise ConsentNotStanding
    consent.withdrawn_at = clock.now()
    residency = db.session.get(Residency, (region.id, person_id))
    if residency is not None:
        residency.guardian_consented_at = None
    db.session.flush()
    _record(actor, region, person_id, AuditVerb.GUARDIAN_WITHDRAW)


def _record(actor: Actor, region: RegionScope, person_id: int, verb: AuditVerb) -> None:
    record(region_id=region.id, actor_id=actor.person_id, verb=verb, subject=f"person:{person_id}")
