"""Pictures and papers of a proposal: put beside it, described, put in order, taken out, by those who sign it."""

from collections.abc import Sequence

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.proposals import policy
from civicvote.domain.proposals.models import Proposal, ProposalFile
from civicvote.domain.proposals.queries import signs_with_author
from civicvote.domain.rounds.policy import require_open
from civicvote.domain.rounds.queries import announced_round
from civicvote.domain.uploads.errors import TooManyFiles
from civicvote.domain.uploads.rules import FILES_AT_ONE_THING, Described, clean_caption
from civicvote.domain.uploads.services import attach, detach
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.permissions import Permission


def place_files(*, actor: Actor, proposal: Proposal, files: Sequence[Described]) -> None:
    """Let exactly these files stand beside the proposal, in this order; those that stood there and don't now are gone.

    Raises ``TooManyFiles``, ``UploadNotYours``, ``CaptionTooLong``, ``PersonalNumber``, ``PhaseClosed`` and what
    ``policy.require_edit`` refuses. A co-author adds files of their own; all stay the proposal's.
    """
    wanted = {each.upload_id: clean_caption(each.caption) for each in files}
    if len(wanted) > FILES_AT_ONE_THING:
        raise TooManyFiles(limit=FILES_AT_ONE_THING)
    require(actor, Permission.PROPOSAL_EDIT, proposal.region_id)
    db.session.refresh(proposal, with_for_update=True)
    signs = signs_with_author(actor, proposal.region_id, proposal.id)
    policy.require_edit(actor, proposal, signs=signs)
    require_open(announced_round(proposal.region_id, proposal.round_id), Permission.PROPOSAL_EDIT)
    standing = _standing(proposal)
    attach(actor=actor, region_id=proposal.region_id, upload_ids=[each for each in wanted if each not in standing])
    gone = [standing[upload_id] for upload_id in standing if upload_id not in wanted]
    for row in gone:
        db.session.delete(row)
    detach(region_id=proposal.region_id, upload_ids=[row.upload_id for row in gone])
    for position, (upload_id, caption) in enumerate(wanted.items()):
        row = standing.get(upload_id) or ProposalFile(
            region_id=proposal.region_id, proposal_id=proposal.id, upload_id=upload_id
        )
        row.position, row.caption = position, caption
        db.session.add(row)
    db.session.flush()


def _standing(proposal: Proposal) -> dict[int, ProposalFile]:
    rows = db.session.scalars(
        sa.select(ProposalFile)
        .where(ProposalFile.region_id == proposal.region_id, ProposalFile.proposal_id == proposal.id)
        .order_by(ProposalFile.position, ProposalFile.upload_id)
    )
    return {row.upload_id: row for row in rows}
