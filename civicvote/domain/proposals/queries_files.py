"""Pictures and papers that stand beside a proposal."""

from dataclasses import dataclass

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.proposals.models import ProposalFile
from civicvote.domain.proposals.queries import visible_proposal
from civicvote.domain.uploads.errors import UnknownUpload
from civicvote.domain.uploads.models import Upload
from civicvote.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class ShownFile:
    """``caption`` is the author's own words for what is to be seen, or empty."""

    upload: Upload
    caption: str


_FILES = (
    sa.select(Upload, ProposalFile.caption)
    .join(ProposalFile, (ProposalFile.region_id == Upload.region_id) & (ProposalFile.upload_id == Upload.id))
    .where(ProposalFile.region_id == sa.bindparam("region_id"), ProposalFile.proposal_id == sa.bindparam("proposal_id"))
    .order_by(ProposalFile.position, ProposalFile.upload_id)
)


def files_of_proposal(region_id: int, proposal_id: int) -> list[ShownFile]:
    """In the author's order; at most ``FILES_AT_ONE_THING``. The caller decides who sees them. One statement."""
    rows = db.session.execute(_FILES, {"region_id": region_id, "proposal_id": proposal_id})
    return [ShownFile(upload, caption) for upload, caption in rows]


def file_of_proposal(actor: Actor | None, region_id: int, proposal_id: int, upload_id: int) -> Upload:
    """One file, for whoever may read the proposal. Raises ``UnknownProposal``, ``UnknownUpload``."""
    visible_proposal(actor, region_id, proposal_id)
    for shown in files_of_proposal(region_id, proposal_id):
        if shown.upload.id == upload_id:
            return shown.upload
    raise UnknownUpload
