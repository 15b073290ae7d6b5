"""Reads about projects. Everybody may see every project: preparing one is public work."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.agenda.models import AgendaItem
from civicvote.domain.budgeting.errors import UnknownProject
from civicvote.domain.budgeting.models import Project
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.polls.models import Poll, PollOption
from civicvote.domain.polls.states import PollKind, PollState
from civicvote.domain.proposals.models import Proposal
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor

PAGE_SIZE = 20


def project_in(region_id: int, project_id: int) -> Project:
    """A project of the region. Raises ``UnknownProject``."""
    found = db.session.get(Project, (region_id, project_id))
    if found is None:
        raise UnknownProject
    return found


def projects_of_round(
    region_id: int,
    round_id: int,
    *,
    state: ProjectState | None = None,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[Project]:
    """The round's projects in the order in which they were made."""
    statement = sa.select(Project).where(Project.region_id == region_id, Project.round_id == round_id)
    if state is not None:
        statement = statement.where(Project.state == state)
    if keys := read_cursor(cursor, 1):
        statement = statement.where(Project.id > keys[0])
    rows = db.session.scalars(statement.order_by(Project.id).limit(size + 1)).all()
    return page_of(list(rows), size, cursor=lambda last: write_cursor(last.id))


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many projects of a round stand in a state, and what they cost together."""

    state: ProjectState
    projects: int
    cost: int


def counts_by_state(region_id: int, round_id: int) -> list[StateCount]:
    """How far the round's projects have come; states without projects are left out."""
    rows = db.session.execute(
        sa.select(Project.state, sa.func.count(), sa.cast(sa.func.sum(Project.cost_amount), sa.BigInteger))
        .where(Project.region_id == region_id, Project.round_id == round_id)
        .group_by(Project.state)
    )
    order = list(ProjectState)
    return sorted((StateCount(*row) for row in rows), key=lambda count: order.index(count.state))


def projects_of_items(region_id: int, item_ids: Iterable[int]) -> dict[int, list[Project]]:
    """The projects that each agenda item became, by item id."""
    found: dict[int, list[Project]] = defaultdict(list)
    rows = db.session.scalars(
        sa.select(Project)
        .where(Project.region_id == region_id, Project.agenda_item_id.in_(list(item_ids)))
        .order_by(Project.agenda_item_id, Project.id)
    )
    for project in rows:
        found[project.agenda_item_id].append(project)
    return found


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a project comes from: the agenda item and the resident's proposal behind it."""

    item: AgendaItem
    proposal: Proposal


def origin_of(project: Project) -> Origin:
    """The agenda item and the proposal behind the project. One statement."""
    item, proposal = db.session.execute(
        sa.select(AgendaItem, Proposal)
        .join(Proposal, (Proposal.region_id == AgendaItem.region_id) & (Proposal.id == AgendaItem.proposal_id))
        .where(AgendaItem.region_id == project.region_id, AgendaItem.id == project.agenda_item_id)
    ).one()
    return Origin(item, proposal)


def proposals_behind(projects: Iterable[Project]) -> dict[int, Proposal]:
    """Project id → the proposal it came from, whose field and district are the project's. One statement."""
    items = {project.id: (project.region_id, project.agenda_item_id) for project in projects}
    rows = db.session.execute(
        sa.select(AgendaItem.id, Proposal)
        .join(Proposal, (Proposal.region_id == AgendaItem.region_id) & (Proposal.id == AgendaItem.proposal_id))
        .where(
            AgendaItem.region_id.in_({region_id for region_id, _ in items.values()}),
            AgendaItem.id.in_({item_id for _, item_id in items.values()}),
        )
    )
    by_item = {row[0]: row[1] for row in rows}
    return {project_id: by_item[item_id] for project_id, (_, item_id) in items.items() if item_id in by_item}


def budget_polls_of(project: Project) -> list[Poll]:
    """The budget polls on whose frozen ballot the project stands, the latest first."""
    return list(
        db.session.scalars(
            sa.select(Poll)
            .join(PollOption, (PollOption.region_id == Poll.region_id) & (PollOption.poll_id == Poll.id))
            .where(
                Poll.region_id == project.region_id,
                Poll.round_id == project.round_id,
                Poll.kind == PollKind.BUDGET,
                Poll.frozen_at.is_not(None),
                PollOption.subject_id == project.id,
            )
            .order_by(Poll.id.desc())
        )
    )


def unapplied_polls(region_id: int, round_id: int) -> list[Poll]:
    """Published budget polls of the round of whose projects some still wait for the outcome."""
    return list(
        db.session.scalars(
            sa.select(Poll)
            .where(
                Poll.region_id == region_id,
                Poll.round_id == round_id,
                Poll.kind == PollKind.BUDGET,
                Poll.state == PollState.PUBLISHED,
                sa.exists(
                    sa.select(PollOption.key)
                    .join(
                        Project,
                        (Project.region_id == PollOption.region_id) & (Project.id == PollOption.subject_id),
                    )
                    .where(
                        PollOption.region_id == Poll.region_id,
                        PollOption.poll_id == Poll.id,
                        Project.state.in_([ProjectState.PREPARING, ProjectState.ON_BALLOT]),
                    )
                ),
            )
            .order_by(Poll.id)
        )
    )
