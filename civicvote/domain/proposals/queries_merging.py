"""Reads of merges: beside a proposal, one in full, those that wait for somebody, what could be merged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import aliased, load_only

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.proposals import policy
from civicvote.domain.proposals.errors import MergeNotYours, UnknownMerge, UnknownProposal
from civicvote.domain.proposals.merging import MergeSide, MergeStanding, Party, consent_sides, in_order, is_mergeable
from civicvote.domain.proposals.models import CoAuthor, Endorsement, Merge, Proposal
from civicvote.domain.proposals.queries_parties import parties_of
from civicvote.domain.proposals.states import CoAuthorState, MergeState, ProposalState
from civicvote.domain.regions.models import Region
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor, can
from civicvote.kernel.permissions import Permission
from civicvote.kernel.visibility import Visibility

#: So many stand beside one proposal or wait on one page; nobody merges more by hand.
MOST_SHOWN = 50
MOST_CHOICES = 10

_Leading, _Merged = aliased(Proposal), aliased(Proposal)
_LeadingAuthor, _MergedAuthor = aliased(Person), aliased(Person)
_PUBLIC = frozenset({MergeState.MERGED, MergeState.UNDONE})


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A merge with its two proposals and the names of their authors."""

    merge: Merge
    leading: Proposal
    leading_author: str
    merged: Proposal
    merged_author: str

    @property
    def is_undoable(self) -> bool:
        standing = MergeStanding(self.merge.state, self.merge.undo_until, self.leading.state, self.leading.visibility)
        return standing.is_undoable(clock.now())

    def waits_for(self, person_id: int) -> bool:
        """Whether this is the author of one of the two who has not agreed to it yet."""
        sides = ((self.leading, self.merge.leading_consent_at), (self.merged, self.merge.merged_consent_at))
        return any(proposal.author_id == person_id and agreed_at is None for proposal, agreed_at in sides)


def _rows() -> sa.Select[Merge, Proposal, str, Proposal, str]:
    return (
        sa.select(Merge, _Leading, _LeadingAuthor.display_name, _Merged, _MergedAuthor.display_name)
        .join(_Leading, (_Leading.region_id == Merge.region_id) & (_Leading.id == Merge.leading_id))
        .join(_LeadingAuthor, _LeadingAuthor.id == _Leading.author_id)
        .join(_Merged, (_Merged.region_id == Merge.region_id) & (_Merged.id == Merge.merged_id))
        .join(_MergedAuthor, _MergedAuthor.id == _Merged.author_id)
    )


@dataclass(frozen=True, slots=True)
class MergesBeside:
    """What a proposal's page says about merging: where it went, what came to it, what is suggested to the reader."""

    into: MergeRow | None = None
    holding: list[MergeRow] = field(default_factory=list)
    suggested: list[MergeRow] = field(default_factory=list)


@cache
def _beside() -> sa.Select[Merge, Proposal, str, Proposal, str]:
    """Built once: every page of a proposal asks this."""
    shown = (Proposal.title, Proposal.state, Proposal.visibility, Proposal.author_id, Proposal.endorsement_count)
    light = [load_only(*(getattr(each, column.key) for column in shown)) for each in (_Leading, _Merged)]
    this: sa.BindParameter[int] = sa.bindparam("proposal_id")
    return (
        _rows()
        .options(*light)
        .where(
            Merge.region_id == sa.bindparam("region_id"),
            sa.or_(Merge.leading_id == this, Merge.merged_id == this),
            Merge.state.in_([MergeState.MERGED, MergeState.PROPOSED]),
        )
        .order_by(Merge.id)
        .limit(MOST_SHOWN)
    )


def merges_beside(actor: Actor | None, proposal: Proposal, *, signs: bool = False) -> MergesBeside:
    """The merges of a proposal that the reader may know of. One statement. ``signs``: with its author.

    A suggestion is the business of those it was made to, of whoever made it and of moderators."""
    values = {"region_id": proposal.region_id, "proposal_id": proposal.id}
    rows = [MergeRow(*row) for row in db.session.execute(_beside(), values)]
    holding = [row for row in rows if row.merge.state is MergeState.MERGED]
    return MergesBeside(
        into=next((row for row in holding if row.merged.id == proposal.id), None),
        holding=[row for row in holding if row.leading.id == proposal.id],
        suggested=[
            row
            for row in rows
            if row.merge.state is MergeState.PROPOSED
            and is_mergeable(row.leading, row.merged)
            and (signs or _concerns(actor, row))
        ],
    )


