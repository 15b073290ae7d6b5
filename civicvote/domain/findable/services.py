"""Make a public text findable, or not any more: called by the room that owns it, in its transaction."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from civicvote.db import db
from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.findable.models import Findable, FindableFormat
from civicvote.kernel import clock
from civicvote.kernel.tokens import indexed_tokens

Row = dict[str, Any]

#: Raise it whenever the same text would leave something else in the index or among the marks of similar proposals: the
#: worker then makes all of it anew.
FORMAT = 1


def findable_row(
    *,
    region_id: int,
    kind: FindableKind,
    subject_id: int,
    title: str,
    text: str,
    occurred_at: datetime,
    round_id: int | None = None,
    host_id: int = 0,
    thread_id: int = 0,
) -> Row:
    """The index's row of a text, for ``make_findable`` and for writing many at once."""
    return {
        "region_id": region_id,
        "kind": kind,
        "subject_id": subject_id,
        "round_id": round_id,
        "host_id": host_id,
        "thread_id": thread_id,
        "title": title,
        "text": text,
        "title_tokens": " ".join(indexed_tokens(title)),
        "tokens": " ".join(indexed_tokens(f"{title}\n{text}")),
        "occurred_at": occurred_at,
    }


def make_findable(
    *,
    region_id: int,
    kind: FindableKind,
    subject_id: int,
    title: str,
    text: str,
    occurred_at: datetime,
    round_id: int | None = None,
    host_id: int = 0,
    thread_id: int = 0,
) -> None:
    """Let readers find this text from now on; what was found by the same kind and id before is replaced.

    ``host_id``: the thread (of a comment) or the proposal without which nobody may read it; it is found only while
    that is findable itself. ``thread_id``: the thread below this text. One statement."""
    row = findable_row(
        region_id=region_id,
        kind=kind,
        subject_id=subject_id,
        title=title,
        text=text,
        occurred_at=occurred_at,
        round_id=round_id,
        host_id=host_id,
        thread_id=thread_id,
    )
    write_findables(rows=[row])


def write_findables(*, rows: Sequence[Row]) -> None:
    """Write rows that ``findable_row`` made, over those that are there."""
    if rows:
        connection = db.session.connection()
        connection.execute(_upsert(connection.dialect.name), list(rows))


@cache
def _upsert(dialect: str) -> Any:
    statement: Any = (sqlite if dialect == "sqlite" else postgresql).insert(Findable)
    return statement.on_conflict_do_update(
        index_elements=["region_id", "kind", "subject_id"],
        set_={
            name: statement.excluded[name]
            for name in ("round_id", "host_id", "thread_id", "title", "text", "title_tokens", "tokens", "occurred_at")
        },
    )


def forget(*, region_id: int, kind: FindableKind, subject_id: int) -> None:
    """Nobody finds it any more, nor what it is the host of: it was hidden, withdrawn or merged. One statement."""
    db.session.connection().execute(
        sa.delete(Findable).where(
            Findable.region_id == region_id, Findable.kind == kind, Findable.subject_id == subject_id
        )
    )


def is_of_this_format() -> bool:
    """Whether the index was made, all of it, as this version makes it. One statement."""
    return bool(db.session.scalar(sa.select(sa.exists().where(FindableFormat.number == FORMAT))))


def note_format() -> None:
    """The index is made, all of it, as this version makes it."""
    db.session.execute(sa.delete(FindableFormat))
    db.session.execute(sa.insert(FindableFormat).values(number=FORMAT, made_at=clock.now()))
