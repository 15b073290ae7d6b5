"""What stands on first pages, put together from all areas: open doors, living proposals, money, work that waits.

Each list here is short by design (the newest rounds, three proposals), so the number of statements is bounded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.allocations.models import Disbursement
from civicvote.domain.allocations.queries import round_money
from civicvote.domain.allocations.rules import RoundMoney
from civicvote.domain.allocations.states import DisbursementState
from civicvote.domain.moderation.kinds import CaseState
from civicvote.domain.moderation.models import ModerationCase
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.planning.window import PHASE_OF_KIND
from civicvote.domain.polls.states import PollState
from civicvote.domain.proposals.listing import ProposalSort
from civicvote.domain.proposals.queries_ladder import owed_counts
from civicvote.domain.proposals.queries_list import ProposalRow, list_proposals
from civicvote.domain.regions.models import Region
from civicvote.domain.reporting.doors import Door, OpenPoll, by_weight, main_deed
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.policy import open_actions
from civicvote.domain.rounds.queries import RunningRound, running_rounds
from civicvote.domain.rounds.schedule import phase_at, span_at
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor, can
from civicvote.kernel.permissions import Permission
from civicvote.kernel.phases import Phase

_ROUNDS_SHOWN = 8
_ROUNDS_READ_FOR_PROPOSALS = 3
_LIVING = 3

#: In these phases a round's proposals are what people talk about.
_PROPOSALS_LIVE = frozenset({Phase.DISCOVERY, Phase.REVIEW, Phase.DELIBERATION, Phase.AGENDA_VOTE})


@dataclass(frozen=True, slots=True)
class LivingProposal:
    """A proposal that people talk about, with where it belongs."""

    row: ProposalRow
    region: Region


@dataclass(frozen=True, slots=True)
class MoneyStory:
    """Where the money of one round stands."""

    region: Region
    round: Round
    money: RoundMoney


@dataclass(frozen=True, slots=True)
class Front:
    """``spending`` is the round that spends now, the newest where several do."""

    doors: list[Door]
    proposals: list[LivingProposal]
    spending: MoneyStory | None


def front_page() -> Front:
    """The front of the whole site."""
    return _front(running_rounds(size=_ROUNDS_SHOWN).items)


def region_front(region_id: int, rounds: Sequence[Round]) -> Front:
    """The same for one region, from its newest rounds."""
    region = db.session.get_one(Region, region_id)
    return _front([RunningRound(round_, region) for round_ in rounds])


def _front(running: Sequence[RunningRound]) -> Front:
    now = clock.now()
    phases = {each.round.id: phase_at(each.round.phases, now) for each in running}
    living = [each for each in running if phases[each.round.id] in _PROPOSALS_LIVE][:_ROUNDS_READ_FOR_PROPOSALS]
    spending = [each for each in running if (phase := phases[each.round.id]) and phase.position >= _SPENDS_FROM]
    return Front(doors=by_weight(_doors(running)), proposals=_living(living), spending=_story(spending))


_SPENDS_FROM = Phase.ALLOCATION.position


def _doors(running: Sequence[RunningRound]) -> Iterable[Door]:
    now = clock.now()
    polls = _open_polls([each.round for each in running])
    for each in running:
        span = span_at(each.round.phases, now)
        if span is None:
            continue
        poll = polls.get((each.round.id, span.phase))
        deed = main_deed(span.phase, open_actions(each.round, now), poll)
        yield Door(
            region_id=each.region.id,
            region_slug=each.region.slug,
            region_name_ko=each.region.name_ko,
            region_name_en=each.region.name_en,
            round_id=each.round.id,
            round_title_ko=each.round.title_ko,
            round_title_en=each.round.title_en,
            phase=span.phase,
            deed=deed,
            ends_at=min(span.ends_at, poll.closes_at) if poll else span.ends_at,
            poll=poll,
        )


def _open_polls(rounds: Sequence[Round]) -> dict[tuple[int, Phase], OpenPoll]:
    """By round and phase the poll that takes ballots now, the first to close where there are several."""
    now = clock.now()
    rows = db.session.execute(
        sa.select(Poll.round_id, Poll.kind, Poll.id, Poll.title_ko, Poll.title_en, Poll.closes_at)
        .where(
            sa.tuple_(Poll.region_id, Poll.round_id).in_([(each.region_id, each.id) for each in rounds]),
            Poll.state == PollState.FROZEN,
            Poll.opens_at <= now,
            Poll.closes_at > now,
        )
        .order_by(Poll.closes_at.desc(), Poll.id)
    )
    return {
        (row.round_id, PHASE_OF_KIND[row.kind]): OpenPoll(row.id, row.title_ko, row.title_en, row.closes_at)
        for row in rows
    }


def _living(rounds: Iterable[RunningRound]) -> list[LivingProposal]:
    found = [
        LivingProposal(row, each.region)
        for each in rounds
        for row in list_proposals(each.round.region_id, each.round.id, sort=ProposalSort.DISCUSSED, size=_LIVING).items
    ]
    return sorted(found, key=lambda each: (-each.row.comment_count, -each.row.id))[:_LIVING]


def _story(rounds: Sequence[RunningRound]) -> MoneyStory | None:
    for each in rounds:
        money = round_money(each.round.region_id, each.round.id)
        if money.funded:
            return MoneyStory(each.region, each.round, money)
    return None


@dataclass(frozen=True, slots=True)
class Work:
    """What waits at the desks of a region for this person; None where it is not their desk."""

    region: Region
    open_cases: int | None
    waiting_payments: int | None
    owed_answers: int | None = None


def desk_work(actor: Actor) -> list[Work]:
    """What waits for the actor in each region where they moderate, approve or answer. At most four statements."""
    moderates = [key for key in actor.roles if can(actor, Permission.CONTENT_MODERATE, key)]
    approves = [key for key in actor.roles if can(actor, Permission.LEDGER_APPROVE, key)]
    answers = [key for key in actor.roles if can(actor, Permission.VOICE_ANSWER, key)]
    if not moderates and not approves and not answers:
        return []
    cases = _counts(ModerationCase.region_id, moderates, ModerationCase.state == CaseState.OPEN)
    payments = _counts(
        Disbursement.region_id,
        approves,
        Disbursement.state == DisbursementState.WAITING,
        Disbursement.entered_by_id != actor.person_id,
    )
    owed = owed_counts(answers)
    regions = db.session.scalars(
        sa.select(Region).where(Region.id.in_({*moderates, *approves, *answers})).order_by(Region.code, Region.id)
    )
    return [
        Work(
            region,
            cases.get(region.id, 0) if region.id in moderates else None,
            payments.get(region.id, 0) if region.id in approves else None,
            owed.get(region.id, 0) if region.id in answers else None,
        )
        for region in regions
    ]


def _counts(
    column: sa.orm.InstrumentedAttribute[int], region_ids: list[int], *conditions: sa.ColumnElement[bool]
) -> dict[int, int]:
    if not region_ids:
        return {}
    rows = db.session.execute(
        sa.select(column, sa.func.count()).where(column.in_(region_ids), *conditions).group_by(column)
    )
    return dict(rows.all())
