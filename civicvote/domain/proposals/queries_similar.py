"""Which proposals say something like a text. They are shown to people; nothing is decided by it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civicvote.db import db
from civicvote.domain.proposals.likeness.similarity import EVERY, asked_marks, asked_weights, likeness
from civicvote.domain.proposals.models import Proposal, ProposalMark
from civicvote.domain.proposals.states import ProposalState
from civicvote.kernel import ids
from civicvote.kernel.visibility import Visibility

MOST_SHOWN = 5
#: In thousandths of what was asked for: below, texts have a word in common rather than a wish.
LEAST_LIKENESS = 200
#: Two proposals about the same dong are that much more alike, in hundredths.
_SAME_DISTRICT = 110
#: So many are looked at more closely: some are hidden, some lead to the same one.
_CANDIDATES = 40


@dataclass(frozen=True, slots=True)
class SimilarProposal:
    """A visible proposal that says something alike; ``likeness`` in thousandths. ``key`` as in addresses."""

    id: int
    key: str
    round_id: int
    title: str
    summary: str
    state: ProposalState
    endorsement_count: int
    likeness: int


def similar_to_texts(
    region_id: int,
    *,
    title: str,
    summary: str = "",
    body: str = "",
    district_code: str | None = None,
    without: Collection[int] = (),
    most: int = MOST_SHOWN,
) -> list[SimilarProposal]:
    """The most similar proposals of the region's rounds, at most ``most``, the likest first; often none.

    What was merged is shown as the proposal that leads in the end. ``without``: these, and whatever leads them. Two
    statements, whatever the number of proposals."""
    asked = asked_marks(title=title, summary=summary, body=body)
    if not asked:
        return []
    standing = _standing(region_id, asked)
    among = standing.pop(EVERY, 0)
    # A mark that nobody has counts, too: so much of what was asked for is said nowhere.
    weights = asked_weights(asked, standing, among=among)
    there = {mark: weight for mark, weight in weights.items() if weight and standing.get(mark)}
    if not there:
        return []
    rows = db.session.execute(_likest(region_id, there)).all()
    left_out = {*without, *(row.id for row in rows if row.named_id in without)}
    found: dict[int, SimilarProposal] = {}
    for row in rows:
        alike = likeness(int(row.points), weights)
        if district_code and row.district_code == district_code:
            alike = alike * _SAME_DISTRICT // 100
        if alike >= LEAST_LIKENESS and row.id not in left_out and alike > _likeness_of(found.get(row.id)):
            found[row.id] = _shown(row, alike)
    return sorted(found.values(), key=lambda each: (-each.likeness, -each.id))[:most]


def similar_to_proposal(proposal: Proposal, *, most: int = MOST_SHOWN) -> list[SimilarProposal]:
    """Other proposals that say something like this one. At most two statements."""
    return similar_to_texts(
        proposal.region_id,
        title=proposal.title,
        summary=proposal.summary,
        body=proposal.body,
        district_code=proposal.district_code,
        without={proposal.id, proposal.merged_into_id or proposal.id},
        most=most,
    )


def _standing(region_id: int, asked: Collection[str]) -> dict[str, int]:
    """How many proposals have each of the marks; ``EVERY`` says how many there are."""
    rows = db.session.execute(
        sa.select(ProposalMark.mark, sa.func.count())
        .where(ProposalMark.region_id == region_id, ProposalMark.mark.in_([EVERY, *asked]))
        .group_by(ProposalMark.mark)
    )
    return {row[0]: row[1] for row in rows}


def _likest(region_id: int, weights: Mapping[str, int]) -> sa.Select[Any]:
    """The candidates with their points; those with one mark alone in common are left out where several were asked."""
    points = sa.func.sum(ProposalMark.weight * sa.case(dict(weights), value=ProposalMark.mark, else_=0))
    pool = (
        sa.select(ProposalMark.proposal_id, points.label("points"))
        .where(ProposalMark.region_id == region_id, ProposalMark.mark.in_(list(weights)))
        .group_by(ProposalMark.proposal_id)
        .having(sa.func.count() >= min(2, len(weights)))
        .order_by(points.desc(), ProposalMark.proposal_id.desc())
        .limit(_CANDIDATES)
        .subquery()
    )
    named, shown = aliased(Proposal), aliased(Proposal)
    line = sa.select(pool.c.proposal_id.label("named_id"), pool.c.points, pool.c.proposal_id.label("shown_id")).cte(
        "line", recursive=True
    )
    # A proposal that leads another may be merged itself, into an earlier one each time: the line has an end.
    line = line.union_all(
        sa.select(line.c.named_id, line.c.points, Proposal.merged_into_id).join(
            Proposal,
            (Proposal.region_id == region_id) & (Proposal.id == line.c.shown_id) & Proposal.merged_into_id.is_not(None),
        )
    )
    return (
        sa.select(
            line.c.named_id,
            shown.id,
            shown.round_id,
            shown.title,
            shown.summary,
            shown.state,
            shown.endorsement_count,
            shown.district_code,
            line.c.points,
        )
        .join_from(line, named, (named.region_id == region_id) & (named.id == line.c.named_id))
        .join(
            shown,
            (shown.region_id == region_id) & (shown.id == line.c.shown_id) & shown.merged_into_id.is_(None),
        )
        .where(named.visibility == Visibility.VISIBLE, shown.visibility == Visibility.VISIBLE)
        .order_by(line.c.points.desc(), line.c.named_id.desc())
    )


def _likeness_of(shown: SimilarProposal | None) -> int:
    return shown.likeness if shown else -1


def _shown(row: Any, alike: int) -> SimilarProposal:
    return SimilarProposal(
        id=row.id,
        key=ids.encode(row.id),
        round_id=row.round_id,
        title=row.title,
        summary=row.summary,
        state=row.state,
        endorsement_count=row.endorsement_count,
        likeness=alike,
    )
