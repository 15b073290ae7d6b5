"""What is in a round so far, from all areas, for the round's page and its checklist. No choice of a ballot is read."""

from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.agenda.models import AgendaItem
from civicvote.domain.allocations.models import Account, Disbursement
from civicvote.domain.allocations.states import AccountKind, DisbursementState
from civicvote.domain.budgeting.models import Project
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.lifecycle.checklist import PollFacts, RoundFacts
from civicvote.domain.lifecycle.poll_phases import effective_close
from civicvote.domain.polls.models import Poll, PollOption, RollEntry, Turnout
from civicvote.domain.polls.states import PollState
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.rounds.models import Round
from civicvote.domain.threads.models import Thread
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
            closes_at=effective_close(poll.kind, poll.closes_at, round.phases),
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
