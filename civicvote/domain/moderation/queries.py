"""Reads of moderation: the queue, a case with its reports and decisions, the public log, the week's figures."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.moderation.cases import CaseView, DecisionView, LogEntry, QueueFilter, QueueRow, ReportView
from civicvote.domain.moderation.claims import holder, is_overdue
from civicvote.domain.moderation.errors import UnknownCase, UnknownSubject
from civicvote.domain.moderation.figures import WeekFigures, rank_value, whole_hours
from civicvote.domain.moderation.kinds import CaseState, DecisionAction, ReportReason, SubjectKind
from civicvote.domain.moderation.models import Decision, ModerationCase, Report
from civicvote.domain.moderation.subjects import Subject
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.queries import proposals_by_ids, proposals_of_threads
from civicvote.domain.threads.models import Comment
from civicvote.domain.threads.queries import comments_by_ids
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.permissions import Permission

PAGE_SIZE = 20


def subject_of(region_id: int, kind: SubjectKind, subject_id: int) -> Subject:
    """What a report is about, whatever its visibility. Raises ``UnknownSubject``."""
    found = subjects_of(region_id, [(kind, subject_id)])
    if not found:
        raise UnknownSubject
    return found[kind, subject_id]


def subjects_of(region_id: int, wanted: Sequence[tuple[SubjectKind, int]]) -> dict[tuple[SubjectKind, int], Subject]:
    """The subjects by kind and id. At most three statements, whatever their number."""
    comment_ids = [subject_id for kind, subject_id in wanted if kind is SubjectKind.COMMENT]
    proposal_ids = [subject_id for kind, subject_id in wanted if kind is SubjectKind.PROPOSAL]
    comments = comments_by_ids(region_id, comment_ids) if comment_ids else {}
    hosts = proposals_of_threads(region_id, [each.thread_id for each in comments.values()]) if comments else {}
    proposals = proposals_by_ids(region_id, proposal_ids) if proposal_ids else {}
    found = {(SubjectKind.PROPOSAL, each.id): _proposal_subject(each) for each in proposals.values()}
    for comment in comments.values():
        if host := hosts.get(comment.thread_id):
            found[SubjectKind.COMMENT, comment.id] = _comment_subject(comment, host)
    return found


def _proposal_subject(proposal: Proposal) -> Subject:
    return Subject(
        kind=SubjectKind.PROPOSAL,
        id=proposal.id,
        author_id=proposal.author_id,
        visibility=proposal.visibility,
        title=proposal.title,
        text=proposal.summary,
        body_html=proposal.body_html,
        proposal_id=proposal.id,
        thread_id=proposal.thread_id,
        created_at=proposal.submitted_at,
    )


def _comment_subject(comment: Comment, host: Proposal) -> Subject:
    return Subject(
        kind=SubjectKind.COMMENT,
        id=comment.id,
        author_id=comment.author_id,
        visibility=comment.visibility,
        title=host.title,
        text=comment.body,
        body_html=comment.body_html,
        proposal_id=host.id,
        thread_id=comment.thread_id,
        created_at=comment.created_at,
    )


def queue(
    actor: Actor, region_id: int, *, wanted: QueueFilter | None = None, cursor: str | None = None
) -> Page[QueueRow]:
    """A page of cases, the one that waits longest first. Raises ``NotPermitted``. Five statements at most."""
    require(actor, Permission.CONTENT_MODERATE, region_id)
    wanted = wanted or QueueFilter()
    statement = (
        sa.select(ModerationCase, Person.display_name)
        .outerjoin(Person, Person.id == ModerationCase.claimed_by_id)
        .where(ModerationCase.region_id == region_id, ModerationCase.state == wanted.state)
        .order_by(ModerationCase.opened_at, ModerationCase.id)
        .limit(PAGE_SIZE + 1)
    )
    if wanted.kind:
        statement = statement.where(ModerationCase.subject_kind == wanted.kind)
    if wanted.reason:
        statement = statement.where(_was_reported_for(wanted.reason))
    if keys := read_cursor(cursor, 1):
        last = db.session.get(ModerationCase, (region_id, keys[0]))
        if last is not None:
            statement = statement.where(
                sa.or_(
                    ModerationCase.opened_at > last.opened_at,
                    sa.and_(ModerationCase.opened_at == last.opened_at, ModerationCase.id > last.id),
                )
            )
    rows = _queue_rows(actor, region_id, [(case, name) for case, name in db.session.execute(statement)])
    return page_of(rows, PAGE_SIZE, cursor=lambda row: write_cursor(row.id))


def _was_reported_for(reason: ReportReason) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Report.region_id == ModerationCase.region_id, Report.case_id == ModerationCase.id, Report.reason == reason
    )


def _queue_rows(actor: Actor, region_id: int, cases: list[tuple[ModerationCase, str | None]]) -> list[QueueRow]:
    subjects = subjects_of(region_id, [(case.subject_kind, case.subject_id) for case, _ in cases])
    reasons: dict[int, Counter[ReportReason]] = defaultdict(Counter)
    counted = db.session.execute(
        sa.select(Report.case_id, Report.reason, sa.func.count())
        .where(Report.region_id == region_id, Report.case_id.in_([case.id for case, _ in cases]))
        .group_by(Report.case_id, Report.reason)
        .order_by(Report.case_id, Report.reason)
    )
    for case_id, reason, count in counted:
        reasons[case_id][reason] = count
    now, rows = clock.now(), []
    for case, name in cases:
        held_by = holder(case.claimed_by_id, case.claimed_until, now)
        rows.append(
            QueueRow(
                id=case.id,
                key=ids.encode(case.id),
                subject=subjects[case.subject_kind, case.subject_id],
                state=case.state,
                reasons=[reason for reason, _ in reasons[case.id].most_common()],
                report_count=case.report_count,
                opened_at=case.opened_at,
                is_overdue=case.state is CaseState.OPEN and is_overdue(case.opened_at, now),
                claimed_by=name if held_by else None,
                claimed_by_me=held_by == actor.person_id,
            )
        )
    return rows


def case_view(actor: Actor, region_id: int, case_id: int) -> CaseView:
    """A case in full. Raises ``NotPermitted``, ``UnknownCase``."""
    require(actor, Permission.CONTENT_MODERATE, region_id)
    found = db.session.execute(
        sa.select(ModerationCase, Person.display_name)
        .outerjoin(Person, Person.id == ModerationCase.claimed_by_id)
        .where(ModerationCase.region_id == region_id, ModerationCase.id == case_id)
    ).first()
    if found is None:
        raise UnknownCase
    case, name = found
    row = _queue_rows(actor, region_id, [(case, name)])[0]
    author = db.session.get_one(Person, row.subject.author_id)
    return CaseView(
        row=row,
        author_name=author.display_name,
        claimed_until=case.claimed_until if row.claimed_by else None,
        reports=_reports_of(region_id, case_id),
        decisions=_decisions_of(region_id, case_id),
        is_own=row.subject.author_id == actor.person_id,
    )


def _reports_of(region_id: int, case_id: int) -> list[ReportView]:
    found = db.session.execute(
        sa.select(Report.reason, Report.note, Report.created_at)
        .where(Report.region_id == region_id, Report.case_id == case_id)
        .order_by(Report.created_at.desc(), Report.reporter_id)
        .limit(PAGE_SIZE)
    )
    return [ReportView(*row) for row in found]


def _decisions_of(region_id: int, case_id: int) -> list[DecisionView]:
    found = db.session.execute(
        sa.select(Decision, Person.display_name)
        .join(Person, Person.id == Decision.moderator_id)
        .where(Decision.region_id == region_id, Decision.case_id == case_id)
        .order_by(Decision.id.desc())
        .limit(PAGE_SIZE)
    )
    return [
        DecisionView(decision.action, decision.reason, decision.facts, decision.decided_at, name)
        for decision, name in found
    ]


def hiding_of(region_id: int, kind: SubjectKind, subject_id: int) -> LogEntry | None:
    """The decision by which something is hidden, for the page that stands in its place."""
    return next(
        iter(
            _log_entries(
                _log(region_id).where(
                    ModerationCase.subject_kind == kind,
                    ModerationCase.subject_id == subject_id,
                    Decision.action == DecisionAction.HIDE,
                ),
                1,
            )
        ),
        None,
    )


def public_log(region_id: int, *, cursor: str | None = None) -> Page[LogEntry]:
    """A page of what moderators decided in the region, newest first. One statement."""
    statement = _log(region_id)
    if keys := read_cursor(cursor, 1):
        statement = statement.where(Decision.id < keys[0])
    return page_of(_log_entries(statement, PAGE_SIZE + 1), PAGE_SIZE, cursor=lambda last: write_cursor(last.id))


def _log(region_id: int) -> sa.Select[Decision, SubjectKind]:
    return (
        sa.select(Decision, ModerationCase.subject_kind)
        .join(
            ModerationCase,
            (ModerationCase.region_id == Decision.region_id) & (ModerationCase.id == Decision.case_id),
        )
        .where(Decision.region_id == region_id)
    )


def _log_entries(statement: sa.Select[Decision, SubjectKind], size: int) -> list[LogEntry]:
    found = db.session.execute(statement.order_by(Decision.id.desc()).limit(size))
    return [
        LogEntry(decision.id, kind, decision.action, decision.reason, decision.facts, decision.decided_at)
        for decision, kind in found
    ]


def week_figures(region_id: int) -> WeekFigures:
    """What moderators decided in the last seven days, and how long people waited for it."""
    found = db.session.execute(
        sa.select(Decision.action, Decision.waited_since, Decision.decided_at)
        .where(Decision.region_id == region_id, Decision.decided_at >= clock.now() - timedelta(days=7))
        .order_by(Decision.id)
    ).all()
    actions = Counter(row.action for row in found)
    waits = [row.decided_at - row.waited_since for row in found if row.action is not DecisionAction.RESTORE]
    return WeekFigures(
        decided=len(found),
        hidden=actions[DecisionAction.HIDE],
        kept=actions[DecisionAction.KEEP],
        restored=actions[DecisionAction.RESTORE],
        median_hours=whole_hours(rank_value(waits, 50)),
        slowest_hours=whole_hours(rank_value(waits, 90)),
    )