def _concerns(actor: Actor | None, row: MergeRow) -> bool:
    return actor is not None and (
        actor.person_id in (row.leading.author_id, row.merged.author_id, row.merge.proposed_by_id)
        or can(actor, Permission.PROPOSAL_MERGE, row.merge.region_id)
    )


@dataclass(frozen=True, slots=True)
class MergePage:
    """A merge in full, with what the reader can do about it. ``united``: how many people support the two together.

    ``consents_by_role``: only in place of a closed account, which needs a reason; ``silent``: whose consent is missing;
    ``proposer``: a name, empty where it would tell who is behind a proposal that the reader can't read.
    """

    row: MergeRow
    united: int
    silent: frozenset[MergeSide]
    can_consent: bool
    consents_by_role: bool
    can_refuse: bool
    is_own: bool
    can_undo: bool
    leading_is_readable: bool
    merged_is_readable: bool
    proposer: str


def merge_page(actor: Actor | None, region_id: int, merge_id: int) -> MergePage:
    """A merge for its page. Raises ``UnknownMerge``, also for a suggestion that is none of the reader's business.

    Five statements."""
    found = db.session.execute(_rows().where(Merge.region_id == region_id, Merge.id == merge_id)).one_or_none()
    if found is None:
        raise UnknownMerge
    row = MergeRow(*found)
    merge = row.merge
    parties = parties_of(region_id, (merge.leading_id, merge.merged_id))
    is_role = can(actor, Permission.PROPOSAL_MERGE, region_id)
    if merge.state not in _PUBLIC and not (is_role or _is_behind(actor, merge, list(parties.values()))):
        raise UnknownMerge
    given = {MergeSide.LEADING: merge.leading_consent_at, MergeSide.MERGED: merge.merged_consent_at}
    silent = frozenset(side for side, at in given.items() if at is None)
    waits = merge.state is MergeState.PROPOSED
    person_id = actor.person_id if actor else 0
    sides = (parties[merge.leading_id], parties[merge.merged_id])
    speaks = any(party.speaks(person_id) for party in sides)
    own = consent_sides(person_id, *sides, by_role=False) & silent
    by_role = consent_sides(person_id, *sides, by_role=is_role) & silent
    readable = {each.id for each in (row.leading, row.merged) if policy.can_read(actor, each)}
    proposes = {proposal_id for proposal_id, party in parties.items() if party.may_propose(merge.proposed_by_id)}
    can_consent = waits and is_mergeable(row.leading, row.merged) and bool(own or by_role)
    return MergePage(
        row=row,
        united=_united(merge),
        silent=silent,
        can_consent=can_consent,
        consents_by_role=can_consent and not own,
        can_refuse=waits and (speaks or merge.proposed_by_id == person_id),
        is_own=merge.proposed_by_id == person_id,
        can_undo=row.is_undoable and (speaks or is_role),
        leading_is_readable=row.leading.id in readable,
        merged_is_readable=row.merged.id in readable,
        proposer=_name_of(merge.proposed_by_id) if proposes & readable or not proposes else "",
    )


def _is_behind(actor: Actor | None, merge: Merge, parties: Sequence[Party]) -> bool:
    return actor is not None and (
        merge.proposed_by_id == actor.person_id or any(party.may_propose(actor.person_id) for party in parties)
    )


def _united(merge: Merge) -> int:
    return united_supporters(merge.region_id, merge.leading_id, merge.merged_id)


def united_supporters(region_id: int, one_id: int, other_id: int) -> int:
    """How many people endorse one of the two or both. One statement."""
    return (
        db.session.scalar(
            sa.select(sa.func.count(sa.distinct(Endorsement.person_id))).where(
                Endorsement.region_id == region_id, Endorsement.proposal_id.in_([one_id, other_id])
            )
        )
        or 0
    )


def _name_of(person_id: int) -> str:
    return db.session.scalar(sa.select(Person.display_name).where(Person.id == person_id)) or ""


@dataclass(frozen=True, slots=True)
class WaitingMerge:
    """A suggestion to which somebody owes an answer."""

    merge: Merge
    region: Region
    leading_title: str
    merged_title: str


