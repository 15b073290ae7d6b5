"""Two verifications with one identity at the same moment, on PostgreSQL, where both really run at once."""

import threading
import time

import pytest
import sqlalchemy as sa
from flask import Flask

from civicvote.db import db, unit_of_work
from civicvote.domain.accounts.models import Residency
from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.domain.verification.claims import Claim, Verification
from civicvote.domain.verification.errors import AlreadyConfirmed
from civicvote.domain.verification.identity import provider_mark
from civicvote.domain.verification.models import IdentityClash, ResidencyRule
from civicvote.domain.verification.services import verify_residency
from civicvote.domain.verification.services_desk import Identity, declare_residency
from civicvote.kernel.actor import Actor
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


@pytest.mark.postgres
def test_one_account_declares_one_name_also_when_it_declares_two_at_once(app_with_connections: Flask) -> None:
    """Or an account would take the names of many, and keep their owners out."""
    app = app_with_connections
    with app.app_context(), unit_of_work():
        region, person = make_region(), make_person()
        rule = {"minimum_assurance": Assurance.SELF_DECLARED, "is_admitted": True, "clause_ko": "", "clause_en": ""}
        db.session.add(ResidencyRule(region_id=region.id, residency_class=ResidencyClass.ADDRESS, **rule))
        scope, actor = scope_of(region), Actor(person.id, "주민")
    is_first_in, outcomes = threading.Event(), []

    def declare(name: str, waits: bool) -> None:
        with app.app_context():
            if waits:
                assert is_first_in.wait(timeout=10)
            try:
                with unit_of_work():
                    identity = Identity(legal_name=name, born_on="1958-03-07")
                    declare_residency(
                        actor=actor,
                        region=scope,
                        identity=identity,
                        residency_class=ResidencyClass.ADDRESS,
                        keys=KEYS,
                    )
                    is_first_in.set()
                    time.sleep(0.5)
                outcomes.append("")
            except AlreadyConfirmed as refusal:
                outcomes.append(refusal.code)

    threads = [threading.Thread(target=declare, args=each) for each in (("홍길동", False), ("김철수", True))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(outcomes) == ["", "already_confirmed"]
