"""Cases as plain values: in the queue, in full, in the public log."""

from dataclasses import dataclass
from datetime import datetime

from civicvote.domain.moderation.kinds import CaseState, DecisionAction, ReportReason, SubjectKind
from civicvote.domain.moderation.subjects import Subject


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """``state`` always filters, the others only if set."""

    state: CaseState = CaseState.OPEN
    kind: SubjectKind | None = None
    reason: ReportReason | None = None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A case in the queue; ``reasons`` by number of reports, most first; ``claimed_by`` while the claim holds."""

    id: int
    key: str
    subject: Subject
    state: CaseState
    reasons: list[ReportReason]
    report_count: int
    opened_at: datetime
    is_overdue: bool
    claimed_by: str | None
    claimed_by_me: bool


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report without the person who made it: who reports is nobody's business."""

    reason: ReportReason
    note: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionView:
    action: DecisionAction
    reason: ReportReason | None
    facts: str
    decided_at: datetime
    moderator_name: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case for a moderator: what it is about, what was reported (without the reporters), what was decided."""

    row: QueueRow
    author_name: str
    claimed_until: datetime | None
    reports: list[ReportView]
    decisions: list[DecisionView]
    is_own: bool


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A decision as everybody may read it: no names, neither the author's nor the reporters' nor the moderator's."""

    id: int
    kind: SubjectKind
    action: DecisionAction
    reason: ReportReason | None
    facts: str
    decided_at: datetime
