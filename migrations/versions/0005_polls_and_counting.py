"""polls and counting: counting choices, shapes of ballots, electorates, reasons and roots at closing

Columns are added and dropped in place: SQLite's batch mode would drop the triggers that guard the tables. The new
columns that decide about an outcome have a guard of their own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FROZEN_COLUMNS = ("counting", "ballot", "keyholders_needed", "publishes_ballots")


def _columns() -> dict[str, tuple[sa.Column, ...]]:
    """Table to its new columns, made anew for each use."""
    return {
        "polls": (
            sa.Column("counting", sa.JSON(), server_default="{}", nullable=False),
            sa.Column("ballot", sa.JSON(), server_default="{}", nullable=False),
            sa.Column("keyholders_needed", sa.BigInteger(), server_default="0", nullable=False),
            sa.Column("publishes_ballots", sa.Boolean(), server_default=sa.true(), nullable=False),
            sa.Column("trial_unsealed_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("closing_reason", sa.Text(), server_default="", nullable=False),
            sa.Column("receipts_root", sa.String(length=64), nullable=True),
        ),
        "poll_options": (
            sa.Column("field_key", sa.String(length=60), nullable=True),
            sa.Column("district_code", sa.String(length=10), nullable=True),
            sa.Column("is_withdrawn", sa.Boolean(), server_default=sa.false(), nullable=False),
        ),
        "roll_entries": (sa.Column("electorate", sa.String(length=60), server_default="residents", nullable=False),),
        "unsealed_ballots": (
            sa.Column("electorate", sa.String(length=60), server_default="residents", nullable=False),
            sa.Column("style", sa.String(length=10), server_default="", nullable=False),
        ),
    }


def upgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    _guard_choices()
    _upgrade_ballots()
    _upgrade_sealing()
    _upgrade_insights()
    _upgrade_turnout()
    _upgrade_monitor()
    _upgrade_finding()


def downgrade() -> None:
    _require_nothing_sealed()
    _downgrade_finding()
    _downgrade_monitor()
    _downgrade_turnout()
    _downgrade_insights()
    _downgrade_sealing()
    _downgrade_ballots()
    _unguard_choices()
    for table, columns in _columns().items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column.name}")


def _require_nothing_sealed() -> None:
    """Without the keyholders' shares nobody could ever open what lies in the box."""
    waiting = sa.text("SELECT count(*) FROM polls WHERE keyholders_needed > 0 AND state IN ('frozen', 'closed')")
    if polls := op.get_bind().execute(waiting).scalar_one():
        raise RuntimeError(f"{polls} polls wait for their keyholders: count them before going back")


def _guard_choices() -> None:
    """JSON has no equality in PostgreSQL; its text has."""
    if op.get_bind().dialect.name == "sqlite":
        changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in FROZEN_COLUMNS)
        op.execute(
            "CREATE TRIGGER polls_choices_frozen BEFORE UPDATE ON polls "
            f"WHEN OLD.frozen_hash IS NOT NULL AND ({changed}) "
            "BEGIN SELECT RAISE(ABORT, 'guarded: polls_choices_frozen'); END"
        )
    else:
        changed = " OR ".join(f"OLD.{column}::text IS DISTINCT FROM NEW.{column}::text" for column in FROZEN_COLUMNS)
        op.execute(
            "CREATE TRIGGER polls_choices_frozen BEFORE UPDATE ON polls FOR EACH ROW "
            f"WHEN (OLD.frozen_hash IS NOT NULL AND ({changed})) EXECUTE FUNCTION civicvote_refuse()"
        )


def _unguard_choices() -> None:
    table = "" if op.get_bind().dialect.name == "sqlite" else " ON polls"
    op.execute(f"DROP TRIGGER polls_choices_frozen{table}")


