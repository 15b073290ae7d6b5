"""Reads about uploaded rolls."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.verification.models import RollPerson, RollUpload
from civicvote.domain.verification.rolls import UnknownRollUpload
from civicvote.domain.verification.rows import RefusedRow, RowProblem
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.permissions import Permission

PAGE_SIZE = 20
ROWS_PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class UploadView:
    """An uploaded list and what became of its rows. Waiting: on the roll, used by nobody yet."""

    id: int
    uploaded_at: datetime
    uploaded_by: str
    reason: str
    file_sha256: str
    accepted_count: int
    refused_count: int
    claimed_count: int
    waiting_count: int

    @property
    def withdrawn_count(self) -> int:
        """Rows that were accepted and are on the roll no more: withdrawn, or replaced by a newer list."""
        return self.accepted_count - self.claimed_count - self.waiting_count


def roll_uploads(actor: Actor, region_id: int, *, cursor: str | None) -> Page[UploadView]:
    """The uploads of a region, the latest first. Raises ``NotPermitted``. Two statements."""
    require(actor, Permission.ROLL_UPLOAD, region_id)
    query = _uploads(region_id)
    if after := read_cursor(cursor, 1):
        query = query.where(RollUpload.id < after[0])
    uploads = _with_counts(region_id, query.order_by(RollUpload.id.desc()).limit(PAGE_SIZE + 1))
    return page_of(uploads, PAGE_SIZE, cursor=lambda upload: write_cursor(upload.id))


def roll_upload(actor: Actor, region_id: int, upload_id: int) -> UploadView:
    """One upload. Raises ``UnknownRollUpload``, ``NotPermitted``."""
    require(actor, Permission.ROLL_UPLOAD, region_id)
    found = _with_counts(region_id, _uploads(region_id).where(RollUpload.id == upload_id))
    if not found:
        raise UnknownRollUpload
    return found[0]


_Uploads = sa.Select[int, datetime, str, str, str, int, int]


def _uploads(region_id: int) -> _Uploads:
    return (
        sa.select(
            RollUpload.id,
            RollUpload.uploaded_at,
            Person.display_name,
            RollUpload.reason,
            RollUpload.file_sha256,
            RollUpload.accepted_count,
            RollUpload.refused_count,
        )
        .join(Person, Person.id == RollUpload.uploaded_by_id)
        .where(RollUpload.region_id == region_id)
    )


def _with_counts(region_id: int, query: _Uploads) -> list[UploadView]:
    rows = db.session.execute(query).all()
    counts = {
        upload_id: (claimed, waiting)
        for upload_id, claimed, waiting in db.session.execute(
            sa.select(
                RollPerson.upload_id,
                sa.func.count().filter(RollPerson.claimed_by_id.is_not(None)),
                sa.func.count().filter(RollPerson.claimed_by_id.is_(None)),
            )
            .where(RollPerson.region_id == region_id, RollPerson.upload_id.in_([row.id for row in rows]))
            .group_by(RollPerson.upload_id)
            .order_by(RollPerson.upload_id)
        )
    }
    views = []
    for row in rows:
        claimed, waiting = counts.get(row.id, (0, 0))
        views.append(UploadView(*row, claimed_count=claimed, waiting_count=waiting))
    return views


def refused_rows(actor: Actor, region_id: int, upload_id: int) -> list[RefusedRow]:
    """Every refused row of an upload, by line. Raises ``UnknownRollUpload``, ``NotPermitted``."""
    require(actor, Permission.ROLL_UPLOAD, region_id)
    stored = db.session.scalar(
        sa.select(RollUpload.refusals).where(RollUpload.region_id == region_id, RollUpload.id == upload_id)
    )
    if stored is None:
        raise UnknownRollUpload
    return [RefusedRow(line, RowProblem(problem)) for line, problem in stored.get("rows", [])]


def refused_rows_page(actor: Actor, region_id: int, upload_id: int, *, cursor: str | None) -> Page[RefusedRow]:
    """The same, a page at a time."""
    rows = refused_rows(actor, region_id, upload_id)
    after = read_cursor(cursor, 1)
    start = bisect_right(rows, after[0], key=lambda row: row.line) if after else 0
    return page_of(rows[start : start + ROWS_PAGE_SIZE + 1], ROWS_PAGE_SIZE, cursor=lambda row: write_cursor(row.line))
