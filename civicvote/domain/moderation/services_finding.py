"""What readers find of the public log: the facts of a decision, never what it was about."""

from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.findable.services import Row, findable_row
from civicvote.domain.moderation.models import Decision


def findable_decision(decision: Decision) -> Row | None:
    """Its row of the index; None where it states no facts."""
    if not decision.facts:
        return None
    return findable_row(
        region_id=decision.region_id,
        kind=FindableKind.DECISION,
        subject_id=decision.id,
        title="",
        text=decision.facts,
        occurred_at=decision.decided_at,
    )
