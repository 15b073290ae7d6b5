"""The frame around every page: headers, CSRF, languages, a database that is away."""

import time
from pathlib import Path

import pytest
from flask import Flask

from civicvote.app import create_app
from civicvote.web.bodies import LONGEST_QUERY
from tests.conftest import make_settings
from tests.factories.people import make_person
from tests.strict_client import StrictClient


def test_every_answer_carries_the_security_headers(client: StrictClient) -> None:
    for address in ("/", "/nowhere", "/healthz"):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy
        assert "default-src 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Request-Id"]


def test_a_request_without_csrf_token_is_refused_and_told_what_to_do(client: StrictClient) -> None:
    response = client.post("/account/sign-in", data={"email": "a@example.org", "password": "x"})
    assert response.status_code == 400
    assert "양식을 연 지 너무 오래되었습니다" in client.text()


def test_signed_in_requests_need_the_token_too(sign_in) -> None:  # type: ignore[no-untyped-def]
    browser = sign_in(make_person())
    assert browser.post("/account/sign-out").status_code == 400


def test_the_language_stands_in_the_address(client: StrictClient) -> None:
    client.get("/en/how")
    assert client.page.get("lang") == "en"
    assert client.page.xpath("//header//a[@href='/how']"), "the switch leads to the same page in Korean"
    client.get("/how")
    assert client.page.get("lang") == "ko"
    assert client.page.xpath("//header//a[@href='/en/how']")


def test_links_keep_the_reader_in_the_language(client: StrictClient) -> None:
    client.get("/en/how")
    inside = [link for link in client.page.xpath("//main//a/@href | //footer//a/@href") if link.startswith("/")]
    assert inside
    assert all(link.startswith("/en/") for link in inside), inside


def test_assets_are_kept_for_a_year_and_compressed(client: StrictClient) -> None:
    client.get("/how")
    for address in client.page.xpath("//head/link[@rel='stylesheet']/@href | //head/script/@src"):
        response = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert response.status_code == 200
        assert "immutable" in response.headers["Cache-Control"]
        assert response.headers["Content-Encoding"] == "gzip"
        stale = address.replace(address.split("/")[2], "0" * 12)
        assert client.get(stale).status_code == 404


def test_a_method_that_an_address_does_not_know_is_405(client: StrictClient) -> None:
    assert client.delete("/how").status_code in {400, 405}


@pytest.fixture(scope="module")
def app_without_database(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder: Path = tmp_path_factory.mktemp("away")
    return create_app(make_settings(folder, "postgresql+psycopg://nobody@127.0.0.1:1/nothing"))


@pytest.mark.parametrize("language", ["", "/en"])
def test_a_database_that_is_away_is_a_quick_503_that_says_so(app_without_database: Flask, language: str) -> None:
    app_without_database.test_client_class = StrictClient
    client = app_without_database.test_client()
    started = time.monotonic()
    response = client.get(f"{language}/regions")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    assert time.monotonic() - started < 5, "the connection gives up by itself within its 3 seconds"
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_who_is_signed_in_is_told_the_same_while_the_database_is_away(app_without_database: Flask) -> None:
    app_without_database.test_client_class = StrictClient
    client = app_without_database.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "a token that nobody can look up now"
    assert client.get("/regions").status_code == 503


def test_an_address_that_is_too_long_is_refused_in_plain_words(client: StrictClient) -> None:
    assert client.get("/search", query_string={"q": "a" * (LONGEST_QUERY - 100)}).status_code == 200
    answer = client.get("/search", query_string={"q": "a" * (LONGEST_QUERY + 1)})
    assert (answer.status_code, answer.mimetype, answer.text) == (414, "text/plain", "주소가 너무 깁니다.")
