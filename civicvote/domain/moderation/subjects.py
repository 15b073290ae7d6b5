"""What a case is about, seen from moderation: a proposal or a comment as one plain value."""

from dataclasses import dataclass
from datetime import datetime

from civicvote.domain.moderation.kinds import SubjectKind
from civicvote.kernel.visibility import Visibility


@dataclass(frozen=True, slots=True)
class Subject:
    """``title`` is the proposal's, of which a comment is part; ``body_html`` is sanitised."""

    kind: SubjectKind
    id: int
    author_id: int
    visibility: Visibility
    title: str
    text: str
    body_html: str
    proposal_id: int
    thread_id: int
    created_at: datetime
