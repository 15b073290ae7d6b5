"""Counting that nobody waits for: the answer comes first, the page follows, and what was refused is told there."""

import threading
from datetime import timedelta
from functools import partial

import pytest

from civicvote.app import create_app
from civicvote.db import database_clock, db
from civicvote.domain.polls.box import keys
from civicvote.domain.polls.count_asked import LONGEST
from civicvote.domain.polls.errors import NotClosed
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.services import ask_for_count, close_poll, count_as_asked, count_poll
from civicvote.domain.polls.states import PollState
from civicvote.kernel import clock, ids
from civicvote.kernel.permissions import Role
from civicvote.web import background
from civicvote.web.settings import settings
from tests.conftest import settings_of_copy
from tests.factories.people import make_officer, make_resident, session_token_for
from tests.factories.places import make_region
from tests.factories.polls import cast, freeze, make_agenda_draft
from tests.strict_client import StrictClient


def manage(poll, region, tail="") -> str:
    return f"/regions/{region.slug}/manage/polls/{ids.encode(poll.id)}{tail}"


@pytest.fixture
def closed(session, app):
    """A closed poll of this server's key folder, with a ballot, and its officer."""
    region = make_region()
    poll = freeze(make_agenda_draft(region), region, settings().key_path)
    cast(make_resident(region.id), poll, "lamp")
    with database_clock(lambda: poll.closes_at + timedelta(hours=1)):
        close_poll(actor=None, region_id=region.id, poll_id=poll.id)
    officer = make_officer(region.id, Role.ADMINISTRATOR)
    db.session.commit()
    return poll, region, officer


@pytest.fixture
def waiting(app):
    """What requests leave to be done; nothing of it is done by itself."""
    works = []
    app.extensions["civicvote.background"] = works.append
    yield works
    background.in_line(app)


def state_of(poll) -> PollState:
    db.session.expire_all()
    return db.session.get_one(Poll, (poll.region_id, poll.id)).state


def test_the_answer_comes_before_the_count_and_the_page_asks_until_it_has_ended(closed, sign_in, waiting):
    poll, region, officer = closed
    browser = sign_in(officer)
    browser.get(manage(poll, region, "/close"))
    assert browser.submit(button="마감하고 개표하기").status_code == 200
    assert state_of(poll) is PollState.CLOSED
    assert "개표하고 있습니다" in browser.text()
    (asks,) = browser.page.xpath("//main//*[@hx-get]")
    assert asks.get("hx-trigger").startswith("every ")
    assert not browser.page.xpath(f"//main//a[@href='{manage(poll, region, '/close')}']")
    still = browser.get(asks.get("hx-get"), headers={"HX-Request": "true"})
    assert (still.status_code, "HX-Redirect" in still.headers) == (204, False)

    (work,) = waiting
    work()

    assert state_of(poll) is PollState.COUNTED
    ended = browser.get(asks.get("hx-get"), headers={"HX-Request": "true"})
    assert ended.headers["HX-Redirect"] == manage(poll, region)
    browser.get(manage(poll, region))
    assert not browser.page.xpath("//main//*[@hx-get]")
    assert browser.get(asks.get("hx-get")).status_code == 303


def test_who_asks_again_meanwhile_is_told_and_nothing_is_counted_twice(closed, sign_in, waiting):
    poll, region, officer = closed
    browser, other = sign_in(officer), sign_in(officer)
    for each in (browser, other):
        each.get(manage(poll, region, "/close"))
    browser.submit(button="마감하고 개표하기")
    assert other.submit(button="마감하고 개표하기").status_code == 422
    assert "이미 개표하고 있습니다" in other.text()
    other.get(manage(poll, region, "/close"))
    assert not other.page.xpath("//main//form")
    assert len(waiting) == 1


