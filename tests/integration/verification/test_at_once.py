"""Two verifications with one identity at the same moment, on PostgreSQL, where both really run at once."""

import threading

import pytest
import sqlalchemy as sa
from flask import Flask

from civicvote.db import db, unit_of_work
from civicvote.domain.accounts.models import Residency
from civicvote.domain.verification.claims import Claim, Verification
from civicvote.domain.verification.identity import provider_mark
from civicvote.domain.verification.models import IdentityClash
from civicvote.domain.verification.services import verify_residency
from tests.factories.identity import KEYS, name_mark, provider_claim, scope_of
from tests.factories.people import make_person
from tests.factories.places import make_region

RACES = 12


@pytest.mark.postgres
@pytest.mark.parametrize("accounts", [1, 2])
def test_exactly_one_account_is_confirmed_and_every_other_waits(app_with_connections: Flask, accounts: int) -> None:
    """With one account both succeed: the second finds its own marks."""
    app = app_with_connections

    def verify(region_id: int, slug: str, person_id: int, claim: Claim, start: threading.Barrier) -> None:
        with app.app_context():
            db.session.execute(sa.text("SELECT 1"))
            start.wait(timeout=10)
            with unit_of_work():
                made = verify_residency(region=scopes[slug], person_id=person_id, claim=claim, actor=None)
            outcomes.append(made)

    for _ in range(RACES):
        outcomes: list[Verification] = []
        start = threading.Barrier(2)
        with app.app_context(), unit_of_work():
            region = make_region()
            people = [make_person().id for _ in range(accounts)]
            scopes = {region.slug: scope_of(region)}
            region_id, slug = region.id, region.slug
        marks = (name_mark(region_id), provider_mark(KEYS, region_id=region_id, identifier="ci"))
        claims = [provider_claim(region_id, "ci", marks=marks), provider_claim(region_id, "ci", marks=marks[::-1])]
        threads = [
            threading.Thread(target=verify, args=(region_id, slug, people[number % accounts], claims[number], start))
            for number in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=20)
        assert len(outcomes) == 2, "neither waits for ever nor fails"
        assert sum(made.is_confirmed for made in outcomes) == (1 if accounts == 2 else 2)
        with app.app_context():
            counted = [
                db.session.scalar(sa.select(sa.func.count()).select_from(table).where(table.region_id == region_id))
                for table in (Residency, IdentityClash)
            ]
        assert counted == [1, accounts - 1]
