"""Officers who have an authenticator, and sessions whose showing has grown old."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from civicvote.db import db
from civicvote.domain.accounts.models import AccountSession, Person
from civicvote.kernel import clock
from civicvote.kernel.keys import KeyRing
from civicvote.web.settings import settings

Shown = Callable[[Person, timedelta | None], None]


@pytest.fixture
def keys(app: Flask) -> KeyRing:
    return settings().key_ring


@pytest.fixture
def shown() -> Shown:
    """``shown(person, ago)``: all sessions of the person showed a second factor so long ago, or never (None)."""

    def set_back(person: Person, ago: timedelta | None) -> None:
        moment = clock.now() - ago if ago is not None else None
        db.session.execute(
            sa.update(AccountSession).where(AccountSession.person_id == person.id).values(second_factor_at=moment)
        )
        db.session.commit()

    return set_back
