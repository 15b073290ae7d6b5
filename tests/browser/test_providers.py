"""Signing in through a provider, in a real browser: our button, the provider's page, and back."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from civicvote.app import create_app
from civicvote.db import db
from civicvote.domain.accounts.models import Person, ProviderSignIn, Residency
from civicvote.domain.verification.models import IdentityClash
from tests.browser.conftest import Site, Visitor
from tests.conftest import make_settings
from tests.factories.issuer import RealProvider, real_provider
from tests.factories.places import make_region

WAYS = [
    pytest.param({"width": 360}, id="phone"),
    pytest.param({"width": 1280, "prefix": "/en"}, id="desktop-english"),
    pytest.param({"width": 360, "javascript": False}, id="phone-without-javascript"),
]
PROVIDER = """
[[provider]]
key = "{key}"
name_ko = "{name_ko}"
name_en = "{name_en}"
issuer = "{issuer}"
client_id = "civicvote"
client_secret = "a secret of tests"
scopes = ["openid", "profile", "email"]
identity_claim = "ci"
identity_is_shared = true
name_claim = "name"
birth_claim = "birthdate"
trusts_mail = true
region = {{ fixed = "gwangju" }}
residency_class = {{ fixed = "address" }}
assurance = {{ fixed = "identity_provider" }}
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[RealProvider]:
    with real_provider() as made:
        yield made


@pytest.fixture(scope="module")
def site(provider: RealProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A small site of one region with two ways in, both answered by the same provider."""
    folder: Path = tmp_path_factory.mktemp("providers")
    (folder / "providers.toml").write_text(
        PROVIDER.format(
            key="city", name_ko="광주 통합로그인", name_en="Gwangju single sign-on", issuer=provider.address
        )
        + PROVIDER.format(key="simple", name_ko="간편인증", name_en="Simple authentication", issuer=provider.address)
    )
    settings = make_settings(folder, f"sqlite:///{folder / 'civicvote.db'}")
    app = create_app(replace(settings, oidc_path=folder / "providers.toml"))
    with app.app_context():
        upgrade(directory="migrations")
        make_region("gwangju", name_ko="광주", name_en="Gwangju")
        db.session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", app)
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def people(provider: RealProvider) -> Callable[[str], None]:
    """``people("hong")``: the provider knows two subjects of one person, ``hong`` and ``hong-again``."""

    def known(who: str) -> None:
        for subject in (who, f"{who}-again"):
            claims = {"ci": f"ci of {who}", "name": f"홍길동{who}", "birthdate": "1950-03-07"}
            provider.knows(subject, **claims, email=f"{subject}@example.org", email_verified=True)

    return known


def count(site: Site, table: Any) -> int:
    with site.app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def go_through_provider(person: Visitor, key: str, subject: str) -> None:
    """From a button of ours to the provider's page, agree there, and back to ours."""
    person.page.locator(f"main a[href*='/account/providers/{key}/start']").click()
    person.page.get_by_placeholder("sub").fill(subject)
    person.page.get_by_role("button", name="Authorize").click()
    person.page.wait_for_url(f"{person.site.address}/**")
    person.problems.clear()  # what the provider's page complained of is not ours
    person.settle()


def open_account(person: Visitor, name: str) -> None:
    person.page.fill("main input[name=display_name]", name)
    person.page.check("main input[name=agrees]")
    person.press("main form button")


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> dict[str, Any]:
    made: dict[str, Any] = request.param
    return made


def test_a_newcomer_arrives_by_a_provider_and_the_same_person_is_stopped_the_second_time(
    visitor: Any, way: dict[str, Any], site: Site, people: Callable[[str], None], request: pytest.FixtureRequest
) -> None:
    who = request.node.callspec.id
    people(who)
    before = {table: count(site, table) for table in (Person, Residency, IdentityClash)}
    first: Visitor = visitor(**way)
    first.go("/account/sign-in")
    go_through_provider(first, "city", who)
    assert first.page.locator("input[name=email]").input_value() == f"{who}@example.org"
    assert count(site, Person) == before[Person]
    open_account(first, "무등산 주민")
    first.shows("광주 주민으로 확인되었습니다" if not way.get("prefix") else "confirmed as a resident of Gwangju")
    assert count(site, Residency) == before[Residency] + 1

    second: Visitor = visitor(**way)
    second.go("/account/sign-up")
    go_through_provider(second, "simple", f"{who}-again")
    open_account(second, "또 다른 나")
    assert second.page.locator(".notice--warning").count() == 1
    assert count(site, Person) == before[Person] + 2
    assert count(site, Residency) == before[Residency] + 1
    assert count(site, IdentityClash) == before[IdentityClash] + 1


def test_a_member_links_a_provider_and_takes_it_away_again(
    visitor: Any, way: dict[str, Any], site: Site, people: Callable[[str], None], request: pytest.FixtureRequest
) -> None:
    who = f"member-{request.node.callspec.id}"
    people(who)
    person: Visitor = visitor(**way)
    person.go("/account/sign-in")
    go_through_provider(person, "city", who)
    open_account(person, "무등산 주민")
    links = count(site, ProviderSignIn)
    person.go("/me/providers")
    assert person.page.locator("form[action*='unlink']").count() == 0, "the only way in stays"
    go_through_provider(person, "simple", f"{who}-again")
    assert count(site, ProviderSignIn) == links
    person.press("form[action$='/me/providers/link'] button")
    assert count(site, ProviderSignIn) == links + 1
    person.press("form[action*='/city/unlink'] button")
    assert count(site, ProviderSignIn) == links


def test_whoever_stops_at_the_provider_is_back_on_a_page_that_says_so(
    visitor: Any, way: dict[str, Any], site: Site, browser: Browser
) -> None:
    people = count(site, Person)
    person: Visitor = visitor(**way)
    person.go("/account/sign-in")
    person.page.locator("main a[href*='/account/providers/city/start']").click()
    person.page.get_by_role("button", name="Deny").click()
    person.page.wait_for_url(f"{site.address}/**")
    person.problems.clear()  # the browser itself notes the 403
    person.examine()
    person.shows("로그인하지 않았습니다" if not way.get("prefix") else "You did not sign in")
    assert count(site, Person) == people


def test_a_state_that_somebody_changed_signs_nobody_in(visitor: Any, site: Site, people: Callable[[str], None]) -> None:
    people("tampered")
    person: Visitor = visitor(width=360)
    person.go("/account/sign-in")
    person.page.locator("main a[href*='/account/providers/city/start']").click()
    person.page.goto(person.page.url.replace("&state=", "&state=x"))
    person.page.get_by_placeholder("sub").fill("tampered")
    person.page.get_by_role("button", name="Authorize").click()
    person.page.wait_for_url(f"{site.address}/**")
    person.problems.clear()  # the browser itself notes the 400
    person.examine()
    person.shows("더는 유효하지 않은 로그인입니다")
