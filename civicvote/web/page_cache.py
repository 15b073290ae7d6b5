"""Whole pages kept for a moment, for readers who bring no cookie.

On a results night hundreds a second ask for the same page. The pages of ``KEPT`` are made once and handed out again,
for at most ``FRESH_SECONDS``. That is a clock and no version key: nothing has to be asked on the way, and no write has
to know which pages it touches. A page that is asked for while it is made anew is handed out once more as it was, so
one reader at a time pays for it.

A request with any cookie, a query, another method than GET or htmx's mark goes past. So does whatever sets a cookie,
and every request under another name than the site's own: whoever makes up names must not push out what others read.
Whoever signs in, writes or votes brings a cookie, and so never meets a page from before.
"""

import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from flask import Flask, Response, request

#: Endpoints whose page depends on its address, its language and the moment alone, as long as nobody is signed in.
KEPT = frozenset(
    {
        "allocations.money",
        "home.index",
        "polls.index",
        "polls.outcome",
        "polls.show",
        "proposals.index",
        "proposals.show",
        "regions.index",
        "regions.show",
        "rounds.index",
        "rounds.show",
    }
)
FRESH_SECONDS = 2.0
MOST_PAGES = 256
LARGEST_PAGE = 256 * 1024
"""Bytes. With ``MOST_PAGES``: 64 MiB a process at the very worst, and their packed forms, a tenth of that."""

_KEEP = "civicvote.keep_page"
_NOT_REPEATED = frozenset({"x-request-id", "cache-control", "content-length", "vary", "etag"})
_PERSONAL = ("HTTP_COOKIE", "HTTP_HX_REQUEST", "HTTP_AUTHORIZATION", "HTTP_RANGE")

Environ: TypeAlias = dict[str, Any]
Headers: TypeAlias = list[tuple[str, str]]
Application: TypeAlias = Callable[[Environ, Any], Iterable[bytes]]


@dataclass(slots=True)
class _Page:
    """``fresh_until`` is of the monotonic clock; ``is_being_made`` while somebody renders the next one."""

    headers: Headers
    etag: str
    plain: bytes
    packed: bytes
    fresh_until: float
    is_being_made: bool = False


class PageCache:
    """WSGI middleware around the application, inside whatever mends host and scheme."""

    def __init__(self, application: Application, host: str, now: Callable[[], float] = time.monotonic) -> None:
        self._application = application
        self._host = host
        self._now = now
        self._pages: OrderedDict[tuple[str, ...], _Page] = OrderedDict()
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if not self._is_for_everybody(environ):
            return self._application(environ, start_response)
        key = environ["wsgi.url_scheme"], environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", "")
        if page := self._kept(key):
            return _answer(page, environ, start_response)
        return self._make(key, environ, start_response)

    def _is_for_everybody(self, environ: Environ) -> bool:
        return (
            environ["REQUEST_METHOD"] == "GET"
            and not environ.get("QUERY_STRING")
            and environ.get("HTTP_HOST") == self._host
            and not any(map(environ.get, _PERSONAL))
        )

    def _kept(self, key: tuple[str, ...]) -> _Page | None:
        """The page, if it may be handed out; None for the one reader who has to make it."""
        with self._lock:
            page = self._pages.get(key)
            if page is None:
                return None
            if self._now() < page.fresh_until or page.is_being_made:
                self._pages.move_to_end(key)
                return page
            page.is_being_made = True
            return None

    def _make(self, key: tuple[str, ...], environ: Environ, start_response: Any) -> Iterable[bytes]:
        answered: list[tuple[str, Headers]] = []

        def note(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            answered[:] = [(status, headers)]
            write: Callable[[bytes], object] = start_response(status, headers, exc_info)
            return write

        page = None
        try:
            made = self._application(environ, note)
            if not environ.get(_KEEP):
                return made
            try:
                body = b"".join(made)
            finally:
                if hasattr(made, "close"):
                    made.close()
            page = self._page_of(*answered[0], body)
            return [body]
        finally:
            self._store(key, page)

    def _page_of(self, status: str, headers: Headers, body: bytes) -> _Page | None:
        sets_cookie = any(name.lower() == "set-cookie" for name, _ in headers)
        if not status.startswith("200") or sets_cookie or len(body) > LARGEST_PAGE:
            return None
        return _Page(
            headers=[(name, value) for name, value in headers if name.lower() not in _NOT_REPEATED],
            etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"',
            plain=body,
            packed=gzip.compress(body, 6, mtime=0),
            fresh_until=self._now() + FRESH_SECONDS,
        )

    def _store(self, key: tuple[str, ...], page: _Page | None) -> None:
        with self._lock:
            if page is None:
                self._pages.pop(key, None)
                return
            self._pages[key] = page
            self._pages.move_to_end(key)
            if len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)


def _answer(page: _Page, environ: Environ, start_response: Any) -> Iterable[bytes]:
    """The page, packed for whoever takes that; only its name where the reader has it already."""
    headers = [
        *page.headers,
        ("ETag", page.etag),
        ("Cache-Control", "no-cache"),
        ("Vary", "Cookie, HX-Request, Accept-Encoding"),
    ]
    if page.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
        start_response("304 Not Modified", [each for each in headers if each[0] != "Content-Type"])
        return []
    body = page.plain
    if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
        body = page.packed
        headers.append(("Content-Encoding", "gzip"))
    start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
    return [body]


def _mark(response: Response) -> Response:
    if request.endpoint in KEPT:
        request.environ[_KEEP] = True
    return response


def init_app(app: Flask, public_url: str) -> None:
    """Goes before whatever mends host, scheme and language: they have to lie outside."""
    app.after_request(_mark)
    app.wsgi_app = PageCache(app.wsgi_app, urlsplit(public_url).netloc)  # type: ignore[method-assign]
