"""Ballots with points, places and districts in pages: filled without JavaScript, refused beside the field, cast."""

import re

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Residency
from civicvote.domain.polls.ballots.shape import BallotShape
from civicvote.domain.polls.models import Envelope
from civicvote.domain.polls.services import add_option
from civicvote.kernel import ids
from civicvote.kernel.voting import BallotType
from tests.factories.people import make_resident
from tests.factories.places import make_region
from tests.factories.polls import BALLOTS, MILLION, freeze, make_agenda_draft, make_budget_draft
from tests.integration.polls.conftest import OpenPoll
from tests.web.polls.test_ballot_pages import address, stored_ballots


def opened(key_folder, draft, region, voters=1) -> OpenPoll:
    people = [make_resident(region.id) for _ in range(voters)]
    poll = freeze(draft, region, key_folder)
    db.session.commit()
    return OpenPoll(region, None, people, poll, key_folder)


@pytest.fixture
def open_of(session, key_folder):
    """Opens an agenda poll with ballots of the type."""

    def opening(ballot_type: BallotType, **changes) -> OpenPoll:
        region = make_region()
        plan = {"ballot_type": ballot_type} | BALLOTS[ballot_type] | changes
        return opened(key_folder, make_agenda_draft(region, **plan), region)

    return opening


@pytest.mark.parametrize(
    ("ballot_type", "typed", "stored"),
    [
        (BallotType.CHOOSE_1, {"choices": ["tree"]}, '["tree"]'),
        (BallotType.CUMULATIVE, {"number-tree": "7", "number-lamp": "3", "number-ramp": "0"}, '{"lamp":3,"tree":7}'),
        (BallotType.SCORING, {"number-tree": " 5 "}, '{"tree":5}'),
        (BallotType.ORDINAL, {"number-tree": "2", "number-ramp": "1"}, '{"ramp":3,"tree":2}'),
    ],
)
def test_it_is_filled_looked_over_changed_and_cast_without_javascript(open_of, sign_in, ballot_type, typed, stored):
    open_poll = open_of(ballot_type)
    browser = sign_in(open_poll.voters[0])
    browser.get(address(open_poll))
    browser.submit(typed, action="/confirm")
    assert "가로수 그늘" in browser.text()
    browser.submit(action="/basket")
    shown = dict(browser.form("/confirm").form_values())
    assert {name: value for name, value in shown.items() if name in typed} == {
        name: (value[0] if isinstance(value, list) else value.strip()) for name, value in typed.items() if value != "0"
    } | ({"number-ramp": ""} if typed.get("number-ramp") == "0" else {})
    browser.submit(action="/confirm")
    assert stored_ballots(open_poll) == []
    browser.submit(action="/cast")
    assert stored_ballots(open_poll) == [stored]


@pytest.mark.parametrize(
    ("ballot_type", "typed", "words"),
    [
        (BallotType.CUMULATIVE, {"number-tree": "7", "number-lamp": "4"}, "10"),
        (BallotType.CUMULATIVE, {"number-tree": "seven"}, "정수"),
        (BallotType.SCORING, {"number-tree": "6"}, "5"),
        (BallotType.ORDINAL, {"number-tree": "1", "number-ramp": "1"}, "1순위"),
        (BallotType.ORDINAL, {}, "1"),
    ],
)
def test_what_breaks_a_rule_comes_back_as_it_was_typed_with_the_reason(open_of, sign_in, ballot_type, typed, words):
    open_poll = open_of(ballot_type)
    browser = sign_in(open_poll.voters[0])
    browser.get(address(open_poll))
    response = browser.submit(typed, action="/confirm")
    assert response.status_code == 422
    assert words in browser.page.xpath("string(//*[@id='choices-error'])")
    shown = dict(browser.form("/confirm").form_values())
    assert {name: shown[name] for name in typed} == typed
    assert db.session.scalars(sa.select(Envelope)).all() == []


def test_the_receipt_and_the_answers_are_equally_large_whatever_points_were_given(open_of, session, sign_in):
    open_poll = open_of(BallotType.CUMULATIVE)
    sizes = set()
    browser = sign_in(open_poll.voters[0])
    for typed in ({"number-tree": "1"}, {"number-tree": "2", "number-lamp": "3", "number-ramp": "5"}):
        browser.get(address(open_poll))
        browser.submit(typed, action="/confirm")
        answer = browser.submit(action="/cast", follow=False)
        sizes.add((len(answer.data), len(browser.get(address(open_poll, "/receipt")).data)))
    assert len(sizes) == 1
    assert len({len(sealed) for sealed in db.session.scalars(sa.select(Envelope.sealed))}) == 1


