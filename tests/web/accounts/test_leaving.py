"""Taking one's data along, and leaving: what goes, what stays, under which name."""

import json
from base64 import b64encode
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from civicvote.db import Base
from civicvote.domain.accounts.models import (
    AccountSession,
    Authenticator,
    Passkey,
    Person,
    ProviderSignIn,
    RecoveryCode,
    Residency,
    RoleGrant,
)
from civicvote.domain.accounts.queries_account import FRESH
from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.models import Notification, OutboxMessage
from civicvote.domain.notifications.services import enqueue_mail, notify
from civicvote.domain.polls.models import Envelope, RollEntry
from civicvote.domain.proposals.services import comment_on_proposal
from civicvote.domain.reporting import queries_person
from civicvote.domain.threads.stance import Stance
from civicvote.domain.verification.kinds import MarkKind, VerificationChannel
from civicvote.domain.verification.models import IdentityMark
from civicvote.kernel import clock, ids
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from tests.factories.mail import last_mail_to
from tests.factories.people import actor_for, make_officer, make_person, show_second_factor
from tests.factories.places import make_region, make_round
from tests.factories.polls import cast, freeze, make_budget_draft
from tests.factories.talk import make_proposal, thread_of
from tests.strict_client import StrictClient
from tests.web.accounts.conftest import PASSWORD, sign_in_by_page, try_password

CLOSE = "완전히 탈퇴하기"


@pytest.fixture
def busy(session: Session, member: Person, neighbour: Person, tmp_path: Path) -> dict[str, Any]:
    """The member lives here, proposed, commented on the neighbour's proposal and voted; much is kept about them."""
    region = make_region(name_ko="빛고을")
    round_ = make_round(region, Phase.DISCOVERY)
    session.add(
        Residency(
            region_id=region.id,
            person_id=member.id,
            residency_class=ResidencyClass.ADDRESS,
            assurance=Assurance.IN_PERSON,
            confirmed_by_id=neighbour.id,
            confirmed_at=clock.now(),
            evidence="주민등록증",
            district_code="2911010100",
            birth_year=1950,
        )
    )
    session.add(
        IdentityMark(
            region_id=region.id,
            kind=MarkKind.NAME_AND_BIRTH,
            identity_hash="f" * 64,
            person_id=member.id,
            channel=VerificationChannel.DESK,
            marked_at=clock.now(),
        )
    )
    session.flush()
    own, others = make_proposal(round_, member), make_proposal(round_, neighbour)
    comment_on_proposal(
        actor=actor_for(member),
        slug=region.slug,
        proposal=others,
        thread=thread_of(others),
        body="저도 그렇게 생각합니다.",
        stance=Stance.FOR,
        parent_id=None,
    )
    poll = freeze(make_budget_draft(region), region, tmp_path)
    cast(member, poll, "park")
    _ways_in(session, member)
    notify(person_id=member.id, kind=NotificationKind.PROPOSAL_SELECTED, params={"title": own.title}, path="/me")
    enqueue_mail(address=member.email, locale="ko", kind=NotificationKind.RESET_LINK, params={"name": "김하나"})
    session.commit()
    return {"region": region, "round": round_, "own": own, "others": others, "poll": poll}


def _ways_in(session: Session, person: Person) -> None:
    now = clock.now()
    session.add_all(
        [
            ProviderSignIn(provider="city", subject="s", person_id=person.id, created_at=now, last_used_at=now),
            Authenticator(person_id=person.id, secret=b"sealed", created_at=now, confirmed_at=now),
            RecoveryCode(person_id=person.id, code_mac="m" * 52, created_at=now),
            Passkey(
                id=ids.new_id(),
                person_id=person.id,
                credential_id="c",
                public_key=b"k",
                sign_count=0,
                name="전화",
                created_at=now,
            ),
        ]
    )


def _close(client: StrictClient, password: str = PASSWORD) -> int:
    client.get("/me/account/close")
    return client.submit({"current_password": password}, button=CLOSE).status_code


def test_the_page_says_before_what_goes_and_what_stays(client: StrictClient, member: Person) -> None:
    sign_in_by_page(client, member)
    show_second_factor(member)
    client.get("/me/account/close")
    for said in ("되돌릴 수 없", "이메일 주소", "그대로 집계", "두 번 투표하지 못하게"):
        assert said in client.text()


