"""The inbox, and the demo's page of mails."""

from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from civicvote.config import Environment
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import notify
from civicvote.web.mail_folder import store
from civicvote.web.settings import settings
from civicvote.web.settings import store as keep_settings
from tests.factories.people import make_person
from tests.strict_client import StrictClient

PARAMS: dict[NotificationKind, dict[str, Any]] = {
    NotificationKind.SIGN_UP_LINK: {"name": "김하나"},
    NotificationKind.ACCOUNT_EXISTS: {"name": "김하나"},
    NotificationKind.NO_ACCOUNT: {},
    NotificationKind.RESET_LINK: {"name": "김하나"},
    NotificationKind.PASSWORD_CHANGED: {},
    NotificationKind.MAIL_CHANGE_LINK: {"name": "김하나"},
    NotificationKind.MAIL_CHANGE_ASKED: {"new_address": "ne…@example.org"},
    NotificationKind.MAIL_CHANGED: {"new_address": "ne…@example.org"},
    NotificationKind.ACCOUNT_CLOSED: {},
    NotificationKind.COMMENT_ON_PROPOSAL: {"title": "어두운 골목", "author": "이두리"},
    NotificationKind.REPLY_TO_COMMENT: {"title": "어두운 골목", "author": "이두리"},
    NotificationKind.CONTENT_HIDDEN: {
        "what": "comment",
        "excerpt": "그 사람은",
        "reason": "abuse",
        "facts": "이웃을 욕했습니다.",
    },
    NotificationKind.CONTENT_RESTORED: {"what": "proposal", "excerpt": "어두운 골목"},
    NotificationKind.PROVIDER_LINKED: {"provider_ko": "시청", "provider_en": "City Hall"},
    NotificationKind.PROVIDER_UNLINKED: {"provider_ko": "시청", "provider_en": "City Hall"},
    NotificationKind.SECOND_FACTOR_CHANGED: {"change": "passkey_added"},
    NotificationKind.ROLE_GRANTED: {"region_ko": "빛고을", "region_en": "Bitgoeul", "role": "clerk"},
    NotificationKind.ROLE_WITHDRAWN: {"region_ko": "빛고을", "region_en": "Bitgoeul", "role": "clerk"},
    NotificationKind.RESIDENCY_CONFIRMED: {"region_ko": "빛고을", "region_en": "Bitgoeul"},
    NotificationKind.RESIDENCY_EXCLUDED: {"region_ko": "빛고을", "region_en": "Bitgoeul", "group": "staff"},
    NotificationKind.IDENTITY_CLASH: {"region_ko": "빛고을", "region_en": "Bitgoeul"},
    NotificationKind.IDENTITY_DECIDED: {
        "region_ko": "빛고을",
        "region_en": "Bitgoeul",
        "account": "later",
        "decision": "refuse",
        "note": "먼저 만든 계정이 그대로 쓰이고 있습니다.",
    },
    NotificationKind.FOLLOWED_PROPOSAL: {"title": "어두운 골목", "news": "answered"},
    NotificationKind.ANSWER_OWED: {"title": "어두운 골목", "step": "forum", "needed": 100},
    NotificationKind.MERGE_NEWS: {
        "news": "refused",
        "leading": "어두운 골목",
        "merged": "골목 등",
        "note": "서로 다른 골목입니다.",
    },
    NotificationKind.CO_AUTHOR_INVITED: {"author": "이두리", "author_id": "7", "title": "어두운 골목"},
    NotificationKind.CO_AUTHOR_SIGN_UP: {"author": "이두리", "author_id": "7", "title": "어두운 골목"},
    NotificationKind.CO_AUTHOR_ANSWERED: {
        "author": "이두리",
        "author_id": "7",
        "title": "어두운 골목",
        "answer": "accepted",
    },
    NotificationKind.CO_AUTHOR_REMOVED: {"author": "이두리", "author_id": "7", "title": "어두운 골목"},
    NotificationKind.OPINION_STATEMENT_DECIDED: {
        "outcome": "refused",
        "text": "밤길이 무섭습니다.",
        "title": "골목의 밤",
        "facts": "같은 말이 이미 있습니다.",
    },
    NotificationKind.PROPOSAL_SELECTED: {"title": "어두운 골목"},
    NotificationKind.BALLOT_UNFINISHED: {
        "title": "예산 투표",
        "reminder": "last_day",
        "closes_at": "2026-11-22T09:00:00+00:00",
    },
    NotificationKind.PROJECT_FUNDED: {"title": "골목 등", "amount": 325_000_000},
    NotificationKind.DISBURSEMENT_WAITING: {"project": "골목 등", "amount": 5_000_000, "payee": "빛전기"},
    NotificationKind.DISBURSEMENT_DECIDED: {
        "project": "골목 등",
        "amount": 5_000_000,
        "approved": False,
        "note": "영수증이 없습니다.",
    },
}


