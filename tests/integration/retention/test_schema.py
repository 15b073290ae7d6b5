"""The retention table and the schema: every table is placed, every named field exists, nothing personal hides."""

import sqlalchemy as sa

from civicvote.db import Base
from civicvote.domain.retention.periods import KEPT, NOT_PERSONAL, RETENTION, Fate, Kept
from civicvote.domain.retention.services_destroying import DESTROY
from civicvote.domain.uploads.services import KEPT_UNATTACHED
from tests.architecture.sources import layer_of, modules

#: Names of columns that are about a person, whatever table they stand in.
PERSONAL = frozenset(
    {
        "actor_id",
        "address",
        "author_id",
        "birth_year",
        "born_on",
        "device",
        "display_name",
        "email",
        "guardian_name",
        "identity_hash",
        "moderator_id",
        "payload",
        "person_id",
        "reporter_id",
        "sender_id",
        "voter_id",
    }
)


def tables() -> dict[str, sa.Table]:
    assert sum(layer_of(path) == "models" for path in modules()) >= 10, "the models are loaded with the application"
    return dict(Base.metadata.tables)


def is_personal(table: sa.Table) -> list[str]:
    """The columns by which a row is about a person."""
    return [
        column.name
        for column in table.columns
        if column.name in PERSONAL
        or column.name.endswith("_by_id")
        or any(key.column.table.name == "people" for key in column.foreign_keys)
    ]


def test_every_table_is_placed_and_no_other() -> None:
    placed = {line.table for line in RETENTION} | {name for names in KEPT.values() for name in names} | {*NOT_PERSONAL}
    assert tables().keys() - placed == set(), "say in domain/retention/periods.py how long these are kept"
    assert placed - tables().keys() == set(), "there is no such table"


def test_what_is_about_no_person_has_no_column_that_names_one() -> None:
    wrong = {name: found for name in NOT_PERSONAL if (found := is_personal(tables()[name]))}
    assert not wrong, wrong


def test_a_table_that_is_only_emptied_also_says_why_its_rows_stay() -> None:
    deleted = {line.table for line in RETENTION if line.fate is Fate.DELETED}
    emptied = {line.table for line in RETENTION if line.fate is Fate.EMPTIED}
    kept = {name for names in KEPT.values() for name in names}
    assert emptied - deleted - kept == set()


def test_fields_are_named_where_only_they_go_and_they_exist() -> None:
    for line in RETENTION:
        assert bool(line.fields) == (line.fate is Fate.EMPTIED), line
        assert set(line.fields) <= set(tables()[line.table].columns.keys()), line


def test_every_line_is_carried_out_and_stands_once() -> None:
    assert [line.kept for line in RETENTION] == list(dict.fromkeys(line.kept for line in RETENTION))
    assert {line.kept for line in RETENTION} == set(Kept) == {*DESTROY, Kept.UPLOADS}


def test_uploads_wait_as_long_as_their_own_room_says() -> None:
    assert next(line.period for line in RETENTION if line.kept is Kept.UPLOADS) == KEPT_UNATTACHED


def test_the_search_for_personal_columns_sees_them() -> None:
    assert {"person_id", "confirmed_by_id", "birth_year"} <= set(is_personal(tables()["residencies"]))
