"""Rolls: what is stored of a list, who can show to stand on it, and what a newer list changes."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.domain.accounts.errors import OwnResidency
from civicvote.domain.accounts.models import Residency
from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.regions.models import Region
from civicvote.domain.verification.claims import Verification
from civicvote.domain.verification.models import RollPerson, RollUpload
from civicvote.domain.verification.queries_rolls import refused_rows, refused_rows_page, roll_upload, roll_uploads
from civicvote.domain.verification.reading_reasons import ReadingReasonMissing
from civicvote.domain.verification.rolls import (
    RollMode,
    RollNotMatched,
    RollNotWithdrawable,
    RollWithoutRows,
    UnknownRollUpload,
)
from civicvote.domain.verification.rows import PeopleList, RefusedRow, RowProblem
from civicvote.domain.verification.services_rolls import claim_from_roll, upload_roll, withdraw_roll
from civicvote.kernel.actor import Actor, NotPermitted
from civicvote.kernel.permissions import Role
from tests.factories.identity import BORN_ON, KEYS, scope_of
from tests.factories.letters import hand_in_roll, listed
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region

MAIL = "hong@example.org"


@pytest.fixture
def region(session: Session) -> Region:
    return make_region()


@pytest.fixture
def administrator(region: Region) -> Actor:
    return actor_for(make_officer(region.id, Role.ADMINISTRATOR))


def claim(region: Region, actor: Actor, name: str = "홍길동", born_on: date = BORN_ON) -> Verification:
    return claim_from_roll(actor=actor, region=scope_of(region), legal_name=name, born_on=born_on, keys=KEYS)


def on_roll(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(RollPerson)) or 0


def test_who_stands_on_the_roll_with_the_accounts_address_is_confirmed(region: Region, session: Session) -> None:
    hand_in_roll(region, listed(email=MAIL, residency_class=ResidencyClass.STUDY, district_code="2915559000"))
    person = make_person(email=MAIL)
    assert claim(region, actor_for(person), "홍 길동") == Verification(clash_id=None, excluded_as=None)
    residency = session.get_one(Residency, (region.id, person.id))
    assert (residency.residency_class, residency.assurance) == (ResidencyClass.STUDY, Assurance.ROLL)
    assert (residency.district_code, residency.birth_year) == ("2915559000", BORN_ON.year)
    assert session.scalars(sa.select(RollPerson)).one().claimed_by_id == person.id


def test_every_way_of_not_fitting_is_answered_alike_and_confirms_nobody(region: Region, session: Session) -> None:
    hand_in_roll(region, listed(email=MAIL), listed("김하나", line=3))
    owner, other = actor_for(make_person(email=MAIL)), actor_for(make_person(email="other@example.org"))
    without_address = make_person()
    without_address.email = None
    session.flush()
    answers = []
    for actor, name, born_on in [
        (other, "홍길동", BORN_ON),  # stands there with another address
        (owner, "김하나", BORN_ON),  # stands there without any address
        (owner, "아무개", BORN_ON),  # does not stand there
        (owner, "홍길동", date(1958, 3, 8)),
        (actor_for(without_address), "홍길동", BORN_ON),
    ]:
        with pytest.raises(RollNotMatched) as refused:
            claim(region, actor, name, born_on)
        answers.append((refused.value.code, refused.value.field, refused.value.params, refused.value.is_recorded))
    with pytest.raises(RollNotMatched):
        claim(make_region(), owner)
    assert len({str(answer) for answer in answers}) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(Residency)) == 0
    assert claim(region, owner).is_confirmed


def test_nothing_that_names_a_person_is_stored(region: Region, session: Session) -> None:
    hand_in_roll(region, listed(email=MAIL))
    tables = (RollUpload, RollPerson, AuditEntry)
    kept = " ".join(str(row) for table in tables for row in session.execute(sa.select(*table.__table__.columns)))
    for secret in ("홍길동", MAIL, BORN_ON.isoformat(), "봉선로"):
        assert secret not in kept
    assert "학교에서 받은 명단" in kept


def test_rows_that_are_there_already_are_refused_by_their_line(region: Region, administrator: Actor) -> None:
    hand_in_roll(region, listed(), by=administrator)
    upload = upload_roll(
        actor=administrator,
        region=scope_of(region),
        listed=PeopleList(
            [listed(line=2), listed("김하나", line=5), listed("이두리", line=4)],
            [RefusedRow(3, RowProblem.BIRTH_DATE)],
        ),
        file_sha256="0" * 64,
        mode=RollMode.ADD,
        reason="추가",
        keys=KEYS,
    )
    assert (upload.accepted_count, upload.refused_count) == (2, 2)
    assert refused_rows(administrator, region.id, upload.id) == [
        RefusedRow(2, RowProblem.ON_ROLL),
        RefusedRow(3, RowProblem.BIRTH_DATE),
    ]


def test_a_new_roll_replaces_what_nobody_used(region: Region, session: Session, administrator: Actor) -> None:
    first = hand_in_roll(region, listed(email=MAIL), listed("김하나", email="hana@example.org", line=3))
    elsewhere = make_region()
    hand_in_roll(elsewhere, listed("김하나", email="hana@example.org"))
    claimed = make_person(email=MAIL)
    claim(region, actor_for(claimed))
    second = hand_in_roll(region, listed(email=MAIL), listed("이두리", line=3), by=administrator, mode=RollMode.REPLACE)
    hana = actor_for(make_person(email="hana@example.org"))
    with pytest.raises(RollNotMatched):
        claim(region, hana, "김하나")
    assert claim(elsewhere, hana, "김하나").is_confirmed, "another region's roll is untouched"
    assert refused_rows(administrator, region.id, second.id) == [RefusedRow(2, RowProblem.ON_ROLL)]
    assert session.get(Residency, (region.id, claimed.id)) is not None, "who was confirmed stays"
    old = roll_upload(administrator, region.id, first.id)
    assert (old.claimed_count, old.waiting_count, old.withdrawn_count) == (1, 0, 1)


def test_a_list_without_one_usable_row_does_not_empty_the_roll(region: Region, session: Session) -> None:
    hand_in_roll(region, listed())
    with pytest.raises(RollWithoutRows):
        hand_in_roll(region, mode=RollMode.REPLACE)
    assert on_roll(session) == 1


def test_an_upload_is_withdrawn_but_for_those_who_used_it(
    region: Region, session: Session, administrator: Actor
) -> None:
    upload = hand_in_roll(region, listed(email=MAIL), listed("김하나", line=3))
    other = hand_in_roll(region, listed("이두리"))
    claim(region, actor_for(make_person(email=MAIL)))
    withdrawing: dict[str, Any] = {"actor": administrator, "region_id": region.id, "reason": "잘못된 명단"}
    with pytest.raises(ReadingReasonMissing):
        withdraw_roll(**withdrawing | {"reason": " "}, upload_id=upload.id)
    assert withdraw_roll(**withdrawing, upload_id=upload.id) == 1
    assert on_roll(session) == 2
    with pytest.raises(RollNotWithdrawable):
        withdraw_roll(**withdrawing, upload_id=upload.id)
    with pytest.raises(UnknownRollUpload):
        withdraw_roll(**withdrawing | {"region_id": region.id}, upload_id=1)
    assert roll_upload(administrator, region.id, other.id).waiting_count == 1
    verbs = session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.sequence)).all()
    assert verbs.count("roll:withdraw") == 1


def test_rolls_are_for_administrators_of_the_region(region: Region, session: Session) -> None:
    upload = hand_in_roll(region, listed())
    for stranger in (make_officer(region.id, Role.CLERK), make_officer(make_region().id, *Role)):
        actor = actor_for(stranger)
        with pytest.raises(NotPermitted):
            hand_in_roll(region, listed("김하나"), by=actor)
        with pytest.raises(NotPermitted):
            withdraw_roll(actor=actor, region_id=region.id, upload_id=upload.id, reason="x")
        for read in (roll_upload, refused_rows):
            with pytest.raises(NotPermitted):
                read(actor, region.id, upload.id)
        with pytest.raises(NotPermitted):
            roll_uploads(actor, region.id, cursor=None)
    assert on_roll(session) == 1


def test_an_administrator_does_not_confirm_oneself_by_roll(region: Region, session: Session) -> None:
    officer = make_officer(region.id, Role.ADMINISTRATOR)
    assert officer.email
    hand_in_roll(region, listed(email=officer.email), by=actor_for(officer))
    with pytest.raises(OwnResidency):
        claim(region, actor_for(officer))


def test_uploads_and_refused_rows_come_a_page_at_a_time(
    region: Region, session: Session, administrator: Actor, count_queries: Any
) -> None:
    for number in range(21):
        last = hand_in_roll(region, listed("홍" * (number + 1)), by=administrator)
    last.refusals = {"rows": [[line, "birth_date"] for line in range(3, 253)]}
    session.flush()
    with count_queries() as few:
        page = roll_uploads(administrator, region.id, cursor=None)
    rest = roll_uploads(administrator, region.id, cursor=page.next_cursor)
    assert (len(page.items), len(rest.items), rest.next_cursor) == (20, 1, None)
    for number in range(60):
        hand_in_roll(region, listed("김" * (number + 1)), by=administrator)
    with count_queries() as many:
        roll_uploads(administrator, region.id, cursor=None)
    assert len(few) == len(many) == 2
    lines, cursor = [], None
    for _ in range(3):
        rows = refused_rows_page(administrator, region.id, last.id, cursor=cursor)
        lines += [row.line for row in rows.items]
        cursor = rows.next_cursor
    assert lines == list(range(3, 253))
    assert cursor is None


def test_a_list_larger_than_one_insert_is_stored_whole(region: Region, session: Session) -> None:
    people = [
        listed("홍" * (number % 70 + 1), date(1900 + number // 70, 1, 1), line=number + 2) for number in range(6_000)
    ]
    assert hand_in_roll(region, *people).accepted_count == on_roll(session) == 6_000
