"""Law 7: one head; upgrade gives what the models say; up, down, up on both databases, guards included."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

from civicvote.app import create_app
from civicvote.db import Base, db
from civicvote.domain.allocations.models import Account, Transfer
from civicvote.domain.allocations.states import AccountKind, TransferKind
from civicvote.domain.audit.services import record
from civicvote.domain.polls.models import RollEntry
from civicvote.kernel import clock, ids
from civicvote.kernel.phases import Phase
from tests.architecture.sources import ROOT
from tests.conftest import create_postgres_database, drop_postgres_database, make_settings
from tests.factories.people import make_resident
from tests.factories.places import make_region, make_round
from tests.factories.polls import freeze, make_agenda_draft

MIGRATIONS = str(ROOT / "migrations")
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


def test_there_is_one_head() -> None:
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


@pytest.fixture(params=DATABASES, scope="module")
def empty_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a database without tables."""
    folder: Path = tmp_path_factory.mktemp("migrations")
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    address = create_postgres_database(server) if server else f"sqlite:///{folder / 'migrations.db'}"
    app = create_app(make_settings(folder, address))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if server:
        drop_postgres_database(server, address)


def _tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


@pytest.fixture(scope="module")
def migrated(empty_app: Flask) -> Flask:
    """Up, down and up again: what follows is proved of a database that has been through all of it."""
    upgrade(directory=MIGRATIONS)
    assert _tables() == set(Base.metadata.tables)
    downgrade(directory=MIGRATIONS, revision="base")
    assert _tables() == set(), "downgrading leaves nothing"
    upgrade(directory=MIGRATIONS)
    return empty_app


@pytest.mark.usefixtures("migrated")
def test_the_migrated_database_is_what_the_models_say() -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@dataclass(frozen=True, slots=True)
class Recorded:
    """Ids of what was recorded and must stay."""

    region_id: int
    poll_id: int


@pytest.fixture(scope="module")
def recorded(migrated: Flask, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    region = make_region()
    make_resident(region.id)
    round_ = make_round(region, Phase.AGENDA_VOTE)
    poll = freeze(make_agenda_draft(region, round=round_), region, tmp_path_factory.mktemp("keys"))
    record(region_id=region.id, actor_id=None, verb="round:enter", subject="round:1")
    _move_money(region.id, round_.id)
    found = Recorded(region.id, poll.id)
    db.session.commit()
    return found


def _move_money(region_id: int, round_id: int) -> None:
    source, envelope = ids.new_id(), ids.new_id()
    db.session.add_all(
        [
            Account(region_id=region_id, id=source, round_id=round_id, kind=AccountKind.SOURCE, balance=-5),
            Account(region_id=region_id, id=envelope, round_id=round_id, kind=AccountKind.ENVELOPE, balance=5),
        ]
    )
    db.session.flush()
    db.session.add(
        Transfer(
            region_id=region_id,
            id=ids.new_id(),
            debit_account_id=source,
            credit_account_id=envelope,
            amount=5,
            kind=TransferKind.FUNDING,
            reason="시비",
            idempotency_key="once",
            author_id=1,
            posted_at=clock.now(),
        )
    )
    db.session.flush()


FORBIDDEN = [
    "UPDATE audit_entries SET verb = 'x:y'",
    "UPDATE audit_entries SET detail = '{}'",
    "DELETE FROM audit_entries",
    "UPDATE ledger_transfers SET amount = 1",
    "UPDATE ledger_transfers SET reason = ''",
    "DELETE FROM ledger_transfers",
    "DELETE FROM roll_entries",
    "UPDATE polls SET kind = 'budget'",
    "UPDATE polls SET ballot_type = 'choose-1'",
    "UPDATE polls SET min_choices = min_choices + 1",
    "UPDATE polls SET max_choices = NULL",
    "UPDATE polls SET ballot_limit_amount = 1",
    "UPDATE polls SET counting_rule = 'greedy'",
    "UPDATE polls SET seats = seats + 1",
    "UPDATE polls SET threshold = threshold + 1",
    "UPDATE polls SET envelope_amount = 1",
    "UPDATE polls SET tie_break = 'id'",
    "UPDATE polls SET minimum_age = 1",
    "UPDATE polls SET opens_at = created_before",
    "UPDATE polls SET frozen_hash = NULL",
    "UPDATE polls SET frozen_rules = '{}'",
    "UPDATE polls SET public_key = 'another'",
    "UPDATE poll_options SET label = '다른 이름'",
    "UPDATE poll_options SET cost_amount = cost_amount + 1",
    "UPDATE poll_options SET subject_id = 7",
    "DELETE FROM poll_options",
    "INSERT INTO poll_options (region_id, poll_id, key, position, label, summary, cost_amount) "
    "VALUES (:region, :poll, 'late', 99, '늦은 선택지', '', 0)",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_itself_refuses_to_change_what_was_recorded(recorded: Recorded, statement: str) -> None:
    values = {"region": recorded.region_id, "poll": recorded.poll_id}
    text = sa.text(statement.replace("created_before", ":moment"))
    given = {name: value for name, value in values.items() if f":{name}" in statement}
    if "created_before" in statement:
        given["moment"] = (clock.now() - timedelta(days=9)).replace(tzinfo=None).isoformat(" ")
    with pytest.raises(sa.exc.IntegrityError, match="guarded"), db.session.begin_nested():
        db.session.execute(text, given)
    db.session.rollback()


def test_nor_can_a_table_be_emptied_at_one_stroke(recorded: Recorded) -> None:
    """PostgreSQL's TRUNCATE passes by the triggers on rows; SQLite turns a bare DELETE into one, unless guarded."""
    stroke = "DELETE FROM {}" if db.engine.dialect.name == "sqlite" else "TRUNCATE {} CASCADE"
    for table in ("audit_entries", "ledger_transfers"):
        with pytest.raises(sa.exc.IntegrityError, match="guarded"), db.session.begin_nested():
            db.session.execute(sa.text(stroke.format(table)))
    db.session.rollback()


def test_what_has_to_change_still_can(recorded: Recorded) -> None:
    """The guards name columns: a poll closes, a mark is set on the roll, entries are appended."""
    db.session.execute(sa.text("UPDATE polls SET state = 'closed', closed_at = closes_at"))
    db.session.execute(sa.update(RollEntry).values(channel="web"))
    record(region_id=recorded.region_id, actor_id=None, verb="poll:close", subject=f"poll:{recorded.poll_id}")
    db.session.rollback()


def test_an_option_of_a_draft_can_be_changed(migrated: Flask) -> None:
    poll = make_agenda_draft(make_region())
    changed = db.session.execute(sa.text("UPDATE poll_options SET label = 'x' WHERE poll_id = :id"), {"id": poll.id})
    assert changed.rowcount == 4  # type: ignore[attr-defined]
    db.session.rollback()
