"""From the outbox to a folder or a server: once if all goes well, again after failures, never twice at once."""

import smtplib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from civicvote.config import Settings
from civicvote.db import db
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.models import OutboxMessage
from civicvote.domain.notifications.retries import LEASE, MOST_ATTEMPTS
from civicvote.domain.notifications.services import enqueue_mail, take_mail
from civicvote.jobs.mail import Delivery, deliver_mail
from civicvote.kernel import clock
from civicvote.web.settings import settings as current_settings
from tests.web.people.test_messages import PARAMS


@pytest.fixture
def settings(app: Flask, tmp_path: Path) -> Settings:
    return replace(current_settings(), mail_path=tmp_path, public_url="https://vote.example.org")


@pytest.fixture
def waiting(session: Session) -> OutboxMessage:
    mail = enqueue_mail(
        address="hana@example.org",
        locale="ko",
        kind=NotificationKind.RESIDENCY_CONFIRMED,
        params=PARAMS[NotificationKind.RESIDENCY_CONFIRMED],
        path="/regions/bitgoeul",
    )
    session.commit()
    return mail


def _mails(folder: Path) -> Iterator[EmailMessage]:
    for path in sorted(folder.glob("*.eml")):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        yield mail


def test_a_mail_lies_in_the_folder_in_the_readers_language_with_a_whole_link(
    settings: Settings, waiting: OutboxMessage
) -> None:
    assert deliver_mail(settings) == Delivery(sent=1, failed=0)
    (mail,) = _mails(settings.mail_path)
    assert mail["Subject"] == "빛고을 주민으로 확인되었습니다."
    assert mail["To"] == "hana@example.org"
    assert "https://vote.example.org/regions/bitgoeul\n" in mail.get_content()
    db.session.refresh(waiting)
    assert waiting.sent_at is not None
    assert deliver_mail(settings) == Delivery(sent=0, failed=0), "a sent mail stays sent"


#: Mails to people without an account say where the address comes from.
WHY = {NotificationKind.CO_AUTHOR_SIGN_UP: "Somebody gave us this address"}


@pytest.mark.parametrize("locale", ["ko", "en"])
@pytest.mark.parametrize("kind", list(NotificationKind))
def test_every_kind_has_a_mail_in_both_languages(
    session: Session, settings: Settings, kind: NotificationKind, locale: str
) -> None:
    enqueue_mail(address="a@example.org", locale=locale, kind=kind, params=PARAMS[kind], path="/me")
    session.commit()
    deliver_mail(settings)
    (mail,) = _mails(settings.mail_path)
    text = mail.get_content()
    assert mail["Subject"]
    assert "%(" not in mail["Subject"] + text
    assert f"https://vote.example.org{'/en' if locale == 'en' else ''}/me" in text
    hangul = any("가" <= character <= "힣" for character in text.replace(str(PARAMS[kind]), ""))
    assert hangul or locale == "en"
    if locale == "en":
        assert WHY.get(kind, "You get this mail because") in text


def test_a_title_with_line_breaks_makes_no_header(session: Session, settings: Settings) -> None:
    params = {"title": "등불\r\nBcc: all@example.org", "author": "이두리"}
    enqueue_mail(address="a@example.org", locale="ko", kind=NotificationKind.COMMENT_ON_PROPOSAL, params=params)
    session.commit()
    deliver_mail(settings)
    (mail,) = _mails(settings.mail_path)
    assert mail["Bcc"] is None


def test_a_failed_mail_waits_longer_each_time_and_the_others_leave(
    session: Session, settings: Settings, waiting: OutboxMessage
) -> None:
    enqueue_mail(address="b@example.org", locale="en", kind=NotificationKind.NO_ACCOUNT, params={})
    session.commit()
    handed: list[str] = []

    def refuses_one(_mail_id: int, mail: EmailMessage) -> None:
        if mail["To"] == "hana@example.org":
            raise smtplib.SMTPRecipientsRefused({})
        handed.append(mail["To"])

    start = clock.now()
    with clock.frozen_at(start):
        assert deliver_mail(settings, transport=refuses_one) == Delivery(sent=1, failed=1)
        assert deliver_mail(settings, transport=refuses_one) == Delivery(sent=0, failed=0), "not due yet"
    assert handed == ["b@example.org"]
    db.session.refresh(waiting)
    assert waiting.attempts == 1
    assert "SMTPRecipientsRefused" in waiting.last_error
    with clock.frozen_at(start + timedelta(minutes=1)):
        assert deliver_mail(settings, transport=refuses_one) == Delivery(sent=0, failed=1)
    db.session.refresh(waiting)
    assert waiting.due_at == start + timedelta(minutes=3)
    with clock.frozen_at(start + timedelta(minutes=3)):
        assert deliver_mail(settings) == Delivery(sent=1, failed=0)
    db.session.refresh(waiting)
    assert waiting.last_error == ""


@pytest.mark.parametrize("address", ["a@b@example.org", "a,b@example.org", "a(b@example.org", "a.@example.org"])
def test_an_address_that_nobody_can_write_to_holds_up_no_other_mail(
    session: Session, settings: Settings, address: str, waiting: OutboxMessage
) -> None:
    broken = enqueue_mail(address=address, locale="en", kind=NotificationKind.NO_ACCOUNT, params={})
    assert broken is not None
    broken.due_at = waiting.due_at - timedelta(minutes=1)
    session.commit()
    assert deliver_mail(settings) == Delivery(sent=1, failed=1)
    assert [mail["To"] for mail in _mails(settings.mail_path)] == ["hana@example.org"]


def test_after_the_last_try_it_stays_for_somebody_to_look_at(settings: Settings, waiting: OutboxMessage) -> None:
    def down(_mail_id: int, _mail: EmailMessage) -> None:
        raise ConnectionRefusedError

    moment = clock.now()
    for _ in range(MOST_ATTEMPTS + 3):
        moment += timedelta(days=1)
        with clock.frozen_at(moment):
            deliver_mail(settings, transport=down)
    db.session.refresh(waiting)
    assert (waiting.attempts, waiting.sent_at) == (MOST_ATTEMPTS, None)


def test_what_a_dying_worker_held_is_taken_again_after_its_lease(waiting: OutboxMessage) -> None:
    start = clock.now()
    with clock.frozen_at(start):
        taken = take_mail()
        assert taken is not None
        assert take_mail() is None, "another worker finds nothing"
    with clock.frozen_at(start + LEASE):
        again = take_mail()
    assert again is not None
    assert again.id == taken.id


def test_no_transaction_is_open_while_a_mail_is_handed_over(settings: Settings, waiting: OutboxMessage) -> None:
    open_then: list[bool] = []

    def looks(_mail_id: int, _mail: EmailMessage) -> None:
        open_then.append(db.session.registry().in_transaction())

    deliver_mail(settings, transport=looks)
    assert open_then == [False]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)) == 1
