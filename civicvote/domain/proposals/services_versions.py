"""Keep what a proposal said before an edit, for everybody to read."""

from collections.abc import Sequence

from civicvote.db import db
from civicvote.domain.proposals.models import Proposal, ProposalVersion
from civicvote.domain.proposals.queries_files import files_of_proposal
from civicvote.domain.uploads.rules import Described, clean_caption
from civicvote.kernel import clock


def keep_version(
    *, proposal: Proposal, editor_id: int, texts: tuple[str, ...], files: Sequence[Described] | None
) -> bool:
    """Store what stands as a version if the edit changes anything of it. Call before the edit; True if it did.

    ``texts`` are the new title, sentence, text, field and place; ``files`` the new files, None where they stay."""
    standing = files_of_proposal(proposal.region_id, proposal.id)
    now_said = (proposal.title, proposal.summary, proposal.body, proposal.field_key, proposal.place)
    now_shown = [(shown.upload.id, shown.caption) for shown in standing]
    wanted = now_shown if files is None else [(each.upload_id, clean_caption(each.caption)) for each in files]
    if texts == now_said and wanted == now_shown:
        return False
    now = clock.now()
    db.session.add(
        ProposalVersion(
            region_id=proposal.region_id,
            proposal_id=proposal.id,
            number=proposal.version,
            title=proposal.title,
            summary=proposal.summary,
            body=proposal.body,
            field_key=proposal.field_key,
            place=proposal.place,
            files=[{"title": shown.upload.title, "caption": shown.caption} for shown in standing],
            editor_id=editor_id,
            replaced_at=now,
        )
    )
    proposal.version += 1
    proposal.edited_at = now
    return True