def test_leaving_takes_what_is_private_and_leaves_what_is_public_under_another_name(
    app: Flask, client: StrictClient, new_client: Any, session: Session, busy: dict[str, Any], member: Person
) -> None:
    phone = sign_in_by_page(new_client(), member)
    sign_in_by_page(client, member)
    show_second_factor(member)
    assert _close(client, "wrong") == 422
    assert _close(client) == 200
    assert client.address == "/"
    assert phone.get("/me").status_code == 303
    assert try_password(new_client(), "hana@example.org", PASSWORD).status_code == 422
    session.expire_all()
    assert (member.email, member.password_hash, member.closed_at is None) == (None, None, False)
    assert member.display_name.startswith("탈퇴한 주민 ")
    for kind in (AccountSession, Authenticator, Passkey, ProviderSignIn, RecoveryCode, Notification):
        assert not session.scalars(sa.select(kind).where(kind.person_id == member.id)).all(), kind
    residency = session.scalars(sa.select(Residency).where(Residency.person_id == member.id)).one()
    assert (residency.evidence, residency.district_code, residency.birth_year) == ("", None, None)
    assert residency.valid_until_on is not None
    assert residency.valid_until_on < clock.today()
    assert actor_for(member).residencies == frozenset()
    mails = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.address == "hana@example.org")).all()
    assert [mail.kind for mail in mails] == [NotificationKind.ACCOUNT_CLOSED]
    assert "지웠습니다" in last_mail_to(app, "hana@example.org")
    assert session.scalars(sa.select(IdentityMark)).one().person_id == member.id, "nobody votes twice"
    assert session.scalars(sa.select(RollEntry).where(RollEntry.voter_id == member.id)).one().channel is not None
    assert len(session.scalars(sa.select(Envelope)).all()) == 1, "the ballot stays counted"


def test_the_pseudonym_stands_wherever_the_name_stood(
    client: StrictClient,
    new_client: Any,
    sign_in: Any,
    session: Session,
    busy: dict[str, Any],
    member: Person,
    neighbour: Person,
) -> None:
    sign_in_by_page(client, member)
    show_second_factor(member)
    assert _close(client) == 200
    session.expire_all()
    region, round_ = busy["region"], busy["round"]
    own, others = (ids.encode(busy[which].id) for which in ("own", "others"))
    visitor = new_client()
    for path in (
        f"/regions/{region.slug}/proposals/{own}",
        f"/regions/{region.slug}/proposals/{others}",
        f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}/proposals",
    ):
        assert visitor.get(path).status_code == 200, path
        assert "김하나" not in visitor.page.text_content(), path
    visitor.get(f"/regions/{region.slug}/proposals/{others}")
    assert member.display_name in visitor.page.text_content()
    reader = sign_in(neighbour)
    reader.get("/me/messages")
    assert f"{member.display_name}님이 내 제안" in reader.text()
    assert "김하나" not in reader.text()
    stored = "\n".join(str(row) for row in session.execute(sa.select(Notification.params)))
    assert "김하나" not in stored


def test_the_last_administrator_stays_and_everything_with_them(
    sign_in: Any, session: Session, member: Person, password_hash: str
) -> None:
    region = make_region()
    administrator = make_officer(region.id, Role.CLERK, Role.ADMINISTRATOR, name="운영자")
    administrator.password_hash = password_hash
    session.commit()
    browser = sign_in(administrator)
    assert _close(browser) == 422
    assert "다른 운영자" in browser.text() or "유일한" in browser.text()
    session.expire_all()
    assert administrator.email is not None
    assert len(session.scalars(sa.select(RoleGrant)).all()) == 2
    make_officer(region.id, Role.ADMINISTRATOR)
    session.commit()
    assert _close(browser) == 200
    assert not session.scalars(sa.select(RoleGrant).where(RoleGrant.person_id == administrator.id)).all()
    withdrawn = session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "role:withdraw")).all()
    assert {(entry.actor_id, entry.subject) for entry in withdrawn} == {
        (administrator.id, f"person:{administrator.id}")
    }
    assert len(withdrawn) == 2