def _upgrade_sealing() -> None:
    op.create_table(
        "ballot_receipts",
        *_poll_columns(),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("subtree", sa.String(length=64), nullable=True),
        _poll_key("ballot_receipts"),
        sa.PrimaryKeyConstraint("region_id", "poll_id", "position", name=op.f("pk_ballot_receipts")),
        sa.UniqueConstraint("region_id", "poll_id", "code", name=op.f("uq_ballot_receipts_region_id_poll_id_code")),
    )
    op.create_table(
        "poll_extensions",
        *_poll_columns(),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("old_closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("new_closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.BigInteger(), nullable=False),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("old_closes_at < new_closes_at", name=op.f("ck_poll_extensions_closes_later")),
        sa.ForeignKeyConstraint(["officer_id"], ["people.id"], name=op.f("fk_poll_extensions_officer_id")),
        _poll_key("poll_extensions"),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_poll_extensions")),
    )
    op.create_index(op.f("ix_poll_extensions_region_id_poll_id"), "poll_extensions", ["region_id", "poll_id"])
    op.create_table(
        "poll_keyholders",
        *_poll_columns(),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=True),
        sa.Column("key_made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_share", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_poll_keyholders_person_id")),
        _poll_key("poll_keyholders"),
        sa.PrimaryKeyConstraint("region_id", "poll_id", "number", name=op.f("pk_poll_keyholders")),
        sa.UniqueConstraint(
            "region_id", "poll_id", "person_id", name=op.f("uq_poll_keyholders_region_id_poll_id_person_id")
        ),
    )
    op.create_index(op.f("ix_poll_keyholders_person_id"), "poll_keyholders", ["person_id"])
    op.create_table(
        "poll_key_ceremonies",
        *_poll_columns(),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("verify_key", sa.String(length=64), nullable=False),
        sa.Column("trial_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("trial_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _poll_key("poll_key_ceremonies"),
        sa.PrimaryKeyConstraint("region_id", "poll_id", name=op.f("pk_poll_key_ceremonies")),
    )


def _downgrade_sealing() -> None:
    for table in ("poll_key_ceremonies", "poll_keyholders", "poll_extensions", "ballot_receipts"):
        op.drop_table(table)


def _poll_columns() -> tuple[sa.Column, ...]:
    return (
        sa.Column("region_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("poll_id", sa.BigInteger(), autoincrement=False, nullable=False),
    )


def _poll_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["region_id", "poll_id"], ["polls.region_id", "polls.id"], name=op.f(f"fk_{table}_region_id")
    )


def _upgrade_turnout() -> None:
    op.create_table(
        "turnout_groups",
        *_poll_columns(),
        sa.Column("division", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("on_roll", sa.BigInteger(), nullable=False),
        sa.Column("voted", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id", "poll_id"], ["polls.region_id", "polls.id"], name=op.f("fk_turnout_groups_region_id_poll_id")
        ),
        sa.PrimaryKeyConstraint("region_id", "poll_id", "division", "key", name=op.f("pk_turnout_groups")),
    )


def _downgrade_turnout() -> None:
    op.drop_table("turnout_groups")


def _upgrade_monitor() -> None:
    op.create_table(
        "poll_watches",
        *_poll_columns(),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id", "poll_id"], ["polls.region_id", "polls.id"], name=op.f("fk_poll_watches_region_id_poll_id")
        ),
        sa.PrimaryKeyConstraint("region_id", "poll_id", name=op.f("pk_poll_watches")),
    )
    op.create_table(
        "cast_traces",
        *_poll_columns(),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("network_mark", sa.String(length=64), nullable=False),
        sa.Column("device_mark", sa.String(length=64), nullable=False),
        sa.Column("is_change", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id", "poll_id"], ["polls.region_id", "polls.id"], name=op.f("fk_cast_traces_region_id_poll_id")
        ),
        sa.PrimaryKeyConstraint("region_id", "poll_id", "key", name=op.f("pk_cast_traces")),
    )
    op.create_table(
        "staff_networks",
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("network", sa.String(length=43), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_staff_networks_region_id")),
        sa.PrimaryKeyConstraint("region_id", "network", name=op.f("pk_staff_networks")),
    )


def _downgrade_monitor() -> None:
    op.drop_table("staff_networks")
    op.drop_table("cast_traces")
    op.drop_table("poll_watches")


def _upgrade_insights() -> None:
    op.create_table(
        "outcome_insights",
        *_poll_columns(),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("insight", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id", "poll_id", "rule"],
            ["outcomes.region_id", "outcomes.poll_id", "outcomes.rule"],
            name=op.f("fk_outcome_insights_region_id_poll_id_rule"),
        ),
        sa.PrimaryKeyConstraint("region_id", "poll_id", "rule", name=op.f("pk_outcome_insights")),
    )
    op.create_index(op.f("ix_audit_entries_region_id_subject"), "audit_entries", ["region_id", "subject"])


def _downgrade_insights() -> None:
    op.drop_index(op.f("ix_audit_entries_region_id_subject"), table_name="audit_entries")
    op.drop_table("outcome_insights")


def _upgrade_ballots() -> None:
    """Who is named for which electorate, ballots that were begun, and a guard: an electorate is for ever."""
    op.create_table(
        "poll_electors",
        sa.Column("region_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("poll_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("electorate", sa.String(length=60), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_poll_electors_person_id")),
        sa.ForeignKeyConstraint(
            ["region_id", "poll_id"], ["polls.region_id", "polls.id"], name=op.f("fk_poll_electors_region_id_poll_id")
        ),
        sa.PrimaryKeyConstraint("region_id", "poll_id", "person_id", name=op.f("pk_poll_electors")),
    )
    op.create_index(op.f("ix_poll_electors_person_id"), "poll_electors", ["person_id"], unique=False)
    op.create_table(
        "ballot_drafts",
        sa.Column("region_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("poll_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_ballot_drafts_person_id")),
        sa.ForeignKeyConstraint(
            ["region_id", "poll_id"], ["polls.region_id", "polls.id"], name=op.f("fk_ballot_drafts_region_id_poll_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_hash"],
            ["account_sessions.token_hash"],
            name=op.f("fk_ballot_drafts_session_hash"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("region_id", "poll_id", "person_id", name=op.f("pk_ballot_drafts")),
    )
    op.create_index(op.f("ix_ballot_drafts_person_id"), "ballot_drafts", ["person_id"], unique=False)
    op.create_index(op.f("ix_ballot_drafts_session_hash"), "ballot_drafts", ["session_hash"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER roll_entries_electorate_kept BEFORE UPDATE ON roll_entries "
            "WHEN OLD.electorate IS NOT NEW.electorate "
            "BEGIN SELECT RAISE(ABORT, 'guarded: roll_entries_electorate_kept'); END"
        )
    else:
        op.execute(
            "CREATE TRIGGER roll_entries_electorate_kept BEFORE UPDATE ON roll_entries FOR EACH ROW "
            "WHEN (OLD.electorate IS DISTINCT FROM NEW.electorate) EXECUTE FUNCTION civicvote_refuse()"
        )


def _downgrade_ballots() -> None:
    table = "" if op.get_bind().dialect.name == "sqlite" else " ON roll_entries"
    op.execute(f"DROP TRIGGER roll_entries_electorate_kept{table}")
    op.drop_table("ballot_drafts")
    op.drop_table("poll_electors")


def _upgrade_finding() -> None:
    """Without a row: whatever the index of search holds, the worker makes it anew once."""
    op.create_table(
        "findable_formats",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_findable_formats")),
    )


def _downgrade_finding() -> None:
    op.drop_table("findable_formats")
