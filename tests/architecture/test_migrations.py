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
from civicvote.db import Base, belongs_to_models, db
from civicvote.domain.allocations.models import Account, Transfer
from civicvote.domain.allocations.states import AccountKind, TransferKind
from civicvote.domain.audit.services import record
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import notify
from civicvote.domain.polls.models import BallotReceipt, Poll, PollExtension, RollEntry
from civicvote.domain.proposals.models import CoAuthor, Endorsement, Merge
from civicvote.domain.proposals.states import CoAuthorState, MergeState, ProposalState
from civicvote.kernel import clock, ids
from civicvote.kernel.phases import Phase
from tests.architecture.sources import ROOT
from tests.conftest import create_postgres_database, drop_postgres_database, make_settings
from tests.factories.keyholders import freeze_with_keyholders
from tests.factories.people import make_person, make_resident
from tests.factories.places import make_region, make_round
from tests.factories.polls import freeze, make_agenda_draft
from tests.factories.talk import make_proposal

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


#: FTS5's own table and its shadows: no model's, yet they come and go with the migrations.
_INDEX_OF_SEARCH = {f"findable_index{shadow}" for shadow in ("", "_config", "_data", "_idx")}


def _expected_tables() -> set[str]:
    index = _INDEX_OF_SEARCH if db.engine.dialect.name == "sqlite" else set()
    return set(Base.metadata.tables) | index


@pytest.fixture(scope="module")
def migrated(empty_app: Flask) -> Flask:
    """Up, down and up again: what follows is proved of a database that has been through all of it."""
    upgrade(directory=MIGRATIONS)
    assert _tables() == _expected_tables()
    downgrade(directory=MIGRATIONS, revision="base")
    assert _tables() == set(), "downgrading leaves nothing"
    upgrade(directory=MIGRATIONS)
    return empty_app


@pytest.mark.usefixtures("migrated")
def test_the_migrated_database_is_what_the_models_say() -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": belongs_to_models})
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
    _settle(poll)
    found = Recorded(region.id, poll.id)
    db.session.commit()
    return found


def _settle(poll: Poll) -> None:
    """A closing time that was moved, and a list of receipts with its root."""
    key = {"region_id": poll.region_id, "poll_id": poll.id}
    earlier = poll.closes_at - timedelta(hours=1)
    extension = PollExtension(
        **key,
        id=ids.new_id(),
        old_closes_at=earlier,
        new_closes_at=poll.closes_at,
        reason="본인확인 장애",
        officer_id=make_person().id,
        extended_at=clock.now(),
    )
    db.session.add_all([extension, BallotReceipt(**key, position=0, code="a" * 64)])
    db.session.flush()
    db.session.execute(sa.update(BallotReceipt).values(subtree="b" * 64))
    poll.receipts_root = "c" * 64
    db.session.flush()


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
    "UPDATE polls SET receipts_root = 'another'",
    "UPDATE polls SET receipts_root = NULL",
    "UPDATE ballot_receipts SET code = 'another'",
    "UPDATE ballot_receipts SET subtree = NULL",
    "UPDATE ballot_receipts SET position = 7",
    "DELETE FROM ballot_receipts",
    "INSERT INTO ballot_receipts (region_id, poll_id, position, code) VALUES (:region, :poll, 1, 'late')",
    "UPDATE poll_extensions SET reason = ''",
    "UPDATE poll_extensions SET new_closes_at = old_closes_at",
    "DELETE FROM poll_extensions",
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
    for table in ("audit_entries", "ledger_transfers", "ballot_receipts", "poll_extensions"):
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


