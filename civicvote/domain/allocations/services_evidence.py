"""The papers that prove a payment: handed in with it, unchanged from then on."""

from collections.abc import Sequence

from civicvote.db import db
from civicvote.domain.allocations.errors import KeyUsedOtherwise
from civicvote.domain.allocations.models import Disbursement, DisbursementFile
from civicvote.domain.allocations.queries_evidence import evidence_of
from civicvote.domain.uploads.errors import TooManyFiles
from civicvote.domain.uploads.queries import own_uploads
from civicvote.domain.uploads.rules import FILES_AT_ONE_THING
from civicvote.domain.uploads.services import attach
from civicvote.kernel.actor import Actor


def keep_evidence(actor: Actor, disbursement: Disbursement, upload_ids: Sequence[int]) -> dict[str, str]:
    """Attach the papers to a payment that was just entered; what the audit entry says of them, so that a file that is
    exchanged later shows. Raises ``TooManyFiles``, ``UploadNotYours``."""
    if not upload_ids:
        return {}
    if len(upload_ids) > FILES_AT_ONE_THING:
        raise TooManyFiles(limit=FILES_AT_ONE_THING)
    uploads = attach(actor=actor, region_id=disbursement.region_id, upload_ids=[*dict.fromkeys(upload_ids)])
    for upload in uploads:
        db.session.add(
            DisbursementFile(region_id=disbursement.region_id, disbursement_id=disbursement.id, upload_id=upload.id)
        )
    db.session.flush()
    return {"files": " ".join(upload.sha256 for upload in uploads)}


def require_same_evidence(actor: Actor, earlier: Disbursement, upload_ids: Sequence[int]) -> None:
    """The same form sent again brings the same papers, if under new numbers. Raises ``KeyUsedOtherwise``."""
    kept = {upload.sha256 for upload in evidence_of(earlier.region_id, [earlier.id])[earlier.id]}
    if kept != {upload.sha256 for upload in own_uploads(actor, earlier.region_id, upload_ids)}:
        raise KeyUsedOtherwise
