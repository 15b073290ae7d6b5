"""The case file of a proposal: every table that knows something of it, each asked once, in order of time."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.agenda.models import AgendaItem
from civicvote.domain.budgeting.models import Project
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.casefile.queries_money import money_lines
from civicvote.domain.casefile.queries_votes import vote_lines
from civicvote.domain.casefile.steps import CaseEvent, CaseLine, coming, in_time
from civicvote.domain.moderation.kinds import DecisionAction, SubjectKind
from civicvote.domain.moderation.models import Decision, ModerationCase
from civicvote.domain.opinions.models import OpinionQuestion
from civicvote.domain.proposals.models import CoAuthor, Merge, Proposal, ProposalVersion, ReachedStep
from civicvote.domain.proposals.queries import ProposalView
from civicvote.domain.proposals.states import CoAuthorState, MergeState, ProposalState
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.schedule import ScheduledPhase
from civicvote.domain.voices.models import Voice
from civicvote.kernel import clock
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.visibility import Visibility

PAGE_SIZE = 100

_DECIDED = {
    DecisionAction.HIDE: CaseEvent.HIDDEN,
    DecisionAction.KEEP: CaseEvent.KEPT,
    DecisionAction.RESTORE: CaseEvent.RESTORED,
}


@dataclass(frozen=True, slots=True)
class CaseFile:
    """``lines`` from the oldest on; ``coming``: what the round's schedule still holds for it; ``goes_on_in``: the
    proposal it was merged into."""

    lines: Page[CaseLine]
    coming: list[ScheduledPhase]
    goes_on_in: CaseLine | None


def case_file(view: ProposalView, round_: Round, *, cursor: str | None = None, size: int = PAGE_SIZE) -> CaseFile:
    """A page of the case file of a proposal as its reader may see it; of what they can't read, only that it was
    submitted, withdrawn, and what moderators decided. Eleven statements at most."""
    after = read_cursor(cursor, 3)
    if not view.is_readable:
        found = in_time([*_submission(view, named=False), *_decisions(view.proposal)])
        return CaseFile(_page(found, after, size), [], None)
    lines, projects = _all_but_money(view)
    found = in_time([*lines, *money_lines(_ids(projects), view.proposal.region_id, after=after, most=size + 1)])
    return CaseFile(_page(found, after, size), _coming(view, round_, projects), _goes_on_in(view, lines))


def latest_steps(view: ProposalView, round_: Round, *, most: int = 3) -> CaseFile:
    """The last ``most`` lines and what comes next, for the proposal's page. As many statements as the whole."""
    if not view.is_readable:
        return case_file(view, round_)
    lines, projects = _all_but_money(view)
    money = money_lines(_ids(projects), view.proposal.region_id, newest=most)
    found = in_time([*lines, *money])[-most:]
    return CaseFile(Page(found), _coming(view, round_, projects)[:1], _goes_on_in(view, lines))


def _page(lines: Sequence[CaseLine], after: tuple[int, ...] | None, size: int) -> Page[CaseLine]:
    left = [line for line in lines if after is None or line.key > after]
    return page_of(left[: size + 1], size, cursor=lambda line: write_cursor(*line.key))


def _ids(projects: Collection[Project]) -> dict[int, str]:
    return {project.id: project.title for project in projects}


def _coming(view: ProposalView, round_: Round, projects: Sequence[Project]) -> list[ScheduledPhase]:
    if view.proposal.visibility is not Visibility.VISIBLE:
        return []
    lost = bool(projects) and all(project.state is ProjectState.NOT_SELECTED for project in projects)
    return coming(view.proposal.state, lost, round_.phases, clock.now())


def _goes_on_in(view: ProposalView, lines: Sequence[CaseLine]) -> CaseLine | None:
    if view.proposal.state is not ProposalState.MERGED:
        return None
    return next((line for line in reversed(lines) if line.event is CaseEvent.MERGED_INTO), None)


