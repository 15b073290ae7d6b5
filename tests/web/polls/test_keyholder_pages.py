"""The keyholders' pages: from naming them to the counted ballots, by forms and files alone."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civicvote.db import Base, database_clock, db
from civicvote.domain.polls.box import box_files
from civicvote.domain.polls.models import Envelope, Keyholder, Poll, UnsealedBallot
from civicvote.domain.polls.services import (
    close_poll,
    key_for_counting,
    make_poll_key,
    open_trial,
    take_out_box,
    trial_box,
)
from civicvote.domain.polls.states import PollState
from civicvote.kernel import ids
from civicvote.kernel.permissions import Role
from civicvote.web import background
from tests.factories.keyholders import Holder, freeze_with_keyholders, make_holders
from tests.factories.people import make_officer, make_person, make_resident
from tests.factories.places import make_region
from tests.factories.polls import administrator, cast, freeze, make_agenda_draft

PASSPHRASE = "조용한 저녁 소나무 아래"


@pytest.fixture
def region(session):
    return make_region()


@pytest.fixture
def administrators(region):
    return make_officer(region.id, Role.ADMINISTRATOR)


@pytest.fixture
def officer(administrators, sign_in):
    db.session.commit()
    return sign_in(administrators)


@pytest.fixture
def draft(region):
    poll = make_agenda_draft(region)
    db.session.commit()
    return poll


def manage(region, poll, tail="") -> str:
    return f"/regions/{region.slug}/manage/polls/{ids.encode(poll.id)}{tail}"


def own_page(region, poll) -> str:
    return f"/regions/{region.slug}/polls/{ids.encode(poll.id)}/keyholder"


def uploads(browser, holders, *, action) -> dict:
    """The fields of the form with the holders' files, as a browser would send them."""
    fields = dict(browser.form(action=action).form_values())
    for place, holder in enumerate(holders, start=1):
        fields[f"file_{place}"] = (io.BytesIO(holder.file), f"holder{place}.json")
        fields[f"passphrase_{place}"] = holder.passphrase
    return fields


def send(browser, address, fields):
    return browser.post(address, data=fields, content_type="multipart/form-data")


def test_from_names_to_a_frozen_vote_by_the_pages_alone(region, draft, officer, sign_in):
    people = [make_person(name=f"열쇠{number}") for number in range(3)]
    db.session.commit()
    officer.get(manage(region, draft))
    officer.get(manage(region, draft, "/keyholders"))
    officer.submit(
        {"addresses": "\n".join(person.email for person in people), "needed": "2"}, button="열쇠 관리인으로 정하기"
    )
    assert "파일 3개가 아직 없습니다" in officer.text()
    assert own_page(region, draft) in officer.text(), "to be sent to them"
    to_it = [link for link in officer.page.xpath("//main//a/@href") if link.endswith(own_page(region, draft))]
    assert not to_it, "nobody but they may open it"
    holders = []
    for person in people:
        browser = sign_in(person)
        browser.get(own_page(region, draft))
        answer = browser.submit(
            {"passphrase": PASSPHRASE, "passphrase_again": PASSPHRASE}, button="내 파일을 만들어 내려받기"
        )
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "no-store" in answer.headers["Cache-Control"]
        holders.append(Holder(person, answer.data, PASSPHRASE))
    officer.get(manage(region, draft, "/keyholders"))
    officer.submit(action="/key")
    assert officer.address.endswith("/trial")
    answer = send(officer, manage(region, draft, "/keyholders/trial"), uploads(officer, holders[1:], action="/trial"))
    assert answer.status_code == 303
    db.session.expire_all()
    assert draft.trial_unsealed_at is None
    officer.get(manage(region, draft, "/keyholders"))
    assert "확인하지 않은 사람: 열쇠0." in officer.text()
    officer.get(manage(region, draft, "/keyholders/trial"))
    assert "확인하지 않은 사람: 열쇠0." in officer.text()
    send(officer, manage(region, draft, "/keyholders/trial"), uploads(officer, holders[:2], action="/trial"))
    db.session.expire_all()
    assert draft.trial_unsealed_at is not None
    officer.get(manage(region, draft, "/keyholders"))
    assert "확인하지 않은 사람" not in officer.text()
    officer.get(manage(region, draft, "/freeze"))
    officer.submit(button="규칙과 명부 확정")
    db.session.expire_all()
    assert draft.state is PollState.FROZEN
    officer.get(f"/regions/{region.slug}/polls/{ids.encode(draft.id)}")
    assert "2명 이상이 모여야" in officer.text()


