"""Keep what was sent, let hosts attach it, and clear away what nobody attached.

A file is sent before the thing it belongs to exists: it is kept as its sender's own until a proposal or a payment takes
it. The bytes are written before the row, so that a row never promises what is not there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.uploads.errors import UploadNotYours
from civicvote.domain.uploads.models import Upload
from civicvote.domain.uploads.remade import Remade
from civicvote.domain.uploads.store import Store, new_name, owner_of, thumbnail_of
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor

#: Somebody who goes on writing the next morning finds the pictures of the evening still there.
KEPT_UNATTACHED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Swept:
    """How many files without a row, and how many rows that nothing holds, were removed."""

    files: int
    rows: int


def keep_upload(*, actor: Actor, region_id: int, file: Remade, store: Store) -> Upload:
    """Store the file as the actor's own, attached to nothing."""
    name = new_name()
    store.put(name, file.content)
    if file.thumbnail is not None:
        store.put(thumbnail_of(name), file.thumbnail)
    upload = Upload(
        region_id=region_id,
        id=ids.new_id(),
        name=name,
        media_type=file.media_type,
        title=file.title,
        size_bytes=len(file.content),
        width=file.width,
        height=file.height,
        has_thumbnail=file.thumbnail is not None,
        sha256=file.sha256,
        sender_id=actor.person_id,
        sent_at=clock.now(),
        attached_at=None,
        kept_until=None,
        removed_at=None,
    )
    db.session.add(upload)
    db.session.flush()
    return upload


def attach(*, actor: Actor, region_id: int, upload_ids: Sequence[int]) -> list[Upload]:
    """Mark the actor's own uploads as held by something; which, the caller stores. In the order of ``upload_ids``.

    Raises ``UploadNotYours`` where one is somebody else's, gone, or attached already.
    """
    found = {
        upload.id: upload
        for upload in db.session.scalars(
            sa.select(Upload)
            .where(
                Upload.region_id == region_id,
                Upload.id.in_(upload_ids),
                Upload.sender_id == actor.person_id,
                Upload.attached_at.is_(None),
                Upload.removed_at.is_(None),
            )
            .order_by(Upload.id)
            .with_for_update()
        )
    }
    if found.keys() != set(upload_ids):
        raise UploadNotYours
    for upload in found.values():
        upload.attached_at = clock.now()
    db.session.flush()
    return [found[upload_id] for upload_id in upload_ids]


def keep_waiting(*, actor: Actor, region_id: int, upload_ids: Sequence[int], until: datetime) -> None:
    """Something unfinished of the actor's holds these uploads: they stay until then, or until something attaches them.
    Those of others, gone or attached ones are passed over."""
    _wait(actor.person_id, region_id, upload_ids, until)


def stop_waiting(*, person_id: int, region_id: int, upload_ids: Sequence[int]) -> None:
    """Nothing unfinished holds them any more: the next sweep removes those that nothing attached."""
    _wait(person_id, region_id, upload_ids, None)


def _wait(person_id: int, region_id: int, upload_ids: Sequence[int], until: datetime | None) -> None:
    if not upload_ids:
        return
    db.session.execute(
        sa.update(Upload)
        .where(
            Upload.region_id == region_id,
            Upload.id.in_(upload_ids),
            Upload.sender_id == person_id,
            Upload.attached_at.is_(None),
            Upload.removed_at.is_(None),
        )
        .values(kept_until=until)
        .execution_options(synchronize_session="fetch")
    )


def detach(*, region_id: int, upload_ids: Sequence[int]) -> None:
    """Mark uploads as let go by what held them: nobody sees them any more, the next sweep removes them for good."""
    db.session.execute(
        sa.update(Upload)
        .where(Upload.region_id == region_id, Upload.id.in_(upload_ids))
        .values(removed_at=clock.now())
        .execution_options(synchronize_session="fetch")
    )


def sweep_orphans(*, store: Store) -> Swept:
    """Remove for good what nothing holds: files without a row, older than a day; rows let go, or unattached for a day
    and not kept for something unfinished.

    The files go first and by the rows that stand, so that no row outlives its file if this transaction fails; the files
    of the rows that go now are without a row at the next sweep.
    """
    before = clock.now() - KEPT_UNATTACHED
    files = 0
    for name in _without_row(store.names_before(before)):
        store.remove(name)
        files += 1
    is_waited_for = sa.and_(Upload.kept_until.is_not(None), Upload.kept_until > clock.now())
    unheld = sa.and_(Upload.attached_at.is_(None), Upload.sent_at < before, ~is_waited_for)
    gone = db.session.execute(sa.delete(Upload).where(sa.or_(unheld, Upload.removed_at.is_not(None))))
    return Swept(files=files, rows=gone.rowcount)  # type: ignore[attr-defined]


def _without_row(names: Iterator[str]) -> Iterator[str]:
    while some := list(islice(names, 500)):
        owners = {owner_of(name) for name in some}
        known = set(db.session.scalars(sa.select(Upload.name).where(Upload.name.in_(owners)).order_by(Upload.name)))
        yield from (name for name in some if owner_of(name) not in known)
