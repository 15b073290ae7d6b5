"""Tell the two votes of a round: the agenda poll, the projects made of its winners, and the budget poll."""

import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import sqlalchemy as sa

from civicvote.cli.example.people import crowd, holders
from civicvote.cli.example.scene import Scene
from civicvote.cli.example.talking import Talk
from civicvote.db import db
from civicvote.domain.agenda.models import AgendaItem
from civicvote.domain.agenda.services import adopt_items
from civicvote.domain.budgeting.models import Project
from civicvote.domain.budgeting.services import apply_outcome, create_project, set_projects_state
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.planning import PollPlan
from civicvote.domain.polls.services import (
    add_option,
    cast_ballot,
    close_poll,
    count_poll,
    create_poll,
    freeze_poll,
    publish_poll,
)
from civicvote.domain.polls.states import PollKind
from civicvote.domain.proposals.services import set_proposal_state
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.rounds.models import Round
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from civicvote.kernel.voting import CountingRule

ADMINISTRATOR = holders(Role.ADMINISTRATOR)
ENTRY = holders(Role.BUDGET_ENTRY)
_BALLOTS_AT_ONCE = 100


class Votes:
    """Plans the polls of a round on the stage; voters are a crowd that is made when the first poll opens."""

    agenda_poll: Poll
    budget_poll: Poll
    projects: list[Project]

    def __init__(self, scene: Scene, talk: Talk) -> None:
        self.scene, self.talk = scene, talk
        self.voters: list[Actor] = []
        self.mac_key = secrets.token_bytes(32)

    def plan_agenda_vote(self) -> None:
        first, last = self.scene.told.phases[Phase.AGENDA_VOTE]
        self.scene.stage.plan(first - 1, lambda: self._open_agenda_poll(first, last))
        self.scene.stage.plan(first + 1, lambda: self._vote(self.agenda_poll, self.voters[:160], self._agenda_ballot))
        self.scene.stage.plan(last + 0.5, lambda: self._finish(self.agenda_poll))
        self.scene.stage.plan(
            last + 1, lambda: adopt_items(actor=self.scene.cast.actor(ADMINISTRATOR), poll=self.agenda_poll)
        )
        self.scene.stage.plan(last + 4, self._make_projects)

    def _open_agenda_poll(self, first: int, last: int) -> None:
        administrator = self.scene.cast.actor(ADMINISTRATOR)
        offered, seats = len(self.talk.proposals), self.scene.told.agenda_seats
        self.voters = crowd(
            self.scene.region, self.scene.told.voters, confirmed_by_id=administrator.person_id, chance=self.scene.chance
        )
        self.agenda_poll = create_poll(
            actor=administrator,
            round=self.scene.running_round(),
            plan=PollPlan(
                kind=PollKind.AGENDA,
                title_ko="어떤 문제부터 풀까요",
                title_en="Which problems shall we solve first?",
                description_ko=f"제안 {offered}개 가운데 {seats}개를 의제로 정합니다.",
                description_en=f"{seats} of {offered} proposals become the agenda.",
                opens_at=self.scene.stage.moment(first),
                closes_at=self.scene.stage.moment(last),
                counting_rule=CountingRule.APPROVAL,
                max_choices=self.scene.told.agenda_votes_each,
                seats=seats,
            ),
        )
        for number, (told, proposal) in enumerate(self.talk.proposals, start=1):
            add_option(
                poll=self.agenda_poll,
                key=str(number),
                label=told.title,
                summary=told.summary,
                subject_id=proposal.id,
            )
        freeze_poll(actor=administrator, poll=self.agenda_poll, key_folder=self.scene.key_folder)
        set_proposal_state(
            region_id=self.scene.region.id,
            proposal_ids=[proposal.id for _, proposal in self.talk.proposals],
            state=ProposalState.ON_BALLOT,
        )

    def _agenda_ballot(self) -> list[str]:
        return self._wish([told.weight for told, _ in self.talk.proposals], self.scene.told.agenda_votes_each)

    def _wish(self, weights: list[int], most: int) -> list[str]:
        """Up to ``most`` different option keys, heavier ones more often."""
        keys = [str(number) for number in range(1, len(weights) + 1)]
        wanted: list[str] = []
        for _ in range(self.scene.chance.randint(1, most)):
            rest = [(key, weight) for key, weight in zip(keys, weights, strict=True) if key not in wanted]
            wanted += self.scene.chance.choices([key for key, _ in rest], [weight for _, weight in rest])
        return wanted

    def _vote(self, poll: Poll, voters: Sequence[Actor], ballot: Callable[[], list[str]]) -> None:
        for voter in voters:
            cast_ballot(
                actor=voter,
                region_id=self.scene.region.id,
                poll_id=poll.id,
                choices=ballot(),
                idempotency_key=secrets.token_hex(16),
                mac_key=self.mac_key,
            )

    def _finish(self, poll: Poll) -> None:
        close_poll(actor=None, region_id=self.scene.region.id, poll_id=poll.id)
        count_poll(actor=None, region_id=self.scene.region.id, poll_id=poll.id, key_folder=self.scene.key_folder)
        publish_poll(
            actor=self.scene.cast.actor(ADMINISTRATOR),
            region_id=self.scene.region.id,
            poll_id=poll.id,
            key_folder=self.scene.key_folder,
        )

    def _make_projects(self) -> None:
        items = {item.proposal_id: item for item in self._agenda_items()}
        for told, proposal in self.talk.proposals:
            if told.project is None or proposal.id not in items:
                continue
            create_project(
                actor=self.scene.cast.actor(ENTRY),
                agenda_item=items[proposal.id],
                title=told.title,
                summary=told.project.summary,
                description=told.body,
                cost_amount=told.project.cost,
                department=told.project.department,
                place=told.project.place,
            )

    def _agenda_items(self) -> list[AgendaItem]:
        of_round = sa.select(AgendaItem).where(
            AgendaItem.region_id == self.scene.region.id, AgendaItem.round_id == self.scene.running_round().id
        )
        return list(db.session.scalars(of_round.order_by(AgendaItem.rank, AgendaItem.id)))

    def _projects(self) -> list[Project]:
        of_round = sa.select(Project).where(
            Project.region_id == self.scene.region.id, Project.round_id == self.scene.running_round().id
        )
        return list(db.session.scalars(of_round.order_by(Project.id)))

    def plan_budget_vote(self) -> None:
        first, last = self.scene.told.phases[Phase.BUDGET_VOTE]
        self.scene.stage.plan(first - 1, lambda: self._open_budget_poll(first, last))
        for number in range(0, self.scene.told.already_voted, _BALLOTS_AT_ONCE):
            share = number / self.scene.told.already_voted
            day = first + 0.2 + share * (min(last, 0) - first - 0.4)
            self.scene.stage.plan(day, partial(self._vote_on_budget, number))
        if self.scene.told.story == "spending":
            self.scene.stage.plan(last + 0.5, lambda: self._finish(self.budget_poll))
            self.scene.stage.plan(
                last + 1, lambda: apply_outcome(actor=self.scene.cast.actor(ENTRY), poll=self.budget_poll)
            )

    def _vote_on_budget(self, first: int) -> None:
        last = min(first + _BALLOTS_AT_ONCE, self.scene.told.already_voted)
        self._vote(self.budget_poll, self.voters[first:last], self._budget_ballot)

    def _open_budget_poll(self, first: int, last: int) -> None:
        administrator = self.scene.cast.actor(ADMINISTRATOR)
        self.projects = self._projects()
        self.budget_poll = create_poll(
            actor=administrator,
            round=self.scene.running_round(),
            plan=PollPlan(
                kind=PollKind.BUDGET,
                title_ko="예산을 어디에 쓸까요",
                title_en="Where shall the budget go?",
                description_ko="마음에 드는 사업을 예산 안에서 골라 주십시오.",
                description_en="Choose the projects you want, within the budget.",
                opens_at=self.scene.stage.moment(first),
                closes_at=self.scene.stage.moment(last) - timedelta(hours=2),
                counting_rule=CountingRule.GREEDY,
                max_choices=5,
                ballot_limit_amount=self.scene.told.envelope,
                envelope_amount=self.scene.told.envelope,
            ),
        )
        for number, project in enumerate(self.projects, start=1):
            add_option(
                poll=self.budget_poll,
                key=str(number),
                label=project.title,
                summary=project.summary,
                cost_amount=project.cost_amount,
                subject_id=project.id,
            )
        freeze_poll(actor=administrator, poll=self.budget_poll, key_folder=self.scene.key_folder)
        set_projects_state(
            region_id=self.scene.region.id,
            project_ids=[project.id for project in self.projects],
            state=ProjectState.ON_BALLOT,
        )

    def _budget_ballot(self) -> list[str]:
        weights = {told.title: told.weight for told, _ in self.talk.proposals}
        chosen, left = [], self.scene.told.envelope
        for key in self._wish([weights[project.title] for project in self.projects], 5):
            cost = self.projects[int(key) - 1].cost_amount
            if cost <= left:
                chosen.append(key)
                left -= cost
        return chosen

    def funded(self) -> tuple[Round, list[Project]]:
        """The round and the projects that won, once the outcome was carried over."""
        return self.scene.running_round(), [
            project for project in self.projects if project.state is ProjectState.SELECTED
        ]
