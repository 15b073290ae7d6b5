"""Reads of uploads by those who sent them; by their hosts, the areas of the hosts read them."""

from collections.abc import Sequence

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.uploads.errors import UnknownUpload
from civicvote.domain.uploads.models import Upload
from civicvote.kernel.actor import Actor


def own_uploads(actor: Actor, region_id: int, upload_ids: Sequence[int]) -> list[Upload]:
    """Those of the uploads that the actor sent and that were not removed, in the order of ``upload_ids``."""
    if not upload_ids:
        return []
    found = {
        upload.id: upload
        for upload in db.session.scalars(
            sa.select(Upload)
            .where(
                Upload.region_id == region_id,
                Upload.id.in_(upload_ids),
                Upload.sender_id == actor.person_id,
                Upload.removed_at.is_(None),
            )
            .order_by(Upload.id)
        )
    }
    return [found[upload_id] for upload_id in dict.fromkeys(upload_ids) if upload_id in found]


def waiting_uploads(actor: Actor, region_id: int, upload_ids: Sequence[int]) -> list[Upload]:
    """The same, less those that something has taken meanwhile."""
    return [upload for upload in own_uploads(actor, region_id, upload_ids) if upload.attached_at is None]


def own_upload(actor: Actor, region_id: int, upload_id: int) -> Upload:
    """One upload of the actor. Raises ``UnknownUpload``."""
    found = own_uploads(actor, region_id, [upload_id])
    if not found:
        raise UnknownUpload
    return found[0]
