"""Supporters of proposals that became one: carried over without counting anybody twice, and given back exactly.

What holds while a proposal is merged: everybody who endorses or follows it endorses or follows the leading one too,
there with the merge's mark if only through it; the marks say what an undo takes away again. Locks are taken by id, the
lowest first.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civicvote.db import db
from civicvote.domain.proposals.errors import MergedMeanwhile, UnknownProposal
from civicvote.domain.proposals.models import Endorsement, Follow, Merge, Proposal
from civicvote.domain.proposals.policy import require_supportable
from civicvote.domain.proposals.states import MergeState
from civicvote.domain.threads.models import Thread

_SUPPORT: tuple[type[Endorsement] | type[Follow], ...] = (Endorsement, Follow)


def lock_proposals(region_id: int, proposal_ids: Iterable[int]) -> dict[int, Proposal]:
    """The proposals as they are now, nobody changing them before this transaction ends. Raises ``UnknownProposal``."""
    wanted = sorted(set(proposal_ids))
    found = db.session.scalars(
        sa.select(Proposal)
        .where(Proposal.region_id == region_id, Proposal.id.in_(wanted))
        .order_by(Proposal.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    locked = {proposal.id: proposal for proposal in found}
    if len(locked) < len(wanted):
        raise UnknownProposal
    return locked


def lock_for_support(proposal: Proposal) -> None:
    """Before somebody supports a proposal: its row locked, so that no merge carries supporters over meanwhile.

    Raises ``ProposalTakenAway``, ``ProposalMerged``."""
    db.session.refresh(proposal, with_for_update=True)
    require_supportable(proposal)


def merged_below(region_id: int, proposal_id: int) -> list[int]:
    """The proposals that were merged into this one, and into those, by id."""
    direct = (
        sa.select(Proposal.id)
        .where(Proposal.region_id == region_id, Proposal.merged_into_id == proposal_id)
        .cte("below", recursive=True)
    )
    further = sa.select(Proposal.id).join(direct, Proposal.merged_into_id == direct.c.id)
    below = direct.union(further.where(Proposal.region_id == region_id))
    return list(db.session.scalars(sa.select(below.c.id).order_by(below.c.id)))


def lock_with_merged(proposal: Proposal) -> list[int]:
    """Lock a proposal and all that were merged into it; their ids without its own.

    Raises ``MergedMeanwhile`` where one more came in between."""
    below = merged_below(proposal.region_id, proposal.id)
    lock_proposals(proposal.region_id, [proposal.id, *below])
    if merged_below(proposal.region_id, proposal.id) != below:
        raise MergedMeanwhile
    return below


def take_back_endorsement(proposal: Proposal, person_id: int) -> bool:
    """Take a person's endorsement back, here and from all that were merged into it; False if there was none.

    Raises ``ProposalTakenAway``, ``ProposalMerged`` and what ``lock_with_merged`` does."""
    below = lock_with_merged(proposal)
    require_supportable(proposal)
    held = _take_back(Endorsement, proposal, below, person_id)
    for proposal_id in held:
        _add_to_count(proposal.region_id, proposal_id, -1)
    db.session.refresh(proposal, ["endorsement_count"])
    return proposal.id in held


def take_back_follow(proposal: Proposal, person_id: int) -> bool:
    """Let a person hear no more of a proposal nor of what it is merged with, whatever became of them; False if they
    did not follow it. Raises what ``lock_with_merged`` does."""
    leading = proposal
    while leading.merged_into_id is not None:
        leading = db.session.get_one(Proposal, (leading.region_id, leading.merged_into_id))
    below = lock_with_merged(leading)
    if leading.merged_into_id is not None:
        raise MergedMeanwhile
    return proposal.id in _take_back(Follow, leading, below, person_id)


def _take_back(
    kind: type[Endorsement] | type[Follow], leading: Proposal, below: list[int], person_id: int
) -> list[int]:
    """Delete the person's rows; the ids of the proposals that lost one."""
    own = (
        kind.region_id == leading.region_id,
        kind.person_id == person_id,
        kind.proposal_id.in_([leading.id, *below]),
    )
    held = list(db.session.scalars(sa.select(kind.proposal_id).where(*own).order_by(kind.proposal_id)))
    db.session.execute(sa.delete(kind).where(*own).execution_options(synchronize_session="fetch"))
    return held


