"""The papers behind payments. They may name private persons, so only officers and observers see them."""

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.allocations.models import DisbursementFile
from civicvote.domain.uploads.errors import UnknownUpload
from civicvote.domain.uploads.models import Upload
from civicvote.kernel.actor import Actor, NotPermitted, can
from civicvote.kernel.permissions import Permission

#: Whoever enters, approves or checks payments.
READERS = (Permission.LEDGER_ENTER, Permission.LEDGER_APPROVE, Permission.AUDIT_READ)


def can_read_evidence(actor: Actor | None, region_id: int) -> bool:
    return any(can(actor, permission, region_id) for permission in READERS)


def evidence_of(region_id: int, disbursement_ids: Sequence[int]) -> dict[int, list[Upload]]:
    """The papers of each of these payments, by its id. One statement."""
    found: dict[int, list[Upload]] = defaultdict(list)
    if not disbursement_ids:
        return found
    rows = db.session.execute(
        sa.select(DisbursementFile.disbursement_id, Upload)
        .join(Upload, (Upload.region_id == DisbursementFile.region_id) & (Upload.id == DisbursementFile.upload_id))
        .where(DisbursementFile.region_id == region_id, DisbursementFile.disbursement_id.in_(disbursement_ids))
        .order_by(DisbursementFile.disbursement_id, Upload.id)
    )
    for disbursement_id, upload in rows:
        found[disbursement_id].append(upload)
    return found


def evidence_file(actor: Actor | None, region_id: int, disbursement_id: int, upload_id: int) -> Upload:
    """One paper of a payment. Raises ``NotPermitted``, ``UnknownUpload``."""
    if not can_read_evidence(actor, region_id):
        raise NotPermitted
    for upload in evidence_of(region_id, [disbursement_id])[disbursement_id]:
        if upload.id == upload_id:
            return upload
    raise UnknownUpload
