"""Hostile text in every field that a page can show, walked through in a real browser: nothing acts, nothing is asked
for elsewhere, and the content policy has nothing to report.

The text is laid into the tables themselves, behind the checks of forms and services: pages must hold by their own.
"""

import threading
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from lxml import html
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Error as PlaywrightError
from werkzeug.serving import make_server

from civicvote.app import create_app
from civicvote.db import Base, db, unit_of_work
from civicvote.domain.accounts.models import Residency, RoleGrant
from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.domain.proposals.states import CoAuthorState
from civicvote.domain.regions.queries import region_scope
from civicvote.kernel import clock
from civicvote.kernel.markup import render
from civicvote.kernel.permissions import Role
from tests.browser.conftest import Site
from tests.conftest import settings_of_copy
from tests.doors.hostile import MARKUP
from tests.doors.site import REGIONS
from tests.factories.people import make_person, session_token_for

#: Texts that machines compare, count or follow: hashes, keys, addresses, words of an enum.
# fmt: off
STRUCTURE = frozenset({
    "email", "path", "locale", "address", "password_hash", "code", "slug", "currency", "payload", "entry_hash",
    "previous_hash", "verb", "subject", "credential_id", "identity_hash", "claim", "sha256", "file_sha256",
    "code_mac", "mail_mac", "district_code", "author_role", "tie_break", "frozen_hash", "frozen_rules", "public_key",
    "field_key", "request_mac", "receipt", "idempotency_key", "rules", "result", "refusals", "choices", "params",
    "kept", "detail", "electorate", "session_hash", "reminded", "uploads.name", "writer", "proposed_as", "ended_as",
    "salt", "network_mark", "device_mark", "subtree", "receipts_root", "trial_hash", "verify_key", "style",
    "share_proof",
})
# fmt: on
#: Parameters of messages that are codes and dates of ours.
CODES = frozenset({"what", "reason", "answer", "news", "step", "held_on", "voice", "reminder", "closes_at"})
SHORT = "<img src=x onerror=window.hurt=1>\"'><script>window.hurt=1</script><svg/onload=window.hurt=1>{{7*7}}\u202e"
#: Pages of a kind that are visited in each region.
SAMPLES = 1


def _poison() -> None:
    """Hostile text before every text of every row. The guards of frozen rows are taken down first."""
    for (trigger,) in db.session.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        db.session.execute(sa.text(f'DROP TRIGGER "{trigger}"'))
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            is_text = isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum)
            names = {column.name, f"{table.name}.{column.name}"}
            if not is_text or column.primary_key or column.foreign_keys or names & STRUCTURE:
                continue
            if column.name.endswith("_html"):
                value: Any = render(MARKUP)
            elif column.name in {"body", "description", "facts", "evidence", "summary"}:
                value = sa.literal(MARKUP) + column
            else:
                value = sa.literal(SHORT) + column
            db.session.execute(sa.update(table).values({column: value}))
    _poison_notices(Base.metadata.tables["notifications"])


def _poison_notices(table: sa.Table) -> None:
    for row in db.session.execute(sa.select(table.c.person_id, table.c.id, table.c.params)).all():
        params = {
            name: f"{SHORT}{value}" if isinstance(value, str) and name not in CODES else value
            for name, value in row.params.items()
        }
        one = (table.c.person_id == row.person_id) & (table.c.id == row.id)
        db.session.execute(sa.update(table).where(one).values(params=params))


def _everything_person() -> str:
    """Somebody who sees whatever there is to see: resident, all roles, everywhere; the token of their session."""
    person = make_person(name="모두보기")
    for slug in REGIONS:
        region_id = region_scope(slug).id
        for role in Role:
            db.session.add(RoleGrant(region_id=region_id, person_id=person.id, role=role, granted_at=clock.now()))
        db.session.add(
            Residency(
                region_id=region_id,
                person_id=person.id,
                residency_class=ResidencyClass.ADDRESS,
                assurance=Assurance.IN_PERSON,
                confirmed_by_id=person.id,
                confirmed_at=clock.now(),
            )
        )
    _hand_notices_to(person.id)
    _hand_invitations_to(person.email)
    db.session.flush()
    return session_token_for(person)


def _hand_notices_to(person_id: int) -> None:
    """Every message once: what was told to many has one id and a row for each of them."""
    table = Base.metadata.tables["notifications"]
    for told in db.session.execute(
        sa.select(table.c.id, sa.func.min(table.c.person_id).label("first")).group_by(table.c.id)
    ).all():
        one = (table.c.id == told.id) & (table.c.person_id == told.first)
        db.session.execute(sa.update(table).where(one).values(person_id=person_id))


def _hand_invitations_to(email: str) -> None:
    """What the messages lead to: an invitation opens for the address that it was sent to, and for no other."""
    table = Base.metadata.tables["co_author_invitations"]
    same = table.alias()
    of_proposal = (same.c.region_id == table.c.region_id) & (same.c.proposal_id == table.c.proposal_id)
    waits = same.c.state == CoAuthorState.INVITED
    first = sa.select(sa.func.min(same.c.id)).where(of_proposal, waits).scalar_subquery()
    db.session.execute(sa.update(table).where(table.c.id == first).values(email=email))


