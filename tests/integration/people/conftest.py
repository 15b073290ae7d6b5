"""An application on a PostgreSQL database of its own, with real connections and commits, for what happens at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from civicvote.app import create_app
from civicvote.db import db
from tests.conftest import create_postgres_database, drop_postgres_database, make_settings


@pytest.fixture
def app_with_connections(postgres_server: str, tmp_path: Path) -> Iterator[Flask]:
    address = create_postgres_database(postgres_server)
    app = create_app(make_settings(tmp_path, address))
    with app.app_context():
        upgrade(directory="migrations")
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    drop_postgres_database(postgres_server, address)
