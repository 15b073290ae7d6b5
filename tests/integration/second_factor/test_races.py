"""The same code from several places at once, and the last factors removed at once, where both really run at once."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from civicvote.db import db, unit_of_work
from civicvote.domain.accounts.models import Passkey, Person, RecoveryCode
from civicvote.domain.accounts.queries_second_factor import held_factors
from civicvote.domain.accounts.second_factor import recovery_mac
from civicvote.domain.accounts.services_passkeys import remove_passkey
from civicvote.domain.accounts.services_second_factor import (
    remove_authenticator,
    show_authenticator,
    show_recovery_code,
)
from civicvote.kernel import clock, ids
from civicvote.kernel.errors import Refusal
from civicvote.kernel.permissions import Role
from civicvote.web.settings import settings
from tests.factories.people import actor_for, make_officer
from tests.factories.places import make_region
from tests.factories.second_factors import code_now, enrol_authenticator

RACES = 6


def together(app: Flask, *acts: Callable[[], None]) -> Counter[str]:
    """All acts at once, each in a transaction of its own: what was refused, and "" for what went through."""
    results: list[str] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], None]) -> None:
        with app.app_context():
            db.session.execute(sa.text("SELECT 1"))
            start.wait(timeout=10)
            try:
                with unit_of_work():
                    act()
                results.append("")
            except Refusal as refusal:
                results.append(refusal.code)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return Counter(results)


def officer() -> Person:
    return make_officer(make_region().id, Role.BUDGET_APPROVAL)


@pytest.mark.postgres
def test_one_code_works_in_one_place(app_with_connections: Flask) -> None:
    app = app_with_connections
    for _ in range(RACES):
        with app.app_context():
            keys, person = settings().key_ring, officer()
            secret, actor = enrol_authenticator(person, keys), actor_for(person)
            db.session.add(
                RecoveryCode(
                    person_id=person.id,
                    code_mac=recovery_mac(keys, person.id, "7k2m-9xqr-4tbn"),
                    created_at=clock.now(),
                )
            )
            db.session.commit()
        code = code_now(secret)

        def show() -> None:
            show_authenticator(actor=actor, token="a", keys=keys, code=code)  # noqa: B023

        def show_paper() -> None:
            show_recovery_code(actor=actor, token="a", keys=keys, code="7k2m-9xqr-4tbn")  # noqa: B023

        assert together(app, *[show] * 4) == {"": 1, "second_factor_code_used": 3}
        assert together(app, *[show_paper] * 4) == {"": 1, "wrong_recovery_code": 3}


@pytest.mark.postgres
def test_of_two_last_factors_removed_at_once_one_stays(app_with_connections: Flask) -> None:
    app = app_with_connections
    for _ in range(RACES):
        with app.app_context():
            person = officer()
            enrol_authenticator(person, settings().key_ring)
            actor = actor_for(person)
            passkey_id = ids.new_id()
            db.session.add(
                Passkey(
                    id=passkey_id,
                    person_id=person.id,
                    credential_id=str(passkey_id),
                    public_key=b"",
                    sign_count=0,
                    name="열쇠",
                    created_at=clock.now(),
                )
            )
            db.session.commit()
        outcome = together(
            app,
            lambda: remove_authenticator(actor=actor, token="a"),  # noqa: B023
            lambda: remove_passkey(actor=actor, token="a", passkey_id=passkey_id),  # noqa: B023
        )
        assert outcome == {"": 1, "last_second_factor": 1}
        with app.app_context():
            assert held_factors(actor.person_id).any
