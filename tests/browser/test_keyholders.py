"""The keyholders' ceremony in a browser: named, each with a file that is downloaded, the key, the trial, the count."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from civicvote.db import db
from civicvote.domain.accounts.queries import actor_of_person
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.services import close_poll, freeze_poll
from civicvote.kernel import ids
from civicvote.kernel.permissions import Role
from civicvote.web.settings import settings
from tests.browser.conftest import Site, Visitor, cookie_of
from tests.factories.people import actor_for, make_officer, make_person, make_resident, session_token_for
from tests.factories.places import make_region
from tests.factories.polls import cast, make_agenda_draft

PASSPHRASES = ("구름 다리 연필 감나무", "보리차 우산 마당 참새")
WAYS = [pytest.param({"width": 360}, id="phone"), pytest.param({"width": 1280, "prefix": "/en"}, id="desktop-english")]


@dataclass
class Keyholder:
    browser: Visitor
    address: str
    passphrase: str
    file: Path | None = None


class Ceremony:
    """A draft in a region of its own, its administrator at a browser and two who will hold the key at theirs."""

    def __init__(self, site: Site, visitor: Any, way: dict[str, Any], folder: Path) -> None:
        self.site, self.folder = site, folder
        with site.app.app_context():
            region = make_region()
            officer = make_officer(region.id, Role.ADMINISTRATOR)
            poll = make_agenda_draft(region, actor=actor_for(officer))
            people = [make_person(), make_person()]
            tokens = [session_token_for(person) for person in (officer, *people)]
            addresses = [person.email for person in people]
            self.region_id, self.poll_id, self.officer_id = region.id, poll.id, officer.id
            self.voters = [make_resident(region.id).id for _ in range(3)]
            key = ids.encode(poll.id)
            self.managed, self.own = f"/regions/{region.slug}/manage/polls/{key}", f"/regions/{region.slug}/polls/{key}"
            db.session.commit()
        self.officer, *browsers = (visitor(**way) for _ in tokens)
        for browser, token in zip((self.officer, *browsers), tokens, strict=True):
            browser.context.add_cookies([cookie_of(site, token)])
        self.holders = [Keyholder(*each) for each in zip(browsers, addresses, PASSPHRASES, strict=True)]

    def vote_and_close(self) -> None:
        """What is not the keyholders' part: rules fixed, three ballots, the end of voting."""
        with self.site.app.app_context():
            officer = actor_of_person(self.officer_id)
            assert officer is not None
            poll = db.session.get_one(Poll, (self.region_id, self.poll_id))
            freeze_poll(actor=officer, poll=poll, key_folder=settings().key_path)
            for person_id in self.voters:
                voter = actor_of_person(person_id)
                assert voter is not None
                cast(voter, poll, "lamp")
            close_poll(actor=officer, region_id=self.region_id, poll_id=self.poll_id, reason="시험")
            db.session.commit()

    def open_together(self, officer: Visitor) -> None:
        """A wrong passphrase first: the refusal says whose, then all is typed again."""
        for wrong in (True, False):
            for number, holder in enumerate(self.holders, start=1):
                assert holder.file is not None
                officer.page.locator(f"input[name=file_{number}]").set_input_files(holder.file)
                typed = "falsch und falsch" if wrong and number == 2 else holder.passphrase
                officer.page.locator(f"input[name=passphrase_{number}]").fill(typed)
            officer.press("main form:has(input[name=file_1]) button[type=submit]")
            if wrong:
                assert officer.page.locator("[name=passphrase_2][aria-invalid=true]").count() == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_ceremony_from_the_names_to_the_count(site: Site, visitor: Any, way: dict[str, Any], tmp_path: Path) -> None:
    ceremony = Ceremony(site, visitor, way, tmp_path)
    officer = ceremony.officer
    officer.go(ceremony.managed)
    officer.press("main a[href$='/keyholders']")
    officer.page.locator("textarea[name=addresses]").fill("nobody@nowhere.example")
    officer.page.locator("input[name=needed]").fill("2")
    officer.press("main form button[type=submit]")
    assert officer.page.locator("textarea[aria-invalid=true]").count() == 1
    officer.page.locator("textarea[name=addresses]").fill("\n".join(each.address for each in ceremony.holders))
    officer.press("main form button[type=submit]")

    for number, holder in enumerate(ceremony.holders, start=1):
        page = holder.browser.page
        holder.browser.go(f"{ceremony.own}/keyholder")
        page.locator("input[name=passphrase]").fill(holder.passphrase)
        page.locator("input[name=passphrase_again]").fill("another one altogether")
        holder.browser.press("main form button[type=submit]")
        assert page.locator("[name=passphrase_again][aria-invalid=true]").count() == 1
        page.locator("input[name=passphrase]").fill(holder.passphrase)
        page.locator("input[name=passphrase_again]").fill(holder.passphrase)
        with page.expect_download() as coming:
            page.locator("main form button[type=submit]").click()
        holder.file = tmp_path / f"{number}.json"
        coming.value.save_as(holder.file)
        holder.browser.go(f"{ceremony.own}/keyholder")
        assert page.locator("#main .notice--success").count() == 1, "the page says that the file was made"

    officer.go(f"{ceremony.managed}/keyholders")
    officer.press("main form[action$='/key'] button")
    assert officer.page.url.endswith("/trial")
    ceremony.open_together(officer)
    assert officer.page.url.endswith("/keyholders")

    ceremony.vote_and_close()
    officer.go(ceremony.managed)
    officer.press("main a[href$='/unseal']")
    ceremony.open_together(officer)
    assert officer.page.locator("main a[href$='/publish']").count() == 1