def _all_messages(reader: StrictClient, address: str) -> str:
    """What the inbox says on all of its pages, of which there are few."""
    said = []
    for _ in range(10):
        reader.get(address)
        said.append(reader.text())
        more = reader.page.xpath("//main//a[@rel='next']/@href")
        if not more:
            return "\n".join(said)
        address = more[0]
    raise AssertionError("the inbox never ends")


def test_every_kind_reads_as_a_sentence_in_both_languages(sign_in: Any, session: Session) -> None:
    person = make_person()
    for kind in NotificationKind:
        notify(person_id=person.id, kind=kind, params=PARAMS[kind], path="/me")
    session.commit()
    reader = sign_in(person)
    korean = _all_messages(reader, "/me/messages")
    for words in (
        "3억 2,500만 원",
        "빛고을 주민으로",
        "반려되었습니다",
        "영수증이 없습니다.",
        "이웃을 욕했습니다.",
        "서로 다른 골목입니다.",
        "같은 말이 이미 있습니다.",
    ):
        assert words in korean
    assert "%(" not in korean
    english = _all_messages(reader, "/en/me/messages")
    for words in ("₩325 million", "Bitgoeul", "was refused", "Insult or hate", "stay two proposals"):
        assert words in english
    assert "%(" not in english
    assert reader.page.xpath("//ul[@class='rows']//a/@href")[0] == "/en/me", "stays in the reader's language"


def test_only_own_messages_show_and_reading_is_a_post(sign_in: Any, session: Session) -> None:
    mine, other = make_person(), make_person()
    notify(person_id=mine.id, kind=NotificationKind.PROPOSAL_SELECTED, params={"title": "내 것"})
    notify(person_id=other.id, kind=NotificationKind.PROPOSAL_SELECTED, params={"title": "남의 것"})
    session.commit()
    reader = sign_in(mine)
    reader.get("/me/messages")
    assert "내 것" in reader.text()
    assert "남의 것" not in reader.text()
    reader.get("/me/messages")
    assert "읽지 않은 알림 1개" in reader.text(), "looking does not mark"
    reader.submit(button="모두 읽음으로 표시")
    assert "읽지 않은 알림" not in reader.text()
    neighbour = sign_in(other)
    neighbour.get("/me/messages")
    assert "읽지 않은 알림 1개" in neighbour.text()


def test_inbox_pages_by_key_with_as_many_statements_at_any_size(
    sign_in: Any, session: Session, count_queries: Any
) -> None:
    person = make_person()

    def tell(count: int) -> None:
        for number in range(count):
            notify(person_id=person.id, kind=NotificationKind.PROPOSAL_SELECTED, params={"title": f"제안 {number}"})
        session.commit()

    tell(60)
    reader = sign_in(person)
    with count_queries() as few:
        reader.get("/me/messages")
    assert len(reader.page.xpath("//p[@class='row__title']")) == 20
    reader.get(reader.page.xpath("//a[@rel='next']/@href")[0])
    assert "제안 39" in reader.text()
    tell(1_940)
    with count_queries() as many:
        reader.get("/me/messages")
    assert len(few) == len(many)


def test_a_mistyped_cursor_is_refused_with_a_sentence(sign_in: Any) -> None:
    reader = sign_in(make_person())
    assert reader.get("/me/messages?after=!!").status_code == 422
    assert "주소가 잘렸거나" in reader.text()


def test_the_page_of_mails_is_the_demos_only(client: StrictClient) -> None:
    assert client.get("/demo/mail").status_code == 404


@pytest.fixture
def demo(app: Flask, tmp_path: Path) -> Any:
    kept = settings()
    keep_settings(app, replace(kept, environment=Environment.DEMO, mail_path=tmp_path))
    yield tmp_path
    keep_settings(app, kept)


def test_the_demo_shows_what_was_sent(client: StrictClient, demo: Path) -> None:
    client.get("/demo/mail")
    assert "아직 나간 메일이 없습니다" in client.text()
    mail = EmailMessage()
    mail["Subject"], mail["To"], mail["Date"] = (
        "주민으로 확인되었습니다",
        "hana@example.org",
        "Mon, 02 Mar 2026 09:00:00 +0900",
    )
    mail.set_content("<b>본문</b> https://example.org/me")
    for number in range(25):
        store(demo, 1000 + number, mail)
    (demo / "by-somebody-else.eml").write_text("somebody else's")
    client.get("/demo/mail")
    assert len(client.page.xpath("//p[@class='row__title']")) == 20
    assert "<b>본문</b>" in client.text(), "shown as text, not as markup"
    client.get(client.page.xpath("//a[@rel='next']/@href")[0])
    assert len(client.page.xpath("//p[@class='row__title']")) == 5
