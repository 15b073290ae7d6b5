"""Which proposals say something like a text. They are shown to people; nothing is decided by it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

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

    What was merged is shown as the proposal that leads in the end. ``without``: these, and whatever leads them. Three
    statements, whatever the number of proposals, and one for each step that merges lead on."""
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
    points = {row.proposal_id: int(row.points) for row in db.session.execute(_likest(region_id, there))}
    known = _candidates(region_id, points)
    shown = {named_id: _leading(named_id, known) for named_id in points}
    left_out = {*without, *(row.id for named_id, row in shown.items() if named_id in without and row)}
    found: dict[int, SimilarProposal] = {}
    for named_id, row in shown.items():
        if row is None or row.id in left_out or not known[named_id].is_visible:
            continue
        alike = likeness(points[named_id], weights)
        if district_code and row.district_code == district_code:
            alike = alike * _SAME_DISTRICT // 100
        if alike >= LEAST_LIKENESS and alike > _likeness_of(found.get(row.id)):
            found[row.id] = _shown(row, alike)
    return sorted(found.values(), key=lambda each: (-each.likeness, -each.id))[:most]


def similar_to_proposal(proposal: Proposal, *, most: int = MOST_SHOWN) -> list[SimilarProposal]:
    """Other proposals that say something like this one, as ``similar_to_texts`` finds them."""
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


def _likest(region_id: int, weights: Mapping[str, int]) -> sa.Select[int, int]:
    """The candidates with their points; those with one mark alone in common are left out where several were asked."""
    points = sa.func.sum(ProposalMark.weight * sa.case(dict(weights), value=ProposalMark.mark, else_=0))
    # Of a sum no index is sorted: SQLite would go through every mark of the region to have them in groups already.
    proposal_id = (ProposalMark.proposal_id + sa.literal_column("0")).label("proposal_id")
    return (
        sa.select(proposal_id, points.label("points"))
        .where(ProposalMark.region_id == region_id, ProposalMark.mark.in_(list(weights)))
        .group_by(proposal_id)
        .having(sa.func.count() >= min(2, len(weights)))
        .order_by(points.desc(), proposal_id.desc())
        .limit(_CANDIDATES)
    )


def _candidates(region_id: int, wanted: Collection[int]) -> dict[int, Any]:
    """The proposals by id, with whatever they were merged into: an earlier one each time, so the line has an end.

    By their keys and without a join, so that no planner can choose to go through the region for them."""
    known: dict[int, Any] = {}
    missing = set(wanted)
    while missing:
        rows = db.session.execute(_BY_IDS, {"region_id": region_id, "ids": sorted(missing)})
        known |= {row.id: row for row in rows}
        missing = {row.merged_into_id for row in known.values() if row.merged_into_id} - known.keys()
    return known


_BY_IDS = sa.select(
    Proposal.id,
    Proposal.merged_into_id,
    Proposal.round_id,
    Proposal.title,
    Proposal.summary,
    Proposal.state,
    Proposal.endorsement_count,
    Proposal.district_code,
    (Proposal.visibility == Visibility.VISIBLE).label("is_visible"),
).where(Proposal.region_id == sa.bindparam("region_id"), Proposal.id.in_(sa.bindparam("ids", expanding=True)))


def _leading(named_id: int, known: Mapping[int, Any]) -> Any:
    """The proposal that leads in the end; None where readers don't see it."""
    row = known[named_id]
    while row.merged_into_id:
        row = known[row.merged_into_id]
    return row if row.is_visible else None


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
