"""what ended has its day: when a proposal was withdrawn, when a co-author left; replies are counted by an index

Of those who left before, only the day on which they left is known: it stood where the day of signing had been. Going
back, it stands there again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ENDS = (("proposals", "withdrawn_at"), ("co_authors", "left_at"))
_ONLY_REPLIES = sa.text("depth > 0")


def upgrade() -> None:
    for table, column in _ENDS:
        op.add_column(table, sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE co_authors SET left_at = answered_at, answered_at = NULL WHERE state = 'left'")
    op.create_index(
        "ix_comments_replies",
        "comments",
        ["region_id", "thread_id", "id"],
        sqlite_where=_ONLY_REPLIES,
        postgresql_where=_ONLY_REPLIES,
    )


def downgrade() -> None:
    op.drop_index("ix_comments_replies", "comments")
    op.execute("UPDATE co_authors SET answered_at = left_at WHERE state = 'left'")
    for table, column in _ENDS:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
