"""What every answer carries, whatever it answers: headers, cookies, no word to other origins."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from civicvote.app import create_app
from civicvote.config import Environment
from tests.conftest import make_settings
from tests.factories.people import make_person
from tests.strict_client import StrictClient

#: Requests whose answers differ in kind: pages, refusals, redirects, files, machines' answers.
REQUESTS: dict[str, dict[str, Any]] = {
    "page": {"path": "/"},
    "page in English": {"path": "/en/how"},
    "redirect to sign in": {"path": "/me"},
    "no such address": {"path": "/nowhere"},
    "no such region": {"path": "/regions/nowhere"},
    "no token": {"path": "/account/sign-in", "method": "POST", "data": {"email": "x"}},
    "too large": {"path": "/account/sign-in", "method": "POST", "data": b"a" * 2_000_000},
    "wrong method": {"path": "/how", "method": "DELETE"},
    "no such method": {"path": "/how", "method": "TRACE"},
    "head": {"path": "/", "method": "HEAD"},
    "options": {"path": "/", "method": "OPTIONS"},
    "stale asset": {"path": "/assets/000000000000/css/civicvote.css"},
    "health": {"path": "/healthz"},
    "readiness": {"path": "/readyz"},
    "tidied address": {"path": "/", "environ_overrides": {"PATH_INFO": "//regions"}},
    "nonsense in the address": {"path": "/%00%ff%fe?%ff=%ff"},
}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def assert_protected(headers: Any) -> None:
    policy = {part.strip() for part in headers["Content-Security-Policy"].split(";")}
    assert policy >= POLICY or "sandbox" in policy
    assert not any("unsafe" in part or "*" in part or "http:" in part for part in policy)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert not [name for name, _ in headers if name.lower().startswith("access-control-")]
    assert "Werkzeug" not in headers.get("Server", "")
    assert "X-Powered-By" not in headers


@pytest.mark.parametrize("kind", REQUESTS)
def test_every_kind_of_answer_is_protected(client: StrictClient, kind: str) -> None:
    answer = client.open(**REQUESTS[kind], headers={"Origin": "https://e.example"})
    assert answer.status_code < 500
    assert_protected(answer.headers)
    if answer.data and answer.status_code != 304:
        assert "charset=utf-8" in answer.headers["Content-Type"] or answer.mimetype == "application/json"


def test_assets_are_protected_too(client: StrictClient) -> None:
    client.get("/how")
    for address in client.page.xpath("//head/link[@rel='stylesheet']/@href | //head/script/@src | //head/link/@href"):
        if address.startswith("/assets/"):
            answer = client.get(address)
            assert_protected(answer.headers)
            assert "Set-Cookie" not in answer.headers
            answer.close()


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "FOO"])
def test_methods_that_nobody_needs_are_refused(client: StrictClient, method: str) -> None:
    assert client.open("/how", method=method, headers={"Cookie": "a=b"}).status_code in {400, 405, 501}


def test_pages_are_not_kept_by_browsers_or_caches(sign_in: Any, session: Session, client: StrictClient) -> None:
    signed_in: StrictClient = sign_in(make_person())
    for browser in (signed_in, client):
        for address in ("/", "/me", "/account/sign-in", "/nowhere"):
            assert "no-store" in browser.get(address).headers["Cache-Control"], address


def test_the_session_is_no_secret_of_scripts(client: StrictClient) -> None:
    cookie = client.get("/account/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain=" not in cookie
    assert "Path=/" in cookie


@pytest.fixture(scope="module")
def in_production(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """As in production, but for the database, of which these pages need none."""
    folder: Path = tmp_path_factory.mktemp("production")
    settings = replace(
        make_settings(folder, f"sqlite:///{folder / 'civicvote.db'}"),
        environment=Environment.PRODUCTION,
        public_url="https://vote.example.kr",
    )
    assert not [problem for problem in settings.problems() if "KEY" in problem and "random" in problem]
    return create_app(settings)


def test_in_production_cookies_belong_to_this_host_over_https_only(in_production: Flask) -> None:
    answer = in_production.test_client().get("/account/sign-in", base_url="https://vote.example.kr")
    cookies = answer.headers.getlist("Set-Cookie")
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "Path=/" in cookie
        assert "Domain=" not in cookie
    assert in_production.debug is False
    assert in_production.testing is False


@pytest.mark.parametrize("address", ["/healthz", "/how", "/nowhere", "/assets/x/y"])
def test_in_production_every_answer_asks_for_https(in_production: Flask, address: str) -> None:
    answer = in_production.test_client().get(address, base_url="https://vote.example.kr")
    value = answer.headers["Strict-Transport-Security"]
    assert "max-age=31536000" in value
    assert "includeSubDomains" in value
