"""Databases for tests: migrated once a run, then every test inside an outer transaction that is rolled back.

``--database sqlite|postgresql`` says on which. PostgreSQL is reached through ``CIVICVOTE_TEST_POSTGRES`` (default: the
role and database ``test`` on 127.0.0.1); where it is absent those tests skip, unless ``CIVICVOTE_REQUIRE_SERVICES=1``.

What shows the same on both is left to the run on SQLite: tests marked ``either``, and those marked ``postgres``, which
go to PostgreSQL there as well.
"""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from sqlalchemy.orm import Session

from civicvote.app import create_app
from civicvote.cli.example.load import load_example
from civicvote.config import Environment, Settings
from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.web import throttle
from tests.factories.people import session_token_for
from tests.once import made_once, shared_folder
from tests.sharing_out import WholeFiles, place_in_line
from tests.strict_client import StrictClient

# How long an example may take says something about the machine, and nothing about the example.
settings.register_profile("civicvote", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("civicvote")

POSTGRES = os.environ.get("CIVICVOTE_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest files first; and nothing on PostgreSQL that the run on SQLite shows just as well."""
    items.sort(key=place_in_line)
    if config.getoption("--database") == "postgresql":
        again = [item for item in items if item.get_closest_marker("either") or item.get_closest_marker("postgres")]
        config.hook.pytest_deselected(items=again)
        items[:] = [item for item in items if item not in again]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> WholeFiles | None:
    return WholeFiles(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """The migrated database that others were copied from goes when the last worker has ended."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        shared = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
        for note in shared.glob(f"{POSTGRES_KEPT}*/address"):
            drop_postgres_database(POSTGRES, note.read_text())


def service_missing(reason: str) -> None:
    """Skip, or fail where the run demands every service."""
    if os.environ.get("CIVICVOTE_REQUIRE_SERVICES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


#: The folder, among what workers share, that says which PostgreSQL database is migrated and empty.
POSTGRES_KEPT = "postgresql"
_FILE = "civicvote.db"


def make_settings(folder: Path, database_url: str) -> Settings:
    return Settings(
        environment=Environment.TEST,
        secret_key="test-secret-key-that-is-long-enough-0123456789",
        identity_key="test-identity-key-that-is-long-enough-9876543210",
        uploads_url=(folder / "uploads").as_uri(),
        database_url=database_url,
        instance_path=folder / "instance",
        key_path=folder / "keys",
        mail_path=folder / "mail",
    )


def settings_of_copy(made: Path, folder: Path) -> Settings:
    """A site in ``folder``, which becomes a copy of the one that was ``made`` once: database, keys, uploads."""
    shutil.copytree(made, folder, dirs_exist_ok=True)
    return make_settings(folder, f"sqlite:///{folder / _FILE}")


def _make_empty_site(folder: Path) -> None:
    app = create_app(make_settings(folder, f"sqlite:///{folder / _FILE}"))
    with app.app_context():
        upgrade(directory="migrations")
        db.engine.dispose()


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site with a migrated, empty SQLite database. It is there to be copied."""
    return made_once(shared_folder(tmp_path_factory), "empty", _make_empty_site)


@pytest.fixture(scope="session")
def living_example(empty_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site with the living example, as ``make demo`` shows it. It is there to be copied."""

    def make(folder: Path) -> None:
        settings = settings_of_copy(empty_site, folder)
        app = create_app(settings)
        with app.app_context():
            load_example(key_folder=settings.key_path, say=lambda _line: None)
            db.session.remove()
            db.engine.dispose()

    return made_once(shared_folder(tmp_path_factory), "example", make)


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The address of a database on a PostgreSQL server from which others can be created."""
    try:
        with sa.create_engine(POSTGRES, poolclass=sa.NullPool, connect_args={"connect_timeout": 3}).connect():
            return POSTGRES
    except sa.exc.OperationalError:
        service_missing("no PostgreSQL at CIVICVOTE_TEST_POSTGRES")
        raise


def create_postgres_database(server: str, template: str = "template0") -> str:
    """A new database (C.UTF-8) on the server, empty or a copy of ``template``; the address of it."""
    name = f"civicvote_test_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(
            f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
        )
    engine.dispose()
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


def drop_postgres_database(server: str, address: str) -> None:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {sa.make_url(address).database} WITH (FORCE)")
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated, empty PostgreSQL database. It is there to be copied."""

    def make(folder: Path) -> None:
        address = create_postgres_database(postgres_server)
        (folder / "address").write_text(address)
        app = create_app(make_settings(folder, address))
        with app.app_context():
            upgrade(directory="migrations")
            db.engine.dispose()

    kept = made_once(shared_folder(tmp_path_factory), POSTGRES_KEPT, make)
    return str(sa.make_url((kept / "address").read_text()).database)


@contextmanager
def _migrated_postgres_database(server: str, template: str) -> Iterator[str]:
    address = create_postgres_database(server, template)
    yield address
    drop_postgres_database(server, address)


@pytest.fixture(scope="session")
def session_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a migrated, empty database of this worker, on the system that ``--database`` names."""
    folder = tmp_path_factory.mktemp("civicvote")
    with ExitStack() as after:
        if request.config.getoption("--database") == "sqlite":
            settings = settings_of_copy(request.getfixturevalue("empty_site"), folder)
        else:
            server, template = (request.getfixturevalue(f"postgres_{name}") for name in ("server", "template"))
            settings = make_settings(folder, after.enter_context(_migrated_postgres_database(server, template)))
        app = create_app(settings)
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app_with_connections(postgres_server: str, postgres_template: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a PostgreSQL database of its own, with real commits: for what happens at once."""
    with _migrated_postgres_database(postgres_server, postgres_template) as address:
        made = create_app(make_settings(tmp_path, address))
        yield made
        with made.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(session_app: Flask) -> Iterator[Flask]:
    """The application inside a transaction that ends with the test; commits become savepoints. No limit counted yet."""
    throttle.init_app(session_app, redis_url="")
    with session_app.app_context():
        engine = db.engine
        engines = db._app_engines[session_app]
        connection = engine.connect()
        outer = connection.begin()
        engines[None] = connection  # type: ignore[assignment]
        db.session.remove()
        db.session.session_factory.configure(join_transaction_mode="create_savepoint")
        try:
            yield session_app
        finally:
            db.session.remove()
            db.session.session_factory.configure(join_transaction_mode="conditional_savepoint")
            engines[None] = engine
            outer.rollback()
            connection.close()


@pytest.fixture
def session(app: Flask) -> Session:
    """The test's own database session."""
    return db.session()


@pytest.fixture
def client(app: Flask) -> StrictClient:
    """A browser without JavaScript that examines every page it fetches."""
    app.test_client_class = StrictClient
    made: Any = app.test_client()
    assert isinstance(made, StrictClient)
    return made


@pytest.fixture
def new_client(app: Flask) -> Any:
    """Makes further clients: ``new_client()`` is a fresh browser, signed in as nobody."""
    app.test_client_class = StrictClient
    return app.test_client


@pytest.fixture
def sign_in(app: Flask) -> Any:
    """``sign_in(person)`` is a browser in which the person is signed in, without the page (which has its own tests)."""

    def signed_in(person: Person, *, with_second_factor: bool = True) -> StrictClient:
        app.test_client_class = StrictClient
        made: Any = app.test_client()
        token = session_token_for(person, with_second_factor=with_second_factor)
        with made.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return made

    return signed_in


@pytest.fixture
def count_queries(app: Flask) -> Any:
    """``with count_queries() as queries:`` collects the SQL statements that run inside."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.upper().startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")):
                statements.append(statement)

        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", note)

    return counting
