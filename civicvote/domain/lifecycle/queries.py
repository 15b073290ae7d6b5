"""What is in a round so far, from all areas, for the round's page and its checklist. No choice of a ballot is read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civicvote.db import db
from civicvote.domain.agenda.models import AgendaItem
from civicvote.domain.allocations.models import Account, Disbursement
from civicvote.domain.allocations.states import AccountKind, DisbursementState
from civicvote.domain.budgeting.models import Project
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.lifecycle.checklist import ChecklistEntry, PollFacts, RoundFacts, checklist
from civicvote.domain.polls.models import Poll, PollOption, RollEntry, Turnout
from civicvote.domain.polls.planning.window import PHASE_OF_KIND, effective_closing
from civicvote.domain.polls.states import PollKind, PollState
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.rounds.models import Round, RoundPhase
from civicvote.domain.rounds.readiness import lacks
from civicvote.domain.rounds.schedule import phase_end
from civicvote.domain.rounds.states import RoundState
from civicvote.domain.threads.models import Thread
from civicvote.kernel import clock
from civicvote.kernel.visibility import Visibility


def round_facts(round: Round) -> RoundFacts:
    """Counts and sums of the round. Ballots are counted by the marks on the roll, never by looking at them."""
    proposals, comments = db.session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(Thread.comment_count), 0))
        .select_from(Proposal)
        .join(Thread, (Thread.region_id == Proposal.region_id) & (Thread.id == Proposal.thread_id))
        .where(*_in_round(Proposal, round), Proposal.visibility == Visibility.VISIBLE)
    ).one()
    projects, selected = db.session.execute(
        sa.select(sa.func.count(), sa.func.count(sa.case((Project.state == ProjectState.SELECTED, Project.id)))).where(
            *_in_round(Project, round)
        )
    ).one()
    sums = _balances(round)
    return RoundFacts(
        proposals=proposals,
        comments=int(comments),
        agenda_items=_count(AgendaItem, round),
        projects=projects,
        selected_projects=selected,
        funded_amount=sum(sums.get(kind, 0) for kind in AccountKind if kind is not AccountKind.SOURCE),
        allocated_amount=sums.get(AccountKind.ALLOCATED, 0) + sums.get(AccountKind.DISBURSED, 0),
        disbursed_amount=sums.get(AccountKind.DISBURSED, 0),
        waiting_disbursements=_waiting(round),
        polls=tuple(_polls(round)),
    )


def _in_round(model: Any, round: Round) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return model.region_id == round.region_id, model.round_id == round.id


def _count(model: Any, round: Round) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*_in_round(model, round))) or 0


def _balances(round: Round) -> dict[AccountKind, int]:
    rows = db.session.execute(
        sa.select(Account.kind, sa.func.sum(Account.balance))
        .where(*_in_round(Account, round))
        .group_by(Account.kind)
        .order_by(Account.kind)
    )
    return {kind: int(balance) for kind, balance in rows}


def _waiting(round: Round) -> int:
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Disbursement)
            .join(Project, (Project.region_id == Disbursement.region_id) & (Project.id == Disbursement.project_id))
            .where(*_in_round(Project, round), Disbursement.state == DisbursementState.WAITING)
        )
        or 0
    )


def _polls(round: Round) -> list[PollFacts]:
    """At most a handful a round: per kind, one for each part of the region."""
    options, roll, counted = _per_poll(PollOption), _per_poll(RollEntry), _turnout()
    marked = _per_poll(RollEntry, RollEntry.channel.is_not(None))
    rows = db.session.execute(
        sa.select(Poll, options, roll, marked, counted).where(*_in_round(Poll, round)).order_by(Poll.opens_at, Poll.id)
    )
    return [
        PollFacts(
            id=poll.id,
            kind=poll.kind,
            state=poll.state,
            title_ko=poll.title_ko,
            title_en=poll.title_en,
            options=option_count,
            on_roll=roll_count,
            ballots=marks or turnout,
            opens_at=poll.opens_at,
            closes_at=_closing(poll, round),
            max_choices=poll.max_choices,
            min_choices=poll.min_choices,
            ballot_limit_amount=poll.ballot_limit_amount,
        )
        for poll, option_count, roll_count, marks, turnout in rows
    ]


def _per_poll(model: Any, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(model)
        .where(model.region_id == Poll.region_id, model.poll_id == Poll.id, *conditions)
        .correlate(Poll)
        .scalar_subquery()
    )


def _turnout() -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.coalesce(sa.func.sum(Turnout.ballots), 0))
        .where(Turnout.region_id == Poll.region_id, Turnout.poll_id == Poll.id, Poll.state == PollState.PUBLISHED)
        .correlate(Poll)
        .scalar_subquery()
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """The checklist of a round with the facts it was made from."""

    entries: list[ChecklistEntry]
    facts: RoundFacts


def round_checklist(round: Round) -> Plan:
    """Where the round stands on its way from rules to results."""
    facts, now = round_facts(round), clock.now()
    entries = checklist(
        phases=round.phases,
        is_announced=round.state is RoundState.ANNOUNCED,
        lacks=lacks(round, now),
        facts=facts,
        now=now,
    )
    return Plan(entries, facts)


@dataclass(frozen=True, slots=True)
class UnfinishedPoll:
    """A poll whose time is over and which is not counted yet. Plain values: each is worked on in its own unit."""

    region_id: int
    id: int
    state: PollState
    waits_for_keyholders: bool


def unfinished_polls(now: datetime) -> list[UnfinishedPoll]:
    """Polls to close or count, those that closed first first. What waits for keyholders is closed, they count it."""
    rows = db.session.execute(
        sa.select(Poll, Round)
        .join(Round, (Round.region_id == Poll.region_id) & (Round.id == Poll.round_id))
        .where(Poll.state.in_([PollState.FROZEN, PollState.CLOSED]))
        .order_by(Poll.closes_at, Poll.id)
    )
    return [
        UnfinishedPoll(poll.region_id, poll.id, poll.state, poll.keyholders_needed > 0)
        for poll, round_ in rows
        if (not poll.keyholders_needed if poll.state is PollState.CLOSED else _closing(poll, round_) <= now)
    ]


def _closing(poll: Poll, round: Round) -> datetime:
    return effective_closing(poll.closes_at, phase_end(round.phases, PHASE_OF_KIND[poll.kind]))


def rounds_to_advance(now: datetime) -> list[tuple[int, int]]:
    """Region and id of announced rounds in which a phase has begun behind the last one that was entered."""
    begun, entered = aliased(RoundPhase), aliased(RoundPhase)
    rows = db.session.execute(
        sa.select(Round.region_id, Round.id)
        .where(
            Round.state == RoundState.ANNOUNCED,
            sa.exists().where(
                begun.region_id == Round.region_id,
                begun.round_id == Round.id,
                begun.starts_at <= now,
                ~sa.exists().where(
                    entered.region_id == Round.region_id,
                    entered.round_id == Round.id,
                    entered.phase == Round.entered_phase,
                    entered.starts_at >= begun.starts_at,
                ),
            ),
        )
        .order_by(Round.region_id, Round.id)
    )
    return [(region_id, round_id) for region_id, round_id in rows]


def published_polls(region_id: int, round_id: int, kind: PollKind) -> list[int]:
    """Polls of the round with a published outcome about things of this platform (not elections of other places)."""
    return list(
        db.session.scalars(
            sa.select(Poll.id)
            .where(
                Poll.region_id == region_id,
                Poll.round_id == round_id,
                Poll.kind == kind,
                Poll.state == PollState.PUBLISHED,
                sa.exists().where(
                    PollOption.region_id == Poll.region_id,
                    PollOption.poll_id == Poll.id,
                    PollOption.subject_id.is_not(None),
                ),
            )
            .order_by(Poll.id)
        )
    )
