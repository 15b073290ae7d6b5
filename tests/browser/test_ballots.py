"""Ballots at a browser of 360 px: by keyboard alone, with and without JavaScript, examined by axe at each step."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from civicvote.db import db
from civicvote.domain.polls.services import add_option
from civicvote.kernel import ids
from civicvote.kernel.voting import BallotType
from civicvote.web.settings import settings
from tests.browser.conftest import Site, Visitor, cookie_of
from tests.browser.keyboard import tab_to
from tests.factories.people import make_resident, session_token_for
from tests.factories.places import make_region
from tests.factories.polls import BALLOTS, freeze, make_agenda_draft

Opener = Callable[..., Visitor]


@pytest.fixture
def at_ballot(site: Site, visitor: Any) -> Opener:
    """Opens a vote with ballots of the type, six options in two fields, before somebody who may vote."""

    def opening(ballot_type: BallotType, **window: Any) -> Visitor:
        with site.app.app_context():
            region = make_region()
            draft = make_agenda_draft(region, ballot_type=ballot_type, **BALLOTS[ballot_type])
            for option, field in zip(draft.options, ("safety", "environment", "safety", "environment"), strict=True):
                option.field_key = field
            add_option(poll=draft, key="none", label="분야 없는 것")
            token = session_token_for(make_resident(region.id))
            poll = freeze(draft, region, settings().key_path)
            path = f"/regions/{region.slug}/polls/{ids.encode(poll.id)}"
            db.session.commit()
        person: Visitor = visitor(width=360, **window)
        person.context.add_cookies([cookie_of(site, token)])
        person.go(path)
        return person

    return opening


def test_a_ranking_by_keyboard_alone_from_the_ballot_to_the_receipt(at_ballot: Opener) -> None:
    voter = at_ballot(BallotType.ORDINAL)
    addresses: list[str] = []
    voter.page.on("request", lambda request: addresses.append(request.url))
    tab_to(voter, "a[href*='/options/']")
    voter.page.keyboard.press("Enter")
    voter.page.locator("dialog[open]").wait_for()
    voter.settle()
    voter.page.keyboard.press("Escape")
    assert voter.page.locator("dialog[open]").count() == 0

    tab_to(voter, "input[name^=number-]")
    voter.page.keyboard.type("1")
    tab_to(voter, "input[name^=number-]")
    tab_to(voter, "button[data-move='-1']")
    voter.page.keyboard.press("Enter")
    voter.settle()
    expect(voter.page.locator("#basket li")).to_have_count(2)
    expect(voter.page.locator("#announcer")).to_contain_text("2")
    last = voter.page.locator("#basket li").last.inner_text().removeprefix("2. ")
    voter.page.keyboard.press("Enter")
    expect(voter.page.locator("#basket li").first).to_contain_text(last)
    voter.settle()
    values = voter.page.locator("input[name^=number-]").evaluate_all("all => all.map(each => each.value)")
    assert sorted(values)[-2:] == ["1", "2"]

    tab_to(voter, "#basket button[type=submit]")
    voter.page.keyboard.press("Enter")
    voter.settle()
    tab_to(voter, "form[action$='/cast'] button")
    voter.page.keyboard.press("Enter")
    voter.page.wait_for_url("**/receipt")
    voter.settle()
    assert not [address for address in addresses if "number" in address or "choices" in address]


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "none"])
def test_narrowing_keeps_what_is_chosen(at_ballot: Opener, javascript: bool) -> None:
    voter = at_ballot(BallotType.APPROVAL, javascript=javascript)
    voter.page.locator("input[value=lamp]").check()
    voter.page.locator("select[name=field]").select_option("environment")
    if javascript:
        voter.settle()
    else:
        voter.press("button:has-text('이것만 보기')")
    shown = voter.page.locator(".option:visible input").evaluate_all("all => all.map(each => each.value)")
    assert sorted(shown) == ["ramp", "tree"]
    voter.page.locator("input[value=tree]").check()
    if javascript:
        voter.settle()
    voter.press("#basket button[type=submit]")
    assert voter.page.locator("main ol li").count() == 2
    voter.press("main form[action$='/cast'] button[type=submit]")
    assert voter.page.url.endswith("/receipt")


def test_points_without_javascript_are_added_up_and_refused_where_they_are_too_many(at_ballot: Opener) -> None:
    voter = at_ballot(BallotType.CUMULATIVE, javascript=False)
    voter.page.locator("input[name=number-lamp]").fill("7")
    voter.page.locator("input[name=number-tree]").fill("4")
    voter.press("#basket button:has-text('합계')")
    assert "11" in voter.page.locator("#basket").inner_text()
    voter.press("#basket button[type=submit]")
    assert voter.page.locator("#error-summary").count() == 1
    voter.page.locator("input[name=number-tree]").fill("3")
    voter.press("#basket button[type=submit]")
    voter.press("main form[action$='/cast'] button[type=submit]")
    assert voter.page.url.endswith("/receipt")