def _all_but_money(view: ProposalView) -> tuple[list[CaseLine], list[Project]]:
    """Whatever people, officers and residents' votes did: as much as people do in a round, so all of it is read."""
    proposal = view.proposal
    agenda, projects = _agenda(proposal)
    lines = [
        *_submission(view, named=True),
        *_versions(proposal, view.author_name),
        *_signatures(proposal),
        *_merges(proposal),
        *_steps(proposal),
        *_voices(proposal),
        *_questions(proposal),
        *_decisions(proposal),
        *agenda,
        *vote_lines(proposal.region_id, {proposal.id: proposal.title, **_ids(projects)}),
    ]
    return in_time(lines), projects


def _submission(view: ProposalView, *, named: bool) -> Iterator[CaseLine]:
    """That it was submitted, and by the same hand taken back."""
    proposal = view.proposal
    event = CaseEvent.BROUGHT if proposal.source else CaseEvent.SUBMITTED
    who = view.author_name if named else ""
    source = proposal.source if named else ""
    yield CaseLine(proposal.submitted_at, event, proposal.id, who, detail={"source": source})
    if proposal.withdrawn_at is not None:
        yield CaseLine(proposal.withdrawn_at, CaseEvent.WITHDRAWN, proposal.id, who)


def _versions(proposal: Proposal, author: str) -> Iterator[CaseLine]:
    rows = db.session.execute(
        sa.select(ProposalVersion.number, ProposalVersion.replaced_at, Person.display_name)
        .outerjoin(Person, Person.id == ProposalVersion.editor_id)
        .where(ProposalVersion.region_id == proposal.region_id, ProposalVersion.proposal_id == proposal.id)
        .order_by(ProposalVersion.number)
    )
    for number, at, editor in rows:
        yield CaseLine(at, CaseEvent.EDITED, number, editor or author, detail={"number": number + 1})


def _signatures(proposal: Proposal) -> Iterator[CaseLine]:
    """Who signs, and who did once: a name that stood there is not made undone by leaving."""
    rows = db.session.execute(
        sa.select(CoAuthor.person_id, CoAuthor.answered_at, CoAuthor.left_at, Person.display_name)
        .join(Person, Person.id == CoAuthor.person_id)
        .where(
            CoAuthor.region_id == proposal.region_id,
            CoAuthor.proposal_id == proposal.id,
            CoAuthor.state.in_([CoAuthorState.ACCEPTED, CoAuthorState.LEFT]),
        )
        .order_by(CoAuthor.person_id)
    )
    for person_id, answered_at, left_at, name in rows:
        for at, event in ((answered_at, CaseEvent.SIGNED), (left_at, CaseEvent.LEFT)):
            if at is not None:
                yield CaseLine(at, event, person_id, name)


#: Who wrote what can't be read is not told either.
_UNREADABLE: dict[str, Any] = {"other_id": None, "title": "", "name": ""}


def _merges(proposal: Proposal) -> Iterator[CaseLine]:
    other, author = aliased(Proposal), aliased(Person)
    other_id = sa.case((Merge.leading_id == proposal.id, Merge.merged_id), else_=Merge.leading_id)
    rows = db.session.execute(
        sa.select(Merge, other.id, other.title, other.visibility, author.display_name)
        .join(other, (other.region_id == Merge.region_id) & (other.id == other_id))
        .join(author, author.id == other.author_id)
        .where(
            Merge.region_id == proposal.region_id,
            sa.or_(Merge.leading_id == proposal.id, Merge.merged_id == proposal.id),
            Merge.state.in_([MergeState.MERGED, MergeState.UNDONE]),
        )
        .order_by(Merge.id)
    )
    for merge, its_id, title, visibility, name in rows:
        is_visible = visibility is Visibility.VISIBLE
        detail = {"merge_id": merge.id, "role": "", "leads": merge.leading_id == proposal.id}
        detail |= {"other_id": its_id, "title": title, "name": name} if is_visible else _UNREADABLE
        event = CaseEvent.TOOK_IN if detail["leads"] else CaseEvent.MERGED_INTO
        assert merge.merged_at is not None, "it held, or holds"
        yield CaseLine(merge.merged_at, event, merge.id, reason=merge.reason, detail=detail)
        if merge.ended_at is not None:
            ended = {**detail, "role": merge.ended_as}
            yield CaseLine(merge.ended_at, CaseEvent.SEPARATED, merge.id, reason=merge.end_reason, detail=ended)


