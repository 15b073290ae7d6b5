"""Letters from the printer to the confirmed resident, and every way in which one does not work."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.domain.accounts.errors import OwnResidency
from civicvote.domain.accounts.models import Residency
from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.regions.models import Region
from civicvote.domain.verification.claims import Verification
from civicvote.domain.verification.errors import ClassNotAdmitted
from civicvote.domain.verification.identity import LegalNameMissing
from civicvote.domain.verification.letters import (
    LetterExpired,
    LetterNotMatched,
    LettersNotWithdrawable,
    LettersRefuseRows,
    LetterTriesSpent,
    LetterUsed,
    LetterWithdrawn,
    PrintedLetter,
)
from civicvote.domain.verification.models import LetterBatch, LetterCode, ResidencyRule
from civicvote.domain.verification.queries_letters import districts_of, letter_batches
from civicvote.domain.verification.reading_reasons import ReadingReasonMissing
from civicvote.domain.verification.rows import PeopleList, RefusedRow, RowProblem
from civicvote.domain.verification.services_letters import enter_letter, make_letters, withdraw_letters
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor, NotPermitted
from civicvote.kernel.errors import Refusal
from civicvote.kernel.permissions import Role
from civicvote.kernel.personal_data import PersonalNumber
from tests.factories.identity import BORN_ON, KEYS, scope_of
from tests.factories.letters import listed, send_letters
from tests.factories.people import actor_for, make_officer, make_person, make_resident
from tests.factories.places import make_region


@pytest.fixture
def region(session: Session) -> Region:
    return make_region()


def enter(region: Region, letter: PrintedLetter, *, actor: Actor | None = None, **typed: Any) -> Verification:
    values = {"number": letter.number, "code": letter.code, "legal_name": "홍길동", "born_on": BORN_ON} | typed
    return enter_letter(actor=actor or actor_for(make_person()), region=scope_of(region), keys=KEYS, **values)


def stored(session: Session, letter: PrintedLetter) -> LetterCode:
    return session.scalars(sa.select(LetterCode).where(LetterCode.number == letter.number)).one()


def test_who_got_a_letter_is_confirmed_by_its_code(region: Region, session: Session) -> None:
    person = make_person()
    letter = send_letters(region, listed(residency_class=ResidencyClass.WORK, district_code="2915559000"))[0]
    made = enter(region, letter, actor=actor_for(person), code=letter.code.lower(), legal_name="홍 길동")
    assert made == Verification(clash_id=None, excluded_as=None)
    residency = session.get_one(Residency, (region.id, person.id))
    assert (residency.residency_class, residency.assurance) == (ResidencyClass.WORK, Assurance.LETTER_CODE)
    assert (residency.district_code, residency.birth_year, residency.born_on) == ("2915559000", BORN_ON.year, None)
    assert residency.confirmed_by_id is None
    assert stored(session, letter).used_by_id == person.id


def test_nothing_that_names_a_person_or_opens_a_letter_is_stored(region: Region, session: Session) -> None:
    letter = send_letters(region)[0]
    tables = (LetterBatch, LetterCode, AuditEntry)
    kept = " ".join(str(row) for table in tables for row in session.execute(sa.select(*table.__table__.columns)))
    for secret in (letter.code, letter.name, "봉선로", BORN_ON.isoformat()):
        assert secret not in kept
    assert letter.number in kept


def test_making_letters_is_entered_with_its_reason(region: Region, session: Session) -> None:
    send_letters(region, listed(), listed("김하나", line=3))
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "letter:issue")).one()
    assert "휴대전화가 없는 주민" in entry.detail
    assert '"letters":2' in entry.detail.replace(" ", "")


def make(region: Region, people: PeopleList, **changes: Any) -> None:
    values = {
        "actor": actor_for(make_officer(region.id, Role.CLERK)),
        "reason": "우편",
        "valid_days": 30,
        "takes_part_of_list": False,
    }
    make_letters(region=scope_of(region), listed=people, keys=KEYS, **(values | changes))


BROKEN = [RefusedRow(3, RowProblem.BIRTH_DATE)]


@pytest.mark.parametrize(
    ("people", "changes", "refusal"),
    [
        (PeopleList([listed()], BROKEN), {}, LettersRefuseRows),
        (PeopleList([], BROKEN), {"takes_part_of_list": True}, LettersRefuseRows),
        (PeopleList([listed()]), {"reason": "  "}, ReadingReasonMissing),
        (PeopleList([listed()]), {"reason": "900101-1234567"}, PersonalNumber),
    ],
)
def test_letters_that_are_refused_leave_nothing(
    region: Region, session: Session, people: PeopleList, changes: dict[str, Any], refusal: type[Refusal]
) -> None:
    make(region, PeopleList([listed()], BROKEN), takes_part_of_list=True)
    before = session.scalar(sa.select(sa.func.count()).select_from(LetterCode))
    with pytest.raises(refusal):
        make(region, people, **changes)
    assert session.scalar(sa.select(sa.func.count()).select_from(LetterCode)) == before == 1


def test_only_clerks_of_the_region_make_and_withdraw_letters(region: Region, session: Session) -> None:
    for stranger in (make_resident(region.id), make_officer(make_region().id, Role.CLERK)):
        with pytest.raises(NotPermitted):
            make(region, PeopleList([listed()]), actor=actor_for(stranger))
        with pytest.raises(NotPermitted):
            withdraw_letters(actor=actor_for(stranger), region_id=region.id, batch_id=1, reason="x")
        with pytest.raises(NotPermitted):
            letter_batches(actor_for(stranger), region.id, cursor=None)


WRONG = [
    {"code": "0000000000"},
    {"legal_name": "김하나"},
    {"born_on": date(1958, 3, 8)},
]


@pytest.mark.parametrize("typed", WRONG)
def test_whatever_does_not_fit_costs_the_letter_a_try(region: Region, session: Session, typed: dict[str, Any]) -> None:
    letter = send_letters(region)[0]
    for left in (4, 3, 2, 1, 0, 0):
        with pytest.raises(LetterNotMatched) as refused:
            enter(region, letter, **typed)
        assert refused.value.is_recorded
        assert stored(session, letter).tries_left == left
    with pytest.raises(LetterTriesSpent):
        enter(region, letter)
    spent = session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "letter:exhaust")).all()
    assert [entry.subject for entry in spent] == [f"letter:{letter.number}"], "told once, when the last try went"
    assert session.scalar(sa.select(sa.func.count()).select_from(Residency)) == 0


def test_four_wrong_tries_leave_the_fifth(region: Region, session: Session) -> None:
    letter = send_letters(region)[0]
    for _ in range(4):
        with pytest.raises(LetterNotMatched):
            enter(region, letter, code="0000000000")
    assert enter(region, letter).is_confirmed


@pytest.mark.parametrize("typed", [{"number": "ZZZZZZ"}, {"number": "?"}, {"code": "?"}])
def test_a_number_or_code_that_can_not_be_is_answered_like_a_wrong_one(
    region: Region, session: Session, typed: dict[str, Any]
) -> None:
    letter = send_letters(region)[0]
    with pytest.raises(LetterNotMatched):
        enter(region, letter, **typed)
    assert stored(session, letter).tries_left == 5


def test_a_name_without_letters_is_no_try(region: Region, session: Session) -> None:
    letter = send_letters(region)[0]
    with pytest.raises(LegalNameMissing):
        enter(region, letter, legal_name="123")
    assert stored(session, letter).tries_left == 5


def test_a_letter_of_one_region_is_none_in_another(region: Region, session: Session) -> None:
    letter = send_letters(region)[0]
    with pytest.raises(LetterNotMatched):
        enter(make_region(), letter)
    assert enter(region, letter).is_confirmed


def test_a_letter_works_once(region: Region, session: Session) -> None:
    letter = send_letters(region)[0]
    enter(region, letter)
    with pytest.raises(LetterUsed):
        enter(region, letter)
    with pytest.raises(LetterNotMatched):
        enter(region, letter, code="0000000000")


def test_a_letter_ends_with_its_day(region: Region, session: Session) -> None:
    letter = send_letters(region, valid_days=7)[0]
    with clock.frozen_at(clock.now() + timedelta(days=7, seconds=1)), pytest.raises(LetterExpired):
        enter(region, letter)
    assert enter(region, letter).is_confirmed


def test_withdrawn_letters_are_worth_nothing_and_used_ones_stay(region: Region, session: Session) -> None:
    clerk = actor_for(make_officer(region.id, Role.CLERK))
    used, lost = send_letters(region, listed(), listed("김하나", line=3), clerk=clerk)
    enter(region, used)
    batch_id = session.scalars(sa.select(LetterBatch.id)).one()
    withdrawing = {"actor": clerk, "region_id": region.id, "batch_id": batch_id, "reason": "우편물 분실"}
    assert withdraw_letters(**withdrawing) == 1  # type: ignore[arg-type]
    with pytest.raises(LetterWithdrawn):
        enter(region, lost, legal_name="김하나")
    with pytest.raises(LettersNotWithdrawable):
        withdraw_letters(**withdrawing)  # type: ignore[arg-type]
    view = letter_batches(clerk, region.id, cursor=None).items[0]
    assert (view.used_count, view.withdrawn_count, view.expired_count, view.open_count) == (1, 1, 0, 0)
    assert session.scalar(sa.select(sa.func.count()).select_from(Residency)) == 1


def test_a_clerk_does_not_confirm_oneself_by_letter(region: Region, session: Session) -> None:
    clerk = actor_for(make_officer(region.id, Role.CLERK))
    letter = send_letters(region, clerk=clerk)[0]
    with pytest.raises(OwnResidency):
        enter(region, letter, actor=clerk)
    assert enter(region, letter).is_confirmed


def test_a_second_account_with_the_same_identity_waits_for_an_administrator(region: Region, session: Session) -> None:
    first, second = send_letters(region)[0], send_letters(region)[0]
    assert enter(region, first).is_confirmed
    later = make_person()
    made = enter(region, second, actor=actor_for(later))
    assert made.clash_id is not None
    assert session.get(Residency, (region.id, later.id)) is None


def test_a_minor_and_a_member_of_staff_are_confirmed_without_a_ballot(region: Region, session: Session) -> None:
    child_born = date(clock.today().year - 10, 1, 1)
    for person, group in (
        (listed("이아이", child_born), ExcludedGroup.UNDER_AGE),
        (listed(excluded_as=ExcludedGroup.STAFF), ExcludedGroup.STAFF),
    ):
        letter = send_letters(region, person)[0]
        assert enter(region, letter, legal_name=person.name, born_on=person.born_on).excluded_as is group


def test_a_class_that_the_region_does_not_admit_leaves_the_letter_unused(region: Region, session: Session) -> None:
    letter = send_letters(region, listed(residency_class=ResidencyClass.STUDY))[0]
    session.add(
        ResidencyRule(
            region_id=region.id,
            residency_class=ResidencyClass.STUDY,
            is_admitted=False,
            minimum_assurance=Assurance.ROLL,
            clause_ko="",
            clause_en="",
        )
    )
    with pytest.raises(ClassNotAdmitted), session.begin_nested():
        enter(region, letter)
    session.expire_all()
    assert stored(session, letter).used_at is None


def test_batches_come_a_page_at_a_time_with_as_many_statements_at_any_size(
    region: Region, session: Session, count_queries: Any
) -> None:
    clerk = actor_for(make_officer(region.id, Role.CLERK))
    for _ in range(21):
        send_letters(region, clerk=clerk)
    with count_queries() as few:
        page = letter_batches(clerk, region.id, cursor=None)
    rest = letter_batches(clerk, region.id, cursor=page.next_cursor)
    assert (len(page.items), len(rest.items), rest.next_cursor) == (20, 1, None)
    assert page.items[-1].id > rest.items[0].id
    for _ in range(60):
        send_letters(region, clerk=clerk)
    with count_queries() as many:
        letter_batches(clerk, region.id, cursor=None)
    assert len(few) == len(many) == 2


def test_districts_below_a_region_are_known_by_name_and_code(session: Session) -> None:
    city, district = make_region(), make_region()
    city.code, city.name_ko = "2900000000", "빛고을"
    district.code, district.name_ko, district.parent_id = "2915500000", "남구", city.id
    dong = make_region()
    dong.code, dong.name_ko, dong.parent_id = "2915559000", "봉선1동", district.id
    session.flush()
    found = districts_of(city.id)
    assert [found.code_of(text) for text in ("남구", "봉선1동", "2915559000", "빛고을")] == [
        "2915500000",
        "2915559000",
        "2915559000",
        None,
    ]
