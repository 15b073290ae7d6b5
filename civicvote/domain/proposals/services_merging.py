"""Merging two proposals that say the same: suggest, consent, refuse, undo.

A merge changes nothing that either author wrote: the merged proposal keeps its page, its thread and its own supporters'
rows. Both proposals are locked before the merge's own row, the lower id first, so that of two acts at the same
moment the second sees what the first did.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.audit import services as audit
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import enqueue_mail, notify
from civicvote.domain.proposals import merging
from civicvote.domain.proposals.errors import (
    MergeAnswered,
    MergeAsked,
    MergeNotYours,
    MergeRefusedBefore,
    MergeWithItself,
    UnknownMerge,
)
from civicvote.domain.proposals.merging import UNDO_TIME, MergeSide, MergeStanding, Party
from civicvote.domain.proposals.models import Merge, Proposal
from civicvote.domain.proposals.paths import merge_path, proposal_path
from civicvote.domain.proposals.queries_parties import parties_of
from civicvote.domain.proposals.services_finding import refresh_proposal_in_index
from civicvote.domain.proposals.services_following import tell_followers
from civicvote.domain.proposals.services_ladder import reach_steps
from civicvote.domain.proposals.services_uniting import carry_supporters, give_supporters_back, lock_proposals
from civicvote.domain.proposals.states import MergeNews, MergeState, ProposalState
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.policy import require_open
from civicvote.domain.rounds.queries import announced_round
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor, can
from civicvote.kernel.permissions import Permission, Role
from civicvote.kernel.visibility import Visibility


def propose_merge(*, actor: Actor, region_id: int, proposal_id: int, other_id: int, reason: str) -> Merge:
    """Suggest that two proposals become one; whoever speaks for one of them has consented for it by that.

    If nobody is left to ask, it holds at once. Raises
    ``MergeNotYours``, ``PhaseClosed``, ``MergeAsked``, ``MergeRefusedBefore`` and what ``require_mergeable`` and
    ``clean_reason`` raise.
    """
    if proposal_id == other_id:
        raise MergeWithItself
    words = merging.clean_reason(reason)
    locked = lock_proposals(region_id, (proposal_id, other_id))
    leading, merged = merging.in_order(*locked.values())
    parties = parties_of(region_id, locked)
    as_role = _role_for(actor, region_id, parties.values(), signing=True)
    require_open(announced_round(region_id, leading.round_id), Permission.PROPOSAL_MERGE)
    merging.require_mergeable(leading, merged)
    _require_new(actor, leading, merged, parties, by_role=bool(as_role))
    now = clock.now()
    merge = Merge(
        region_id=region_id,
        id=ids.new_id(),
        leading_id=leading.id,
        merged_id=merged.id,
        state=MergeState.PROPOSED,
        reason=words,
        proposed_by_id=actor.person_id,
        proposed_as=as_role,
        proposed_at=now,
    )
    db.session.add(merge)
    db.session.flush()
    if as_role:
        _record(actor, merge, AuditVerb.MERGE_SUGGEST, words)
    pair = _Pair(merge, leading, merged, parties)
    _consent(actor, merge, _sides(actor, pair, by_role=False), now)
    if not _unite_if_agreed(pair, now):
        _tell(pair, pair.silent_authors - {actor.person_id}, MergeNews.ASKED, note=words)
    return merge


def consent_to_merge(*, actor: Actor, region_id: int, merge_id: int, reason: str = "") -> Merge:
    """Agree for the proposal(s) that the actor speaks for; with the last consent it holds.

    A moderator agrees in place of an author whose account is closed, with a public ``reason``. Raises
    ``UnknownMerge``, ``MergeAnswered``, ``MergeNotYours``, ``PhaseClosed`` and what ``require_mergeable`` raises.
    """
    pair = _locked(region_id, merge_id)
    merge = pair.merge
    _require_waiting(merge)
    by_role = can(actor, Permission.PROPOSAL_MERGE, region_id)
    own = _sides(actor, pair, by_role=False)
    sides = own or _sides(actor, pair, by_role=by_role)
    if not sides:
        raise MergeNotYours
    require_open(announced_round(region_id, pair.leading.round_id), Permission.PROPOSAL_MERGE)
    merging.require_mergeable(pair.leading, pair.merged)
    if not own:
        merge.consent_reason = merging.clean_reason(reason)
        _record(actor, merge, AuditVerb.MERGE_CONSENT, merge.consent_reason)
    now = clock.now()
    _consent(actor, merge, sides, now)
    _unite_if_agreed(pair, now)
    return merge


def refuse_merge(*, actor: Actor, region_id: int, merge_id: int, reason: str = "") -> Merge:
    """Say no for one of the two, or take one's own suggestion back. A reason may be left out.

    Raises ``UnknownMerge``, ``MergeAnswered``, ``MergeNotYours`` and what ``clean_reason`` refuses."""
    pair = _locked(region_id, merge_id)
    merge = pair.merge
    _require_waiting(merge)
    is_own = merge.proposed_by_id == actor.person_id
    if not is_own and not any(party.speaks(actor.person_id) for party in pair.parties.values()):
        raise MergeNotYours
    _end(actor, merge, MergeState.TAKEN_BACK if is_own else MergeState.REFUSED, reason and merging.clean_reason(reason))
    news = MergeNews.TAKEN_BACK if is_own else MergeNews.REFUSED
    _tell(pair, {merge.proposed_by_id, *pair.authors} - {actor.person_id}, news, note=merge.end_reason)
    return merge


def undo_merge(*, actor: Actor, region_id: int, merge_id: int, reason: str) -> Merge:
    """Make two of one again: states, supporters and counts as they were, but for what people did themselves meanwhile.

    By either author or a moderator, with a public reason. Raises ``UnknownMerge``, ``MergeNotYours``, what
    ``MergeStanding.require_undoable`` and ``clean_reason`` raise.
    """
    pair = _locked(region_id, merge_id)
    merge, leading = pair.merge, pair.leading
    as_role = _role_for(actor, region_id, pair.parties.values(), signing=False)
    MergeStanding(merge.state, merge.undo_until, leading.state, leading.visibility).require_undoable(clock.now())
    words = merging.clean_reason(reason)
    _separate(actor, pair, words, as_role)
    if as_role:
        _record(actor, merge, AuditVerb.MERGE_UNDO, words)
    _tell(pair, pair.authors - {actor.person_id}, MergeNews.UNDONE, note=words)
    return merge


def release_merged(*, actor: Actor, leading: Proposal) -> None:
    """Set free what was merged into a proposal that its author withdraws: nobody's proposal goes by another's will.

    Also after the time for undoing."""
    holding = db.session.scalars(
        sa.select(Merge)
        .where(Merge.region_id == leading.region_id, Merge.leading_id == leading.id, Merge.state == MergeState.MERGED)
        .order_by(Merge.merged_id)
    ).all()
    for merge in holding:
        pair = _locked(leading.region_id, merge.id)
        _separate(actor, pair, "", "")
        _tell(pair, {pair.merged.author_id} - {actor.person_id}, MergeNews.RELEASED)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A merge with its two proposals and, by proposal id, who is behind them."""

    merge: Merge
    leading: Proposal
    merged: Proposal
    parties: dict[int, Party]

    @property
    def authors(self) -> set[int]:
        return {party.author_id for party in self.parties.values()}

    @property
    def silent_authors(self) -> set[int]:
        """Those whose consent is missing."""
        given = {self.leading.id: self.merge.leading_consent_at, self.merged.id: self.merge.merged_consent_at}
        return {self.parties[proposal_id].author_id for proposal_id, at in given.items() if at is None}


