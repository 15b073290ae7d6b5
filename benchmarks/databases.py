"""Throw-away databases with durability on, and how many durable commits they make by themselves."""

import os
import re
import shutil
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

POSTGRES = os.environ.get("CIVICVOTE_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")
COMMIT_CLIENTS = 32
_INSERT = "INSERT INTO bench_commits (value) VALUES (1)"


class NotDurable(Exception):
    """The database server does not wait for the disk, so its figures would say nothing."""


@contextmanager
def fresh_database(system: str, folder: Path, name: str) -> Iterator[str]:
    """The address of an empty database that is gone afterwards. ``system`` is ``postgresql`` or ``sqlite``."""
    if system == "sqlite":
        yield f"sqlite:///{folder / f'{name}.db'}"
        return
    database = f"civicvote_bench_{name}_{uuid.uuid4().hex[:8]}"
    server = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with server.connect() as connection:
        for setting in ("fsync", "synchronous_commit"):
            if connection.exec_driver_sql(f"SHOW {setting}").scalar() != "on":
                raise NotDurable(f"PostgreSQL runs with {setting} off")
        connection.exec_driver_sql(
            f"CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
        )
    try:
        yield sa.make_url(POSTGRES).set(database=database).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def settle(address: str) -> None:
    """Give the planner its statistics and write out what filling left behind, so that no run pays for it."""
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("VACUUM ANALYZE")
            connection.exec_driver_sql("CHECKPOINT")
        else:
            connection.exec_driver_sql("ANALYZE")


def version_of(address: str) -> str:
    """The database system and its version."""
    engine = sa.create_engine(address, poolclass=sa.NullPool)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            version = str(connection.exec_driver_sql("SHOW server_version").scalar())
            return f"PostgreSQL {version.split(maxsplit=1)[0]}, fsync and synchronous_commit on"
    return f"SQLite {sqlite3.sqlite_version}, WAL, synchronous=FULL"


def commits_per_second(address: str, seconds: float, folder: Path) -> float:
    """Durable single-row commits: pgbench with 32 clients; for SQLite one loop (it has one writer at a time)."""
    url = sa.make_url(address)
    if url.get_backend_name() == "sqlite":
        return _sqlite_commits(str(url.database), seconds)
    script = folder / "commit.sql"
    script.write_text(f"{_INSERT};\n")
    command = [
        _pgbench(),
        "-n",
        "-f",
        str(script),
        "-c",
        str(COMMIT_CLIENTS),
        "-j",
        "2",
        "-T",
        str(max(1, int(seconds))),
    ]
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    done = subprocess.run([*command, plain], capture_output=True, text=True, check=True)
    found = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    assert found, done.stdout
    return float(found[1])


def _pgbench() -> str:
    found = shutil.which("pgbench") or next(map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))), None)
    if found is None:
        raise FileNotFoundError("pgbench is missing; it comes with PostgreSQL's server package (Debian: postgresql)")
    return found


def _sqlite_commits(path: str, seconds: float) -> float:
    connection = sqlite3.connect(path, isolation_level=None, timeout=15)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    made, end, start = 0, time.perf_counter() + seconds, time.perf_counter()
    while time.perf_counter() < end:
        connection.execute(_INSERT)
        made += 1
    rate = made / (time.perf_counter() - start)
    connection.close()
    return rate