def test_what_stops_the_count_is_told_on_the_page_and_it_can_be_asked_for_again(closed, sign_in):
    poll, region, officer = closed
    key = keys.load(settings().key_path, poll.id)
    keys.destroy(settings().key_path, poll.id)
    browser = sign_in(officer)
    browser.get(manage(poll, region, "/close"))
    browser.submit(button="마감하고 개표하기")
    assert state_of(poll) is PollState.CLOSED
    assert "개표하지 못했습니다" in browser.text()
    assert "열쇠가 이 서버에 없" in browser.text()
    keys.store(settings().key_path, poll.id, key)
    browser.get(manage(poll, region, "/close"))
    browser.submit(button="마감하고 개표하기")
    assert state_of(poll) is PollState.COUNTED
    assert "개표하지 못했습니다" not in browser.text()


def test_a_server_that_went_down_in_the_middle_leaves_a_poll_that_can_be_counted(closed, sign_in):
    poll, region, officer = closed
    poll.counting_since = clock.now() - LONGEST
    db.session.commit()
    browser = sign_in(officer)
    browser.get(manage(poll, region))
    assert "중단되었습니다" in browser.text()
    assert not browser.page.xpath("//main//*[@hx-get]")
    browser.get(manage(poll, region, "/close"))
    browser.submit(button="마감하고 개표하기")
    assert state_of(poll) is PollState.COUNTED


def test_a_fault_is_no_refusal_and_both_the_page_and_the_log_learn_of_it(closed, sign_in, waiting):
    poll, region, officer = closed
    browser = sign_in(officer)
    browser.get(manage(poll, region, "/close"))
    browser.submit(button="마감하고 개표하기")
    with pytest.raises(ZeroDivisionError):
        count_as_asked(count=lambda: 1 // 0, region_id=region.id, poll_id=poll.id, unit=db.session.begin_nested)
    db.session.commit()
    browser.get(manage(poll, region))
    assert "중단되었습니다" in browser.text()


def test_what_a_late_refusal_says_of_a_poll_that_is_counted_is_not_kept(closed, session):
    poll, region, _officer = closed
    count = partial(count_poll, actor=None, region_id=region.id, poll_id=poll.id, key_folder=settings().key_path)
    count()
    count_as_asked(count=count, region_id=region.id, poll_id=poll.id, unit=db.session.begin_nested)
    assert (poll.state, poll.count_refusal, poll.counting_since) == (PollState.COUNTED, None, None)


@pytest.mark.parametrize("role", [None, Role.MODERATOR])
def test_only_who_runs_polls_learns_that_one_is_counted(closed, sign_in, role):
    poll, region, _officer = closed
    person = make_officer(region.id, role) if role else make_resident(region.id)
    db.session.commit()
    assert sign_in(person).get(manage(poll, region, "/counting")).status_code == 403


def test_a_thread_of_the_server_counts_without_any_worker(empty_site, tmp_path):
    """Real commits, a real thread, nobody else."""
    app = create_app(settings_of_copy(empty_site, tmp_path / "site"))
    background.in_threads(app)
    app.test_client_class = StrictClient
    with app.app_context():
        region = make_region()
        poll = freeze(make_agenda_draft(region), region, settings().key_path)
        cast(make_resident(region.id), poll, "lamp")
        with database_clock(lambda: poll.closes_at + timedelta(hours=1)):
            close_poll(actor=None, region_id=region.id, poll_id=poll.id)
        token = session_token_for(make_officer(region.id, Role.ADMINISTRATOR), with_second_factor=True)
        where, here = (region.id, poll.id), manage(poll, region, "/close")
        db.session.commit()
        db.session.remove()
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    browser.get(here)
    assert browser.submit(button="마감하고 개표하기", follow=False).status_code == 303
    for thread in threading.enumerate():
        if thread.name == background.THREAD:
            thread.join()
    with app.app_context():
        assert db.session.get_one(Poll, where).state is PollState.COUNTED
        assert not keys.exists(settings().key_path, where[1])
        db.session.remove()
        db.engine.dispose()


def test_asking_needs_a_closed_poll(open_agenda):
    with pytest.raises(NotClosed):
        ask_for_count(actor=open_agenda.officer, region_id=open_agenda.region.id, poll_id=open_agenda.poll.id)
