"""Reads of the index: the newest entries that hold what is wanted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.findable.matching import Scope, Wanted, fts5_query, tsquery
from civicvote.domain.findable.models import Findable

#: Hosted texts only while a reader can open their host. OFFSET keeps PostgreSQL from reading all hosts beforehand.
_READABLE = """(f.host_id = 0
    OR EXISTS (SELECT 1 FROM findables t
        WHERE t.region_id = f.region_id AND t.thread_id = f.host_id LIMIT 1 OFFSET 0)
    OR EXISTS (SELECT 1 FROM findables p
        WHERE p.subject_id = f.host_id AND p.region_id = f.region_id LIMIT 1 OFFSET 0))"""

_SQLITE = sa.text(
    "SELECT f.subject_id, f.kind FROM findable_index x JOIN findables f ON f.subject_id = x.rowid "  # noqa: S608
    f"WHERE findable_index MATCH :wanted AND {_READABLE} ORDER BY x.rowid DESC LIMIT :limit"
)

#: All hits come from the index before they are put in order: left to itself, the planner may walk through the newest
#: entries and make the lexemes of each. The migration makes the index of the same words.
_HITS = (
    "hits AS MATERIALIZED (SELECT f.region_id, f.subject_id, f.kind, f.host_id FROM findables f "
    "WHERE civicvote_lexemes(f.region_id, f.kind, f.round_id, f.slice, f.title_tokens, f.tokens) "
    "@@ CAST({} AS tsquery))"
)
_NEWEST_FIRST = f"FROM hits f WHERE {_READABLE} ORDER BY f.subject_id DESC LIMIT :limit"
_ALL_SLICES = sa.text(f"WITH {_HITS.format(':wanted')} SELECT f.subject_id, f.kind {_NEWEST_FIRST}")
#: What was counted last says which slices are the newest.
_NEWEST_SLICES = sa.text(
    "WITH counted AS MATERIALIZED (SELECT last_value / 4096 AS newest FROM findable_numbers), "  # noqa: S608
    "asked AS MATERIALIZED ("
    "SELECT :wanted || ' & (' || string_agg('''/s' || slice || '''', ' | ') || ')' AS words "
    "FROM counted, generate_series(newest - :older, newest) slice), "
    f"{_HITS.format('(SELECT words FROM asked)')} "
    "SELECT found.subject_id, found.kind, newest FROM counted "
    f"LEFT JOIN (SELECT f.subject_id, f.kind {_NEWEST_FIRST}) found ON true ORDER BY found.subject_id DESC"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A text that can be read, as the index keeps it."""

    region_id: int
    kind: FindableKind
    subject_id: int
    round_id: int | None
    host_id: int
    title: str
    text: str
    occurred_at: datetime


def newest_matching(wanted: Wanted, scope: Scope, *, limit: int) -> list[tuple[int, FindableKind]]:
    """Subject and kind of the newest readable entries that hold what is wanted, newest first. One statement; on
    PostgreSQL, whose index knows no order, up to three where there are more than 8,000 entries."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        rows: Sequence[Any] = connection.execute(_SQLITE, {"wanted": fts5_query(wanted, scope), "limit": limit}).all()
    else:
        rows = _newest_slices_first(connection, {"wanted": tsquery(wanted, scope), "limit": limit})
    return [(row[0], FindableKind(row[1])) for row in rows]


def _newest_slices_first(connection: sa.Connection, asked: dict[str, Any]) -> Sequence[Any]:
    """A common word fills the list from the newest slices; how many that takes, the newest two tell. A word that is
    rare there is rare altogether, so that all slices may be asked at once."""
    limit, older = asked["limit"], 1
    while True:
        rows = connection.execute(_NEWEST_SLICES, asked | {"older": older}).all()
        newest, found = rows[0][2], [row for row in rows if row[0] is not None]
        if len(found) >= limit or older >= newest:
            return found
        if not found or (older := (older + 1) * 2 * limit // len(found)) >= newest:
            return connection.execute(_ALL_SLICES, asked).all()


_ENTRIES = sa.select(
    Findable.region_id,
    Findable.kind,
    Findable.subject_id,
    Findable.round_id,
    Findable.host_id,
    Findable.title,
    Findable.text,
    Findable.occurred_at,
).where(Findable.subject_id.in_(sa.bindparam("subjects", expanding=True)))


def entries_of(subject_ids: Sequence[int]) -> list[Entry]:
    """The entries of these subjects, newest first. One statement."""
    rows: Any = db.session.connection().execute(
        _ENTRIES.order_by(Findable.subject_id.desc()), {"subjects": list(subject_ids)}
    )
    return [Entry(*row) for row in rows]


def titles_of_hosts(region_ids: Collection[int], host_ids: Collection[int]) -> dict[int, str]:
    """What the hosts are called, by the id of the thread or of the proposal itself. At most one statement."""
    if not host_ids:
        return {}
    rows = db.session.execute(
        sa.select(Findable.subject_id, Findable.thread_id, Findable.title).where(
            Findable.region_id.in_(region_ids),
            sa.or_(Findable.subject_id.in_(host_ids), Findable.thread_id.in_(host_ids)),
        )
    )
    return {host_id: title for subject, thread, title in rows for host_id in (subject, thread)}
