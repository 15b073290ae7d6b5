"""Two accounts with one letter at the same moment, on PostgreSQL, where both really run at once."""

import threading

import pytest
import sqlalchemy as sa
from flask import Flask

from civicvote.db import db, unit_of_work
from civicvote.domain.accounts.models import Residency
from civicvote.domain.verification.letters import LetterNotMatched, LetterUsed
from civicvote.domain.verification.models import IdentityClash, LetterCode
from civicvote.domain.verification.services_letters import enter_letter
from civicvote.kernel.actor import Actor
from tests.factories.identity import BORN_ON, KEYS, scope_of
from tests.factories.letters import send_letters
from tests.factories.people import actor_for, make_person
from tests.factories.places import make_region

RACES = 12


@pytest.mark.postgres
def test_one_of_two_accounts_gets_the_letter(app_with_connections: Flask) -> None:
    app = app_with_connections
    won: list[int] = []
    refused: list[int] = []

    def use(actor: Actor, start: threading.Barrier) -> None:
        with app.app_context():
            db.session.execute(sa.text("SELECT 1"))
            start.wait(timeout=10)
            try:
                with unit_of_work():
                    enter_letter(
                        actor=actor,
                        region=scope,
                        number=letter.number,
                        code=letter.code,
                        legal_name="홍길동",
                        born_on=BORN_ON,
                        keys=KEYS,
                    )
                won.append(actor.person_id)
            except LetterUsed:
                refused.append(actor.person_id)

    for race in range(1, RACES + 1):
        with app.app_context(), unit_of_work():
            region = make_region()
            letter = send_letters(region)[0]
            actors = [actor_for(make_person()) for _ in range(2)]
            scope, region_id = scope_of(region), region.id
        start = threading.Barrier(2)
        threads = [threading.Thread(target=use, args=(actor, start)) for actor in actors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=20)
        with app.app_context():
            confirmed = db.session.scalars(sa.select(Residency.person_id).where(Residency.region_id == region_id)).all()
            clashes = db.session.scalar(
                sa.select(sa.func.count()).select_from(IdentityClash).where(IdentityClash.region_id == region_id)
            )
        assert (len(won), len(refused)) == (race, race)
        assert confirmed == [won[-1]]
        assert clashes == 0, "the second never comes as far as the identity"


@pytest.mark.postgres
def test_wrong_tries_at_once_are_all_counted(app_with_connections: Flask) -> None:
    """Five tries stay five, however many arrive together. ``is_recorded`` commits in requests; here the unit does."""
    app, crowd = app_with_connections, 12
    with app.app_context(), unit_of_work():
        region = make_region()
        letter = send_letters(region)[0]
        actors = [actor_for(make_person()) for _ in range(crowd)]
        scope, region_id = scope_of(region), region.id
    start = threading.Barrier(crowd)

    def guess(actor: Actor) -> None:
        with app.app_context():
            db.session.execute(sa.text("SELECT 1"))
            start.wait(timeout=10)
            with unit_of_work(), pytest.raises(LetterNotMatched):
                enter_letter(
                    actor=actor,
                    region=scope,
                    number=letter.number,
                    code="0000000000",
                    legal_name="홍길동",
                    born_on=BORN_ON,
                    keys=KEYS,
                )

    threads = [threading.Thread(target=guess, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    with app.app_context():
        row = db.session.get_one(LetterCode, (region_id, letter.number))
        assert row.tries_left == 0
