"""What there is beside a proposal. Most have nothing yet, so its page asks once instead of each table for nothing."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.opinions.models import OpinionQuestion
from civicvote.domain.proposals.models import Merge, ProposalFile, ReachedStep
from civicvote.domain.voices.models import Voice


@dataclass(frozen=True, slots=True)
class Beside:
    """Whether a table knows the proposal at all; who may read what it knows, its own room decides."""

    files: bool
    merges: bool
    questions: bool
    steps: bool
    voices: bool


def _knows(table: Any, proposal: Any) -> sa.Exists:
    return sa.exists().where(table.region_id == sa.bindparam("region_id"), proposal == sa.bindparam("proposal_id"))


_BESIDE = sa.select(
    _knows(ProposalFile, ProposalFile.proposal_id).label("files"),
    sa.or_(_knows(Merge, Merge.leading_id), _knows(Merge, Merge.merged_id)).label("merges"),
    _knows(OpinionQuestion, OpinionQuestion.proposal_id).label("questions"),
    _knows(ReachedStep, ReachedStep.proposal_id).label("steps"),
    _knows(Voice, Voice.proposal_id).label("voices"),
)


def found_beside(region_id: int, proposal_id: int) -> Beside:
    """One statement, an index entry a table."""
    row = db.session.execute(_BESIDE, {"region_id": region_id, "proposal_id": proposal_id}).one()
    return Beside(**{name: bool(found) for name, found in row._mapping.items()})
