"""A town on the day of a vote: one open poll, and voters whose sessions were made in the database."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, session
from flask_migrate import upgrade
from flask_wtf.csrf import generate_csrf

from benchmarks.scenario import administrator_of, open_poll, round_in
from civicvote.app import create_app
from civicvote.config import Settings
from civicvote.db import db, unit_of_work
from civicvote.domain.accounts.models import AccountSession, Person, Residency
from civicvote.domain.accounts.passwords import hash_password
from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.domain.accounts.services import SESSION_LIFETIME
from civicvote.domain.accounts.tokens import new_token, token_hash
from civicvote.domain.polls.states import PollKind
from civicvote.domain.regions.kinds import RegionKind
from civicvote.domain.regions.models import Region
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.phases import Phase

SLUG = "naru"
_MIGRATIONS = Path(__file__).parents[2] / "migrations"
_PHASE_OF_KIND = {PollKind.AGENDA: Phase.AGENDA_VOTE, PollKind.BUDGET: Phase.BUDGET_VOTE}


@dataclass(frozen=True, slots=True)
class Voter:
    """``cookie`` is that of a session, ``csrf`` the token that its forms carry."""

    person_id: int
    email: str
    cookie: str
    csrf: str


@dataclass(frozen=True, slots=True)
class Town:
    region_id: int
    poll_id: int
    administrator: Actor
    option_keys: tuple[str, ...]
    voters: tuple[Voter, ...]

    @property
    def poll_path(self) -> str:
        return f"/regions/{SLUG}/polls/{ids.encode(self.poll_id)}"


@contextmanager
def inside(environment: dict[str, str]) -> Iterator[Flask]:
    """The application of ``environment`` in this process, beside the servers; its connections end with the block."""
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def found_town(environment: dict[str, str], voters: int, kind: PollKind, *, password: str = "") -> Town:
    """Migrate the empty database that ``environment`` names and fill it.

    All have the same ``password``, hashed once; without one nobody can sign in, and nobody needs to."""
    with inside(environment) as app:
        upgrade(directory=str(_MIGRATIONS))
        with unit_of_work():
            region = Region(id=ids.new_id(), slug=SLUG, name_ko="나루시", name_en="Naru", kind=RegionKind.MUNICIPALITY)
            db.session.add(region)
            db.session.flush()
            people = _settle(app, region.id, voters, hash_password(password) if password else "!")
            administrator = administrator_of(region.id)
            source = random.Random(1)  # noqa: S311
            poll = open_poll(source, administrator, round_in(region.id, _PHASE_OF_KIND[kind]), kind)
            return Town(region.id, poll.id, administrator, tuple(option.key for option in poll.options), people)


def _settle(app: Flask, region_id: int, number: int, password_hash: str) -> tuple[Voter, ...]:
    """Residents, confirmed in person and signed in, in three statements."""
    people = [(ids.new_id(), f"voter{each}@rehearsal.invalid", new_token()) for each in range(number)]
    now = clock.now()
    _insert(
        Person,
        [
            {
                "id": person_id,
                "email": email,
                "display_name": "주민",
                "password_hash": password_hash,
                "locale": "ko",
                "created_at": now,
            }
            for person_id, email, _ in people
        ],
    )
    _insert(
        Residency,
        [
            {
                "region_id": region_id,
                "person_id": person_id,
                "residency_class": ResidencyClass.ADDRESS,
                "assurance": Assurance.IN_PERSON,
                "confirmed_at": now,
                "evidence": "",
            }
            for person_id, _, _ in people
        ],
    )
    _insert(
        AccountSession,
        [
            {
                "token_hash": token_hash(token),
                "id": ids.new_id(),
                "person_id": person_id,
                "device": "",
                "created_at": now,
                "expires_at": now + SESSION_LIFETIME,
            }
            for person_id, _, token in people
        ],
    )
    return _signed_in(app, people)


def _insert(model: type[db.Model], rows: Sequence[dict[str, object]]) -> None:  # type: ignore[name-defined]
    db.session.execute(sa.insert(model), rows)


def _signed_in(app: Flask, people: Sequence[tuple[int, str, str]]) -> tuple[Voter, ...]:
    """One token for all forms: it is signed and tied to what the cookie holds, which serves here for everybody."""
    with app.test_request_context():
        csrf = generate_csrf()
        secret = session["csrf_token"]
    name, sign = app.config["SESSION_COOKIE_NAME"], app.session_interface.get_signing_serializer(app).dumps  # type: ignore[attr-defined]
    return tuple(
        Voter(person_id, email, f"{name}={sign({'_user_id': token, '_fresh': True, 'csrf_token': secret})}", csrf)
        for person_id, email, token in people
    )