def carry_supporters(merge: Merge) -> int:
    """Let everybody who supports the merged proposal support the leading one; how many endorsements came to it.

    Both proposals must be locked. The merged one's own rows stay as they are."""
    endorsements, _follows = (_carry(kind, merge) for kind in _SUPPORT)
    _add_to_count(merge.region_id, merge.leading_id, endorsements)
    return endorsements


def _carry(kind: type[Endorsement] | type[Follow], merge: Merge) -> int:
    there = aliased(kind)
    carried: dict[str, Any] = {
        "region_id": kind.region_id,
        "proposal_id": sa.literal(merge.leading_id, sa.BigInteger),
        "person_id": kind.person_id,
        "created_at": kind.created_at,
        "merge_id": sa.literal(merge.id, sa.BigInteger),
    }
    if kind is Follow:  # what was said there before is not new to them
        carried["seen_comment_count"] = (
            sa.select(Thread.comment_count)
            .join(Proposal, (Proposal.region_id == Thread.region_id) & (Proposal.thread_id == Thread.id))
            .where(Proposal.region_id == merge.region_id, Proposal.id == merge.leading_id)
            .scalar_subquery()
        )
    new = sa.select(*carried.values()).where(
        kind.region_id == merge.region_id,
        kind.proposal_id == merge.merged_id,
        ~sa.exists().where(
            there.region_id == merge.region_id,
            there.proposal_id == merge.leading_id,
            there.person_id == kind.person_id,
        ),
    )
    db.session.flush()
    # Not the row count: PostgreSQL's driver does not give one here.
    came = db.session.scalars(sa.insert(kind).from_select(list(carried), new).returning(kind.person_id)).all()
    db.session.expire_all()
    return len(came)


def give_supporters_back(merge: Merge) -> int:
    """Take from the leading proposal who supports it through this merge only; how many endorsements went.

    Whoever also supports another proposal that stays merged is from now on there through that one. Both proposals
    must be locked, the merge no longer ``merged``."""
    endorsements, _follows = (_give_back(kind, merge) for kind in _SUPPORT)
    _add_to_count(merge.region_id, merge.leading_id, -endorsements)
    return endorsements


def _give_back(kind: type[Endorsement] | type[Follow], merge: Merge) -> int:
    elsewhere = aliased(kind)
    through_another = (
        sa.select(sa.func.min(Merge.id))
        .join(elsewhere, (elsewhere.region_id == Merge.region_id) & (elsewhere.proposal_id == Merge.merged_id))
        .where(
            Merge.region_id == merge.region_id,
            Merge.leading_id == merge.leading_id,
            Merge.state == MergeState.MERGED,
            Merge.id != merge.id,
            elsewhere.person_id == kind.person_id,
        )
        .correlate(kind)
        .scalar_subquery()
    )
    carried = (
        kind.region_id == merge.region_id,
        kind.proposal_id == merge.leading_id,
        kind.merge_id == merge.id,
    )
    without_loading = {"synchronize_session": False}
    db.session.flush()
    db.session.execute(
        sa.update(kind)
        .where(*carried, through_another.is_not(None))
        .values(merge_id=through_another)
        .execution_options(**without_loading)
    )
    gone = db.session.execute(sa.delete(kind).where(*carried).execution_options(**without_loading))
    db.session.expire_all()
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _add_to_count(region_id: int, proposal_id: int, change: int) -> None:
    db.session.execute(
        sa.update(Proposal)
        .where(Proposal.region_id == region_id, Proposal.id == proposal_id)
        .values(endorsement_count=Proposal.endorsement_count + change)
        .execution_options(synchronize_session=False)
    )
