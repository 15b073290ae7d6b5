"""How a database would answer a statement."""

from typing import Any

from civicvote.db import db


def plan_of(statement: str, values: Any) -> str:
    """How the database would answer a statement if it had many rows to go through."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return "\n".join(str(row[3]) for row in found)
    for costly in ("enable_seqscan", "enable_sort", "enable_bitmapscan"):
        connection.exec_driver_sql(f"SET LOCAL {costly} = off")
    return "\n".join(str(row[0]) for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values))