@pytest.fixture(scope="module")
def hostile_site(living_example: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    """The living example with hostile text in every field, and the cookie of a person who sees all of it."""
    app = create_app(settings_of_copy(living_example, tmp_path_factory.mktemp("hostile")))
    with app.app_context():
        with unit_of_work():
            _poison()
        with unit_of_work():
            token = _everything_person()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", app), _cookie(app, token)
    server.shutdown()
    thread.join()
    with app.app_context():
        db.engine.dispose()


def _cookie(app: Flask, token: str) -> str:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return cookie.value


#: What is folded is opened and looked at, too. Leaflet places its own parts by their style; texts on it bring none.
_LOOK = """async () => {
  document.querySelectorAll("details").forEach((each) => { each.open = true });
  await new Promise((go_on) => requestAnimationFrame(() => setTimeout(go_on)));
  const acting = document.querySelectorAll(
    "iframe, object, embed, base, svg [onload], [onerror], [onload]," +
    " [style]:not(.leaflet-container, .leaflet-container *), .leaflet-popup-content [style]," +
    " .leaflet-tooltip [style], .leaflet-control-attribution [style]," +
    " script:not([src^='/assets/']), .prose [hx-get]"
  );
  return {
    ran: Boolean(window.hurt),
    acting: [...acting].map((each) => each.outerHTML.slice(0, 90)),
    shown: document.body.innerText.includes("onerror=window.hurt"),
    links: [...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href")),
  };
}"""


class Walk:
    """A browser that follows every kind of link once or twice and writes down whatever should not happen."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.site = site
        self.page = context.new_page()
        self.problems: list[str] = []
        self.visited: list[str] = []
        self.shown = 0
        self.page.expose_function("violated", lambda what: self._note(f"violation: {what}"))
        self.page.add_init_script(
            "document.addEventListener('securitypolicyviolation', e => window.violated("
            "`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`))"
        )
        self.page.on("console", self._read_console)
        self.page.on("pageerror", lambda error: self._note(str(error)))
        self.page.on("dialog", lambda dialog: (self._note(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.page.on("request", self._heard)

    def _note(self, what: str) -> None:
        self.problems.append(f"{self.page.url}: {what}")

    def _read_console(self, message: Any) -> None:
        # Where an address is no page but a text of its own, Chromium asks for an icon.
        if message.type == "error" and not message.location["url"].endswith("/favicon.ico"):
            self._note(message.text)

    def _heard(self, request: Any) -> None:
        if not request.url.startswith((f"{self.site.address}/", "data:image/")):
            self._note(f"asked {request.url}")
        if request.method != "GET":
            self._note(f"sent {request.method} {request.url}")

    def go(self, *starts: str) -> None:
        seen, waiting, known = Counter[Any](), deque(starts), set(starts)
        while waiting:
            address = waiting.popleft()
            kind = self._kind(address)
            seen[kind] += 1
            if kind is None or seen[kind] > SAMPLES:
                continue
            try:
                answer = self.page.goto(f"{self.site.address}{address}")
            except PlaywrightError as error:
                if "Download is starting" not in str(error):
                    raise
                continue  # something to be saved is no page
            assert answer is not None
            if answer.status >= 400:
                self._note(f"status {answer.status}")
            is_page = answer.headers.get("content-type", "").startswith("text/html")
            if is_page and html.document_fromstring(answer.body()).xpath("//@style"):
                self._note("an inline style in the page as it was sent")
            self.visited.append(address)
            for link in self._look():
                path = self._inside(link, address)
                if path and path not in known:
                    known.add(path)
                    waiting.append(path)

    def _look(self) -> list[str]:
        """What is to be seen and what happened; the links of the page."""
        seen = self.page.evaluate(_LOOK)
        if seen["ran"]:
            self._note("a script of the text ran")
        if seen["acting"]:
            self._note(f"in the page: {seen['acting']}")
        self.shown += seen["shown"]
        links: list[str] = seen["links"]
        return links

    def _inside(self, link: str, address: str) -> str | None:
        parts = urlsplit(urljoin(f"{self.site.address}{address}", link))
        if f"{parts.scheme}://{parts.netloc}" != self.site.address:
            return None
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def _kind(self, address: str) -> Any:
        parts = urlsplit(address)
        try:
            endpoint, given = self.site.app.url_map.bind("localhost").match(parts.path.removeprefix("/en") or "/")
        except Exception:
            return None
        region = given.get("slug", "")
        if endpoint == "assets.file" or (region and region not in REGIONS):
            return None
        if parts.path.endswith(".png"):
            return None  # a picture brings no text; the page around it is the browser's own
        return endpoint, region, tuple(sorted(name for name, _ in parse_qsl(parts.query)))


@pytest.mark.parametrize("who", ["somebody who sees everything", "a visitor"])
def test_hostile_text_in_every_field_stays_text(browser: Browser, hostile_site: tuple[Site, str], who: str) -> None:
    site, cookie = hostile_site
    context = browser.new_context(viewport={"width": 800, "height": 800}, locale="ko-KR")
    if who != "a visitor":
        name = site.app.config["SESSION_COOKIE_NAME"]
        context.add_cookies([{"name": name, "value": cookie, "url": site.address}])
    walk = Walk(context, site)
    walk.go("/", "/search?q=어르신", f"/regions/{sorted(REGIONS)[0]}/search?q=어르신")
    context.close()
    assert not walk.problems, "\n".join(walk.problems[:40])
    assert len(walk.visited) >= (60 if who != "a visitor" else 30), walk.visited
    assert walk.shown >= len(walk.visited) // 2, "the text stood on the pages that were looked at"
