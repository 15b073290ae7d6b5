"""Tests that live through a schedule: the application's and the database's clock stand still where they are put."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from civicvote.db import database_clock
from civicvote.kernel import clock


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with clock.frozen_at(moment), database_clock(lambda: moment):
        yield
