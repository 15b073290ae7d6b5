"""What one request costs whatever the machine: SQL statements, commits, bytes. Counted in this process."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask

from benchmarks.load import FRESH, Shot, fresh

_NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@dataclass(frozen=True, slots=True)
class Cost:
    status: int
    statements: int
    commits: int
    bytes: int
    gzipped: int


@dataclass(slots=True)
class _Counter:
    statements: int = 0
    commits: int = 0


@contextmanager
def _counting() -> Iterator[_Counter]:
    counter = _Counter()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        counter.statements += not statement.upper().startswith(_NOT_COUNTED)

    def committed(_connection: Any) -> None:
        counter.commits += 1

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    sa.event.listen(sa.Engine, "commit", committed)
    try:
        yield counter
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
        sa.event.remove(sa.Engine, "commit", committed)


def cost_of(app: Flask, shot: Shot) -> Cost:
    """Send ``shot`` once to warm what is made once, then again and count."""
    for _ in range(2):
        client = app.test_client(use_cookies=False)
        with _counting() as counter:
            response = client.open(
                shot.path,
                method=shot.method,
                headers=[(name, value) for name, value in shot.headers if name != "Accept-Encoding"],
                data=shot.body.replace(FRESH, fresh()) if shot.body else None,
                content_type="application/x-www-form-urlencoded" if shot.body else None,
            )
    body = response.data
    return Cost(response.status_code, counter.statements, counter.commits, len(body), len(gzip.compress(body, 6)))
