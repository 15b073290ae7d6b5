"""Passkeys with Chromium's virtual authenticator: set up, sign in anew, and step up with one for a payment."""

from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from playwright.sync_api import CDPSession

from civicvote.db import db, unit_of_work
from civicvote.domain.accounts.models import AccountSession, Authenticator, Passkey, Person, RecoveryCode
from tests.browser.conftest import Site, Visitor

WAYS = [
    pytest.param({"width": 360}, id="phone"),
    pytest.param({"width": 1280, "prefix": "/en"}, id="desktop-english"),
]
_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(params=WAYS)
def officer(request: pytest.FixtureRequest, visitor: Any, site: Site) -> Visitor:
    """The officer who approves, without any second factor, on the name that WebAuthn accepts for this machine."""
    made: Visitor = visitor(**request.param)
    made.site = Site(f"http://localhost:{urlsplit(site.address).port}", site.app)
    with site.app.app_context(), unit_of_work():
        person_id = db.session.scalars(sa.select(Person.id).where(Person.email == "approval@example.org")).one()
        for table in (Authenticator, Passkey, RecoveryCode):
            db.session.execute(sa.delete(table).where(table.person_id == person_id))
    return made


def plug_in(officer: Visitor) -> CDPSession:
    """A virtual authenticator in the officer's browser, whose finger is always there."""
    devtools = officer.context.new_cdp_session(officer.page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    return devtools


def forget_showings(site: Site) -> None:
    """As if the officer's sessions had shown their factor a long time ago."""
    with site.app.app_context(), unit_of_work():
        db.session.execute(sa.update(AccountSession).values(second_factor_at=None))


def wait_for(officer: Visitor, path: str) -> None:
    officer.page.wait_for_url(lambda url: urlsplit(url).path.endswith(path))
    officer.settle()


def test_an_officer_pays_with_a_passkey(officer: Visitor, visitor: Any, site: Site) -> None:
    payee = f"한결전기 {officer.prefix}"
    entry = visitor(width=1280)
    entry.sign_in("entry")
    entry.go("/regions/daegu/desk/budget")
    entry.follow("/desk/budget/projects/")
    entry.follow("/enter")
    entry.page.fill("input[name=payee]", payee)
    entry.page.fill("textarea[name=reason]", "시험 가동")
    entry.page.fill("input[name=evidence]", "세금계산서 2026-0302")
    entry.page.fill("input[name=amount]", "1,000")
    entry.press("main form button[type=submit]")

    plug_in(officer)
    officer.sign_in("approval")
    forget_showings(site)
    officer.go("/regions/daegu/desk/budget")
    assert "/account/second-factor?next=" in officer.page.url, "the first use of a role"
    officer.follow("/passkeys/new")
    officer.page.fill("input[name=name]", "창구 컴퓨터")
    officer.page.locator("[data-passkey-button]").click()
    officer.page.locator("ol.codes").wait_for()
    officer.examine()
    assert officer.page.locator("ol.codes code").count() == 10
    officer.press("main .actions a.button--primary")
    assert officer.page.url.endswith("/regions/daegu/desk/budget")

    officer.context.clear_cookies()
    officer.sign_in("approval")
    forget_showings(site)
    officer.go("/regions/daegu/desk/budget")
    assert "/account/second-factor/confirm?next=" in officer.page.url
    officer.page.locator("[data-passkey-button]").click()
    wait_for(officer, "/regions/daegu/desk/budget")

    forget_showings(site)
    payment = officer.page.locator("article").filter(has_text=payee)
    payment.locator("summary").click()
    payment.locator("form[action$='/approve'] button").click()
    officer.page.locator("[data-passkey-button]").wait_for(state="visible")
    assert officer.page.url.endswith("/approve"), "htmx gave way to a page that keeps the form"
    officer.problems.clear()  # Chromium writes the 403 to its console
    officer.examine()
    officer.page.locator("[data-passkey-button]").click()
    wait_for(officer, "/regions/daegu/desk/budget")
    officer.go("/regions/daegu/money")
    with site.app.app_context():
        assert db.session.scalars(sa.select(Passkey.sign_count)).one() >= 2


def test_a_finger_that_is_not_there_is_said_and_can_be_tried_again(officer: Visitor) -> None:
    devtools = plug_in(officer)
    officer.sign_in("approval")
    officer.go("/account/second-factor/passkeys/new")
    officer.page.fill("input[name=name]", "전화")
    officer.page.route("**/passkeys/options", lambda route: route.fulfill(status=500))
    button = officer.page.locator("[data-passkey-button]")
    button.click()
    officer.page.locator("[data-passkey-status]:not(:empty)").wait_for()
    assert button.is_enabled()
    officer.page.unroute("**/passkeys/options")
    officer.problems.clear()
    button.click()
    officer.page.locator("ol.codes").wait_for()
    devtools.detach()


def test_without_scripts_the_authenticator_app_is_offered(visitor: Any) -> None:
    person = visitor(width=360, javascript=False)
    person.sign_in("newcomer")
    person.go("/account/second-factor/passkeys/new")
    assert person.page.locator("[data-passkey-button]").is_hidden()
    assert person.page.locator("[data-passkey-absent]").is_visible()
    person.go("/account/second-factor")
    person.press("main form[action*='/authenticator/new'] button")
    assert person.page.locator("svg[role=img]").is_visible()
