"""What verification stores, tells and refuses, with a database."""

from datetime import date, timedelta
from unicodedata import normalize

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.domain.accounts.models import Residency
from civicvote.domain.accounts.providers import ProvidedResidency
from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.models import Notification, OutboxMessage
from civicvote.domain.regions.queries import RegionScope
from civicvote.domain.verification.errors import AccountClosed, ClassNotAdmitted
from civicvote.domain.verification.identity import provider_mark
from civicvote.domain.verification.kinds import VerificationChannel
from civicvote.domain.verification.models import ExclusionRule, IdentityClash, IdentityMark, ResidencyRule
from civicvote.domain.verification.services import verify_residency
from civicvote.domain.verification.services_provided import verify_provided
from civicvote.kernel import clock
from civicvote.kernel.permissions import Role
from civicvote.kernel.personal_data import PersonalNumber
from tests.factories.identity import BORN_ON, KEYS, desk_claim, name_mark, provider_claim, scope_of
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region


@pytest.fixture
def scope(session: Session) -> RegionScope:
    return scope_of(make_region(name_ko="빛고을", name_en="Bitgoeul"))


def verify(scope, person, claim=None, *, actor=None):
    return verify_residency(region=scope, person_id=person.id, claim=claim or desk_claim(scope.id), actor=actor)


def residency_of(session: Session, scope: RegionScope, person) -> Residency | None:
    return session.get(Residency, (scope.id, person.id))


def test_a_first_verification_is_stored_told_and_entered_in_the_audit_without_the_identity(session, scope) -> None:
    clerk, person = actor_for(make_officer(scope.id, Role.CLERK)), make_person()
    made = verify(scope, person, actor=clerk)
    assert (made.is_confirmed, made.excluded_as) == (True, None)
    residency = residency_of(session, scope, person)
    assert (residency.assurance, residency.confirmed_by_id) == (Assurance.IN_PERSON, clerk.person_id)
    assert (residency.birth_year, residency.born_on) == (BORN_ON.year, None), "the day is not kept of adults"
    told = session.scalars(sa.select(Notification).where(Notification.person_id == person.id)).one()
    assert told.kind is NotificationKind.RESIDENCY_CONFIRMED
    assert session.scalars(sa.select(OutboxMessage.address)).one() == person.email
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.region_id == scope.id)).one()
    assert (entry.verb, entry.actor_id, entry.subject) == (
        "residency:confirm",
        clerk.person_id,
        f"person:{person.id}",
    )
    assert not any(text in entry.detail for text in ("홍", "1958", name_mark(scope.id).identity_hash, "주민등록증"))
    mark = session.scalars(sa.select(IdentityMark)).one()
    assert (mark.person_id, mark.ordinal, mark.channel) == (person.id, 0, VerificationChannel.DESK)


def test_a_second_account_with_the_same_identity_is_stopped_and_waits(session, scope) -> None:
    earlier, later = make_person(), make_person()
    verify(scope, earlier)
    made = verify(scope, later)
    assert not made.is_confirmed
    assert residency_of(session, scope, later) is None
    clash = session.scalars(sa.select(IdentityClash)).one()
    assert (clash.id, clash.earlier_person_id, clash.later_person_id) == (made.clash_id, earlier.id, later.id)
    told = session.scalars(sa.select(Notification).where(Notification.person_id == later.id)).one()
    assert told.kind is NotificationKind.IDENTITY_CLASH
    entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert entry.verb == "identity:clash"
    assert "1958" not in entry.detail


def test_the_same_two_accounts_again_renew_the_clash_that_waits(session, scope) -> None:
    earlier, later = make_person(), make_person()
    verify(scope, earlier)
    first = verify(scope, later)
    again = verify(scope, later, desk_claim(scope.id, residency_class=ResidencyClass.WORK))
    assert again.clash_id == first.clash_id
    assert session.scalars(sa.select(IdentityClash)).one().claim["residency_class"] == "work"


@pytest.mark.parametrize("name", ["홍 길동", "홍길동\u200b", normalize("NFD", "홍길동")])
def test_another_way_of_writing_the_name_is_the_same_identity(session, scope, name) -> None:
    verify(scope, make_person())
    assert not verify(scope, make_person(), desk_claim(scope.id, name)).is_confirmed