def test_without_a_trial_the_page_that_fixes_says_what_is_missing(region, draft, officer):
    make_holders(draft, officer=administrator(region))
    db.session.commit()
    officer.get(manage(region, draft, "/freeze"))
    assert officer.submit(button="규칙과 명부 확정").status_code == 422
    assert "아직 만들지 않았습니다" in officer.text()


def test_names_that_can_t_be_are_told_beside_the_field_and_stay(region, draft, officer):
    officer.get(manage(region, draft, "/keyholders"))
    answer = officer.submit({"addresses": "niemand@example.org", "needed": "2"}, button="열쇠 관리인으로 정하기")
    assert answer.status_code == 422
    assert officer.page.xpath("//*[@id='addresses-error']")
    assert "niemand@example.org" in officer.page.xpath("string(//textarea[@name='addresses'])")
    assert db.session.scalars(sa.select(Keyholder)).all() == []


def test_a_keyholders_page_is_for_keyholders_with_a_second_factor(region, draft, sign_in, client):
    (holder, *_) = make_holders(draft, officer=administrator(region))
    db.session.commit()
    assert client.get(own_page(region, draft)).status_code == 303
    assert sign_in(make_resident(region.id)).get(own_page(region, draft)).status_code == 404
    browser = sign_in(holder.person, with_second_factor=False)
    browser.get(own_page(region, draft))
    answer = browser.submit(
        {"passphrase": PASSPHRASE, "passphrase_again": PASSPHRASE}, button="내 파일을 만들어 내려받기"
    )
    assert answer.status_code == 422
    assert "2단계 인증" in browser.text()


@pytest.mark.parametrize(
    ("typed", "again", "field"), [("kurz", "kurz", "passphrase"), (PASSPHRASE, "anders", "passphrase_again")]
)
def test_a_passphrase_is_long_and_typed_twice(region, draft, sign_in, typed, again, field):
    (holder, *_) = make_holders(draft, officer=administrator(region))
    db.session.commit()
    browser = sign_in(holder.person)
    browser.get(own_page(region, draft))
    answer = browser.submit({"passphrase": typed, "passphrase_again": again}, button="내 파일을 만들어 내려받기")
    assert answer.status_code == 422
    assert browser.page.xpath(f"//*[@id='{field}-error']")
    assert typed not in browser.page.xpath("string(//input[@name='passphrase']/@value)") or typed == ""


def test_the_trial_opens_with_its_code_too_and_a_wrong_one_is_refused(region, draft, officer):
    actor = administrator(region)
    holders = make_holders(draft, officer=actor)
    make_poll_key(actor=actor, poll=draft)
    db.session.commit()
    box = officer.get(manage(region, draft, "/keyholders/trial/box"))
    assert box.text == "".join(trial_box(actor=actor, poll=draft))
    officer.get(manage(region, draft, "/keyholders/trial"))
    assert officer.submit({"code": "0" * 32}, action="/code").status_code == 422
    assert officer.page.xpath("//*[@id='code-error']")
    wrong = [holders[0], Holder(holders[1].person, holders[1].file, "falsch geraten ist es")]
    fields = uploads(officer, wrong, action="/trial")
    assert send(officer, manage(region, draft, "/keyholders/trial"), fields).status_code == 422
    assert officer.page.xpath("//*[@id='passphrase_2-error']")
    open_trial(actor=actor, poll=draft, openings=[holder.opening for holder in holders[:2]])


@pytest.fixture
def closed(region, key_folder):
    """A closed poll with two ballots that waits for its keyholders."""
    poll = make_agenda_draft(region)
    holders = freeze_with_keyholders(poll, region, key_folder)
    for choices in (("lamp",), ("tree",)):
        cast(make_resident(region.id), poll, *choices)
    with database_clock(lambda: poll.closes_at + timedelta(hours=1)):
        close_poll(actor=None, region_id=region.id, poll_id=poll.id)
    db.session.commit()
    return poll, holders


def test_the_box_is_opened_on_the_page_with_the_keyholders_files(region, closed, officer):
    poll, holders = closed
    officer.get(manage(region, poll))
    officer.get(manage(region, poll, "/unseal"))
    one = uploads(officer, holders[:1], action="/unseal")
    assert send(officer, manage(region, poll, "/unseal"), one).status_code == 422
    assert "1명의 파일입니다" in officer.text()
    enough = uploads(officer, holders[:2], action="/unseal")
    assert send(officer, manage(region, poll, "/unseal"), enough).status_code == 303
    db.session.expire_all()
    assert poll.state is PollState.COUNTED


@pytest.fixture
def waiting(app):
    """What requests leave to be done; nothing of it is done by itself."""
    works = []
    app.extensions["civicvote.background"] = works.append
    yield works
    background.in_line(app)