def _locked(region_id: int, merge_id: int) -> _Pair:
    """The merge and its proposals as they are now, locked."""
    merge = db.session.get(Merge, (region_id, merge_id))
    if merge is None:
        raise UnknownMerge
    locked = lock_proposals(region_id, (merge.leading_id, merge.merged_id))
    db.session.refresh(merge, with_for_update=True)
    return _Pair(merge, locked[merge.leading_id], locked[merge.merged_id], parties_of(region_id, locked))


def _role_for(actor: Actor, region_id: int, parties: Iterable[Party], *, signing: bool) -> str:
    """As what somebody acts: empty for those behind one of the two, or the role that permits it.

    ``signing``: one of several signatures is enough, as for a suggestion. Raises ``MergeNotYours``."""
    speaks = Party.may_propose if signing else Party.speaks
    if any(speaks(party, actor.person_id) for party in parties):
        return ""
    if not can(actor, Permission.PROPOSAL_MERGE, region_id):
        raise MergeNotYours
    held = actor.roles_in(region_id)
    return Role.MODERATOR.value if Role.MODERATOR in held else Role.REVIEWER.value


def _require_waiting(merge: Merge) -> None:
    if merge.state is not MergeState.PROPOSED:
        raise MergeAnswered


def _require_new(
    actor: Actor, leading: Proposal, merged: Proposal, parties: dict[int, Party], *, by_role: bool
) -> None:
    """Nobody is asked the same twice at a time, nor once more by those whom they refused."""
    last = db.session.scalars(
        sa.select(Merge)
        .where(Merge.region_id == leading.region_id, Merge.leading_id == leading.id, Merge.merged_id == merged.id)
        .order_by(Merge.id.desc())
        .limit(1)
    ).first()
    if last is None:
        return
    if last.state is MergeState.PROPOSED:
        raise MergeAsked
    if last.state is MergeState.REFUSED and not by_role:
        refused = [party for party in parties.values() if party.speaks(last.ended_by_id or 0)]
        if not any(party.may_propose(actor.person_id) for party in refused):
            raise MergeRefusedBefore