def test_other_people_and_other_regions_are_no_clash(session, scope) -> None:
    verify(scope, make_person())
    assert verify(scope, make_person(), desk_claim(scope.id, "홍길순")).is_confirmed
    assert verify(scope, make_person(), desk_claim(scope.id, born_on=BORN_ON + timedelta(days=1))).is_confirmed
    elsewhere = scope_of(make_region())
    assert verify(elsewhere, make_person(), desk_claim(elsewhere.id)).is_confirmed


def test_a_clash_in_one_mark_leaves_the_other_mark_free(session, scope) -> None:
    verify(scope, make_person())
    both = (name_mark(scope.id), provider_mark(KEYS, region_id=scope.id, identifier="ci-1"))
    assert not verify(scope, make_person(), provider_claim(scope.id, "ci-1", marks=both)).is_confirmed
    assert verify(scope, make_person(), provider_claim(scope.id, "ci-1")).is_confirmed


def test_a_provider_that_tells_the_name_too_meets_the_desk(session, scope) -> None:
    person = make_person()
    both = (name_mark(scope.id), provider_mark(KEYS, region_id=scope.id, identifier="ci-1"))
    assert verify(scope, person, provider_claim(scope.id, "ci-1", marks=both)).is_confirmed
    assert verify(scope, person).is_confirmed, "one's own mark is no clash"
    assert not verify(scope, make_person()).is_confirmed


def test_an_account_that_is_a_known_namesake_is_verified_again_without_a_clash(session, scope) -> None:
    first, namesake = make_person(), make_person()
    verify(scope, first)
    mark = name_mark(scope.id)
    session.add(
        IdentityMark(
            region_id=scope.id,
            kind=mark.kind,
            identity_hash=mark.identity_hash,
            ordinal=1,
            person_id=namesake.id,
            channel=VerificationChannel.DESK,
            marked_at=clock.now(),
        )
    )
    session.flush()
    assert verify(scope, namesake).is_confirmed
    assert verify(scope, first).is_confirmed
    assert not verify(scope, make_person()).is_confirmed


def test_a_weaker_channel_does_not_overwrite_a_surer_one(session, scope) -> None:
    person = make_person()
    verify(scope, person)
    weaker = desk_claim(
        scope.id,
        channel=VerificationChannel.ROLL,
        assurance=Assurance.ROLL,
        residency_class=ResidencyClass.WORK,
        district_code="2917000000",
    )
    verify(scope, person, weaker)
    residency = residency_of(session, scope, person)
    assert (residency.assurance, residency.residency_class) == (Assurance.IN_PERSON, ResidencyClass.ADDRESS)
    assert residency.district_code == "2917000000", "what was not known before is filled in"


def test_a_surer_channel_overwrites_and_so_does_any_once_the_time_is_over(session, scope) -> None:
    person = make_person()
    weak = desk_claim(scope.id, channel=VerificationChannel.ROLL, assurance=Assurance.ROLL)
    verify(scope, person, weak)
    verify(scope, person)
    residency = residency_of(session, scope, person)
    assert residency.assurance is Assurance.IN_PERSON
    residency.valid_until_on = clock.today() - timedelta(days=1)
    session.flush()
    verify(scope, person, weak)
    assert (residency.assurance, residency.valid_until_on) == (Assurance.ROLL, None)


def test_the_region_says_for_how_long(session, scope) -> None:
    session.add(
        ResidencyRule(
            region_id=scope.id,
            residency_class=ResidencyClass.ADDRESS,
            is_admitted=True,
            minimum_assurance=Assurance.ROLL,
            valid_months=12,
            clause_ko="",
            clause_en="",
        )
    )
    session.flush()
    person = make_person()
    verify(scope, person)
    until, today = residency_of(session, scope, person).valid_until_on, clock.today()
    assert until is not None
    assert (until.year, until.month) == (today.year + 1, today.month)


def test_a_class_that_the_region_does_not_admit_is_refused(session, scope) -> None:
    session.add(
        ResidencyRule(
            region_id=scope.id,
            residency_class=ResidencyClass.WORK,
            is_admitted=False,
            minimum_assurance=Assurance.ROLL,
            clause_ko="",
            clause_en="",
        )
    )
    session.flush()
    with pytest.raises(ClassNotAdmitted):
        verify(scope, make_person(), desk_claim(scope.id, residency_class=ResidencyClass.WORK))
    assert not session.scalars(sa.select(IdentityMark)).all()


