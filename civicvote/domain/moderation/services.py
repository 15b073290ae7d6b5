"""Writes of moderation: report, claim, decide. A decision is recorded and told to the author; nothing is deleted."""

from textwrap import shorten
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.audit import services as audit
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.findable.services import write_findables
from civicvote.domain.moderation.claims import CLAIM, holder
from civicvote.domain.moderation.errors import (
    AlreadyReported,
    CaseAlreadyDecided,
    CaseClaimed,
    NothingToRestore,
    OwnContribution,
    UnknownCase,
    UnknownSubject,
)
from civicvote.domain.moderation.kinds import CaseState, DecisionAction, ReportReason, SubjectKind
from civicvote.domain.moderation.models import Decision, ModerationCase, Report
from civicvote.domain.moderation.queries import subject_of
from civicvote.domain.moderation.services_finding import findable_decision
from civicvote.domain.moderation.statements import clean_note, clean_statement
from civicvote.domain.moderation.subjects import Subject
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import enqueue_mail, notify
from civicvote.domain.proposals.paths import comment_path, proposal_path
from civicvote.domain.proposals.services import set_proposal_visibility
from civicvote.domain.threads.services import set_comment_visibility
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.permissions import Permission
from civicvote.kernel.visibility import Visibility

#: Characters of a contribution that its author is reminded of in the message about it.
EXCERPT = 80


