"""A real browser against a real server: Debian's Chromium, the application in threads, a database file of its own."""

import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError
from werkzeug.serving import make_server

from civicvote.app import create_app
from civicvote.cli.example.accounts import PASSWORD
from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.regions.queries import region_scope
from tests.browser.accessibility import assert_accessible
from tests.conftest import service_missing, settings_of_copy
from tests.factories.people import make_resident, session_token_for, show_second_factor

#: A Chromium without windows shows the same pages with less work.
CHROMIUM = os.environ.get("CIVICVOTE_CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
PATIENCE_MS = 10_000
STILLNESS = Path(__file__).parent / "stillness.js"
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if CHROMIUM is None:
        service_missing("no Chromium on this machine")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": _QUIET}


@dataclass(frozen=True)
class Site:
    """A served application: its address, and itself for looking into the database."""

    address: str
    app: Flask


@pytest.fixture(scope="session")
def site(living_example: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The living example on a server of this worker."""
    app = create_app(settings_of_copy(living_example, tmp_path_factory.mktemp("site")))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", app)
    server.shutdown()
    thread.join()
    with app.app_context():
        db.engine.dispose()


def cookie_of(site: Site, token: str) -> Any:
    """What the browser of a person with this session holds, as Playwright takes it."""
    client = site.app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    name = site.app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    return {"name": name, "value": cookie.value, "url": site.address}


NO_FAULTS = ("status of 422", "htmx:sendAbort", "htmx:afterRequest, ")


class Visitor:
    """A person at a browser: goes to pages, and every page that is visited is examined by axe."""

    def __init__(self, context: BrowserContext, site: Site, *, prefix: str, javascript: bool) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.site = site
        self.prefix = prefix
        self.has_javascript = javascript
        self._devtools = context.new_cdp_session(self.page)
        self._switch_scripts(on=False)  # what is switched on must have been switched off by the same session
        self.problems: list[str] = []
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self._note("error", str(error)))

    def _note(self, kind: str, text: str) -> None:
        # A refused form answers 422, which Chromium also writes to the console; and htmx writes down what it was asking
        # (a draft being kept) when the page is left. Neither is a fault of the page.
        if kind == "error" and not any(word in text for word in NO_FAULTS):
            self.problems.append(text)

    def go(self, path: str) -> None:
        """Open a path of the site (without the language prefix) and examine the page."""
        self.page.goto(f"{self.site.address}{self.prefix}{path}")
        self.settle()

    def examine(self) -> None:
        """What must hold now: axe finds nothing, nothing sticks out sideways, the console is silent."""
        with self._scripts_switched_on():
            assert_accessible(self.page)
        width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{self.page.url}: the page is {width} px wider than the window"
        assert not self.problems, f"{self.page.url}: {self.problems}"

    @contextmanager
    def _scripts_switched_on(self) -> Iterator[None]:
        """axe is a script. Those of the page did not run when it came, and do not run later."""
        self._switch_scripts(on=True)
        yield
        self._switch_scripts(on=False)

    def _switch_scripts(self, *, on: bool) -> None:
        if not self.has_javascript:
            self._devtools.send("Emulation.setScriptExecutionDisabled", {"value": not on})

    def sign_in(self, who: str) -> None:
        """As one of the example's people, by the page."""
        self.go("/account/sign-in")
        self.page.fill("input[name=email]", f"{who}@example.org")
        self.page.fill("input[name=password]", PASSWORD)
        self.press("main form button")
        self._show_second_factor(f"{who}@example.org")

    def _show_second_factor(self, email: str) -> None:
        """Straight in the database: a code works once, and these tests sign in faster than codes change."""
        with self.site.app.app_context():
            person = db.session.scalars(sa.select(Person).where(Person.email == email)).one()
            show_second_factor(person)

    def settle_in(self, slug: str) -> None:
        """Become a resident of the region whom no other test knows: the site is shared, and what the example's people
        may do (five proposals a round, the same text once in ten minutes) other tests may have used up."""
        with self.site.app.app_context():
            token = session_token_for(make_resident(region_scope(slug).id))
        self.context.add_cookies([cookie_of(self.site, token)])

    def open_round(self) -> str:
        """Gwangju's round, which takes proposals; its path, without the language prefix."""
        self.go("/regions/gwangju/rounds")
        self.follow("/rounds/")
        found = re.search(r"/regions/gwangju/rounds/[^/?#]+", self.page.url)
        assert found
        return found[0]

    def open_proposal(self, words: str) -> None:
        """One of the example's proposals in Gwangju, found by words of its title: the list's first page fills up with
        what other tests post."""
        self.go(f"{self.open_round()}/proposals?q={words}")
        self.press(f"main a[href*='/proposals/']:has-text('{words}')")

    def press(self, selector: str) -> None:
        """Press the first button (or link) that the selector finds, wait for what follows, examine it."""
        self.page.locator(selector).first.click()
        self.settle()

    def follow(self, address_part: str) -> None:
        """Follow the first link of the main part whose address holds this."""
        self.press(f"main a[href*='{address_part}']")

    def shows(self, text: str) -> None:
        """Wait until the page says ``text`` somewhere visible."""
        self.page.get_by_text(text).first.wait_for(state="visible")

    def settle(self) -> None:
        """Wait until the page, or what htmx changed of it, stands; then examine it."""
        self.page.wait_for_load_state()
        while self.has_javascript and not self._has_come_to_rest():
            self.page.wait_for_load_state()
        self.examine()

    def _has_come_to_rest(self) -> bool:
        """False where the page was left meanwhile, for one that is to be waited for."""
        try:
            assert self.page.evaluate("patience => window.whenStill(patience)", PATIENCE_MS), (
                f"{self.page.url} is never still"
            )
        except PlaywrightError as error:
            if "Execution context was destroyed" not in str(error):
                raise
            return False
        return True


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Any]:
    """``visitor(width=360)`` makes a person at a window of that width; ``javascript=False`` switches scripts off."""
    contexts: list[BrowserContext] = []

    def open_context(width: int, javascript: bool) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
            locale="ko-KR",
            timezone_id="Asia/Seoul",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        if javascript:
            context.add_init_script(path=STILLNESS)
        contexts.append(context)
        return context

    def make(*, width: int = 360, prefix: str = "", javascript: bool = True) -> Visitor:
        return Visitor(open_context(width, javascript), site, prefix=prefix, javascript=javascript)

    yield make
    for context in contexts:
        context.close()
