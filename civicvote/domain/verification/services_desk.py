"""Identities that people tell: to a clerk at a desk, or about themselves where the region takes their word."""

from dataclasses import dataclass

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.addresses import normal_address
from civicvote.domain.accounts.errors import OwnResidency, UnknownAccount
from civicvote.domain.accounts.models import Person, Residency
from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.domain.regions.queries import RegionScope
from civicvote.domain.verification.claims import Claim, Verification
from civicvote.domain.verification.errors import AlreadyConfirmed, SelfDeclarationNotEnough
from civicvote.domain.verification.identity import name_and_birth_mark, read_birth_date
from civicvote.domain.verification.kinds import VerificationChannel
from civicvote.domain.verification.queries import region_rules
from civicvote.domain.verification.services import verify_residency
from civicvote.domain.verification.services_marks import locked_person
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.keys import KeyRing
from civicvote.kernel.permissions import Permission
from civicvote.kernel.personal_data import refuse_personal_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What stands on the paper. Only a mark is made of it; neither text is ever stored."""

    legal_name: str
    born_on: str


@dataclass(frozen=True, slots=True)
class DeskVerification:
    """What became of it, and the shown name of the person at the desk."""

    display_name: str
    verification: Verification


def confirm_at_desk(
    *,
    actor: Actor,
    region: RegionScope,
    email: str,
    identity: Identity,
    residency_class: ResidencyClass,
    assurance: Assurance,
    evidence: str,
    keys: KeyRing,
    district_code: str | None = None,
    excluded_as: ExcludedGroup | None = None,
) -> DeskVerification:
    """A clerk saw that the person with this address belongs to the region.

    ``evidence`` says what was seen ("driving licence"), never a number from it. Raises ``UnknownAccount``,
    ``OwnResidency``, ``PersonalNumber``, ``BirthDateUnreadable``, ``LegalNameMissing``, ``NotPermitted`` and what
    ``verify_residency`` raises.
    """
    require(actor, Permission.RESIDENCY_CONFIRM, region.id)
    refuse_personal_numbers(email, field="email")
    person = person_by_address(email)
    if person.id == actor.person_id:
        raise OwnResidency
    claim = _claim(
        region,
        identity,
        keys,
        channel=VerificationChannel.DESK,
        residency_class=residency_class,
        assurance=assurance,
        evidence=evidence,
        district_code=district_code,
        excluded_as=excluded_as,
    )
    verification = verify_residency(region=region, person_id=person.id, claim=claim, actor=actor)
    return DeskVerification(person.display_name, verification)


def declare_residency(
    *, actor: Actor, region: RegionScope, identity: Identity, residency_class: ResidencyClass, keys: KeyRing
) -> Verification:
    """The person's own word, where the region's rule takes it.

    Whoever is confirmed already declares nothing more: several names would keep their owners out. Raises
    ``SelfDeclarationNotEnough``, ``AlreadyConfirmed``, ``PersonalNumber``, ``BirthDateUnreadable``,
    ``LegalNameMissing`` and what ``verify_residency`` raises.
    """
    if not region_rules(region.id).classes[residency_class].suffices(Assurance.SELF_DECLARED):
        raise SelfDeclarationNotEnough
    locked_person(actor.person_id)  # two declarations at once: the second finds the first
    residency = db.session.get(Residency, (region.id, actor.person_id), populate_existing=True)
    if residency is not None and (residency.valid_until_on is None or residency.valid_until_on >= clock.today()):
        raise AlreadyConfirmed
    claim = _claim(
        region,
        identity,
        keys,
        channel=VerificationChannel.SELF,
        residency_class=residency_class,
        assurance=Assurance.SELF_DECLARED,
    )
    return verify_residency(region=region, person_id=actor.person_id, claim=claim, actor=None)


def person_by_address(email: str) -> Person:
    """The account with this address, for clerks. Raises ``UnknownAccount``."""
    person = db.session.scalars(sa.select(Person).where(Person.email == normal_address(email))).first()
    if person is None:
        raise UnknownAccount
    return person


def _claim(
    region: RegionScope,
    identity: Identity,
    keys: KeyRing,
    *,
    channel: VerificationChannel,
    residency_class: ResidencyClass,
    assurance: Assurance,
    evidence: str = "",
    district_code: str | None = None,
    excluded_as: ExcludedGroup | None = None,
) -> Claim:
    refuse_personal_numbers(identity.legal_name, field="legal_name")
    refuse_personal_numbers(identity.born_on, field="born_on")
    born_on = read_birth_date(identity.born_on, today=clock.today())
    return Claim(
        channel=channel,
        residency_class=residency_class,
        assurance=assurance,
        marks=(name_and_birth_mark(keys, region_id=region.id, name=identity.legal_name, born_on=born_on),),
        born_on=born_on,
        district_code=district_code,
        excluded_as=excluded_as,
        evidence=evidence,
    )
