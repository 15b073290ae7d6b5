"""Tell the two votes of a round: the agenda poll, the projects made of its winners, and the budget poll."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial

import sqlalchemy as sa

from civicvote.cli.example import keyholding
from civicvote.cli.example.choosing import Chooser
from civicvote.cli.example.origins import list_town_hall, origins
from civicvote.cli.example.people import crowd, holders, voter
from civicvote.cli.example.scene import Scene
from civicvote.cli.example.story import ProposalStory, VoteStory
from civicvote.cli.example.talking import Talk
from civicvote.db import db
from civicvote.domain.agenda.models import AgendaItem
from civicvote.domain.agenda.services import adopt_items
from civicvote.domain.budgeting.models import Project
from civicvote.domain.budgeting.services import apply_outcome, create_project, set_projects_state
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.monitor.marks import Origin
from civicvote.domain.outcomes.services import compare_rules
from civicvote.domain.polls.ballots.kinds import BallotKind
from civicvote.domain.polls.ballots.shape import RESIDENTS, BallotShape
from civicvote.domain.polls.box.idempotency import mac_key_from
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.planning.poll_plan import PollPlan
from civicvote.domain.polls.planning.suggestions import suggested_increment
from civicvote.domain.polls.roll.electorates import electorates_from
from civicvote.domain.polls.services import (
    Opening,
    add_option,
    cast_ballot,
    close_poll,
    count_poll,
    count_with_shares,
    create_poll,
    freeze_poll,
    publish_poll,
)
from civicvote.domain.polls.services_electorates import name_electors
from civicvote.domain.polls.states import PollKind
from civicvote.domain.proposals.services import set_proposal_state
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.regions.districts import level_of
from civicvote.domain.regions.kinds import DistrictLevel
from civicvote.domain.rounds.models import Round
from civicvote.domain.tally.ties import TieStep
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from civicvote.web.settings import settings

ADMINISTRATOR = holders(Role.ADMINISTRATOR)
ENTRY = holders(Role.BUDGET_ENTRY)
_BALLOTS_AT_ONCE = 100
Ballot = Callable[[int], list[str]]


class Votes:
    """Plans the polls of a round on the stage; voters are a crowd that is made when the first poll opens."""

    agenda_poll: Poll
    budget_poll: Poll
    projects: list[Project]

    def __init__(self, scene: Scene, talk: Talk) -> None:
        self.scene, self.talk = scene, talk
        self.voters: list[Actor] = []
        self.openings: list[Opening] = []
        self.mac_key = mac_key_from(settings().secret_key)

    def _told(self, vote: VoteStory | None) -> VoteStory:
        assert vote is not None, "a round that is told up to its votes says how they went"
        return vote

    @property
    def agenda_told(self) -> VoteStory:
        return self._told(self.scene.told.agenda_vote)

    @property
    def budget_told(self) -> VoteStory:
        return self._told(self.scene.told.budget_vote)

    def plan_agenda_vote(self) -> None:
        first, last = self.scene.told.phases[Phase.AGENDA_VOTE]
        self.scene.stage.plan(first - 1, lambda: self._open_agenda_poll(first, last))
        self.scene.stage.plan(first + 1, self._vote_on_agenda)
        self.scene.stage.plan(last + 0.5, lambda: self._finish(self.agenda_poll, self.agenda_told))
        self.scene.stage.plan(
            last + 1, lambda: adopt_items(actor=self.scene.cast.actor(ADMINISTRATOR), poll=self.agenda_poll)
        )
        self.scene.stage.plan(last + 4, self._make_projects)

    def _open_agenda_poll(self, first: int, last: int) -> None:
        administrator, told = self.scene.cast.actor(ADMINISTRATOR), self.agenda_told
        self.voters = crowd(
            self.scene.region,
            self.scene.told.voters,
            confirmed_by_id=administrator.person_id,
            chance=self.scene.chance,
            districts=self._dongs(),
        )
        self.agenda_poll = create_poll(
            actor=administrator,
            round=self.scene.running_round(),
            plan=PollPlan(
                kind=PollKind.AGENDA,
                title_ko="어떤 문제부터 풀까요",
                title_en="Which problems shall we solve first?",
                description_ko=told.description_ko,
                description_en=told.description_en,
                opens_at=self.scene.stage.moment(first),
                closes_at=self.scene.stage.moment(last),
                ballot_type=told.ballot.ballot_type,
                counting_rule=told.rule,
                max_choices=told.most,
                seats=told.seats,
                ballot=BallotShape(electorates=electorates_from(told.weights)),
            ),
        )
        for number, (each, proposal) in enumerate(self.talk.proposals, start=1):
            add_option(
                poll=self.agenda_poll,
                key=str(number),
                label=each.title,
                summary=each.summary,
                subject_id=proposal.id,
                field_key=each.field,
            )
        self._name_electors(told)
        freeze_poll(actor=administrator, poll=self.agenda_poll, key_folder=self.scene.key_folder)
        set_proposal_state(
            region_id=self.scene.region.id,
            proposal_ids=[proposal.id for _, proposal in self.talk.proposals],
            state=ProposalState.ON_BALLOT,
        )

    def _dongs(self) -> list[str]:
        codes = [proposal.spot.district_code for proposal in self.scene.told.proposals]
        return [code for code in codes if code and level_of(code) is DistrictLevel.DONG]

    def _name_electors(self, told: VoteStory) -> None:
        """The first voters are the members of the committee, the next those of the panel."""
        numbers = iter(range(self.scene.told.voters))
        for electorate, size in told.members.items():
            name_electors(
                actor=self.scene.cast.actor(ADMINISTRATOR),
                poll=self.agenda_poll,
                electorate=electorate,
                addresses=[voter(self.scene.region, next(numbers)) for _ in range(size)],
            )

    def _vote_on_agenda(self) -> None:
        told, chooser = self.agenda_told, Chooser(f"agenda of {self.scene.region.slug}")
        bodies = [body for body, size in told.members.items() for _ in range(size)]

        def ballot(number: int) -> list[str]:
            body = bodies[number] if number < len(bodies) else RESIDENTS
            likings = {str(key): each.liked_by(body) for key, (each, _) in enumerate(self.talk.proposals, start=1)}
            return chooser.some(likings, told.most)

        self._vote(self.agenda_poll, range(told.voted), ballot)

    def _vote(
        self, poll: Poll, numbers: Sequence[int], ballot: Ballot, came_from: Iterator[Origin] | None = None
    ) -> None:
        for number in numbers:
            cast_ballot(
                actor=self.voters[number],
                region_id=self.scene.region.id,
                poll_id=poll.id,
                choices=ballot(number),
                idempotency_key=secrets.token_hex(16),
                mac_key=self.mac_key,
                origin=next(came_from) if came_from else None,
            )

    def _finish(self, poll: Poll, told: VoteStory) -> None:
        region_id, administrator = self.scene.region.id, self.scene.cast.actor(ADMINISTRATOR)
        close_poll(actor=None, region_id=region_id, poll_id=poll.id)
        if told.keyholders_needed:
            count_with_shares(actor=administrator, region_id=region_id, poll_id=poll.id, openings=self.openings)
        else:
            count_poll(actor=None, region_id=region_id, poll_id=poll.id, key_folder=self.scene.key_folder)
        compare_rules(region_id=region_id, poll_id=poll.id)
        publish_poll(actor=administrator, region_id=region_id, poll_id=poll.id, key_folder=self.scene.key_folder)

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
        ballot, voted = Chooser(f"budget of {self.scene.region.slug}"), self.budget_told.voted
        came_from = origins() if self.scene.told.story == "voting" else None
        for number in range(0, voted, _BALLOTS_AT_ONCE):
            day = first + 0.2 + number / voted * (min(last, 0) - first - 0.4)
            numbers = range(number, min(number + _BALLOTS_AT_ONCE, voted))
            self.scene.stage.plan(day, partial(self._vote_on_budget, numbers, ballot, came_from))
        if self.scene.told.story == "spending":
            self.scene.stage.plan(last + 0.5, lambda: self._finish(self.budget_poll, self.budget_told))
            self.scene.stage.plan(
                last + 1, lambda: apply_outcome(actor=self.scene.cast.actor(ENTRY), poll=self.budget_poll)
            )

    def _open_budget_poll(self, first: int, last: int) -> None:
        administrator, told, envelope = self.scene.cast.actor(ADMINISTRATOR), self.budget_told, self.scene.told.envelope
        self.projects = self._projects()
        self.budget_poll = create_poll(
            actor=administrator,
            round=self.scene.running_round(),
            plan=PollPlan(
                kind=PollKind.BUDGET,
                title_ko="예산을 어디에 쓸까요",
                title_en="Where shall the budget go?",
                description_ko=told.description_ko,
                description_en=told.description_en,
                opens_at=self.scene.stage.moment(first),
                closes_at=self.scene.stage.moment(last) - timedelta(hours=2),
                ballot_type=told.ballot.ballot_type,
                counting_rule=told.rule,
                max_choices=told.most,
                ballot_limit_amount=envelope if told.ballot is BallotKind.KNAPSACK else None,
                envelope_amount=envelope,
                counting=CountingChoice(increment_amount=suggested_increment(envelope, self.scene.told.voters)),
                tie_steps=(TieStep.COST, TieStep.VOTES),
            ),
        )
        stories = self._stories()
        for number, project in enumerate(self.projects, start=1):
            add_option(
                poll=self.budget_poll,
                key=str(number),
                label=project.title,
                summary=project.summary,
                cost_amount=project.cost_amount,
                subject_id=project.id,
                field_key=stories[number - 1].field,
            )
        if told.keyholders_needed:
            self.openings = keyholding.hold_ceremony(self.scene, self.budget_poll, told.keyholders_needed)
        if self.scene.told.story == "voting":
            list_town_hall(self.scene)
        freeze_poll(actor=administrator, poll=self.budget_poll, key_folder=self.scene.key_folder)
        set_projects_state(
            region_id=self.scene.region.id,
            project_ids=[project.id for project in self.projects],
            state=ProjectState.ON_BALLOT,
        )

    def _stories(self) -> list[ProposalStory]:
        """What each project was as a proposal."""
        by_title = {told.title: told for told, _ in self.talk.proposals}
        return [by_title[project.title] for project in self.projects]

    def _vote_on_budget(self, numbers: range, chooser: Chooser, came_from: Iterator[Origin] | None) -> None:
        told, stories = self.budget_told, self._stories()
        likings = {str(key): each.weight for key, each in enumerate(stories, start=1)}
        fields = {str(key): each.field for key, each in enumerate(stories, start=1)}
        costs = {str(key): project.cost_amount for key, project in enumerate(self.projects, start=1)}

        def ballot(_number: int) -> list[str]:
            if told.ballot is BallotKind.KNAPSACK:
                return chooser.within(likings, told.most, costs=costs, limit=self.scene.told.envelope)
            return chooser.for_a_cause(likings, told.most, fields=fields)

        self._vote(self.budget_poll, numbers, ballot, came_from)

    def funded(self) -> tuple[Round, list[Project]]:
        """The round and the projects that won, once the outcome was carried over."""
        return self.scene.running_round(), [
            project for project in self.projects if project.state is ProjectState.SELECTED
        ]
