"""Reads of drafts, by their author alone, and of when proposals are taken."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.proposals.drafting import MOST_DRAFTS
from civicvote.domain.proposals.errors import UnknownDraft
from civicvote.domain.proposals.models import ProposalDraft
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round, RoundPhase
from civicvote.domain.rounds.phase_actions import phases_that_open
from civicvote.domain.rounds.states import RoundState
from civicvote.domain.uploads.models import Upload
from civicvote.domain.uploads.queries import waiting_uploads
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class OwnDraft:
    draft: ProposalDraft
    region: Region
    round: Round


def own_draft(actor: Actor, region_id: int, draft_id: int) -> ProposalDraft:
    """The actor's own draft; nobody else learns that it exists. Raises ``UnknownDraft``."""
    draft = db.session.get(ProposalDraft, (region_id, draft_id))
    if draft is None or draft.author_id != actor.person_id:
        raise UnknownDraft
    return draft


def drafts_by(actor: Actor) -> list[OwnDraft]:
    """All drafts of the actor, the last begun first; ``MOST_DRAFTS`` at most. One statement."""
    rows = db.session.execute(
        sa.select(ProposalDraft, Region, Round)
        .join(Region, Region.id == ProposalDraft.region_id)
        .join(Round, (Round.region_id == ProposalDraft.region_id) & (Round.id == ProposalDraft.round_id))
        .where(ProposalDraft.author_id == actor.person_id)
        .order_by(ProposalDraft.id.desc())
        .limit(MOST_DRAFTS)
    )
    return [OwnDraft(*row) for row in rows]


def files_of_draft(actor: Actor, draft: ProposalDraft) -> list[tuple[Upload, str]]:
    """The uploads that the draft holds, each with its caption, less those that are gone or stand elsewhere now."""
    captions = {ids.decode(each["upload_id"]): each["caption"] for each in draft.files}
    found = waiting_uploads(actor, draft.region_id, list(captions))
    return [(upload, captions[upload.id]) for upload in found]


@dataclass(frozen=True, slots=True)
class Taking:
    """A round that takes proposals from ``starts_at`` to ``ends_at``."""

    round: Round
    starts_at: datetime
    ends_at: datetime


def next_taking(region_id: int) -> Taking | None:
    """Where proposals are taken in the region now or next; None where nothing is announced. One statement."""
    row = db.session.execute(
        sa.select(Round, RoundPhase.starts_at, RoundPhase.ends_at)
        .join(RoundPhase, (RoundPhase.region_id == Round.region_id) & (RoundPhase.round_id == Round.id))
        .where(
            Round.region_id == region_id,
            Round.state == RoundState.ANNOUNCED,
            RoundPhase.phase.in_(phases_that_open(Permission.PROPOSAL_SUBMIT)),
            RoundPhase.ends_at > clock.now(),
        )
        .order_by(RoundPhase.starts_at, Round.id)
        .limit(1)
    ).first()
    return Taking(*row) if row else None
