"""The database: declarative base, column types, engine settings for SQLite and PostgreSQL, the unit of work.

Requests commit in ``civicvote.web.transaction``; commands and jobs commit in ``unit_of_work`` below. Nothing else does.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import Enum as PythonEnum
from typing import Annotated, Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.pool import ConnectionPoolEntry

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

#: Whether the next transaction will write. On SQLite it then begins with BEGIN IMMEDIATE, so that it waits for
#: the other writer instead of failing when it first writes.
intends_to_write: ContextVar[bool] = ContextVar("intends_to_write", default=False)


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING_CONVENTION),
        type_annotation_map={
            int: sa.BigInteger(),
            datetime: UTCDateTime(),
            dict[str, Any]: sa.JSON(),
            PythonEnum: sa.Enum(
                PythonEnum,
                native_enum=False,
                length=32,
                values_callable=lambda kind: [member.value for member in kind],
                validate_strings=True,
            ),
        },
    )


Key = Annotated[int, mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)]
ShortText = Annotated[str, mapped_column(sa.String(200))]
LongText = Annotated[str, mapped_column(sa.Text)]

db = SQLAlchemy(model_class=Base, disable_autonaming=True)


#: A page asks for few rows out of many. PostgreSQL's default price of a page read out of order is that of a turning
#: disk: at it, the planner reads a whole table of people for the names of forty. Compiling a plan pays for long ones.
_FOR_SHORT_STATEMENTS = "-c random_page_cost=1.1 -c jit=off"


def engine_options(database_url: str) -> dict[str, Any]:
    """Options for ``create_engine``: waiting writers on SQLite, checked connections and a short wait on PostgreSQL.

    Errors don't repeat the values of their statement: they get into the log, and the values are what people typed."""
    if database_url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"timeout": 15}}
    return {
        "hide_parameters": True,
        "pool_size": 8,
        "max_overflow": 8,
        # No ping before each use: a round trip a request. After a restart of the database the first request that
        # meets a dead connection is told 503 and clears the pool.
        "pool_recycle": 600,
        "pool_timeout": 5,
        "connect_args": {"connect_timeout": 3, "options": _FOR_SHORT_STATEMENTS},
    }


def belongs_to_models(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether a comparison with the models looks at this: not at the index of search, which raw SQL makes."""
    return not (
        (kind == "table" and name is not None and name.startswith("findable_index"))
        or (kind == "index" and name == "ix_findables_lexemes")
    )


@event.listens_for(sa.Engine, "connect")
def _prepare_sqlite(connection: Any, _record: ConnectionPoolEntry) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # BEGIN is ours to emit, below
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(sa.Engine, "begin")
def _begin_on_sqlite(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if intends_to_write.get() else "BEGIN")


def _clock_of_database() -> sa.ColumnElement[Any]:
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    return sa.literal_column("strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')" if is_sqlite else "clock_timestamp()")


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    assert isinstance(moment, datetime)
    return moment.astimezone(UTC)


def _read_database_clock() -> datetime:
    return _moment(db.session.scalar(sa.select(_clock_of_database())))


_database_clock: Callable[[], datetime] = _read_database_clock


def database_now() -> datetime:
    """The database's clock at this statement (not at the transaction's start), aware UTC: it decides about closing."""
    return _database_clock()


def insert_and_read_clock(table: sa.FromClause, values: dict[str, Any]) -> datetime:
    """Put one row into the table; ``database_now()``, read by the same statement."""
    assert isinstance(table, sa.Table)
    statement = sa.insert(table)
    if _database_clock is not _read_database_clock:
        db.session.execute(statement, values)
        return _database_clock()
    return _moment(db.session.scalar(statement.returning(_clock_of_database()), values))


@contextmanager
def database_clock(read: Callable[[], datetime]) -> Iterator[None]:
    """Replace the database's clock, for tests and for the living example's past."""
    global _database_clock
    before = _database_clock
    _database_clock = read
    try:
        yield
    finally:
        _database_clock = before


def schema_revision() -> str:
    """The migration that the database stands at; raises where it has none or does not answer."""
    return str(db.session.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one())


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One writing transaction of a command or a job: committed at the end, rolled back on any error."""
    db.session.rollback()
    token = intends_to_write.set(True)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        intends_to_write.reset(token)


def read_statement_by_statement() -> None:
    """Let this session's reads go to PostgreSQL without BEGIN and ROLLBACK around them, two round trips a page.

    READ COMMITTED shows each statement its own moment anyway, so a page sees the same as it would inside a transaction.
    """
    bind = db.session.get_bind()
    if isinstance(bind, sa.Engine) and bind.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})


@contextmanager
def reading() -> Iterator[None]:
    """A short read that ends before slow work begins, so that no lock is held. Values may leave it, rows not."""
    token = intends_to_write.set(False)
    try:
        yield
    finally:
        db.session.rollback()
        intends_to_write.reset(token)