def _steps(proposal: Proposal) -> Iterator[CaseLine]:
    rows = db.session.scalars(
        sa.select(ReachedStep)
        .where(ReachedStep.region_id == proposal.region_id, ReachedStep.proposal_id == proposal.id)
        .order_by(ReachedStep.id)
    )
    for row in rows:
        detail = {"step": row.step, "count": row.endorsement_count, "held_on": row.held_on, "place": row.place}
        yield CaseLine(row.reached_at, CaseEvent.STEP_REACHED, row.id, detail=detail)
        if row.fulfilled_at is not None:
            yield CaseLine(row.fulfilled_at, CaseEvent.STEP_FULFILLED, row.id, detail=detail)


_VOICE = (
    Voice.id,
    Voice.kind,
    Voice.office,
    Voice.author_role,
    Voice.is_mayors,
    Voice.published_at,
    Voice.edited_at,
    Voice.withdrawn_at,
)


def _voices(proposal: Proposal) -> Iterator[CaseLine]:
    rows = db.session.execute(
        sa.select(*_VOICE)
        .where(Voice.region_id == proposal.region_id, Voice.proposal_id == proposal.id)
        .order_by(Voice.id)
    )
    for row in rows:
        detail = {"kind": row.kind, "role": row.author_role.value, "is_mayors": row.is_mayors}
        for at, event in (
            (row.published_at, CaseEvent.VOICE),
            (row.edited_at, CaseEvent.VOICE_EDITED),
            (row.withdrawn_at, CaseEvent.VOICE_WITHDRAWN),
        ):
            if at is not None:
                yield CaseLine(at, event, row.id, row.office, detail=detail)


def _questions(proposal: Proposal) -> Iterator[CaseLine]:
    rows = db.session.scalars(
        sa.select(OpinionQuestion)
        .where(OpinionQuestion.region_id == proposal.region_id, OpinionQuestion.proposal_id == proposal.id)
        .order_by(OpinionQuestion.id)
    )
    for row in rows:
        detail: dict[str, Any] = {"title": row.title}
        detail |= {"participants": row.participant_count, "statements": row.statement_count}
        yield CaseLine(row.opened_at, CaseEvent.QUESTION_OPENED, row.id, detail=detail)
        if row.closed_at is not None:
            yield CaseLine(row.closed_at, CaseEvent.QUESTION_CLOSED, row.id, detail=detail)


def _decisions(proposal: Proposal) -> Iterator[CaseLine]:
    rows = db.session.execute(
        sa.select(Decision.id, Decision.action, Decision.reason, Decision.facts, Decision.decided_at)
        .join(
            ModerationCase, (ModerationCase.region_id == Decision.region_id) & (ModerationCase.id == Decision.case_id)
        )
        .where(
            Decision.region_id == proposal.region_id,
            ModerationCase.subject_kind == SubjectKind.PROPOSAL,
            ModerationCase.subject_id == proposal.id,
        )
        .order_by(Decision.id)
    )
    for row in rows:
        yield CaseLine(row.decided_at, _DECIDED[row.action], row.id, reason=row.facts, detail={"rule": row.reason})


def _agenda(proposal: Proposal) -> tuple[list[CaseLine], list[Project]]:
    rows = db.session.execute(
        sa.select(AgendaItem, Project)
        .outerjoin(Project, (Project.region_id == AgendaItem.region_id) & (Project.agenda_item_id == AgendaItem.id))
        .where(AgendaItem.region_id == proposal.region_id, AgendaItem.proposal_id == proposal.id)
        .order_by(AgendaItem.id, Project.id)
    ).all()
    items = {item.id: item for item, _project in rows}
    projects = [project for _item, project in rows if project is not None]
    lines = [
        CaseLine(item.selected_at, CaseEvent.ON_AGENDA, item.id, detail={"rank": item.rank}) for item in items.values()
    ]
    for project in projects:
        detail: dict[str, Any] = {"title": project.title, "cost": project.cost_amount, "place": project.place}
        lines.append(
            CaseLine(project.created_at, CaseEvent.PROJECT_MADE, project.id, project.department, detail=detail)
        )
    return lines, projects
