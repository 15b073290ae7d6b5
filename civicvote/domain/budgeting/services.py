"""Writes of projects: make one of an agenda item, change it until it stands on a ballot, say what became of it."""

from collections.abc import Iterable

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.agenda.models import AgendaItem
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.budgeting import policy, rules
from civicvote.domain.budgeting.errors import NotABudgetPoll, SameProject
from civicvote.domain.budgeting.models import Project
from civicvote.domain.budgeting.queries import budget_polls_of
from civicvote.domain.budgeting.services_finding import refresh_project_in_index
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.queries import published_outcome
from civicvote.domain.polls.states import PollKind
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.news import News
from civicvote.domain.proposals.services_following import slug_of, tell_news
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.money import Money
from civicvote.kernel.permissions import Permission


def create_project(
    *,
    actor: Actor,
    agenda_item: AgendaItem,
    title: str,
    summary: str,
    description: str,
    cost_amount: int,
    department: str,
    place: str,
) -> Project:
    """Make an agenda item concrete. ``cost_amount`` in the currency's smallest unit.

    Raises ``NotPermitted``, ``PhaseClosed``, ``SameProject`` and what ``rules`` refuses.
    """
    region_id = agenda_item.region_id
    require(actor, Permission.PROJECT_MANAGE, region_id)
    round_ = db.session.get_one(Round, (region_id, agenda_item.round_id))
    policy.require_preparation(round_)
    texts = rules.clean_texts(title=title, summary=summary, description=description, department=department, place=place)
    _require_payable(round_, cost_amount)
    _require_new(agenda_item, texts.title)
    project = Project(
        region_id=region_id,
        id=ids.new_id(),
        round_id=agenda_item.round_id,
        agenda_item_id=agenda_item.id,
        title=texts.title,
        summary=texts.summary,
        description=texts.description,
        cost_amount=cost_amount,
        department=texts.department,
        place=texts.place,
        state=ProjectState.PREPARING,
        created_at=clock.now(),
    )
    db.session.add(project)
    db.session.flush()
    refresh_project_in_index(project=project)
    _record(actor, project, AuditVerb.PROJECT_CREATE)
    _tell_followers(actor, agenda_item, project)
    return project


def _tell_followers(actor: Actor, agenda_item: AgendaItem, project: Project) -> None:
    proposal = db.session.get_one(Proposal, (agenda_item.region_id, agenda_item.proposal_id))
    tell_news(
        proposal=proposal,
        news=News.BECAME_PROJECT,
        path=f"/regions/{slug_of(project.region_id)}/projects/{ids.encode(project.id)}",
        params={"project": project.title},
        except_person_ids=[actor.person_id],
    )


def edit_project(
    *,
    actor: Actor,
    project: Project,
    title: str,
    summary: str,
    description: str,
    cost_amount: int,
    department: str,
    place: str,
) -> Project:
    """Change a project that is still being prepared.

    Raises ``NotPermitted``, ``ProjectFixed``, ``PhaseClosed`` and what ``rules`` refuses.
    """
    require(actor, Permission.PROJECT_MANAGE, project.region_id)
    db.session.refresh(project, with_for_update=True)
    policy.require_changeable(project.state, is_on_frozen_ballot=bool(budget_polls_of(project)))
    round_ = db.session.get_one(Round, (project.region_id, project.round_id))
    policy.require_preparation(round_)
    texts = rules.clean_texts(title=title, summary=summary, description=description, department=department, place=place)
    _require_payable(round_, cost_amount)
    project.title, project.summary, project.description = texts.title, texts.summary, texts.description
    project.department, project.place = texts.department, texts.place
    project.cost_amount = cost_amount
    db.session.flush()
    refresh_project_in_index(project=project)
    _record(actor, project, AuditVerb.PROJECT_EDIT)
    return project


def set_projects_state(*, region_id: int, project_ids: Iterable[int], state: ProjectState) -> None:
    """Say how far projects have come, for the areas that decide it."""
    db.session.execute(
        sa.update(Project)
        .where(Project.region_id == region_id, Project.id.in_(list(project_ids)))
        .values(state=state)
        .execution_options(synchronize_session="fetch")
    )


def apply_outcome(*, actor: Actor, poll: Poll) -> int:
    """An officer carries a published budget poll's outcome over to its projects; how many changed.

    Applying it again changes nothing. Raises ``NotPermitted``, ``NotABudgetPoll`` and what ``published_outcome`` does.
    """
    require(actor, Permission.PROJECT_MANAGE, poll.region_id)
    return carry_over_outcome(region_id=poll.region_id, poll_id=poll.id, actor_id=actor.person_id)


def carry_over_outcome(*, region_id: int, poll_id: int, actor_id: int | None = None) -> int:
    """The same for the schedule, which needs nobody's permission (``actor_id`` None in the audit entry)."""
    poll = db.session.get_one(Poll, (region_id, poll_id))
    if poll.kind is not PollKind.BUDGET:
        raise NotABudgetPoll
    winners = set(published_outcome(region_id, poll_id).selected)
    states = {
        option.subject_id: ProjectState.SELECTED if option.key in winners else ProjectState.NOT_SELECTED
        for option in poll.options
        if option.subject_id is not None
    }
    undecided = _undecided(region_id, states)
    changed = {project_id: state for project_id, state in states.items() if project_id in undecided}
    for state in (ProjectState.SELECTED, ProjectState.NOT_SELECTED):
        of_state = [project_id for project_id, decided in changed.items() if decided is state]
        set_projects_state(region_id=region_id, project_ids=of_state, state=state)
    if changed:
        record(
            region_id=region_id,
            actor_id=actor_id,
            verb=AuditVerb.PROJECT_APPLY_OUTCOME,
            subject=f"poll:{poll_id}",
            detail={"states": {str(project_id): state.value for project_id, state in sorted(changed.items())}},
        )
    return len(changed)


def _undecided(region_id: int, project_ids: Iterable[int]) -> set[int]:
    """Those whose fate no outcome has decided yet; locked, so that two officers do not carry it over twice."""
    return set(
        db.session.scalars(
            sa.select(Project.id)
            .where(
                Project.region_id == region_id,
                Project.id.in_(list(project_ids)),
                Project.state.in_([ProjectState.PREPARING, ProjectState.ON_BALLOT]),
            )
            .order_by(Project.id)
            .with_for_update()
        )
    )


def _require_payable(round_: Round, cost_amount: int) -> None:
    region = db.session.get_one(Region, round_.region_id)
    rules.require_payable(
        Money(cost_amount, region.currency, region.currency_exponent),
        Money(round_.envelope_amount, region.currency, region.currency_exponent),
    )


def _require_new(agenda_item: AgendaItem, title: str) -> None:
    same = db.session.scalar(
        sa.select(Project.id).where(
            Project.region_id == agenda_item.region_id,
            Project.agenda_item_id == agenda_item.id,
            Project.title == title,
        )
    )
    if same is not None:
        raise SameProject


def _record(actor: Actor, project: Project, verb: AuditVerb) -> None:
    record(
        region_id=project.region_id,
        actor_id=actor.person_id,
        verb=verb,
        subject=f"project:{project.id}",
        detail={
            "agenda_item": project.agenda_item_id,
            "title": project.title,
            "cost": project.cost_amount,
            "department": project.department,
            "place": project.place,
        },
    )