def test_without_a_password_leaving_takes_a_fresh_sign_in(sign_in: Any, session: Session, member: Person) -> None:
    member.password_hash = None
    session.commit()
    browser = sign_in(member)
    browser.get("/me/account/close")
    assert not browser.page.xpath("//main//input[@type='password']")
    with clock.frozen_at(clock.now() + FRESH + timedelta(seconds=1)):
        assert browser.submit(button=CLOSE).status_code == 422
    browser.get("/me/account/close")
    assert browser.submit(button=CLOSE).status_code == 200


def test_the_address_is_free_again_for_a_new_account(
    app: Flask, client: StrictClient, session: Session, member: Person
) -> None:
    sign_in_by_page(client, member)
    show_second_factor(member)
    _close(client)
    assert session.scalar(sa.select(Person.id).where(Person.email == "hana@example.org")) is None
    make_person(email="hana@example.org")
    session.commit()


# --- the download


def _download(client: StrictClient, password: str = PASSWORD) -> dict[str, Any]:
    client.get("/me/account/data")
    answer = client.submit({"current_password": password}, action="/me/account/data")
    assert answer.status_code == 200, client.text()
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "no-store" in answer.headers["Cache-Control"]
    with ZipFile(BytesIO(answer.data)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    return {name: json.loads(text) if name.endswith(".json") else text for name, text in files.items()}


def test_one_file_holds_what_is_kept_about_the_person(
    client: StrictClient, session: Session, busy: dict[str, Any], member: Person, neighbour: Person
) -> None:
    sign_in_by_page(client, member)
    show_second_factor(member)
    files = _download(client)
    assert files["account.json"][0]["email"] == "hana@example.org"
    assert files["residencies.json"][0]["evidence"] == "주민등록증"
    assert [row["title"] for row in files["proposals.json"]] == [busy["own"].title]
    assert files["comments.json"][0]["body"] == "저도 그렇게 생각합니다."
    assert files["polls.json"][0]["channel"] == "web"
    assert files["messages.json"][0]["kind"] == "proposal_selected"
    assert files["mails.json"][0]["kind"] == "reset_link"
    assert len(files["sessions.json"]) == 1
    assert "내 정보 전부" in files["README.txt"]
    assert "polls: 1" in files["README.txt"]


def test_the_file_holds_nobody_elses_things_nothing_secret_and_no_choice(
    client: StrictClient, session: Session, busy: dict[str, Any], member: Person, neighbour: Person
) -> None:
    sign_in_by_page(client, member)
    show_second_factor(member)
    everything = json.dumps(_download(client), ensure_ascii=False)
    envelope = session.scalars(sa.select(Envelope)).one()
    for secret in (
        member.password_hash,
        session.scalars(sa.select(AccountSession.token_hash)).one(),
        envelope.sealed.hex(),
        b64encode(envelope.sealed).decode(),
        "f" * 64,
        "m" * 52,
        "park",
        neighbour.email,
        ids.encode(neighbour.id),
        busy["others"].title if busy["others"].title != busy["own"].title else "\x00",
    ):
        assert str(secret) not in everything


def test_it_takes_the_password_again(client: StrictClient, member: Person) -> None:
    sign_in_by_page(client, member)
    show_second_factor(member)
    client.get("/me/account/data")
    answer = client.submit({"current_password": "wrong"}, action="/me/account/data")
    assert (answer.status_code, answer.mimetype) == (422, "text/html")


#: Tables that name a person and are not in the download, and why.
NOT_THE_PERSONS = {
    "cast_records": "fingerprints of requests with a ballot",
    "moderation_cases": "who works on a case at the moment; the decisions are in the download",
    "letter_batches": "an officer's act, in the audit entries",
    "roll_uploads": "an officer's act, in the audit entries",
}


def test_every_table_that_names_a_person_is_in_the_download_or_on_the_list(session: Session, member: Person) -> None:
    names_people = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(
            column.name in {"person_id", "voter_id", "actor_id"}
            or column.name.endswith("_by_id")
            or any(key.column.table.name == "people" for key in column.foreign_keys)
            for column in table.columns
        )
    }
    given = {kind.__tablename__ for _, kind, _ in queries_person._kinds(member.id, member.email)}
    assert names_people - given - NOT_THE_PERSONS.keys() == set(), "place these"
    assert not NOT_THE_PERSONS.keys() & given
    assert NOT_THE_PERSONS.keys() <= names_people