def test_a_ballot_offers_the_own_district_and_another_is_refused(session, key_folder, sign_in):
    region = make_region()
    draft = make_budget_draft(region, ballot=BallotShape(own_district_only=True), options=())
    for key, code in (("here", "3011000001"), ("there", "3011000002"), ("all", None)):
        add_option(poll=draft, key=key, label=key, cost_amount=MILLION, district_code=code)
    for number in range(20):
        code = f"301100000{number // 10 + 1}"
        db.session.get_one(Residency, (region.id, make_resident(region.id).id)).district_code = code
    open_poll = opened(key_folder, draft, region)
    voter = open_poll.voters[0]
    db.session.get_one(Residency, (region.id, voter.id)).district_code = "3011000001"
    db.session.commit()
    browser = sign_in(voter)
    browser.get(address(open_poll))
    assert set(browser.page.xpath("//input[@name='choices']/@value")) == {"here", "all"}
    response = browser.post(address(open_poll, "/cast"), data={"choices": ["there"], "idempotency_key": "k" * 32})
    assert response.status_code in {400, 422}
    assert stored_ballots(open_poll) == []


def test_everybody_has_another_order_that_stays_and_the_printed_one_is_a_link_away(session, key_folder, sign_in):
    region = make_region()
    options = [(f"o{number:02d}", f"사업 {number}", 1) for number in range(12)]
    open_poll = opened(key_folder, make_budget_draft(region, options=options), region, voters=2)

    def order(browser, query: str = "") -> list[str]:
        browser.get(address(open_poll) + query)
        return browser.page.xpath("//input[@name='choices']/@value")

    first, second = (sign_in(voter) for voter in open_poll.voters)
    printed = [key for key, _, _ in options]
    assert order(first) == order(first) != printed
    assert sorted(order(first)) == printed
    assert order(first) != order(second)
    assert order(first, "?order=printed") == printed
    first.submit({"choices": ["o03"]}, action="/confirm")
    first.submit(action="/basket")
    assert first.page.xpath("//input[@name='choices'][@checked]/@value") == ["o03"]


def test_narrowing_hides_options_without_losing_a_choice(session, key_folder, sign_in):
    region = make_region()
    draft = make_budget_draft(region, options=())
    for key, field in (("a", "safety"), ("b", "environment"), ("c", None)):
        add_option(poll=draft, key=key, label=key, cost_amount=MILLION, field_key=field)
    open_poll = opened(key_folder, draft, region)
    browser = sign_in(open_poll.voters[0])
    browser.get(address(open_poll))
    token = browser.form("/confirm").xpath(".//input[@name='csrf_token']/@value")[0]
    assert browser.page.xpath("//noscript//button[contains(@formaction, '/basket')]")
    browser.post(address(open_poll, "/basket"), data={"choices": ["b"], "field": "safety", "csrf_token": token})

    assert browser.page.xpath("//li[contains(@class, 'option')][not(@hidden)]//input/@value") == ["a"]
    assert browser.page.xpath("//input[@name='choices'][@checked]/@value") == ["b"]
    browser.submit(action="/confirm")
    browser.submit(action="/cast")
    assert stored_ballots(open_poll) == ['["b"]']


def test_one_option_in_full_is_a_page_and_a_fragment(open_agenda, client):
    page = client.get(address(open_agenda, "/options/tree"))
    assert "가로수 그늘" in client.text()
    fragment = client.get(address(open_agenda, "/options/tree"), headers={"HX-Request": "true"})
    assert "<html" in page.text
    assert "<html" not in fragment.text
    assert client.get(address(open_agenda, "/options/moon")).status_code == 404


@pytest.mark.parametrize("path", ["", "/basket"])
def test_the_ballot_takes_as_many_statements_at_4_as_at_100_options(session, key_folder, sign_in, count_queries, path):
    taken = []
    for number in (4, 100):
        region = make_region()
        draft = make_budget_draft(region, options=())
        for each in range(number):
            fields = {"field_key": ("safety", "environment")[each % 2], "district_code": f"30110000{each % 2:02d}"}
            add_option(poll=draft, key=f"o{each}", label=f"사업 {each}", cost_amount=1, **fields)
        open_poll = opened(key_folder, draft, region)
        browser = sign_in(open_poll.voters[0])
        browser.get(address(open_poll))
        chosen = {"choices": [f"o{each}" for each in range(number // 2)]}
        if path:
            chosen["csrf_token"] = browser.form("/confirm").xpath(".//input[@name='csrf_token']/@value")[0]
        with count_queries() as statements:
            if path:
                assert browser.post(address(open_poll, path), data=chosen).status_code == 200
            else:
                browser.get(address(open_poll))
        taken.append(len(statements))
    assert taken[0] == taken[1], taken


def test_no_choice_ever_stands_in_an_address(open_of, sign_in):
    open_poll = open_of(BallotType.ORDINAL)
    browser = sign_in(open_poll.voters[0])
    page = browser.get(address(open_poll))
    forms = re.findall(r"<form[^>]*>", page.text)
    assert all('method="post"' in form for form in forms if "polls/" + ids.encode(open_poll.poll.id) in form)
