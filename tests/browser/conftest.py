"""A real browser against a real server: Debian's Chromium, the application in threads, a database file of its own."""

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from civicvote.app import create_app
from civicvote.cli.example.accounts import PASSWORD
from civicvote.cli.example.load import load_example
from civicvote.db import db
from civicvote.domain.accounts.models import Person
from tests.browser.accessibility import assert_accessible
from tests.conftest import make_settings, service_missing
from tests.factories.people import show_second_factor

CHROMIUM = os.environ.get("CIVICVOTE_CHROMIUM") or shutil.which("chromium")
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
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The living example, as ``make demo`` shows it, on a server of this run."""
    folder: Path = tmp_path_factory.mktemp("site")
    settings = make_settings(folder, f"sqlite:///{folder / 'civicvote.db'}")
    app = create_app(settings)
    with app.app_context():
        upgrade(directory="migrations")
        load_example(key_folder=settings.key_path, say=lambda _line: None)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", app)
    server.shutdown()
    thread.join()
    with app.app_context():
        db.engine.dispose()


class Visitor:
    """A person at a browser: goes to pages, and every page that is visited is examined by axe."""

    def __init__(self, context: BrowserContext, site: Site, *, prefix: str, inspector: Page | None) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.site = site
        self.prefix = prefix
        self.has_javascript = inspector is None
        self.inspector = inspector
        self.problems: list[str] = []
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self._note("error", str(error)))

    def _note(self, kind: str, text: str) -> None:
        # A refused form answers 422, which Chromium also writes to the console; that is no fault of the page.
        if kind == "error" and "status of 422" not in text:
            self.problems.append(text)

    def go(self, path: str) -> None:
        """Open a path of the site (without the language prefix) and examine the page."""
        self.page.goto(f"{self.site.address}{self.prefix}{path}")
        self.examine()

    def examine(self) -> None:
        """What must hold now: axe finds nothing, nothing sticks out sideways, the console is silent."""
        assert_accessible(self.page if self.has_javascript else self._twin())
        width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{self.page.url}: the page is {width} px wider than the window"
        assert not self.problems, f"{self.page.url}: {self.problems}"

    def _twin(self) -> Page:
        """axe is a script, so what a page without scripts shows is laid before it in a page that has them."""
        assert self.inspector is not None
        html, address = self.page.content(), self.page.url
        self.inspector.route(address, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        self.inspector.goto(address)
        self.inspector.unroute(address)
        return self.inspector

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
        self.page.wait_for_load_state("networkidle")
        if self.has_javascript:
            expect(self.page.locator(".htmx-request, .htmx-settling, .htmx-swapping")).to_have_count(0)
        self.examine()


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
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context

    def make(*, width: int = 360, prefix: str = "", javascript: bool = True) -> Visitor:
        inspector = None if javascript else open_context(width, javascript=True).new_page()
        return Visitor(open_context(width, javascript), site, prefix=prefix, inspector=inspector)

    yield make
    for context in contexts:
        context.close()
