"""Pages kept for a moment: for readers without a cookie, never older than said, never somebody's own."""

import gzip
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Response

from civicvote.app import create_app
from civicvote.config import Environment
from civicvote.web.page_cache import _KEEP, FRESH_SECONDS, KEPT, LARGEST_PAGE, MOST_PAGES, PageCache
from tests.conftest import make_settings


class Pages:
    """An application that counts how often it is asked, and answers with the number."""

    def __init__(self) -> None:
        self.made = 0
        self.status = "200 OK"
        self.headers: list[tuple[str, str]] = []
        self.keeps = True
        self.filling = ""
        self.closed = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.made += 1
        environ[_KEEP] = self.keeps
        body = f"page {self.made} of {environ['PATH_INFO']}{self.filling}".encode()
        headers = [("Content-Type", "text/html"), ("Content-Length", str(len(body))), ("X-Request-Id", str(self.made))]
        start_response(self.status, headers + self.headers)
        return _Body(self, body)


class _Body:
    def __init__(self, pages: Pages, body: bytes) -> None:
        self._pages, self._body = pages, body

    def __iter__(self) -> Iterator[bytes]:
        yield self._body

    def close(self) -> None:
        self._pages.closed += 1


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
def passing() -> Clock:
    return Clock()


@pytest.fixture
def reader(pages: Pages, passing: Clock) -> Client:
    return Client(PageCache(pages, "localhost", passing), Response, use_cookies=False)


def test_a_page_is_made_once_while_it_is_fresh_and_then_anew(reader: Client, pages: Pages, passing: Clock) -> None:
    first = reader.get("/a")
    passing.now += FRESH_SECONDS * 0.9
    assert reader.get("/a").data == first.data
    assert pages.made == 1
    passing.now += FRESH_SECONDS * 0.2
    assert reader.get("/a").data == b"page 2 of /a"
    assert pages.closed == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"headers": {"Cookie": "civicvote=x"}},
        {"headers": {"Cookie": "anything=else"}},
        {"headers": {"HX-Request": "true"}},
        {"headers": {"Authorization": "Bearer x"}},
        {"headers": {"Range": "bytes=0-1"}},
        {"query_string": "order=newest"},
        {"method": "HEAD"},
        {"method": "POST"},
    ],
    ids=str,
)
def test_whoever_brings_more_than_an_address_goes_past(reader: Client, pages: Pages, asked: dict[str, Any]) -> None:
    reader.get("/a")
    reader.open("/a", **asked)
    assert pages.made == 2
    assert reader.get("/a").data == b"page 1 of /a", "and what they got is nobody else's"


@pytest.mark.parametrize(
    "change",
    [
        {"status": "404 NOT FOUND"},
        {"status": "302 FOUND"},
        {"status": "503 SERVICE UNAVAILABLE"},
        {"headers": [("Set-Cookie", "civicvote=secret")]},
        {"keeps": False},
        {"filling": "." * LARGEST_PAGE},
    ],
    ids=lambda change: str(change)[:40],
)
def test_what_is_no_page_for_everybody_is_not_kept(reader: Client, pages: Pages, change: dict[str, Any]) -> None:
    for name, value in change.items():
        setattr(pages, name, value)
    reader.get("/a").close()
    reader.get("/a").close()
    assert pages.made == 2
    assert pages.closed == 2


def test_scheme_and_language_are_part_of_the_address(reader: Client, pages: Pages) -> None:
    reader.get("/a")
    reader.get("/a", base_url="https://localhost")
    reader.get("/a", base_url="http://localhost/en")
    assert pages.made == 3


def test_names_that_somebody_makes_up_push_out_nothing(reader: Client, pages: Pages) -> None:
    reader.get("/a")
    for number in range(MOST_PAGES):
        reader.get("/a", base_url=f"http://{number}.example")
    assert reader.get("/a").data == b"page 1 of /a"


def test_the_kept_page_has_a_name_and_comes_packed_where_that_is_understood(reader: Client, pages: Pages) -> None:
    whole = reader.get("/a")
    kept = reader.get("/a")
    packed = reader.get("/a", headers={"Accept-Encoding": "gzip, br"})
    assert kept.data == whole.data == gzip.decompress(packed.data)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert {each.strip() for each in kept.headers["Vary"].split(",")} == {"Cookie", "HX-Request", "Accept-Encoding"}
    assert kept.headers["Cache-Control"] == "no-cache", "a browser asks again before it shows it"
    assert "X-Request-Id" not in kept.headers
    known = reader.get("/a", headers={"If-None-Match": kept.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")
    assert reader.get("/a", headers={"If-None-Match": '"another"'}).status_code == 200
    assert pages.made == 1


def test_addresses_that_somebody_makes_up_push_out_the_oldest_and_no_more(reader: Client, pages: Pages) -> None:
    for number in range(MOST_PAGES + 1):
        reader.get(f"/{number}")
    assert pages.made == MOST_PAGES + 1
    reader.get("/1")
    assert pages.made == MOST_PAGES + 1
    reader.get("/0")
    assert pages.made == MOST_PAGES + 2


def test_while_one_reader_makes_the_page_anew_the_others_get_it_as_it_was(passing: Clock) -> None:
    is_making, go_on, made = Event(), Event(), []

    def slow(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        made.append(1)
        if len(made) == 2:
            is_making.set()
            assert go_on.wait(10)
        environ[_KEEP] = True
        start_response("200 OK", [])
        return [b"page %d" % len(made)]

    cache = PageCache(slow, "localhost", passing)

    def ask() -> bytes:
        return b"".join(run_wsgi_app(cache, EnvironBuilder("/a").get_environ())[0])

    assert ask() == b"page 1"
    passing.now += FRESH_SECONDS
    with ThreadPoolExecutor(1) as pool:
        anew = pool.submit(ask)
        assert is_making.wait(10)
        assert ask() == b"page 1"
        assert len(made) == 2
        go_on.set()
        assert anew.result(10) == b"page 2"
    assert ask() == b"page 2"


def test_a_page_that_fails_leaves_the_next_reader_to_try(passing: Clock) -> None:
    asked = []

    def failing(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        asked.append(1)
        if len(asked) == 2:
            raise RuntimeError("no database")
        environ[_KEEP] = True
        start_response("200 OK", [])
        return [b"page %d" % len(asked)]

    cache = PageCache(failing, "localhost", passing)
    reader = Client(cache, Response, use_cookies=False)
    reader.get("/a")
    passing.now += FRESH_SECONDS
    with pytest.raises(RuntimeError):
        reader.get("/a")
    assert reader.get("/a").data == b"page 3"


def test_only_production_keeps_pages(app: Flask, tmp_path: Path) -> None:
    assert set(app.view_functions) >= KEPT, "an endpoint was renamed"
    secret, other = ("0123456789abcdef" * 4, "fedcba9876543210" * 4)
    settings = make_settings(tmp_path, "sqlite://")
    production = replace(
        settings,
        environment=Environment.PRODUCTION,
        secret_key=secret,
        identity_key=other,
        public_url="https://x.example",
    )
    assert not settings.keeps_pages
    assert _has_cache(create_app(production).wsgi_app)
    assert not _has_cache(app.wsgi_app)


def _has_cache(application: Any) -> bool:
    """Whether the cache is among the layers around the application, inside that of the language."""
    layers = []
    while application is not None:
        layers.append(type(application).__name__)
        application = getattr(application, "application", getattr(application, "app", None))
    return "PageCache" in layers[1:]
