"""Every place that sends a browser on keeps it on the site."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from civicvote.domain.accounts.passwords import hash_password
from civicvote.web.redirects import safe_path
from tests.architecture.doors import rules
from tests.doors.resolver import host_after
from tests.doors.site import Site
from tests.doors.traps import HARMLESS, TRAPS
from tests.factories.people import make_person
from tests.strict_client import StrictClient

PASSWORD = "a long and quiet sentence"


def destinations(response: TestResponse) -> Iterator[str]:
    for name in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "Refresh"):
        yield from response.headers.getlist(name)


@pytest.mark.parametrize("target", TRAPS)
def test_a_target_that_is_let_through_stays_on_the_site(target: str) -> None:
    passed = safe_path(target)
    assert passed is None or host_after(passed) == "localhost"


@pytest.mark.parametrize("target", HARMLESS)
def test_a_path_of_the_site_is_let_through(target: str) -> None:
    assert safe_path(target) == target


@pytest.fixture
def person(session: Session) -> Any:
    made = make_person(email="traveller@example.org")
    made.password_hash = hash_password(PASSWORD)
    session.commit()
    return made


@pytest.mark.parametrize("htmx", [False, True])
def test_after_signing_in_nobody_is_sent_away(person: Any, new_client: Any, htmx: bool) -> None:
    """By the field of the form and by the address, with a browser without htmx and with it."""
    wrong = []
    usable = [target for target in TRAPS if len(target) < 1000 and "\0" not in target]  # NUL is refused as it arrives
    for target in usable[:: 1 if not htmx else 4]:
        client: StrictClient = new_client()
        client.get(f"/account/sign-in?next={quote(target)}")
        typed = {"email": "traveller@example.org", "password": PASSWORD, "next": target}
        answer = client.submit(typed, action="/account/sign-in", follow=False, htmx=htmx)
        assert answer.status_code in {204, 303}, (target, answer.status_code)
        wrong += [f"{target!r} → {where!r}" for where in destinations(answer) if host_after(where) != "localhost"]
        assert not any(cookie.startswith("evil") for cookie in answer.headers.getlist("Set-Cookie")), target
    assert not wrong, "\n".join(wrong)


def test_the_page_somebody_wanted_comes_after_signing_in(person: Any, client: StrictClient) -> None:
    client.get("/account/sign-in?next=/me%3Fafter%3Dx")
    typed = {"email": "traveller@example.org", "password": PASSWORD}
    assert client.submit(typed, action="/account/sign-in", follow=False).headers["Location"] == "/me?after=x"


@pytest.mark.parametrize("address", ["/account/sign-in", "/account/sign-up"])
def test_a_form_carries_no_trap_onward(client: StrictClient, address: str) -> None:
    """Links between the two forms hand ``next`` on."""
    for target in TRAPS:
        if len(target) < 1000 and "\0" not in target:
            client.get(f"{address}?next={quote(target)}")
            for link in client.page.xpath("//main//a/@href | //main//form/@action"):
                assert host_after(link) == "localhost", (target, link)
            for value in client.page.xpath("//input[@name='next']/@value"):
                assert host_after(value) == "localhost", (target, value)


@pytest.mark.parametrize(
    "path", ["//e.example", "/\\e.example", "//e.example/..", "/en//e.example", "/en/\\e.example", "//e.example/en/"]
)
def test_an_address_that_begins_with_two_slashes_redirects_nowhere(client: StrictClient, path: str) -> None:
    """The router tidies addresses by redirecting, and the language switch repeats them."""
    answer = client.get("/", environ_overrides={"PATH_INFO": path})
    assert all(host_after(where.removeprefix("http://localhost")) == "localhost" for where in destinations(answer))
    if answer.status_code == 308:
        return
    for link in client.page.xpath("//header//a/@href | //link[@rel='alternate']/@href"):
        assert host_after(link) == "localhost", link


@pytest.mark.parametrize("trick", [{"Referer": "https://e.example/"}, {"Origin": "https://e.example"}])
def test_no_redirect_follows_the_referrer(sign_in: Any, session: Session, trick: dict[str, str]) -> None:
    client: StrictClient = sign_in(make_person())
    client.get("/me")
    token = client.page.xpath("string(//input[@name='csrf_token']/@value)")
    answer = client.post("/account/sign-out", data={"csrf_token": token}, headers=trick)
    assert all(host_after(where) == "localhost" for where in destinations(answer))


def test_every_redirect_of_the_doors_is_a_path(app: Flask, client: StrictClient) -> None:
    for host in ("e.example", "localhost:1", "e.example@localhost"):
        answer = client.get(
            "/me", headers={"Host": host, "X-Forwarded-Host": "e.example", "Forwarded": "host=e.example"}
        )
        where = answer.headers.get("Location", "/")
        assert where.startswith("/account/sign-in"), where
        assert "e.example" not in unquote(where)


@pytest.mark.parametrize("visitor", ["anonymous", "person", "administrator"])
def test_no_page_hands_a_trap_onward(furnished: Site, visitor: str) -> None:
    """Whatever a page does with ``next``, where it leads and what it offers stays on the site."""
    wrong, traps = [], ["//e.example", "/\\e.example", "https://e.example/x", "javascript:e.example()", "/\t/e.example"]
    for rule in rules(furnished.app):
        if "GET" not in (rule.methods or set()) or rule.arguments:
            continue
        for trap in traps:
            answer = furnished.ask(visitor, f"{rule.rule}?next={quote(trap)}&back={quote(trap)}&url={quote(trap)}")
            led = list(destinations(answer.response))
            if answer.page is not None:
                led += answer.page.xpath("//a/@href | //form/@action | //@formaction | //@hx-get | //@hx-post")
                led += answer.page.xpath("//input[@name='next']/@value")
            wrong += [f"{rule.rule} {trap!r} → {to!r}" for to in led if "e.example" in host_after(to)]
    assert not wrong, "\n".join(wrong)
