"""Alembic's environment: the running application's engine, the models of every area."""

import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import sqlalchemy as sa
from alembic import context

import civicvote.domain
from civicvote.db import Base, UTCDateTime, belongs_to_models, db

for area in pkgutil.iter_modules(civicvote.domain.__path__):
    package = import_module(f"civicvote.domain.{area.name}")
    if any(module.name == "models" for module in pkgutil.iter_modules(package.__path__)):
        import_module(f"civicvote.domain.{area.name}.models")


def plain_types(kind: str, item: Any, _context: Any) -> str | bool:
    """Migrations outlive the code, so they name the database's types, not ours."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


@contextmanager
def tables_may_be_rebuilt(connection: sa.Connection) -> Iterator[None]:
    """SQLite alters by rebuilding, and dropping the old table would break every reference to it: checked afterwards."""
    raw = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite" or raw is None or connection.in_transaction():
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = raw.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"rows refer to nothing after the migration: {broken[:5]}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def run(connection: sa.Connection) -> None:
    with tables_may_be_rebuilt(connection):
        migrate(connection)


def migrate(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=plain_types,
        include_name=belongs_to_models,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with db.engine.connect() as connection:
        run(connection)
