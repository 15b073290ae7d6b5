"""Whose turn it is when a poll closes while people cast.

The row locks on the poll decide what is right. On PostgreSQL they are not fair: those who want to share a row lock pass
those who wait for it alone, so a closing could wait as long as new ballots keep coming. An advisory lock is fair: once
a closing waits, later casts wait behind it. SQLite has one writer at a time and needs nothing.
"""

from typing import Any

import sqlalchemy as sa

from civicvote.db import db


def with_turn(statement: sa.Select[*tuple[Any, ...]], dialect: str) -> sa.Select[*tuple[Any, ...]]:
    """The cast's reading of the poll ``:poll_id``, which first takes its place behind a closing that waits.

    PostgreSQL computes the column below the node that locks the row (``EXPLAIN VERBOSE`` shows it), so the advisory
    lock comes first here as it does in ``wait_for_casts``, and the two can't wait for each other."""
    if dialect != "postgresql":
        return statement
    poll_id = sa.bindparam("poll_id", type_=sa.BigInteger())
    return statement.add_columns(sa.func.pg_advisory_xact_lock_shared(poll_id))


def take_turn(poll_id: int) -> None:
    """Wait behind a closing that waits or is under way, as a cast does; the next closing waits for this transaction."""
    if _is_postgresql():
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(poll_id)))


def wait_for_casts(poll_id: int) -> None:
    """Let the casts that are under way finish; those that come now wait for this transaction."""
    if _is_postgresql():
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(poll_id)))


def _is_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"