def report_content(
    *, actor: Actor, region_id: int, kind: SubjectKind, subject_id: int, reason: ReportReason, note: str = ""
) -> ModerationCase:
    """Tell the moderators that something breaks a rule; one report a person and item. A decided case opens again.

    Raises ``UnknownSubject`` (what is hidden too), ``OwnContribution``, ``AlreadyReported`` and what ``clean_note``
    refuses. Not bound to phases: what breaks the law can't wait for the next one.
    """
    require(actor, Permission.CONTENT_REPORT, region_id)
    subject = subject_of(region_id, kind, subject_id)
    if subject.visibility is not Visibility.VISIBLE:
        raise UnknownSubject
    if subject.author_id == actor.person_id:
        raise OwnContribution
    words = clean_note(reason, note)
    case = _case_of(region_id, kind, subject_id)
    now = clock.now()
    report = Report(
        region_id=region_id,
        case_id=case.id,
        reporter_id=actor.person_id,
        reason=reason,
        note=words,
        created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(report)
    except sa.exc.IntegrityError:
        raise AlreadyReported from None
    case.report_count += 1
    if case.state is CaseState.DECIDED:
        case.state, case.opened_at = CaseState.OPEN, now
        case.claimed_by_id = case.claimed_until = None
    db.session.flush()
    return case


def _case_of(region_id: int, kind: SubjectKind, subject_id: int) -> ModerationCase:
    """The subject's case, locked; opened if this is the first report."""
    wanted = (
        sa.select(ModerationCase)
        .where(
            ModerationCase.region_id == region_id,
            ModerationCase.subject_kind == kind,
            ModerationCase.subject_id == subject_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if case := db.session.scalar(wanted):
        return case
    try:
        with db.session.begin_nested():
            db.session.add(
                ModerationCase(
                    region_id=region_id,
                    id=ids.new_id(),
                    subject_kind=kind,
                    subject_id=subject_id,
                    state=CaseState.OPEN,
                    report_count=0,
                    opened_at=clock.now(),
                )
            )
    except sa.exc.IntegrityError:
        pass  # somebody else reported it first; their case is locked and read below
    return db.session.scalars(wanted).one()


def claim_case(*, actor: Actor, region_id: int, case_id: int) -> ModerationCase:
    """Take a case for 15 minutes, so that two moderators don't do the same work; again to have 15 more.

    Raises ``UnknownCase``, ``OwnContribution``, ``CaseAlreadyDecided``, ``CaseClaimed``.
    """
    case, _subject = _case_to_work_on(actor, region_id, case_id)
    if case.state is CaseState.DECIDED:
        raise CaseAlreadyDecided
    case.claimed_by_id, case.claimed_until = actor.person_id, clock.now() + CLAIM
    db.session.flush()
    return case


def decide_case(
    *,
    actor: Actor,
    slug: str,
    region_id: int,
    case_id: int,
    action: DecisionAction,
    reason: ReportReason | None = None,
    facts: str = "",
) -> Decision:
    """Hide the contribution, keep it, or restore what was hidden. ``slug`` is the region's, for the message's link.

    Raises ``UnknownCase``, ``OwnContribution``, ``CaseClaimed``, ``CaseAlreadyDecided``, ``NothingToRestore`` and what
    ``clean_statement`` refuses. Of two moderators at once, the second gets ``CaseAlreadyDecided``.
    """
    case, subject = _case_to_work_on(actor, region_id, case_id)
    if action is DecisionAction.RESTORE:
        if subject.visibility is not Visibility.HIDDEN:
            raise NothingToRestore
    elif case.state is CaseState.DECIDED:
        raise CaseAlreadyDecided
    rule, words = clean_statement(action, reason, facts)
    decision = _record(actor, case, action, rule, words)
    case.state = CaseState.DECIDED
    case.claimed_by_id = case.claimed_until = None
    db.session.flush()
    if action is DecisionAction.HIDE and subject.visibility is Visibility.VISIBLE:
        _set_visibility(region_id, subject, Visibility.HIDDEN)
        _tell_author(slug, subject, decision, NotificationKind.CONTENT_HIDDEN)
    elif action is DecisionAction.RESTORE:
        _set_visibility(region_id, subject, Visibility.VISIBLE)
        _tell_author(slug, subject, decision, NotificationKind.CONTENT_RESTORED)
    return decision


def _case_to_work_on(actor: Actor, region_id: int, case_id: int) -> tuple[ModerationCase, Subject]:
    require(actor, Permission.CONTENT_MODERATE, region_id)
    case = db.session.get(ModerationCase, (region_id, case_id), with_for_update=True, populate_existing=True)
    if case is None:
        raise UnknownCase
    subject = subject_of(region_id, case.subject_kind, case.subject_id)
    if subject.author_id == actor.person_id:
        raise OwnContribution
    _require_unclaimed(actor, case)
    return case, subject


def _require_unclaimed(actor: Actor, case: ModerationCase) -> None:
    held_by = holder(case.claimed_by_id, case.claimed_until, clock.now())
    if held_by is None or held_by == actor.person_id:
        return
    name = db.session.get_one(Person, held_by).display_name
    raise CaseClaimed(name=name, until=case.claimed_until)


def _record(
    actor: Actor,
    case: ModerationCase,
    action: DecisionAction,
    rule: ReportReason | None,
    facts: str,
) -> Decision:
    decision = Decision(
        region_id=case.region_id,
        id=ids.new_id(),
        case_id=case.id,
        moderator_id=actor.person_id,
        action=action,
        reason=rule,
        facts=facts,
        waited_since=case.opened_at,
        decided_at=clock.now(),
    )
    db.session.add(decision)
    db.session.flush()
    if row := findable_decision(decision):
        write_findables(rows=[row])
    audit.record(
        region_id=case.region_id,
        actor_id=actor.person_id,
        verb=AuditVerb(f"content:{action.value}"),
        subject=f"{case.subject_kind.value}:{case.subject_id}",
        detail={"case": case.id, "rule": rule.value if rule else None, "facts": facts},
    )
    return decision


def _set_visibility(region_id: int, subject: Subject, visibility: Visibility) -> None:
    if subject.kind is SubjectKind.PROPOSAL:
        set_proposal_visibility(region_id=region_id, proposal_id=subject.id, visibility=visibility)
    else:
        set_comment_visibility(region_id=region_id, comment_id=subject.id, visibility=visibility)


def _tell_author(slug: str, subject: Subject, decision: Decision, kind: NotificationKind) -> None:
    """The statement of reasons: what was done to which text, by which rule, on which facts; on the site and by mail."""
    path = (
        proposal_path(slug, subject.id)
        if subject.kind is SubjectKind.PROPOSAL
        else comment_path(slug, subject.thread_id, subject.id)
    )
    excerpt = subject.title if subject.kind is SubjectKind.PROPOSAL else subject.text
    params: dict[str, Any] = {
        "what": subject.kind.value,
        "excerpt": shorten(" ".join(excerpt.split()), EXCERPT, placeholder=" …"),
        "facts": decision.facts,
    }
    if decision.reason:
        params["reason"] = decision.reason.value
    author = db.session.get_one(Person, subject.author_id)
    notify(person_id=author.id, kind=kind, params=params, path=path)
    enqueue_mail(address=author.email, locale=author.locale, kind=kind, params=params, path=path)
