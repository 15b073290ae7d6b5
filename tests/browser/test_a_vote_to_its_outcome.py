"""One voter at 360 px, from the first ballot to the outcome: cast, changed, found in the list, counted.

Once by keyboard alone and once without JavaScript, every page examined by axe on the way."""

from collections.abc import Iterator
from typing import Any

import pytest

from civicvote.db import db
from civicvote.domain.outcomes.services import compare_rules
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.services import close_poll, count_poll, publish_poll
from civicvote.domain.regions.models import Region
from civicvote.web.settings import settings
from tests.browser.conftest import Site, Visitor, cookie_of
from tests.browser.keyboard import press_enter_on, tab_to
from tests.factories.people import make_resident, session_token_for
from tests.factories.places import make_region
from tests.factories.polls import administrator, cast, freeze, make_budget_draft

NEIGHBOURS = ("road", "road", "park", "park", "book", "book", "bike", "bike", "bike", "road")


class Vote:
    """An open budget vote in a region of its own, in which ten neighbours have voted."""

    def __init__(self, site: Site) -> None:
        self.site = site
        with site.app.app_context():
            region = make_region()
            poll = freeze(make_budget_draft(region), region, settings().key_path)
            for choice in NEIGHBOURS:
                cast(make_resident(region.id), poll, choice)
            self.token = session_token_for(make_resident(region.id))
            self.region_id, self.poll_id, self.slug = region.id, poll.id, region.slug
            db.session.commit()

    def finish(self) -> None:
        """Closed before its time, counted, published: what officers and the schedule do."""
        with self.site.app.app_context():
            officer = administrator(db.session.get_one(Region, self.region_id))
            here = {"region_id": self.region_id, "poll_id": self.poll_id}
            close_poll(actor=officer, reason="모두 투표하였습니다.", **here)
            count_poll(actor=None, key_folder=settings().key_path, **here)
            compare_rules(**here)
            publish_poll(actor=officer, key_folder=settings().key_path, **here)
            db.session.commit()


@pytest.fixture
def vote(site: Site) -> Iterator[Vote]:
    made = Vote(site)
    yield made
    with site.app.app_context():
        assert db.session.get_one(Poll, (made.region_id, made.poll_id)).published_at, "the voter saw the outcome"


def arrive(vote: Vote, visitor: Any, **window: Any) -> Visitor:
    voter: Visitor = visitor(width=360, **window)
    voter.context.add_cookies([cookie_of(vote.site, vote.token)])
    voter.go(f"/regions/{vote.slug}/votes")
    return voter


def receipt_of(voter: Visitor) -> str:
    assert voter.page.url.endswith("/receipt")
    return voter.page.locator(".receipt__code").inner_text()


def test_by_keyboard_alone(vote: Vote, visitor: Any) -> None:
    voter = arrive(vote, visitor)
    keyboard = voter.page.keyboard

    def choose(key: str) -> str:
        tab_to(voter, f"input[name=choices][value={key}]")
        keyboard.press("Space")
        voter.settle()
        press_enter_on(voter, "#basket button[type=submit]")
        press_enter_on(voter, "form[action$='/cast'] button")
        return receipt_of(voter)

    press_enter_on(voter, "main a.button--primary")
    first = choose("bike")
    press_enter_on(voter, "main a.button--secondary")
    assert voter.page.locator("input[name=choices]:checked").count() == 0, "nobody can read the sealed ballot"
    second = choose("road")
    assert second != first

    vote.finish()
    voter.page.reload()
    voter.settle()
    assert voter.page.locator("main .notice--success").count() == 1, (
        "the receipt's own page says that it is in the list"
    )
    press_enter_on(voter, "main a[href$='/receipts']")
    for code, tone in ((first, "warning"), (second, "success")):
        tab_to(voter, "input[name=code]")
        keyboard.press("Control+a")
        keyboard.type(code)
        keyboard.press("Enter")
        voter.page.wait_for_url("**code=**")
        voter.settle()
        assert voter.page.locator(f"main .notice--{tone}").count() == 1
    press_enter_on(voter, ".breadcrumbs a[href$='/votes']")
    press_enter_on(voter, "#outcomes a")
    assert voter.page.url.endswith("/outcome")
    assert voter.page.locator(".winners li").count() >= 1
    tab_to(voter, "#rules-compared summary")
    tab_to(voter, "a[href$='/turnout']")


def test_without_javascript(vote: Vote, visitor: Any) -> None:
    voter = arrive(vote, visitor, javascript=False)

    def choose(key: str) -> str:
        voter.page.locator(f"input[name=choices][value={key}]").check()
        voter.press("#basket button[type=submit]")
        voter.press("main form[action$='/cast'] button")
        return receipt_of(voter)

    voter.press("main a.button--primary")
    voter.page.locator("input[name=choices][value=park]").check()
    voter.press("#basket button:has-text('합계')")
    assert voter.page.locator("input[name=choices]:checked").count() == 1, "adding up keeps what is chosen"
    assert "5,000만 원" in voter.page.locator("#basket").inner_text()
    first = choose("park")
    voter.press("main a.button--secondary")
    second = choose("road")
    assert second != first

    vote.finish()
    voter.go(f"/regions/{vote.slug}/votes")
    voter.press("#outcomes a")
    voter.press("main a[href$='/receipts']")
    for code, tone in ((first, "warning"), (second, "success")):
        voter.page.locator("input[name=code]").fill(code)
        voter.press("main form button[type=submit]")
        assert voter.page.locator(f"main .notice--{tone}").count() == 1
    voter.page.locator("input[name=code]").fill("not a receipt")
    voter.press("main form button[type=submit]")
    assert voter.page.locator("input[name=code][aria-invalid=true]").input_value() == "notareceipt"
