"""The living example on a database of this run, and what every visitor finds there."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from civicvote.app import create_app
from civicvote.cli.example.load import load_example
from civicvote.db import db
from civicvote.domain.accounts.models import AccountSession, Person, Residency, RoleGrant
from civicvote.domain.regions.queries import region_scope
from civicvote.kernel import clock
from civicvote.kernel.permissions import ROLE_PERMISSIONS, Role
from tests.conftest import create_postgres_database, drop_postgres_database, make_settings, settings_of_copy
from tests.doors.crawler import Harvest, harvest
from tests.doors.filling import look_behind
from tests.doors.furniture import furnish
from tests.doors.site import REGIONS, VISITORS, Site
from tests.factories.people import make_officer, make_person, make_resident, session_token_for


@pytest.fixture(scope="session")
def furnished_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder: Path = tmp_path_factory.mktemp("furnished")
    if request.config.getoption("--database") == "sqlite":
        yield from _served(create_app(settings_of_copy(request.getfixturevalue("living_example"), folder)))
        return
    server = request.getfixturevalue("postgres_server")
    address = create_postgres_database(server, request.getfixturevalue("postgres_template"))
    settings = make_settings(folder, address)
    app = create_app(settings)
    with app.app_context():
        load_example(key_folder=settings.key_path, say=lambda _line: None)
    yield from _served(app)
    drop_postgres_database(server, address)


def _served(app: Flask) -> Iterator[Flask]:
    yield app
    with app.app_context():
        db.engine.dispose()


def _arrivals() -> dict[str, Person]:
    """One person a kind of visitor, with the example's regions for theirs."""
    here = [region_scope(slug).id for slug in REGIONS]
    people = {"person": make_person("길손"), "elsewhere": make_officer(region_scope("jeju").id, *Role, name="먼 담당")}
    for name in ("resident", "neighbour"):
        people[name] = make_resident(here[0], name=f"{name} 주민")
    for role in Role:
        people[role.value] = make_officer(here[0], role, name=f"{role.value} 담당")
    for region_id in here[1:]:
        _settle(people, region_id)
    db.session.flush()
    return people


def _settle(people: dict[str, Person], region_id: int) -> None:
    """The same people, resident and in office in a further region too."""
    for name, person in people.items():
        if name in {"resident", "neighbour"}:
            twin = db.session.query(Residency).filter_by(person_id=person.id).first()
            assert twin is not None
            copied = {column.key: getattr(twin, column.key) for column in Residency.__table__.columns}
            db.session.add(Residency(**{**copied, "region_id": region_id}))
        if name in set(Role):
            grant = db.session.query(RoleGrant).filter_by(person_id=person.id).first()
            assert grant is not None
            copied = {column.key: getattr(grant, column.key) for column in RoleGrant.__table__.columns}
            db.session.add(RoleGrant(**{**copied, "region_id": region_id}))


@pytest.fixture(scope="session")
def furnished(furnished_app: Flask) -> Iterator[Site]:
    """The site inside one transaction that nobody commits."""
    with furnished_app.app_context():
        engine, engines = db.engine, db._app_engines[furnished_app]
        db.session.remove()
    connection = engine.connect()
    outer = connection.begin()
    engines[None] = connection  # type: ignore[assignment]
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    site = Site(furnished_app, connection)
    try:
        with furnished_app.app_context():
            people = _arrivals()
            furnish(people)
            site.people = {name: person.id for name, person in people.items()}
            session_token_for(people["resident"])  # a second device, to be signed out
            tokens = {name: session_token_for(person) for name, person in people.items()}
            # However slow the machine is: for these visitors a second factor was shown a moment ago, all the time.
            db.session.execute(update(AccountSession).values(second_factor_at=clock.now() + timedelta(hours=2)))
            db.session.commit()
        for visitor in VISITORS:
            _prepare(site, visitor, tokens.get(visitor))
        site.remember()
        yield site
    finally:
        db.session.session_factory.configure(join_transaction_mode="conditional_savepoint")
        engines[None] = engine
        outer.rollback()
        connection.close()


def _prepare(site: Site, visitor: str, token: str | None) -> None:
    """A cookie with a session in it, and the CSRF token of that session."""
    browser: Any = site.browser(visitor)
    if token:
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
    browser.get("/account/sign-in" if not token else "/me")
    site.tokens[visitor] = browser.page.xpath("string(//input[@name='csrf_token']/@value)")
    site.cookies[visitor] = browser.get_cookie(site.app.config["SESSION_COOKIE_NAME"]).value


@pytest.fixture(scope="session")
def harvests(furnished: Site) -> dict[str, Harvest]:
    """What each visitor finds, from the home page on. A role without permissions finds what anybody does."""
    found: dict[str, Harvest] = {}
    tried: set[Any] = set()
    for visitor in VISITORS:
        is_anybody = visitor in {"neighbour", "elsewhere"}
        if is_anybody or (visitor in set(Role) and not ROLE_PERMISSIONS[Role(visitor)]):
            found[visitor] = found["person"]
        else:
            found[visitor] = harvest(furnished, visitor)
            look_behind(furnished, found[visitor], visitor, tried)
    return found
