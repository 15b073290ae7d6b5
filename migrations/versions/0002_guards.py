"""guards: what was recorded stays, and a frozen poll's rules stay

Triggers belong to no model, so no later autogenerate sees them. SQLite's batch mode drops them with the table it
rebuilds: a migration that alters one of these tables must create them again (a test goes up, down and up and tries).
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit_entries", "ledger_transfers")
FROZEN_COLUMNS = (
    "kind",
    "ballot_type",
    "min_choices",
    "max_choices",
    "ballot_limit_amount",
    "counting_rule",
    "seats",
    "threshold",
    "envelope_amount",
    "tie_break",
    "opens_at",
    "frozen_hash",
    "frozen_rules",
    "public_key",
)
CHANGES = ("INSERT", "UPDATE", "DELETE")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in _sqlite_triggers():
            op.execute(f"DROP TRIGGER {name}")
    else:
        for table in APPEND_ONLY:
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
        op.execute("DROP TRIGGER roll_entries_kept ON roll_entries")
        op.execute("DROP TRIGGER polls_frozen ON polls")
        op.execute("DROP TRIGGER poll_options_frozen ON poll_options")
        op.execute("DROP FUNCTION civicvote_refuse()")
        op.execute("DROP FUNCTION civicvote_refuse_frozen_options()")


def _sqlite_triggers() -> dict[str, str]:
    triggers = {}
    for table in APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            triggers[f"{table}_no_{change.lower()}"] = f"BEFORE {change} ON {table}"
    triggers["roll_entries_no_delete"] = "BEFORE DELETE ON roll_entries"
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in FROZEN_COLUMNS)
    triggers["polls_frozen"] = f"BEFORE UPDATE ON polls WHEN OLD.frozen_hash IS NOT NULL AND ({changed})"
    for change in CHANGES:
        row = "NEW" if change == "INSERT" else "OLD"
        triggers[f"poll_options_no_{change.lower()}"] = (
            f"BEFORE {change} ON poll_options WHEN EXISTS (SELECT 1 FROM polls WHERE region_id = {row}.region_id "
            f"AND id = {row}.poll_id AND frozen_hash IS NOT NULL)"
        )
    return triggers


def _guard_sqlite() -> None:
    for name, when in _sqlite_triggers().items():
        op.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, 'guarded: {name}'); END")


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION civicvote_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'guarded: %', TG_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION civicvote_refuse()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION civicvote_refuse()"
        )
    op.execute(
        "CREATE TRIGGER roll_entries_kept BEFORE DELETE ON roll_entries "
        "FOR EACH ROW EXECUTE FUNCTION civicvote_refuse()"
    )
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in FROZEN_COLUMNS)
    op.execute(
        f"CREATE TRIGGER polls_frozen BEFORE UPDATE ON polls FOR EACH ROW "
        f"WHEN (OLD.frozen_hash IS NOT NULL AND ({changed})) EXECUTE FUNCTION civicvote_refuse()"
    )
    op.execute(
        "CREATE FUNCTION civicvote_refuse_frozen_options() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE touched poll_options%ROWTYPE; BEGIN "
        "IF TG_OP = 'INSERT' THEN touched := NEW; ELSE touched := OLD; END IF; "
        "IF EXISTS (SELECT 1 FROM polls WHERE region_id = touched.region_id AND id = touched.poll_id "
        "AND frozen_hash IS NOT NULL) THEN "
        "RAISE EXCEPTION 'guarded: poll_options' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER poll_options_frozen BEFORE INSERT OR UPDATE OR DELETE ON poll_options "
        "FOR EACH ROW EXECUTE FUNCTION civicvote_refuse_frozen_options()"
    )
