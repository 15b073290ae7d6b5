"""Reads of support: who the reader is to a proposal, which steps of the ladder it reached, what is owed to whom."""

from dataclasses import dataclass, field

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.proposals.errors import StepNotReached
from civicvote.domain.proposals.models import CoAuthor, Endorsement, Follow, Proposal, ReachedStep
from civicvote.domain.proposals.states import CoAuthorState, LadderStep, ProposalState
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.visibility import Visibility

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Support:
    """What the reader did about a proposal, and the steps that it reached, in the order of reaching."""

    endorses: bool = False
    follows: bool = False
    is_co_author: bool = False
    steps: list[ReachedStep] = field(default_factory=list)


def _held(table: type[Endorsement] | type[Follow] | type[CoAuthor], *more: sa.ColumnElement[bool]) -> sa.Exists:
    return sa.exists().where(
        table.region_id == sa.bindparam("region_id"),
        table.proposal_id == sa.bindparam("proposal_id"),
        table.person_id == sa.bindparam("person_id"),
        *more,
    )


_ONE = sa.select(sa.literal(1).label("one")).subquery()
_SUPPORT = (
    sa.select(
        _held(Endorsement).label("endorses"),
        _held(Follow).label("follows"),
        _held(CoAuthor, CoAuthor.state == CoAuthorState.ACCEPTED).label("signs"),
        ReachedStep,
    )
    .select_from(_ONE)
    .outerjoin(
        ReachedStep,
        (ReachedStep.region_id == sa.bindparam("region_id")) & (ReachedStep.proposal_id == sa.bindparam("proposal_id")),
    )
    .order_by(ReachedStep.id)
)


def support_of(actor: Actor | None, region_id: int, proposal_id: int) -> Support:
    """The reader's standing with a proposal, and its steps. One statement."""
    who = actor.person_id if actor else 0
    values = {"region_id": region_id, "proposal_id": proposal_id, "person_id": who}
    rows = db.session.execute(_SUPPORT, values, execution_options={"populate_existing": True}).all()
    return Support(
        endorses=bool(rows[0].endorses),
        follows=bool(rows[0].follows),
        is_co_author=bool(rows[0].signs),
        steps=[row.ReachedStep for row in rows if row.ReachedStep is not None],
    )


def reached_forum(region_id: int, proposal_id: int) -> ReachedStep:
    """The step at which a forum is owed. Raises ``StepNotReached``."""
    step = db.session.get(ReachedStep, (region_id, proposal_id, LadderStep.FORUM))
    if step is None:
        raise StepNotReached
    return step


@dataclass(frozen=True, slots=True)
class Owed:
    """A step for which something is still owed, with its proposal."""

    step: ReachedStep
    proposal: Proposal

    @property
    def days_waited(self) -> int:
        return (clock.now() - self.step.reached_at).days


_OF_STEP = (Proposal.region_id == ReachedStep.region_id) & (Proposal.id == ReachedStep.proposal_id)
_OWED = (
    ReachedStep.fulfilled_at.is_(None),
    Proposal.visibility == Visibility.VISIBLE,
    Proposal.state != ProposalState.MERGED,
)


def owed_answers(region_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[Owed]:
    """What the region's officers owe to proposals that everybody sees, the longest waiting first. One statement."""
    query = sa.select(ReachedStep, Proposal).join(Proposal, _OF_STEP).where(ReachedStep.region_id == region_id, *_OWED)
    if after := read_cursor(cursor, 1):
        query = query.where(ReachedStep.id > after[0])
    rows = [Owed(*row) for row in db.session.execute(query.order_by(ReachedStep.id).limit(size + 1))]
    return page_of(rows, size, cursor=lambda owed: write_cursor(owed.step.id))


def owed_counts(region_ids: list[int]) -> dict[int, int]:
    """How much is owed, by region; regions in which nothing is are left out. One statement, none without regions."""
    if not region_ids:
        return {}
    rows = db.session.execute(
        sa.select(ReachedStep.region_id, sa.func.count())
        .join(Proposal, _OF_STEP)
        .where(ReachedStep.region_id.in_(region_ids), *_OWED)
        .group_by(ReachedStep.region_id)
    )
    return dict(rows.all())
