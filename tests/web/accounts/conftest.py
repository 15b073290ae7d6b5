"""People with passwords at browsers of their own, somewhere in the network."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from civicvote.domain.accounts.models import Person
from civicvote.domain.accounts.passwords import hash_password
from tests.factories.people import make_person
from tests.strict_client import StrictClient

PASSWORD = "초록 우산 아래 고양이"
NEW_PASSWORD = "파란 우산 위의 두루미"
HOME, ELSEWHERE = "203.0.113.5", "198.51.100.7"


@pytest.fixture(scope="session")
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def member(session: Session, password_hash: str) -> Person:
    return _with_password(make_person("김하나", email="hana@example.org"), password_hash, session)


@pytest.fixture
def neighbour(session: Session, password_hash: str) -> Person:
    return _with_password(make_person("이두리", email="duri@example.org"), password_hash, session)


def _with_password(person: Person, password_hash: str, session: Session) -> Person:
    person.password_hash = password_hash
    session.commit()
    return person


@pytest.fixture
def browser_at(app: Flask) -> Any:
    """``browser_at(address)``: a fresh browser whose requests come from there."""

    def made(address: str = HOME) -> StrictClient:
        app.test_client_class = StrictClient
        client: Any = app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        return client

    return made


def try_password(client: StrictClient, email: str | None, password: str) -> TestResponse:
    client.get("/account/sign-in")
    return client.submit({"email": email, "password": password}, action="/account/sign-in", follow=False)


def sign_in_by_page(client: StrictClient, person: Person, password: str = PASSWORD) -> StrictClient:
    assert try_password(client, person.email, password).status_code == 303
    return client