def merges_waiting_for(actor: Actor) -> list[WaitingMerge]:
    """Suggestions that the actor can answer: for an own proposal, or for one whose author's account is closed. One
    statement; the oldest first, at most ``MOST_SHOWN``."""
    regions = [region_id for region_id in sorted(actor.roles) if can(actor, Permission.PROPOSAL_MERGE, region_id)]
    query = (
        sa.select(Merge, Region, _Leading.title, _Merged.title)
        .join(Region, Region.id == Merge.region_id)
        .join(_Leading, (_Leading.region_id == Merge.region_id) & (_Leading.id == Merge.leading_id))
        .join(_LeadingAuthor, _LeadingAuthor.id == _Leading.author_id)
        .join(_Merged, (_Merged.region_id == Merge.region_id) & (_Merged.id == Merge.merged_id))
        .join(_MergedAuthor, _MergedAuthor.id == _Merged.author_id)
        .where(Merge.state == MergeState.PROPOSED)
    )
    for each in (_Leading, _Merged):
        query = query.where(each.state == ProposalState.SUBMITTED, each.visibility == Visibility.VISIBLE)
    asked = sa.or_(
        Merge.leading_consent_at.is_(None) & _may_answer(actor, regions, _Leading, _LeadingAuthor),
        Merge.merged_consent_at.is_(None) & _may_answer(actor, regions, _Merged, _MergedAuthor),
    )
    found = db.session.execute(query.where(asked).order_by(Merge.id).limit(MOST_SHOWN))
    return [WaitingMerge(*row) for row in found]


def _may_answer(
    actor: Actor, regions: Sequence[int], proposal: type[Proposal], author: type[Person]
) -> sa.ColumnElement[bool]:
    signs = sa.exists().where(
        CoAuthor.region_id == proposal.region_id,
        CoAuthor.proposal_id == proposal.id,
        CoAuthor.person_id == actor.person_id,
        CoAuthor.state == CoAuthorState.ACCEPTED,
    )
    in_place = author.closed_at.is_not(None) & sa.or_(signs, Merge.region_id.in_(regions))
    return sa.or_(proposal.author_id == actor.person_id, in_place)


@dataclass(frozen=True, slots=True)
class MergeChoice:
    """Two proposals as they would be merged, and how many people would support them together."""

    leading: Proposal
    leading_author: str
    merged: Proposal
    merged_author: str
    united: int
    is_decided_by_actor: bool


def merge_choice(actor: Actor, proposal: Proposal, other_id: int) -> MergeChoice:
    """The pair that the actor would suggest. Raises ``UnknownProposal``, ``MergeNotYours``."""
    other = db.session.get(Proposal, (proposal.region_id, other_id))
    if other is None or not policy.can_read(actor, other):
        raise UnknownProposal
    parties = parties_of(proposal.region_id, (proposal.id, other.id))
    require_proposer(actor, proposal.region_id, parties.values())
    leading, merged = in_order(proposal, other)
    names = dict(
        db.session.execute(
            sa.select(Person.id, Person.display_name)
            .where(Person.id.in_([leading.author_id, merged.author_id]))
            .order_by(Person.id)
        ).all()
    )
    return MergeChoice(
        leading=leading,
        leading_author=names[leading.author_id],
        merged=merged,
        merged_author=names[merged.author_id],
        united=united_supporters(proposal.region_id, leading.id, merged.id),
        is_decided_by_actor=all(party.speaks(actor.person_id) for party in parties.values()),
    )


def require_proposer(actor: Actor, region_id: int, parties: Iterable[Party]) -> None:
    """Raise ``MergeNotYours`` unless the actor signed one of the two or holds a role that merges."""
    if can(actor, Permission.PROPOSAL_MERGE, region_id):
        return
    if not any(party.may_propose(actor.person_id) for party in parties):
        raise MergeNotYours


def titles_like(proposal: Proposal, words: str) -> list[Proposal]:
    """Other proposals of the round that could be merged with this one and whose title holds ``words``, newest first."""
    return list(
        db.session.scalars(
            sa.select(Proposal)
            .where(
                Proposal.region_id == proposal.region_id,
                Proposal.round_id == proposal.round_id,
                Proposal.visibility == Visibility.VISIBLE,
                Proposal.state == ProposalState.SUBMITTED,
                Proposal.id != proposal.id,
                Proposal.title.icontains(words, autoescape=True),
            )
            .order_by(Proposal.id.desc())
            .limit(MOST_CHOICES)
        )
    )
