"""The ballot in pages: filled, looked over, cast, acknowledged; without JavaScript and with htmx."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civicvote.db import database_clock, db
from civicvote.domain.polls import freezing
from civicvote.domain.polls.ballots import choices
from civicvote.domain.polls.box import keys, sealed_ballot, sealing
from civicvote.domain.polls.models import Envelope
from civicvote.kernel import clock, ids
from civicvote.web import throttle
from civicvote.web.throttle import Limit
from tests.factories.people import make_person
from tests.factories.polls import cast, make_agenda_draft


def address(open_poll, tail: str = "") -> str:
    return f"/regions/{open_poll.region.slug}/polls/{ids.encode(open_poll.poll.id)}{tail}"


def stored_ballots(open_poll) -> list[str]:
    opener = sealing.Opener(keys.load(open_poll.key_folder, open_poll.poll.id))
    sealed = db.session.scalars(sa.select(Envelope.sealed).where(Envelope.poll_id == open_poll.poll.id))
    ballots = [sealed_ballot.read(opener.unseal(bytes(each))) for each in sealed]
    return [choices.write(ballot.choices, open_poll.poll.ballot_type) for ballot in ballots]


def test_a_voter_fills_looks_over_casts_and_gets_a_receipt_without_javascript(open_budget, sign_in):
    browser = sign_in(open_budget.voters[0])
    browser.get(address(open_budget))
    assert "최대" in browser.text() or "1억" in browser.text()
    browser.submit({"choices": ["road", "book"]}, action="/confirm")
    assert "안전한 통학로" in browser.text()
    assert "이동 도서관" in browser.text()
    assert stored_ballots(open_budget) == []

    response = browser.submit(action="/cast")

    assert response.status_code == 200
    assert response.request.path == address(open_budget, "/receipt")
    assert stored_ballots(open_budget) == ['["book","road"]']
    receipt = db.session.scalars(sa.select(Envelope.receipt)).one()
    assert receipt in browser.page.xpath("string(//*[@class='receipt__code'])").replace(" ", "")
    assert not response.request.query_string


def test_the_receipt_page_has_the_same_size_whatever_was_chosen_and_names_nothing(open_agenda, sign_in):
    sizes = set()
    for voter, chosen in zip(open_agenda.voters, [("lamp",), ("tree", "ramp"), ("bench", "lamp")], strict=False):
        voter.display_name = "같은 이름"
        db.session.flush()
        browser = sign_in(voter)
        moment = open_agenda.poll.opens_at + timedelta(days=1)
        with database_clock(lambda moment=moment: moment):
            browser.get(address(open_agenda))
            browser.submit({"choices": list(chosen)}, action="/confirm")
            answer = browser.submit(action="/cast", follow=False)
        page = browser.get(address(open_agenda, "/receipt"))
        sizes.add((len(answer.data), len(page.data)))
        assert not any(label in page.text for label in ("가로등", "가로수", "경사로", "의자", "lamp", "bench"))
    assert len(sizes) == 1


def test_cast_takes_at_most_8_statements_in_all_for_agenda_and_budget_ballots(
    open_agenda, open_budget, sign_in, count_queries
):
    for open_poll, chosen in ((open_agenda, ["lamp", "tree"]), (open_budget, ["road", "book"])):
        browser = sign_in(open_poll.voters[0])
        browser.get(address(open_poll))
        browser.submit({"choices": chosen}, action="/confirm")
        with count_queries() as statements:
            browser.submit(action="/cast", follow=False)
        assert len(statements) <= 8, statements


def test_a_double_click_is_one_ballot(open_agenda, sign_in):
    browser = sign_in(open_agenda.voters[0])
    browser.get(address(open_agenda))
    browser.submit({"choices": ["lamp"]}, action="/confirm")
    confirm = browser.page
    browser.submit(action="/cast")
    first = db.session.scalars(sa.select(Envelope.receipt)).one()
    browser.page = confirm
    browser.submit(action="/cast")
    db.session.expire_all()
    assert db.session.scalars(sa.select(Envelope.receipt)).one() == first


def test_a_ballot_that_breaks_a_rule_comes_back_with_what_was_chosen_and_the_reason(open_budget, sign_in):
    browser = sign_in(open_budget.voters[0])
    browser.get(address(open_budget))
    response = browser.submit({"choices": ["road", "park"]}, action="/confirm")
    assert response.status_code == 422
    assert browser.page.xpath("//*[@id='error-summary']//a[@href='#choices-0' or @href='#choices']")
    checked = browser.page.xpath("//input[@name='choices'][@checked]/@value")
    assert set(checked) == {"road", "park"}
    assert stored_ballots(open_budget) == []


def test_an_empty_ballot_is_told_how_many_it_needs(open_agenda, sign_in):
    browser = sign_in(open_agenda.voters[0])
    browser.get(address(open_agenda))
    response = browser.submit({}, action="/confirm")
    assert response.status_code == 422


def test_the_basket_answers_htmx_with_sums_and_what_no_longer_fits(open_budget, sign_in):
    browser = sign_in(open_budget.voters[0])
    browser.get(address(open_budget))
    form = browser.form("/confirm")
    token = form.xpath(".//input[@name='csrf_token']/@value")[0]
    answer = browser.post(
        address(open_budget, "/basket"),
        data={"choices": ["road"], "csrf_token": token},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'id="basket"' in answer.text
    assert "4,000만 원" in answer.text
    assert "1,000만 원" in answer.text.split("hx-swap-oob", 1)[1]
    assert answer.text.count('hx-swap-oob="true"') == 4
    assert 'name="choices"' not in answer.text


def test_without_htmx_the_basket_is_the_whole_page_with_the_choices_kept(open_budget, sign_in):
    browser = sign_in(open_budget.voters[0])
    browser.get(address(open_budget))
    browser.submit({"choices": ["road"]}, action="/confirm")
    browser.submit(action="/basket")
    assert browser.page.xpath("//input[@name='choices'][@checked]/@value") == ["road"]


def test_a_voter_can_vote_again_and_the_form_opens_empty_and_says_so(open_agenda, sign_in):
    voter = open_agenda.voters[0]
    cast(voter, open_agenda.poll, "lamp")
    browser = sign_in(voter)
    browser.get(address(open_agenda))
    assert not browser.page.xpath("//input[@name='choices'][@checked]")
    assert browser.page.xpath("//a[contains(@href, '/receipt')]")
    browser.submit({"choices": ["tree"]}, action="/confirm")
    browser.submit(action="/cast")
    assert stored_ballots(open_agenda) == ['["tree"]']


def test_somebody_not_on_the_roll_is_told_why_and_what_to_do(open_agenda, sign_in):
    browser = sign_in(make_person())
    browser.get(address(open_agenda))
    assert not browser.page.xpath("//input[@name='choices']")
    assert "확인" in browser.text()
    answer = browser.post(address(open_agenda, "/cast"), data={"choices": ["lamp"], "idempotency_key": "k" * 32})
    assert answer.status_code in {400, 403}
    assert stored_ballots(open_agenda) == []


def test_anonymous_readers_see_options_and_a_way_in_but_no_form(open_agenda, client):
    client.get(address(open_agenda))
    assert "골목길 가로등" in client.text()
    assert not client.page.xpath("//main//form")
    assert client.page.xpath("//main//a[contains(@href, 'sign-in')]")


@pytest.mark.parametrize("days", [-3, 5])
def test_before_and_after_there_is_no_ballot_and_a_cast_is_refused_with_the_reason(open_agenda, sign_in, days):
    browser = sign_in(open_agenda.voters[0])
    browser.get(address(open_agenda))
    browser.submit({"choices": ["lamp"]}, action="/confirm")
    moment = clock.now() + timedelta(days=days)
    with clock.frozen_at(moment), database_clock(lambda: moment):
        answer = browser.submit(action="/cast")
        assert answer.status_code == 409
        browser.get(address(open_agenda))
        assert not browser.page.xpath("//input[@name='choices']")
    assert stored_ballots(open_agenda) == []


def test_a_draft_is_nobodys_but_its_officers(open_agenda, client, sign_in):
    draft = make_agenda_draft(open_agenda.region)
    where = f"/regions/{open_agenda.region.slug}/polls/{ids.encode(draft.id)}"
    assert client.get(where).status_code == 404
    assert sign_in(open_agenda.voters[0]).get(where).status_code == 404


def test_the_fixed_rules_can_be_fetched_and_hashed(open_agenda, client):
    answer = client.get(address(open_agenda, "/rules.json"))
    assert freezing.digest(answer.text) == open_agenda.poll.frozen_hash


def _tire(open_poll, limit: Limit) -> None:
    for _ in range(throttle.RATES[limit].amount):
        throttle.count(limit, open_poll.voters[0].id)


def test_who_casts_without_a_pause_is_asked_to_wait_and_keeps_what_was_chosen(open_budget, sign_in):
    browser, other = sign_in(open_budget.voters[0]), sign_in(open_budget.voters[1])
    for each in (browser, other):
        each.get(address(open_budget))
        each.submit({"choices": ["road", "book"]}, action="/confirm")
    key = browser.page.xpath("string(//input[@name='idempotency_key']/@value)")
    _tire(open_budget, Limit.CAST)
    refused = browser.submit(action="/cast")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert browser.page.xpath("//*[@id='error-summary']")
    assert set(browser.page.xpath("//form[contains(@action, '/cast')]//input[@name='choices']/@value")) == {
        "road",
        "book",
    }
    assert browser.page.xpath("string(//input[@name='idempotency_key']/@value)") == key, "it is the same attempt"
    assert stored_ballots(open_budget) == []
    assert other.submit(action="/cast").status_code == 200
    throttle.forget(Limit.CAST, open_budget.voters[0].id)
    assert browser.submit(action="/cast").status_code == 200
    assert len(stored_ballots(open_budget)) == 2


def test_who_looks_over_without_a_pause_gets_the_ballot_back_as_it_was(open_budget, sign_in):
    browser = sign_in(open_budget.voters[0])
    browser.get(address(open_budget))
    _tire(open_budget, Limit.LOOK_OVER)
    assert browser.submit({"choices": ["road", "book"]}, action="/confirm").status_code == 429
    assert set(browser.page.xpath("//input[@name='choices'][@checked]/@value")) == {"road", "book"}
    assert browser.page.xpath("//*[@id='error-summary']")
    throttle.forget(Limit.LOOK_OVER, open_budget.voters[0].id)
    assert browser.submit(action="/confirm").status_code == 200
    assert "안전한 통학로" in browser.text()
