"""Verification of residency: one natural person, one account in a region."""

from typing import Any

from civicvote.db import db
from civicvote.domain.accounts.models import Person, Residency
from civicvote.domain.accounts.residency import ExcludedGroup
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import enqueue_mail, notify
from civicvote.domain.regions.queries import RegionScope
from civicvote.domain.verification.ages import day_to_keep
from civicvote.domain.verification.claims import Claim, Verification
from civicvote.domain.verification.errors import AccountClosed, ClassNotAdmitted
from civicvote.domain.verification.kinds import VerificationChannel
from civicvote.domain.verification.queries import region_rules
from civicvote.domain.verification.rules import RegionRules
from civicvote.domain.verification.services_clashes import raise_clash
from civicvote.domain.verification.services_marks import claim_marks, locked_person
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from civicvote.kernel.markup import clean_text
from civicvote.kernel.personal_data import refuse_personal_numbers


def verify_residency(*, region: RegionScope, person_id: int, claim: Claim, actor: Actor | None) -> Verification:
    """Confirm the person's residency as the claim says, or raise a clash where another account carries the identity.

    ``actor`` is the clerk who decided, or None where nobody did (provider, letter, roll). The person is told, the audit
    learns class, assurance and channel. Raises ``ClassNotAdmitted``, ``AccountClosed``, ``PersonalNumber``.
    """
    refuse_personal_numbers(claim.evidence, field="evidence")
    rules = region_rules(region.id)
    if not rules.classes[claim.residency_class].is_admitted:
        raise ClassNotAdmitted
    person = locked_person(person_id)
    if person.closed_at is not None:
        raise AccountClosed
    actor_id = actor.person_id if actor else None
    holder = claim_marks(region_id=region.id, person_id=person_id, channel=claim.channel, marks=claim.marks)
    if holder is not None:
        clash = raise_clash(region_id=region.id, person_id=person_id, holder=holder, claim=claim, actor_id=actor_id)
        tell(region=region, person=person, kind=NotificationKind.IDENTITY_CLASH)
        return Verification(clash_id=clash.id, excluded_as=None)
    return confirm(region=region, person=person, claim=claim, actor_id=actor_id, rules=rules)


def confirm(
    *, region: RegionScope, person: Person, claim: Claim, actor_id: int | None, rules: RegionRules, tells: bool = True
) -> Verification:
    """Store or renew the residency of a person whose marks are in order, and enter it in the audit.

    The person is told, unless the caller has more to tell."""
    residency = _store(region_id=region.id, person_id=person.id, claim=claim, actor_id=actor_id, rules=rules)
    record(
        region_id=region.id,
        actor_id=actor_id,
        verb=AuditVerb.RESIDENCY_CONFIRM,
        subject=f"person:{person.id}",
        detail={
            "class": claim.residency_class.value,
            "assurance": claim.assurance.value,
            "channel": claim.channel.value,
        },
    )
    excluded_as = rules.excluded_group(noted=residency.excluded_as, born_on=residency.born_on, today=clock.today())
    if tells and excluded_as is None:
        tell(region=region, person=person, kind=NotificationKind.RESIDENCY_CONFIRMED)
    elif tells and excluded_as is not None:
        tell(region=region, person=person, kind=NotificationKind.RESIDENCY_EXCLUDED, group=excluded_as.value)
    return Verification(clash_id=None, excluded_as=excluded_as)


def _store(*, region_id: int, person_id: int, claim: Claim, actor_id: int | None, rules: RegionRules) -> Residency:
    residency = db.session.get(Residency, (region_id, person_id), populate_existing=True)
    today = clock.today()
    if residency is None:
        residency = Residency(region_id=region_id, person_id=person_id)
        db.session.add(residency)
        is_news = True
    else:
        is_over = residency.valid_until_on is not None and residency.valid_until_on < today
        is_news = is_over or claim.assurance.at_least(residency.assurance)
    if is_news:
        residency.residency_class = claim.residency_class
        residency.assurance = claim.assurance
        residency.confirmed_by_id = actor_id
        residency.confirmed_at = clock.now()
        residency.valid_until_on = rules.classes[claim.residency_class].valid_until(today)
        residency.evidence = clean_text(claim.evidence)
    _store_facts(residency, claim, is_news=is_news)
    db.session.flush()
    return residency


def _store_facts(residency: Residency, claim: Claim, *, is_news: bool) -> None:
    """What is known of the person. A surer claim corrects, a weaker one only fills gaps; a channel that does not know
    something takes nothing away. That somebody is staff can only be taken back where a clerk sees the papers."""
    knows_more = claim.born_on is not None or claim.year_of_birth != residency.birth_year
    if claim.year_of_birth is not None and knows_more and (is_news or residency.birth_year is None):
        residency.birth_year = claim.year_of_birth
        residency.born_on = day_to_keep(claim.day_of_birth, clock.today())
    if claim.district_code is not None and (is_news or residency.district_code is None):
        residency.district_code = claim.district_code
    if claim.excluded_as is not ExcludedGroup.UNDER_AGE and (
        claim.excluded_as is not None or (is_news and claim.channel is VerificationChannel.DESK)
    ):
        residency.excluded_as = claim.excluded_as


def tell(*, region: RegionScope, person: Person, kind: NotificationKind, **params: Any) -> None:
    """On the site and by mail; both lead to the page that says how the person stands in the region."""
    told = {"region_ko": region.name_ko, "region_en": region.name_en, **params}
    path = f"/regions/{region.slug}/residency"
    notify(person_id=person.id, kind=kind, params=told, path=path)
    enqueue_mail(address=person.email, locale=person.locale, kind=kind, params=told, path=path)
