"""``civicvote audit``: what it says, with which status it ends, and a database file with one byte changed."""

import hashlib
import json
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from civicvote.app import create_app
from civicvote.cli.audit import audit_command
from civicvote.db import db, unit_of_work
from civicvote.domain.audit import chain
from civicvote.domain.audit.models import AuditDayHead, AuditEntry, AuditHead
from civicvote.domain.audit.services import record
from civicvote.kernel import clock
from tests.conftest import make_settings
from tests.factories.places import make_region


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(audit_command, arguments)


def test_whole_chains_are_counted_and_the_command_succeeds(app: Flask, session: Session) -> None:
    region, other = make_region("whole-town"), make_region("other-town")
    for number in range(3):
        record(region_id=region.id, actor_id=1, verb="role:grant", subject="person:1", detail={"n": number})
    record(region_id=other.id, actor_id=1, verb="role:grant", subject="person:1")
    session.commit()

    result = run(app, "verify")
    assert result.exit_code == 0, result.output
    assert "whole-town: 3 entries, whole, ends with " in result.output
    assert "4 entries of 2 chains verified in " in result.output

    one = run(app, "verify", "other-town", "--json")
    report = json.loads(one.output)
    assert one.exit_code == 0
    assert (report["whole"], [chain["region"] for chain in report["chains"]]) == (True, ["other-town"])


def test_a_region_that_is_none_is_a_wrong_call(app: Flask) -> None:
    assert run(app, "verify", "atlantis").exit_code == 2


def test_a_missing_guard_fails_the_command_though_every_hash_fits(app: Flask, session: Session) -> None:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    name = "audit_entries_no_update" if is_sqlite else "audit_entries_append_only"
    session.execute(sa.text(f"DROP TRIGGER {name}" + ("" if is_sqlite else " ON audit_entries")))
    session.commit()
    result = run(app, "verify")
    assert result.exit_code == 1
    assert f"the database lacks the guard {name}" in result.output


def test_heads_kept_outside_are_compared_with_the_chain(app: Flask, session: Session, tmp_path: Path) -> None:
    region = make_region("kept-town")
    with clock.frozen_at(clock.now() - timedelta(days=1)):
        entry = record(region_id=region.id, actor_id=1, verb="role:grant", subject="person:1")
    session.commit()
    kept = tmp_path / "heads.txt"
    kept.write_text(f"# kept by a neighbour\nkept-town 2026-01-01 1 {entry.entry_hash}\n")
    assert run(app, "verify", "kept-town", "--heads", str(kept)).exit_code == 0
    kept.write_text(f"kept-town 2026-01-01 1 {'a' * 64}\n")
    result = run(app, "verify", "kept-town", "--heads", str(kept))
    assert result.exit_code == 1
    assert "is not the one whose hash was published for 2026-01-01" in result.output
    kept.write_text("not a list\n")
    assert run(app, "verify", "kept-town", "--heads", str(kept)).exit_code == 2


def test_heads_are_published_once(app: Flask, session: Session) -> None:
    region = make_region("daily-town")
    with clock.frozen_at(clock.now() - timedelta(days=3)):
        record(region_id=region.id, actor_id=1, verb="role:grant", subject="person:1")
    session.commit()
    assert run(app, "publish-heads").output == "daily-town: 3 days\n"
    assert run(app, "publish-heads").output == ""
    count = sa.select(sa.func.count()).select_from(AuditDayHead).where(AuditDayHead.region_id == region.id)
    assert session.scalar(count) == 3


# A database file of its own: what follows is done to the bytes, behind the database's back.


@pytest.fixture(scope="module")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audit")
    path = folder / "civicvote.db"
    app = create_app(make_settings(folder, f"sqlite:///{path}"))
    with app.app_context():
        upgrade(directory="migrations")
        # It repeats the subjects; without it each stands in the file once, in its row.
        db.session.execute(sa.text("DROP INDEX ix_audit_entries_region_id_subject"))
        db.session.commit()
        db.session.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        db.engine.dispose()
    return path


@pytest.fixture
def file_app(migrated_file: Path, tmp_path: Path) -> Iterator[tuple[Flask, Path]]:
    """An application on a copy of the migrated file."""
    path = tmp_path / "civicvote.db"
    shutil.copy(migrated_file, path)
    app = create_app(make_settings(tmp_path, f"sqlite:///{path}"))
    yield app, path
    with app.app_context():
        db.engine.dispose()


