"""what is settled stays: receipts and moved closing times are guarded, each keyholder proves a file, counts are told

The list of receipts can't change once the poll has its root, and the root neither. Closing writes the list before the
root, in one transaction.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CHANGES = ("INSERT", "UPDATE", "DELETE")


def _columns() -> dict[str, tuple[sa.Column, ...]]:
    """Table to its new columns, made anew for each use."""
    return {
        "polls": (
            sa.Column("counting_since", sa.DateTime(timezone=True), nullable=True),
            sa.Column("count_refusal", sa.JSON(), nullable=True),
        ),
        "poll_keyholders": (
            sa.Column("share_proof", sa.String(length=64), nullable=True),
            sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        ),
    }


def upgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    if op.get_bind().dialect.name == "sqlite":
        for name, when in _sqlite_triggers().items():
            op.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, 'guarded: {name}'); END")
    else:
        _guard_postgresql()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in _sqlite_triggers():
            op.execute(f"DROP TRIGGER {name}")
    else:
        _unguard_postgresql()
    for table, columns in _columns().items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column.name}")


def _sqlite_triggers() -> dict[str, str]:
    triggers = {
        "polls_root_fixed": "BEFORE UPDATE ON polls "
        "WHEN OLD.receipts_root IS NOT NULL AND OLD.receipts_root IS NOT NEW.receipts_root",
    }
    for change in CHANGES:
        row = "NEW" if change == "INSERT" else "OLD"
        triggers[f"ballot_receipts_no_{change.lower()}"] = (
            f"BEFORE {change} ON ballot_receipts WHEN EXISTS (SELECT 1 FROM polls WHERE region_id = {row}.region_id "
            f"AND id = {row}.poll_id AND receipts_root IS NOT NULL)"
        )
    for change in ("UPDATE", "DELETE"):
        triggers[f"poll_extensions_no_{change.lower()}"] = f"BEFORE {change} ON poll_extensions"
    return triggers


def _guard_postgresql() -> None:
    """Receipts come in by the hundred thousand, so their insertion is looked at once a statement and not once a row."""
    op.execute(
        "CREATE TRIGGER polls_root_fixed BEFORE UPDATE ON polls FOR EACH ROW "
        "WHEN (OLD.receipts_root IS NOT NULL AND OLD.receipts_root IS DISTINCT FROM NEW.receipts_root) "
        "EXECUTE FUNCTION civicvote_refuse()"
    )
    op.execute(
        "CREATE FUNCTION civicvote_refuse_fixed_receipts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM (SELECT DISTINCT region_id, poll_id FROM touched) AS lists JOIN polls "
        "ON polls.region_id = lists.region_id AND polls.id = lists.poll_id WHERE polls.receipts_root IS NOT NULL) THEN "
        "RAISE EXCEPTION 'guarded: ballot_receipts' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN NULL; END $$"
    )
    for change in CHANGES:
        which = "NEW" if change == "INSERT" else "OLD"
        op.execute(
            f"CREATE TRIGGER ballot_receipts_no_{change.lower()} AFTER {change} ON ballot_receipts "
            f"REFERENCING {which} TABLE AS touched "
            "FOR EACH STATEMENT EXECUTE FUNCTION civicvote_refuse_fixed_receipts()"
        )
    op.execute(
        "CREATE TRIGGER poll_extensions_append_only BEFORE UPDATE OR DELETE ON poll_extensions "
        "FOR EACH ROW EXECUTE FUNCTION civicvote_refuse()"
    )
    for table in ("ballot_receipts", "poll_extensions"):
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION civicvote_refuse()"
        )


def _unguard_postgresql() -> None:
    for table in ("ballot_receipts", "poll_extensions"):
        op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    op.execute("DROP TRIGGER poll_extensions_append_only ON poll_extensions")
    for change in CHANGES:
        op.execute(f"DROP TRIGGER ballot_receipts_no_{change.lower()} ON ballot_receipts")
    op.execute("DROP FUNCTION civicvote_refuse_fixed_receipts()")
    op.execute("DROP TRIGGER polls_root_fixed ON polls")