def test_nobody_waits_for_the_count_and_the_key_is_in_memory_alone_meanwhile(region, closed, officer, waiting):
    poll, holders = closed
    officer.get(manage(region, poll, "/unseal"))
    enough = uploads(officer, holders[:2], action="/unseal")
    assert send(officer, manage(region, poll, "/unseal"), enough).status_code == 303
    again = uploads(officer, holders[1:], action="/unseal")
    assert send(officer, manage(region, poll, "/unseal"), again).status_code == 422
    db.session.expire_all()
    assert poll.state is PollState.CLOSED
    (work,) = waiting
    key = work.keywords["count"].keywords["opened"].private_key
    assert key not in repr(work)
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)):
            assert not any(form in str(value) for form in (key, str(bytes.fromhex(key))[2:-1]) for value in row)
    work()
    db.session.expire_all()
    assert poll.state is PollState.COUNTED


def test_an_envelope_that_does_not_open_is_named_on_the_page(region, closed, officer):
    poll, holders = closed
    receipt = db.session.scalars(sa.select(Envelope.receipt).order_by(Envelope.receipt)).first()
    db.session.execute(sa.update(Envelope).where(Envelope.receipt == receipt).values(sealed=b"x" * 120))
    db.session.commit()
    officer.get(manage(region, poll, "/unseal"))
    send(officer, manage(region, poll, "/unseal"), uploads(officer, holders[:2], action="/unseal"))
    officer.get(manage(region, poll))
    assert receipt in officer.text()
    assert "개표하지 못했습니다" in officer.text()
    db.session.expire_all()
    assert poll.state is PollState.CLOSED


def test_ballots_that_were_unsealed_elsewhere_are_counted_behind_the_answer(region, closed, officer, waiting):
    poll, holders = closed
    officer.get(manage(region, poll, "/unseal"))
    box = officer.submit(action="/box")
    assert box.headers["Content-Length"] == str(len(box.data))
    assert "no-store" in box.headers["Cache-Control"]
    actor = administrator(region)
    assert box.text == "".join(take_out_box(actor=actor, region_id=region.id, poll_id=poll.id))
    opened = key_for_counting(
        actor=actor, region_id=region.id, poll_id=poll.id, openings=[holder.opening for holder in holders[1:]]
    )
    content = box_files.open_box(box_files.read_box(io.StringIO(box.text, newline="\n")), opened.private_key).encode()
    officer.get(manage(region, poll, "/unseal"))
    fields = dict(officer.form(action="/ballots").form_values())
    fields["ballots"] = (io.BytesIO(content), "ballots.txt")
    assert send(officer, manage(region, poll, "/unseal/ballots"), fields).status_code == 303
    db.session.expire_all()
    assert poll.state is PollState.CLOSED
    (work,) = waiting
    work()
    db.session.expire_all()
    assert poll.state is PollState.COUNTED
    assert sorted(db.session.scalars(sa.select(UnsealedBallot.choices))) == ['["lamp"]', '["tree"]']


def test_the_box_goes_out_and_ballots_of_another_box_do_not_come_in(region, closed, officer):
    poll, _ = closed
    officer.get(manage(region, poll, "/unseal"))
    answer = officer.submit(action="/box")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert len(answer.text.splitlines()) == 1 + 2
    officer.get(manage(region, poll, "/unseal"))
    fields = dict(officer.form(action="/ballots").form_values())
    fields["ballots"] = (io.BytesIO(b"{}\n"), "ballots.txt")
    assert send(officer, manage(region, poll, "/unseal/ballots"), fields).status_code == 422
    assert officer.page.xpath("//*[@id='ballots-error']")
    db.session.expire_all()
    assert poll.state is PollState.CLOSED


@pytest.mark.parametrize("tail", ["/keyholders", "/keyholders/trial", "/keyholders/trial/box", "/unseal"])
def test_residents_have_no_way_to_the_officers_pages(region, draft, sign_in, client, tail):
    assert sign_in(make_resident(region.id)).get(manage(region, draft, tail)).status_code == 403
    assert client.get(manage(region, draft, tail)).status_code == 303


def test_a_vote_with_a_key_file_has_nothing_to_open(region, officer, key_folder):
    poll = freeze(make_agenda_draft(region), region, key_folder)
    db.session.commit()
    for tail in ("/unseal", "/keyholders", "/keyholders/trial"):
        officer.get(manage(region, poll, tail))
        assert not officer.page.xpath("//main//form")
    assert db.session.get_one(Poll, (region.id, poll.id)).state is PollState.FROZEN
