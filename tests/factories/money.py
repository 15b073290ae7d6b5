"""A round that spends: a selected project, officers, money in the envelope, posted through the services."""

from dataclasses import dataclass
from itertools import count
from pathlib import Path

from civicvote.db import db
from civicvote.domain.agenda.models import AgendaItem
from civicvote.domain.allocations.models import Disbursement, Transfer
from civicvote.domain.allocations.services import allocate, approve_disbursement, enter_disbursement, fund_envelope
from civicvote.domain.budgeting.models import Project
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.services import close_poll, count_poll, freeze_poll, publish_poll
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.domain.threads.services import open_thread
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from tests.factories.people import actor_for, make_officer, make_person, make_resident
from tests.factories.places import make_region, make_round
from tests.factories.polls import administrator, cast

_numbers = count(1)


def key() -> str:
    """An idempotency key of its own."""
    return f"test-{next(_numbers)}"


def make_proposal(region: Region, round_: Round, title: str = "밤길 안전 조명") -> Proposal:
    """A proposal of a new author with its thread."""
    author = make_person()
    thread = open_thread(region_id=region.id, group_id=round_.id)
    proposal = Proposal(
        region_id=region.id,
        id=ids.new_id(),
        round_id=round_.id,
        author_id=author.id,
        thread_id=thread.id,
        title=title,
        summary=f"{title}: 한 문장 소개",
        body="본문",
        body_html="<p>본문</p>",
        field_key="safety",
        place="중앙동",
        submitted_at=clock.now(),
    )
    db.session.add(proposal)
    db.session.flush()
    return proposal


def make_agenda_item(
    region: Region, round_: Round, title: str = "밤길 안전 조명", *, rank: int = 1, proposal: Proposal | None = None
) -> AgendaItem:
    """An agenda item with the proposal behind it, as an adopted poll leaves them."""
    proposal = proposal or make_proposal(region, round_, title)
    item = AgendaItem(
        region_id=region.id,
        id=ids.new_id(),
        round_id=round_.id,
        proposal_id=proposal.id,
        poll_id=ids.new_id(),
        rank=rank,
        title=title,
        selected_at=clock.now(),
    )
    db.session.add(item)
    db.session.flush()
    return item


def publish(poll: Poll, region: Region, ballots: list[list[str]], key_folder: Path) -> Poll:
    """Fix the poll, let a resident cast each ballot, close, count and publish it."""
    voters = [make_resident(region.id) for _ in ballots]
    officer = administrator(region)
    freeze_poll(actor=officer, poll=poll, key_folder=key_folder)
    for voter, choices in zip(voters, ballots, strict=True):
        cast(voter, poll, *choices)
    close_poll(actor=officer, region_id=region.id, poll_id=poll.id, reason="시험")
    count_poll(actor=officer, region_id=region.id, poll_id=poll.id, key_folder=key_folder)
    return publish_poll(actor=officer, region_id=region.id, poll_id=poll.id, key_folder=key_folder)


def make_project(
    region: Region,
    round_: Round,
    *,
    title: str = "골목 보안등 40개 설치",
    cost_amount: int = 10_000_000,
    state: ProjectState = ProjectState.SELECTED,
    item: AgendaItem | None = None,
) -> Project:
    item = item or make_agenda_item(region, round_)
    project = Project(
        region_id=region.id,
        id=ids.new_id(),
        round_id=round_.id,
        agenda_item_id=item.id,
        title=title,
        summary="어두운 골목에 보안등을 답니다.",
        description="중앙동 골목 열두 곳.",
        cost_amount=cost_amount,
        department="도로과",
        place="중앙동",
        state=state,
        created_at=clock.now(),
    )
    db.session.add(project)
    db.session.flush()
    return project


@dataclass(frozen=True)
class Spending:
    """A region whose round is being implemented, with the officers who may move its money."""

    region: Region
    round: Round
    project: Project
    enterer: Actor
    approver: Actor

    def fund(self, amount: int, *, source: str = "시비", idempotency_key: str | None = None) -> Transfer:
        return fund_envelope(
            actor=self.enterer,
            round=self.round,
            source=source,
            amount=amount,
            reason="본예산 편성",
            evidence="예산과-1201",
            idempotency_key=idempotency_key or key(),
        )

    def allocate(self, amount: int, *, project: Project | None = None, idempotency_key: str | None = None) -> Transfer:
        return allocate(
            actor=self.enterer,
            project=project or self.project,
            amount=amount,
            reason="선정 사업 배정",
            idempotency_key=idempotency_key or key(),
        )

    def enter(self, amount: int, *, project: Project | None = None, idempotency_key: str | None = None) -> Disbursement:
        return enter_disbursement(
            actor=self.enterer,
            project=project or self.project,
            amount=amount,
            payee="빛고을조명(주)",
            reason="1차 기성",
            evidence="도로과-3021",
            idempotency_key=idempotency_key or key(),
        )

    def approve(self, disbursement: Disbursement) -> Disbursement:
        return approve_disbursement(
            actor=self.approver, region_id=self.region.id, disbursement_id=disbursement.id, note=""
        )

    def pay(self, amount: int, *, project: Project | None = None) -> Disbursement:
        return self.approve(self.enter(amount, project=project))


def make_spending(*, phase: Phase = Phase.IMPLEMENTATION, cost_amount: int = 10_000_000) -> Spending:
    """A round in ``phase`` with one selected project and an empty envelope."""
    region = make_region()
    round_ = make_round(region, phase)
    return Spending(
        region=region,
        round=round_,
        project=make_project(region, round_, cost_amount=cost_amount),
        enterer=actor_for(make_officer(region.id, Role.BUDGET_ENTRY, name="김입력")),
        approver=actor_for(make_officer(region.id, Role.BUDGET_APPROVAL, name="이승인")),
    )