@pytest.mark.usefixtures("migrated")
def test_the_day_on_which_somebody_left_keeps_its_place_on_the_way_down_and_up() -> None:
    """Before, the day of leaving stood where that of signing had been."""
    proposal, signed_at = make_proposal(make_round(make_region())), clock.now() - timedelta(days=3)
    own = {"region_id": proposal.region_id, "proposal_id": proposal.id, "invited_at": signed_at}
    stays, left = make_person(), make_person()
    left_at = signed_at + timedelta(days=1)
    db.session.add_all(
        [
            CoAuthor(**own, person_id=stays.id, state=CoAuthorState.ACCEPTED, answered_at=signed_at),
            CoAuthor(**own, person_id=left.id, state=CoAuthorState.LEFT, answered_at=signed_at, left_at=left_at),
        ]
    )
    db.session.commit()
    people = (stays.id, left.id)
    db.session.remove()
    downgrade(directory=MIGRATIONS, revision="0006")
    upgrade(directory=MIGRATIONS)
    found = [
        db.session.query(CoAuthor.answered_at, CoAuthor.left_at).filter_by(person_id=person_id).one()
        for person_id in people
    ]
    db.session.remove()
    assert [tuple(row) for row in found] == [(signed_at, None), (None, left_at)]


@pytest.mark.usefixtures("migrated")
def test_what_was_merged_stands_alone_before_deliberation_and_nothing_unreadable_is_left() -> None:
    region = make_region()
    round_ = make_round(region)
    leading, merged = make_proposal(round_), make_proposal(round_, title="건널목이 없는 도서관 앞길")
    own, carried = make_person(), make_person()
    for person, proposal, merge_id in ((own, leading, None), (carried, merged, None), (carried, leading, 7)):
        db.session.add(
            Endorsement(
                region_id=region.id,
                proposal_id=proposal.id,
                person_id=person.id,
                created_at=clock.now(),
                merge_id=merge_id,
            )
        )
    merge = Merge(
        region_id=region.id,
        id=7,
        leading_id=leading.id,
        merged_id=merged.id,
        state=MergeState.MERGED,
        reason="같은 곳입니다.",
        proposed_by_id=own.id,
        proposed_at=clock.now(),
    )
    leading.endorsement_count, merged.endorsement_count = 2, 1
    merged.state, merged.merged_into_id = ProposalState.MERGED, leading.id
    db.session.add(merge)
    notify(person_id=own.id, kind=NotificationKind.MERGE_NEWS, params={})
    db.session.commit()
    numbers = (leading.id, merged.id)
    db.session.remove()
    downgrade(directory=MIGRATIONS, revision="0003")
    found = db.session.execute(
        sa.text("SELECT state, endorsement_count FROM proposals WHERE id IN (:one, :two) ORDER BY id"),
        {"one": numbers[0], "two": numbers[1]},
    ).all()
    unread = db.session.scalar(sa.text("SELECT count(*) FROM notifications WHERE kind = 'merge_news'"))
    db.session.remove()
    upgrade(directory=MIGRATIONS)
    assert [tuple(row) for row in found] == [("submitted", 1), ("submitted", 1)]
    assert unread == 0


@pytest.mark.usefixtures("migrated")
def test_there_is_no_way_back_that_would_leave_a_box_which_nobody_can_open(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    region = make_region()
    poll = make_agenda_draft(region)
    freeze_with_keyholders(poll, region, tmp_path)
    key = {"region": poll.region_id, "poll": poll.id}
    db.session.commit()
    db.session.remove()
    with pytest.raises(SystemExit):
        downgrade(directory=MIGRATIONS, revision="0004")
    assert "1 polls wait for their keyholders" in caplog.text
    upgrade(directory=MIGRATIONS)
    shares = "SELECT count(*) FROM poll_keyholders WHERE sealed_share IS NOT NULL AND region_id = :region"
    assert db.session.scalar(sa.text(f"{shares} AND poll_id = :poll"), key) == 3
    db.session.execute(sa.text("UPDATE polls SET state = 'counted' WHERE id = :poll AND region_id = :region"), key)
    db.session.commit()
    db.session.remove()
    downgrade(directory=MIGRATIONS, revision="0004")
    upgrade(directory=MIGRATIONS)
