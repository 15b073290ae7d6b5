"""Two administrators who withdraw each other at the same moment, on PostgreSQL, where both really run at once."""

import threading

import pytest
import sqlalchemy as sa
from flask import Flask

from civicvote.db import db, unit_of_work
from civicvote.domain.accounts.errors import LastAdministrator
from civicvote.domain.accounts.models import RoleGrant
from civicvote.domain.accounts.services import withdraw_role
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Role
from tests.factories.people import actor_for, make_officer
from tests.factories.places import make_region

RACES = 12


@pytest.mark.postgres
def test_one_of_them_stays(app_with_connections: Flask) -> None:
    app = app_with_connections
    refused: list[int] = []
    start = threading.Barrier(2)

    def withdraw(actor: Actor, region_id: int, person_id: int) -> None:
        with app.app_context():
            db.session.execute(sa.text("SELECT 1"))
            start.wait(timeout=10)
            try:
                with unit_of_work():
                    withdraw_role(actor=actor, region_id=region_id, person_id=person_id, role=Role.ADMINISTRATOR)
            except LastAdministrator:
                refused.append(region_id)

    for _ in range(RACES):
        with app.app_context(), unit_of_work():
            region = make_region()
            pair = [make_officer(region.id, Role.ADMINISTRATOR) for _ in range(2)]
            actors, ids, region_id = [actor_for(each) for each in pair], [each.id for each in pair], region.id
        threads = [
            threading.Thread(target=withdraw, args=(actors[each], region_id, ids[1 - each])) for each in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=20)
        with app.app_context():
            left = db.session.scalar(
                sa.select(sa.func.count()).select_from(RoleGrant).where(RoleGrant.region_id == region_id)
            )
        assert left == 1, "a region without an administrator could never get one again"
    assert len(refused) == RACES