def test_staff_are_confirmed_without_a_ballot_until_a_clerk_sees_otherwise(session, scope) -> None:
    person = make_person()
    made = verify(scope, person, desk_claim(scope.id, excluded_as=ExcludedGroup.STAFF))
    assert (made.is_confirmed, made.excluded_as) == (True, ExcludedGroup.STAFF)
    told = session.scalars(sa.select(Notification)).one()
    assert (told.kind, told.params["group"]) == (NotificationKind.RESIDENCY_EXCLUDED, "staff")
    verify(scope, person, provider_claim(scope.id, "ci-7"))
    residency = residency_of(session, scope, person)
    assert residency.excluded_as is ExcludedGroup.STAFF, "a provider does not know"
    verify(scope, person)
    assert residency.excluded_as is None


def test_a_region_may_let_its_staff_vote(session, scope) -> None:
    session.add(
        ExclusionRule(
            region_id=scope.id, excluded_group=ExcludedGroup.STAFF, is_excluded=False, clause_ko="", clause_en=""
        )
    )
    session.flush()
    assert verify(scope, make_person(), desk_claim(scope.id, excluded_as=ExcludedGroup.STAFF)).excluded_as is None


def test_of_minors_the_day_is_kept_and_they_are_told(session, scope) -> None:
    born_on = clock.today() - timedelta(days=365 * 15)
    person = make_person()
    made = verify(scope, person, desk_claim(scope.id, born_on=born_on))
    assert made.excluded_as is ExcludedGroup.UNDER_AGE
    residency = residency_of(session, scope, person)
    assert (residency.born_on, residency.excluded_as) == (born_on, None), "age is reckoned anew each time"


def test_where_only_the_year_is_known_nobody_counts_as_older_than_they_surely_are(session, scope) -> None:
    year = clock.today().year - 16
    person = make_person()
    verify(scope, person, provider_claim(scope.id, "ci-2", birth_year=year))
    assert residency_of(session, scope, person).born_on == date(year, 12, 31)
    exact = date(year, 1, 2)
    verify(scope, person, desk_claim(scope.id, born_on=exact))
    verify(scope, person, provider_claim(scope.id, "ci-2", birth_year=year, assurance=Assurance.IN_PERSON))
    assert residency_of(session, scope, person).born_on == exact


def test_a_closed_account_is_not_verified(session, scope) -> None:
    person = make_person()
    person.closed_at = clock.now()
    session.flush()
    with pytest.raises(AccountClosed):
        verify(scope, person)


def test_evidence_with_a_personal_number_is_refused(session, scope) -> None:
    with pytest.raises(PersonalNumber):
        verify(scope, make_person(), desk_claim(scope.id, evidence="주민등록증 580307-1234567"))


@pytest.mark.parametrize("kind", [ResidencyClass.ADDRESS, ResidencyClass.WORK])
def test_signing_in_through_a_provider_every_day_is_no_news(session, scope, kind) -> None:
    """Also where a clerk saw something else, more surely: the residency stays as it is, and nobody is told it anew."""
    person = make_person()
    said = ProvidedResidency(
        region_slug=scope.slug, residency_class=kind, assurance=Assurance.IDENTITY_PROVIDER, identifier="ci"
    )
    verify(scope, person, desk_claim(scope.id))
    assert verify_provided(person_id=person.id, residency=said, keys=KEYS) is not None, "the mark is new"
    assert verify_provided(person_id=person.id, residency=said, keys=KEYS) is None


def test_a_provider_that_says_more_surely_is_news(session, scope) -> None:
    person = make_person()
    said = ProvidedResidency(
        region_slug=scope.slug,
        residency_class=ResidencyClass.WORK,
        assurance=Assurance.IDENTITY_PROVIDER,
        identifier="ci",
    )
    verify(scope, person, provider_claim(scope.id, "ci", assurance=Assurance.SELF_DECLARED))
    assert verify_provided(person_id=person.id, residency=said, keys=KEYS) is not None
    assert session.get_one(Residency, (scope.id, person.id)).residency_class is ResidencyClass.WORK
