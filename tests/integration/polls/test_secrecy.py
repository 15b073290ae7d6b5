"""While a poll is open, nothing that is stored or logged tells what anybody chose (TRUST.md, "Votes")."""

import json
import logging
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from structlog.testing import capture_logs

from civicvote.app import create_app
from civicvote.db import db, unit_of_work
from civicvote.domain.polls.box import keys, sealing
from civicvote.domain.polls.models import CastRecord, Envelope, Poll
from civicvote.domain.polls.services import add_option
from civicvote.kernel import ids
from civicvote.kernel.actor import Actor
from tests.conftest import make_settings
from tests.factories.people import make_resident
from tests.factories.places import make_region
from tests.factories.polls import cast, freeze, make_agenda_draft

#: Option keys and labels that occur nowhere else, so that finding one is finding a choice.
MARKED = {"kqzlampkqz": "첫째 표지 선택지", "kqztreekqz": "둘째 표지 선택지", "kqzbenchkqz": "셋째 표지 선택지"}


def dump() -> dict[str, list[dict[str, str]]]:
    """Every row of every table as texts; bytes as they are and as hexadecimal."""
    tables = {}
    for table in db.metadata.sorted_tables:
        rows = db.session.execute(sa.select(table)).mappings().all()
        tables[table.name] = [{str(name): _text(value) for name, value in row.items()} for row in rows]
    return tables


