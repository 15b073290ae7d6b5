"""A furnished site and its visitors. Each try happens in a savepoint of its own, so every one meets the same site."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask
from lxml import html
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from civicvote.db import Base
from civicvote.kernel.permissions import Role
from civicvote.web.throttle import Throttle
from tests.strict_client import StrictClient

#: The regions of the living example in which something happens: discussing, voting, spending.
REGIONS = ("daegu", "daejeon", "gwangju")
#: Nobody; somebody; two residents, of whom only the first ever wrote anything; each role; all roles, in another region.
VISITORS = ("anonymous", "person", "resident", "neighbour", *(role.value for role in Role), "elsewhere")

_WRITE = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
Rows = dict[str, dict[tuple[Any, ...], tuple[Any, ...]]]


@dataclass
class Try:
    """What came of a request: the answer, and the rows that are different now."""

    response: TestResponse
    changes: dict[str, list[tuple[tuple[Any, ...] | None, tuple[Any, ...] | None]]]

    @property
    def page(self) -> html.HtmlElement | None:
        """The answer as a browser reads it, or None where it is no page and no part of one."""
        text = self.response.get_data(as_text=True) if self.response.mimetype == "text/html" else ""
        return html.fragment_fromstring(text, create_parent="div") if text.strip() else None

    @property
    def status(self) -> int:
        return self.response.status_code


@dataclass
class Site:
    app: Flask
    connection: sa.Connection
    #: The session cookie of each visitor, with the CSRF token that belongs to it.
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    _rows: Rows = field(default_factory=dict)

    def browser(self, visitor: str) -> StrictClient:
        """A fresh browser of the visitor; earlier tries are forgotten, or the limits would answer for the doors."""
        self.app.extensions["civicvote.throttle"] = Throttle("")
        self.app.test_client_class = StrictClient
        client: Any = self.app.test_client()
        if visitor in self.cookies:
            client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self.cookies[visitor], httponly=True)
        return client  # type: ignore[no-any-return]

    def endpoint_of(self, address: str, method: str = "GET") -> tuple[str | None, dict[str, Any]]:
        """Where an address of the site leads, and with which arguments."""
        path = address.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0]
        try:
            return self.app.url_map.bind("localhost").match(path.removeprefix("/en"), method)
        except (HTTPException, RequestRedirect):
            return None, {}

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever happens inside is as if it had never been."""
        savepoint = self.connection.begin_nested()
        try:
            yield
        finally:
            savepoint.rollback()

    def ask(self, visitor: str, address: str, *, method: str = "GET", **sent: Any) -> Try:
        """One request of a visitor, and what it changed; then it is undone."""
        written: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if found := _WRITE.match(statement):
                written.append(found[1])

        with self.undone():
            sa.event.listen(self.connection, "before_cursor_execute", note)
            try:
                response = self.browser(visitor).open(address, method=method, **sent)
            finally:
                sa.event.remove(self.connection, "before_cursor_execute", note)
            changes = {name: self._changes(name) for name in sorted(set(written))}
        return Try(response, {name: rows for name, rows in changes.items() if rows})

    def _changes(self, table: str) -> list[tuple[tuple[Any, ...] | None, tuple[Any, ...] | None]]:
        before, after = self._rows[table], self._read(table)
        keys = sorted(before.keys() | after.keys(), key=repr)
        return [(before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)]

    def remember(self) -> None:
        """The rows as they are before anybody tries anything."""
        self._rows = {name: self._read(name) for name in Base.metadata.tables}

    def _read(self, name: str) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        table = Base.metadata.tables[name]
        keys = [list(table.columns).index(column) for column in table.primary_key]
        rows = self.connection.exec_driver_sql(f"SELECT {', '.join(c.name for c in table.columns)} FROM {name}")
        return {tuple(row[key] for key in keys): tuple(_plain(value) for value in row) for row in rows}


def _plain(value: Any) -> Any:
    return repr(value) if isinstance(value, dict | list | memoryview) else value


_IDS = re.compile(r"[0-9a-f]{32,}|[A-Za-z0-9_\-+/=]{22,}|\d{15,}|[0-9a-hjkmnp-tv-z]{11,13}")


_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[0-9.:+]*")


def likeness(changes: dict[str, Any], known: set[int]) -> dict[str, list[str]]:
    """Changes without what differs each time (new ids, moments, keys), so that two tries can be compared."""

    def shape(value: Any) -> Any:
        match value:
            case bool() | None | float():
                return value
            case int() if value > 10**12 and value not in known:
                return "new id"
            case datetime() | date() | bytes():
                return type(value).__name__
            case str():
                return _IDS.sub("#", _MOMENT.sub("#", value))
        return value

    def row(values: tuple[Any, ...] | None) -> Any:
        return values and tuple(shape(value) for value in values)

    return {name: sorted(repr((row(a), row(b))) for a, b in pairs) for name, pairs in changes.items()}