def fill(app: Flask, path: Path, entries: int) -> int:
    """A chain as ``record`` makes it, in bulk, written down to the file itself; the region's id."""
    with app.app_context():
        with unit_of_work():
            region_id = make_region("file-town").id
            previous, rows, begun = chain.GENESIS, [], clock.now()
            for sequence in range(1, entries + 1):
                values = {
                    "region_id": region_id,
                    "sequence": sequence,
                    "actor_id": 7,
                    "verb": "role:grant",
                    "subject": f"person:{sequence}",
                    "detail": chain.canonical({"role": "moderator", "note": f"필요한 까닭 {sequence}번"}),
                    "previous_hash": previous,
                }
                at = begun + timedelta(seconds=sequence)
                previous = chain.entry_hash(at=chain.canonical_moment(at), **values)  # type: ignore[arg-type]
                rows.append({**values, "at": at, "entry_hash": previous})
            db.session.execute(sa.insert(AuditEntry), rows)
            db.session.add(AuditHead(region_id=region_id, sequence=entries, entry_hash=previous))
        db.session.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        db.engine.dispose()
    assert not path.with_name("civicvote.db-wal").exists() or not path.with_name("civicvote.db-wal").stat().st_size
    return region_id


@pytest.mark.parametrize(
    ("wanted", "becomes"),
    [
        ("필요한 까닭 4711번", "필요한 까닭 4712번"),
        ("person:4711", "person:4710"),
    ],
)
def test_one_byte_changed_in_the_database_file_is_named_by_its_row(
    file_app: tuple[Flask, Path], wanted: str, becomes: str
) -> None:
    app, path = file_app
    fill(app, path, 5000)
    assert run(app, "verify").exit_code == 0
    change_bytes(app, path, wanted.encode(), becomes.encode())
    result = run(app, "verify")
    assert result.exit_code == 1
    broken = [line for line in result.output.splitlines() if " is not what was recorded" in line]
    assert len(broken) == 1, result.output
    assert broken[0].startswith("file-town: entry 4711 (")


@pytest.mark.parametrize("junk", [b"\xff", b"\x00", b"\x1b"])
def test_a_byte_that_is_no_text_ends_as_a_broken_row_and_not_as_an_error(
    file_app: tuple[Flask, Path], junk: bytes
) -> None:
    app, path = file_app
    fill(app, path, 300)
    wanted = "까닭 250번".encode()
    change_bytes(app, path, wanted, junk + wanted[1:])
    result = run(app, "verify")
    assert result.exit_code == 1, result.output
    assert "entry 250 (" in result.output


def change_bytes(app: Flask, path: Path, wanted: bytes, becomes: bytes) -> None:
    with app.app_context():
        db.engine.dispose()
    content = path.read_bytes()
    assert content.count(wanted) == 1
    assert len(wanted) == len(becomes)
    assert sum(old != new for old, new in zip(wanted, becomes, strict=True)) == 1
    path.write_bytes(content.replace(wanted, becomes))


def test_verifying_costs_little_more_than_hashing_the_same_rows_in_a_plain_loop(file_app: tuple[Flask, Path]) -> None:
    """Ten thousand entries: at most five times what SHA-256 and JSON alone take in the same run, and under the two
    seconds that are promised."""
    app, path = file_app
    fill(app, path, 10_000)
    whole = json.loads(run(app, "verify", "--json").output)
    assert (whole["whole"], whole["chains"][0]["entries"]) == (True, 10_000)
    with app.app_context():
        rows = [tuple(row) for row in db.session.execute(sa.text("SELECT * FROM audit_entries ORDER BY sequence"))]
        db.session.remove()
    measured = []
    for _ in range(3):
        begun = time.perf_counter()
        for row in rows:
            hashlib.sha256(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
        plain = time.perf_counter() - begun
        measured.append((json.loads(run(app, "verify", "--json").output)["seconds"], plain))
    assert min(seconds / plain for seconds, plain in measured) < 5, measured
    assert min(seconds for seconds, _plain in measured) < 2, measured