def _text(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex() + bytes(value).decode("latin-1")
    return json.dumps(value, ensure_ascii=False, default=str)


@pytest.fixture
def marked_poll(open_agenda):
    """An open poll with marked options: five voters, who cast by pages and by service."""
    draft = make_agenda_draft(open_agenda.region)
    draft.options.clear()
    db.session.flush()
    for key, label in MARKED.items():
        add_option(poll=draft, key=key, label=label)
    open_agenda.poll = freeze(draft, open_agenda.region, open_agenda.key_folder)
    db.session.commit()
    return open_agenda


def test_a_dump_of_all_tables_of_an_open_poll_holds_no_choice_beside_a_voter(marked_poll, sign_in):
    browser = sign_in(marked_poll.voters[0])
    where = f"/regions/{marked_poll.region.slug}/polls/{ids.encode(marked_poll.poll.id)}"
    browser.get(where)
    browser.submit({"choices": ["kqzlampkqz"]}, action="/confirm")
    browser.submit(action="/cast")
    for voter in marked_poll.voters[1:]:
        cast(voter, marked_poll.poll, "kqztreekqz", "kqzbenchkqz")
    db.session.commit()
    voter_ids = {str(voter.id) for voter in marked_poll.voters}

    tables = dump()

    joined = 0
    for name, rows in tables.items():
        for row in rows:
            texts = list(row.values())
            holds_option = any(mark in text for text in texts for mark in (*MARKED, *MARKED.values()))
            holds_voter = any(text in voter_ids for text in texts)
            joined += holds_voter
            assert not (holds_option and holds_voter), f"{name} joins a voter and an option: {row}"
            if holds_option:
                assert name in {"polls", "poll_options", "findables"}, f"{name} names an option while the poll is open"
    assert joined >= 3 * len(voter_ids), "the search found the voters, so it would have found their choices"
    assert tables["unsealed_ballots"] == []
    assert tables["outcomes"] == []
    assert tables["turnouts"] == []


def test_the_search_would_find_a_choice_that_was_stored_in_the_open(marked_poll):
    cast(marked_poll.voters[0], marked_poll.poll, "kqzlampkqz")
    db.session.execute(sa.update(Envelope).values(sealed=b'["kqzlampkqz"]'))
    assert any("kqzlampkqz" in row["sealed"] for row in dump()["envelopes"])


def test_the_log_of_a_cast_names_no_choice(marked_poll, sign_in, caplog):
    browser = sign_in(marked_poll.voters[0])
    where = f"/regions/{marked_poll.region.slug}/polls/{ids.encode(marked_poll.poll.id)}"
    caplog.set_level(logging.DEBUG)
    with capture_logs() as events:
        browser.get(where)
        browser.submit({"choices": ["kqzlampkqz"]}, action="/confirm")
        browser.submit(action="/cast")
        browser.post(f"{where}/cast", data={"choices": "kqzlampkqz"})
    written = json.dumps(events, ensure_ascii=False, default=str) + caplog.text
    assert {"polls.confirm", "polls.cast", "polls.receipt"} <= {event.get("endpoint") for event in events}
    assert not any(mark in written for mark in (*MARKED, *MARKED.values()))


def test_sealed_ballots_and_records_have_one_length_whatever_was_chosen(marked_poll):
    ballots = [("kqzlampkqz",), ("kqztreekqz", "kqzbenchkqz"), ("kqzbenchkqz",), ("kqzlampkqz", "kqztreekqz")]
    for voter, choices in zip(marked_poll.voters, ballots, strict=False):
        cast(voter, marked_poll.poll, *choices)
    lengths = {len(sealed) for sealed in db.session.scalars(sa.select(Envelope.sealed))}
    assert len(lengths) == 1
    records = db.session.scalars(sa.select(CastRecord)).all()
    assert {(len(each.key_hash), len(each.request_mac), len(each.receipt)) for each in records} == {(64, 64, 64)}


def test_equal_ballots_look_different_in_the_box(marked_poll):
    for voter in marked_poll.voters:
        cast(voter, marked_poll.poll, "kqzlampkqz")
    sealed = db.session.scalars(sa.select(Envelope.sealed)).all()
    assert len({bytes(each) for each in sealed}) == len(marked_poll.voters)


def test_the_same_choice_leaves_a_different_record_with_each_key(marked_poll):
    voter = marked_poll.voters[0]
    for _ in range(3):
        cast(voter, marked_poll.poll, "kqzlampkqz")
    macs = db.session.scalars(sa.select(CastRecord.request_mac)).all()
    assert len(set(macs)) == 3


def test_another_key_opens_nothing(marked_poll):
    cast(marked_poll.voters[0], marked_poll.poll, "kqzlampkqz")
    sealed = db.session.scalars(sa.select(Envelope.sealed)).one()
    with pytest.raises(sealing.Unopenable):
        sealing.Opener(sealing.new_key_pair().private).unseal(bytes(sealed))
    own = sealing.Opener(keys.load(marked_poll.key_folder, marked_poll.poll.id))
    assert '"ballot":["kqzlampkqz"]' in own.unseal(bytes(sealed))


BALLOTS = [("kqzlampkqz",), ("kqztreekqz", "kqzbenchkqz"), ("kqzbenchkqz", "kqzlampkqz"), ("kqztreekqz",)]


@dataclass
class Installation:
    """An application on a SQLite database of its own, with real commits, an open poll and its files."""

    app: Flask
    folder: Path
    region_id: int
    poll_id: int
    voter_ids: list[int]

    def cast_all(self) -> None:
        for voter_id, choices in zip(self.voter_ids, BALLOTS, strict=True):
            with self.app.app_context(), unit_of_work():
                cast(Actor(voter_id, "주민"), db.session.get_one(Poll, (self.region_id, self.poll_id)), *choices)

    def files(self) -> dict[str, bytes]:
        """The database with its log, and a backup made by the database's own means."""
        backup = self.folder / "backup.db"
        backup.unlink(missing_ok=True)
        with self.app.app_context():
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.connection.execute(f"VACUUM INTO '{backup}'")
            found = {path.name: path.read_bytes() for path in self.folder.glob("*.db*")}
            db.engine.dispose()
        return found


@pytest.fixture
def installation(tmp_path):
    app = create_app(make_settings(tmp_path, f"sqlite:///{tmp_path / 'votes.db'}"))
    with app.app_context():
        upgrade(directory="migrations")
        with unit_of_work():
            region = make_region()
            voter_ids = [make_resident(region.id).id for _ in BALLOTS]
            draft = make_agenda_draft(region)
            draft.options.clear()
            db.session.flush()
            for key, label in MARKED.items():
                add_option(poll=draft, key=key, label=label)
            poll = freeze(draft, region, tmp_path / "keys")
            made = Installation(app, tmp_path, region.id, poll.id, voter_ids)
    yield made
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def traces(files: dict[str, bytes]) -> list[str]:
    """Where a list of choices stands as text, whole or begun: only a ballot has one, the fixed rules have objects."""
    forms = (b'["kqz', b'[\\"kqz', b'kqz","kqz', b"choices=kqz")
    return [f"{name}: {form!r}" for name, content in files.items() for form in forms if form in content]


def test_neither_the_files_of_the_database_nor_its_backup_nor_the_log_hold_a_choice(installation, caplog):
    """Casting leaves every option's key exactly as often in a backup as it stood there before: nothing names one."""
    before = installation.files()
    caplog.set_level(logging.DEBUG)
    installation.cast_all()
    after = installation.files()

    assert {"votes.db", "backup.db"} <= set(after)
    assert traces(after) == []
    for key, label in MARKED.items():
        assert after["backup.db"].count(key.encode()) == before["backup.db"].count(key.encode()) > 0
        assert key not in caplog.text
        assert label not in caplog.text
    with installation.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Envelope)) == len(BALLOTS)


def test_the_search_of_files_would_find_a_ballot_in_the_open(installation):
    installation.cast_all()
    with installation.app.app_context(), unit_of_work():
        db.session.execute(sa.update(Envelope).values(sealed=b'["kqzlampkqz"]'))
    assert any(found.startswith("backup.db") for found in traces(installation.files()))
