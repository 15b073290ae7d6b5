"""Projects: made of agenda items, fixed by the ballot, decided by the outcome."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.budgeting.errors import (
    CostAboveEnvelope,
    NotABudgetPoll,
    ProjectFixed,
    SameProject,
    UnknownProject,
)
from civicvote.domain.budgeting.models import Project
from civicvote.domain.budgeting.queries import (
    budget_polls_of,
    counts_by_state,
    origin_of,
    project_in,
    projects_of_round,
    unapplied_polls,
)
from civicvote.domain.budgeting.services import apply_outcome, carry_over_outcome, create_project, edit_project
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.polls.errors import OutcomeNotPublished
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.services import add_option, create_poll, freeze_poll
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.errors import PhaseClosed
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.schedule import span_of
from civicvote.kernel.actor import Actor, NotPermitted
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from tests.factories.money import make_agenda_item, make_project, publish
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.polls import administrator, budget_plan, make_agenda_draft

MILLION = 1_000_000
TEXTS: dict[str, Any] = {
    "title": "보안등 40개 설치",
    "summary": "골목에 보안등을 답니다.",
    "description": "",
    "cost_amount": 60 * MILLION,
    "department": "도로과",
    "place": "중앙동",
}


@pytest.fixture
def region(session: Session) -> Region:
    return make_region()


@pytest.fixture
def officer(region: Region) -> Actor:
    return actor_for(make_officer(region.id, Role.BUDGET_ENTRY))


@pytest.fixture
def matching(region: Region) -> Round:
    return make_round(region, Phase.MATCHING)


def test_an_agenda_item_becomes_a_project(region: Region, matching: Round, officer: Actor, session: Session) -> None:
    item = make_agenda_item(region, matching)

    project = create_project(actor=officer, agenda_item=item, **TEXTS)

    assert project.state is ProjectState.PREPARING
    assert origin_of(project).item is item
    assert session.scalars(sa.select(AuditEntry.verb).where(AuditEntry.region_id == region.id)).all() == [
        "project:create"
    ]
    with pytest.raises(SameProject):
        create_project(actor=officer, agenda_item=item, **TEXTS)
    with pytest.raises(CostAboveEnvelope):
        create_project(actor=officer, agenda_item=item, **(TEXTS | {"title": "둘째", "cost_amount": 100 * MILLION + 1}))


@pytest.mark.parametrize("phase", [Phase.AGENDA_VOTE, Phase.BUDGET_VOTE, Phase.IMPLEMENTATION])
def test_outside_the_matching_phase_no_project_is_made_or_changed(region: Region, officer: Actor, phase: Phase) -> None:
    round_ = make_round(region, phase)
    project = make_project(region, round_, state=ProjectState.PREPARING)
    with pytest.raises(PhaseClosed):
        create_project(actor=officer, agenda_item=make_agenda_item(region, round_), **TEXTS)
    with pytest.raises(PhaseClosed):
        edit_project(actor=officer, project=project, **TEXTS)


def test_people_without_the_role_make_no_projects(region: Region, matching: Round) -> None:
    item = make_agenda_item(region, matching)
    for person in (make_person(), make_officer(region.id, Role.BUDGET_APPROVAL)):
        with pytest.raises(NotPermitted):
            create_project(actor=actor_for(person), agenda_item=item, **TEXTS)


def test_a_project_changes_until_its_ballot_is_fixed(
    region: Region, matching: Round, officer: Actor, tmp_path: Path
) -> None:
    project = make_project(region, matching, state=ProjectState.PREPARING)
    edit_project(actor=officer, project=project, **TEXTS)
    assert project.cost_amount == 60 * MILLION
    poll = _ballot(region, matching, [project])
    edit_project(actor=officer, project=project, **(TEXTS | {"place": "동구"}))

    freeze_poll(actor=administrator(region), poll=poll, key_folder=tmp_path)

    assert budget_polls_of(project) == [poll]
    with pytest.raises(ProjectFixed):
        edit_project(actor=officer, project=project, **TEXTS)
    assert project.place == "동구"


def _ballot(region: Region, round_: Round, projects: list[Project]) -> Poll:
    span = span_of(round_.phases, Phase.BUDGET_VOTE)
    assert span is not None
    plan = budget_plan(opens_at=span.starts_at, closes_at=span.ends_at)
    poll = create_poll(actor=administrator(region), round=round_, plan=plan)
    filler = make_project(region, round_, title="다른 사업", cost_amount=30 * MILLION, state=ProjectState.PREPARING)
    for number, project in enumerate([*projects, filler]):
        add_option(
            poll=poll,
            key=f"p{number}",
            label=project.title,
            summary=project.summary,
            cost_amount=project.cost_amount,
            subject_id=project.id,
        )
    return poll


def test_the_published_outcome_is_carried_over_once(
    region: Region, officer: Actor, session: Session, tmp_path: Path
) -> None:
    round_ = make_round(region, Phase.BUDGET_VOTE)
    winner, loser = (
        make_project(region, round_, title=title, cost_amount=cost, state=ProjectState.ON_BALLOT)
        for title, cost in (("보안등", 80 * MILLION), ("공원", 90 * MILLION))
    )
    draft = _ballot(region, round_, [winner, loser])
    with pytest.raises(OutcomeNotPublished):
        apply_outcome(actor=officer, poll=draft)
    poll = publish(draft, region, [["p0"], ["p0"], ["p1"]], tmp_path)
    assert [each.id for each in unapplied_polls(region.id, round_.id)] == [poll.id]

    assert apply_outcome(actor=officer, poll=poll) == 3
    assert apply_outcome(actor=officer, poll=poll) == 0
    assert carry_over_outcome(region_id=region.id, poll_id=poll.id) == 0

    assert (winner.state, loser.state) == (ProjectState.SELECTED, ProjectState.NOT_SELECTED)
    assert unapplied_polls(region.id, round_.id) == []
    verbs = session.scalars(sa.select(AuditEntry.verb).where(AuditEntry.region_id == region.id)).all()
    assert verbs.count("project:apply_outcome") == 1


def test_an_agenda_poll_decides_about_no_project(region: Region, officer: Actor) -> None:
    with pytest.raises(NotABudgetPoll):
        apply_outcome(actor=officer, poll=make_agenda_draft(region))


def test_projects_of_a_round_come_in_pages_and_states(region: Region, matching: Round) -> None:
    made = [
        make_project(region, matching, title=f"사업 {number}", cost_amount=number + 1, state=state)
        for number, state in enumerate([ProjectState.SELECTED] * 3 + [ProjectState.NOT_SELECTED])
    ]
    first = projects_of_round(region.id, matching.id, size=3)
    rest = projects_of_round(region.id, matching.id, size=3, cursor=first.next_cursor)
    assert [*first.items, *rest.items] == made
    assert rest.next_cursor is None
    assert projects_of_round(region.id, matching.id, state=ProjectState.NOT_SELECTED).items == made[3:]
    assert [(count.state, count.projects, count.cost) for count in counts_by_state(region.id, matching.id)] == [
        (ProjectState.SELECTED, 3, 6),
        (ProjectState.NOT_SELECTED, 1, 4),
    ]


def test_a_project_of_another_region_is_unknown(region: Region, matching: Round) -> None:
    project = make_project(region, matching)
    assert project_in(region.id, project.id) is project
    with pytest.raises(UnknownProject):
        project_in(make_region().id, project.id)
