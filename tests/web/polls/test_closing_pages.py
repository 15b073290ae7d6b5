"""Closing early and later: officers say why, and everybody reads it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civicvote.db import database_clock, db
from civicvote.domain.polls.models import PollExtension
from civicvote.domain.polls.services import close_poll
from civicvote.kernel import ids
from civicvote.kernel.clock import CIVIC_ZONE
from civicvote.kernel.permissions import Role
from tests.factories.people import make_officer


def manage(open_poll, tail="") -> str:
    return f"/regions/{open_poll.region.slug}/manage/polls/{ids.encode(open_poll.poll.id)}{tail}"


def public(open_poll) -> str:
    return f"/regions/{open_poll.region.slug}/polls/{ids.encode(open_poll.poll.id)}"


def local(moment) -> str:
    return moment.astimezone(CIVIC_ZONE).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def officer(open_agenda, sign_in):
    person = make_officer(open_agenda.region.id, Role.ADMINISTRATOR)
    db.session.commit()
    return sign_in(person)


def test_an_officer_moves_the_end_to_later_and_the_reason_is_on_the_page(open_agenda, officer, client):
    later = open_agenda.poll.closes_at + timedelta(hours=5)
    officer.get(manage(open_agenda))
    officer.get(manage(open_agenda, "/extend"))
    officer.submit({"closes_at": local(later), "reason": "본인확인 장애"}, button="마감 늦추기")
    assert officer.address.endswith(manage(open_agenda))
    client.get(public(open_agenda))
    assert "본인확인 장애" in client.text()
    assert "늦춰졌습니다" in client.text()
    db.session.expire_all()
    assert abs(open_agenda.poll.closes_at - later) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("hours", "reason", "field"), [(5, "", "reason"), (-5, "이유", "closes_at"), (24 * 400, "이유", "closes_at")]
)
def test_what_can_t_be_is_told_beside_its_field_and_what_was_typed_stays(open_agenda, officer, hours, reason, field):
    officer.get(manage(open_agenda, "/extend"))
    moment = local(open_agenda.poll.closes_at + timedelta(hours=hours))
    answer = officer.submit({"closes_at": moment, "reason": reason}, button="마감 늦추기")
    assert answer.status_code == 422
    assert officer.page.xpath(f"//*[@id='{field}-error']")
    assert officer.page.xpath("string(//input[@name='closes_at']/@value)") == moment
    assert db.session.scalars(sa.select(PollExtension)).all() == []


def test_what_is_over_has_no_form_and_a_form_from_before_is_refused(open_agenda, officer):
    officer.get(manage(open_agenda, "/extend"))
    typed = dict(officer.form(button="마감 늦추기").form_values())
    after = open_agenda.poll.closes_at + timedelta(minutes=1)
    with database_clock(lambda: after):
        typed |= {"closes_at": local(after + timedelta(hours=3)), "reason": "늦게 알았음"}
        assert officer.post(manage(open_agenda, "/extend"), data=typed).status_code == 422
    open_agenda.close()
    db.session.commit()
    officer.get(manage(open_agenda, "/extend"))
    assert not officer.page.xpath("//main//form")


def test_the_reason_of_an_early_closing_is_on_the_public_page(open_agenda, client):
    reason = "투표소 정전으로 일정 변경"
    close_poll(actor=open_agenda.officer, region_id=open_agenda.region.id, poll_id=open_agenda.poll.id, reason=reason)
    db.session.commit()
    client.get(public(open_agenda))
    assert reason in client.text()
    assert "일찍" in client.text()


def test_residents_and_visitors_do_not_extend(open_agenda, sign_in, client):
    assert sign_in(open_agenda.voters[0]).get(manage(open_agenda, "/extend")).status_code == 403
    assert client.get(manage(open_agenda, "/extend")).status_code == 303
