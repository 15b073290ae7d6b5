"""Unfinished ballots in pages: found again in the same session, nowhere else, and gone with casting and signing out."""

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.polls.models import BallotDraft
from civicvote.web import throttle
from civicvote.web.throttle import Limit
from tests.web.polls.test_ballot_pages import address


def begin(open_poll, browser, *choices: str) -> str:
    """One click; what changes on the page."""
    browser.get(address(open_poll))
    token = browser.form("/confirm").xpath(".//input[@name='csrf_token']/@value")[0]
    answer = browser.post(
        address(open_poll, "/basket"),
        data={"choices": list(choices), "csrf_token": token},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    return answer.text


def chosen(browser) -> set[str]:
    return set(browser.page.xpath("//input[@name='choices'][@checked]/@value"))


def test_what_was_chosen_is_there_again_and_the_page_says_so(open_budget, sign_in):
    browser = sign_in(open_budget.voters[0])
    begin(open_budget, browser, "road", "book")
    browser.get(address(open_budget))
    assert chosen(browser) == {"road", "book"}
    assert "고른 것이 그대로 남아 있습니다" in browser.text()


def test_another_device_finds_nothing_and_says_so_kindly(open_budget, sign_in):
    begin(open_budget, sign_in(open_budget.voters[0]), "road")
    other = sign_in(open_budget.voters[0])
    page = other.get(address(open_budget))
    assert chosen(other) == set()
    assert "다른 기기에서" in other.text()
    assert page.status_code == 200


def test_after_casting_the_form_opens_empty_and_says_why(open_budget, sign_in):
    browser = sign_in(open_budget.voters[0])
    begin(open_budget, browser, "road")
    browser.get(address(open_budget))
    browser.submit(action="/confirm")
    browser.submit(action="/cast")
    assert db.session.scalars(sa.select(BallotDraft)).all() == []
    browser.get(address(open_budget))
    assert chosen(browser) == set()
    assert browser.page.xpath("//a[contains(@href, '/receipt')]")


def test_signing_out_forgets_it(open_budget, sign_in):
    browser = sign_in(open_budget.voters[0])
    begin(open_budget, browser, "road")
    browser.submit(action="/account/sign-out")
    assert db.session.scalars(sa.select(BallotDraft)).all() == []


def test_all_drafts_of_a_poll_are_equally_long_and_hold_no_option_that_is_not_on_the_ballot(open_budget, sign_in):
    lengths = set()
    for voter, choices in zip(
        open_budget.voters, (["road"], ["road", "park", "x" * 500], ["moon", "bike"]), strict=False
    ):
        begin(open_budget, sign_in(voter), *choices)
    lengths = {len(sealed) for sealed in db.session.scalars(sa.select(BallotDraft.sealed))}
    assert len(lengths) == 1


def verbs_of_a_click(open_poll, browser, count_queries, *choices: str) -> list[str]:
    with count_queries() as statements:
        begin(open_poll, browser, *choices)
    return [statement.split()[0] for statement in statements]


def test_a_click_writes_last_so_that_nobody_waits_for_the_page(open_budget, sign_in, count_queries):
    browser = sign_in(open_budget.voters[0])
    begin(open_budget, browser, "road")
    verbs = verbs_of_a_click(open_budget, browser, count_queries, "road", "book")
    assert verbs[-1] == "INSERT"
    assert set(verbs[:-1]) == {"SELECT"}


@pytest.mark.parametrize("choices", [(), ("road", "book")])
def test_a_click_that_changes_nothing_writes_nothing(open_budget, sign_in, count_queries, choices):
    browser = sign_in(open_budget.voters[0])
    begin(open_budget, browser, *choices)
    assert set(verbs_of_a_click(open_budget, browser, count_queries, *choices)) == {"SELECT"}


def test_who_clicks_faster_than_people_do_gets_the_sums_and_keeps_what_was_kept(open_budget, sign_in):
    voter = open_budget.voters[0]
    browser = sign_in(voter)
    begin(open_budget, browser, "road")
    for _ in range(throttle.RATES[Limit.DRAFT].amount):
        throttle.is_left(Limit.DRAFT, voter.id)
    assert "6,000만 원 남음" in begin(open_budget, browser, "book")
    browser.get(address(open_budget))
    assert chosen(browser) == {"road"}