def _sides(actor: Actor, pair: _Pair, *, by_role: bool) -> frozenset[MergeSide]:
    """For which of the two the actor can still consent."""
    merge, parties = pair.merge, pair.parties
    possible = merging.consent_sides(
        actor.person_id, parties[merge.leading_id], parties[merge.merged_id], by_role=by_role
    )
    given = {MergeSide.LEADING: merge.leading_consent_at, MergeSide.MERGED: merge.merged_consent_at}
    return frozenset(side for side in possible if given[side] is None)


def _consent(actor: Actor, merge: Merge, sides: Iterable[MergeSide], now: datetime) -> None:
    for side in sides:
        if side is MergeSide.LEADING:
            merge.leading_consent_at, merge.leading_consent_by_id = now, actor.person_id
        else:
            merge.merged_consent_at, merge.merged_consent_by_id = now, actor.person_id
    db.session.flush()


def _unite_if_agreed(pair: _Pair, now: datetime) -> bool:
    merge = pair.merge
    if merge.leading_consent_at is None or merge.merged_consent_at is None:
        return False
    merge.state, merge.merged_at, merge.undo_until = MergeState.MERGED, now, now + UNDO_TIME
    pair.merged.state, pair.merged.merged_into_id = ProposalState.MERGED, pair.leading.id
    db.session.flush()
    refresh_proposal_in_index(proposal=pair.merged)
    carry_supporters(merge)
    db.session.refresh(pair.leading)
    reach_steps(proposal=pair.leading, round=announced_round(merge.region_id, pair.leading.round_id))
    _tell(pair, pair.authors, MergeNews.MERGED)
    _tell_followers(pair, MergeNews.MERGED)
    return True


def _separate(actor: Actor, pair: _Pair, reason: str, as_role: str) -> None:
    pair.merged.state, pair.merged.merged_into_id = ProposalState.SUBMITTED, None
    refresh_proposal_in_index(proposal=pair.merged)
    _end(actor, pair.merge, MergeState.UNDONE, reason, as_role)
    give_supporters_back(pair.merge)


def _end(actor: Actor, merge: Merge, state: MergeState, reason: str, as_role: str = "") -> None:
    merge.state, merge.ended_at, merge.ended_by_id = state, clock.now(), actor.person_id
    merge.end_reason, merge.ended_as = reason, as_role
    db.session.flush()


def _record(actor: Actor, merge: Merge, verb: AuditVerb, reason: str) -> None:
    audit.record(
        region_id=merge.region_id,
        actor_id=actor.person_id,
        verb=verb,
        subject=f"proposal:{merge.merged_id}",
        detail={"leading": merge.leading_id, "merge": merge.id, "reason": reason},
    )


def _tell(pair: _Pair, person_ids: Iterable[int], news: MergeNews, *, note: str = "") -> None:
    """One message and one mail to each; titles, no names. Who may not read one of the two hears nothing."""
    unseen = [each.id for each in (pair.leading, pair.merged) if each.visibility is not Visibility.VISIBLE]
    told = {each for each in person_ids if all(pair.parties[key].author_id == each for key in unseen)}
    slug = db.session.get_one(Region, pair.merge.region_id).slug
    released = news is MergeNews.RELEASED
    path = proposal_path(slug, pair.merged.id) if released else merge_path(slug, pair.merge.id)
    params = _params(pair, news, note)
    people = db.session.scalars(
        sa.select(Person).where(Person.id.in_(sorted(told)), Person.closed_at.is_(None)).order_by(Person.id)
    )
    for person in people.all():
        notify(person_id=person.id, kind=NotificationKind.MERGE_NEWS, params=params, path=path)
        enqueue_mail(
            address=person.email, locale=person.locale, kind=NotificationKind.MERGE_NEWS, params=params, path=path
        )


def _params(pair: _Pair, news: MergeNews, note: str = "") -> dict[str, str]:
    return {"news": news.value, "leading": pair.leading.title, "merged": pair.merged.title, "note": note}


def _tell_followers(pair: _Pair, news: MergeNews) -> None:
    """Everybody who follows one of the two follows the leading one by now; the authors are told by mail besides."""
    merge = pair.merge
    tell_followers(
        region_id=merge.region_id,
        proposal_id=merge.leading_id,
        kind=NotificationKind.MERGE_NEWS,
        params=_params(pair, news),
        path=proposal_path(db.session.get_one(Region, merge.region_id).slug, merge.leading_id),
        except_person_ids=pair.authors,
    )
