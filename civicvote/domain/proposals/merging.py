"""Merging: which proposal leads, who speaks for one, and until when it can be undone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from civicvote.domain.proposals.errors import (
    MergeAcrossRounds,
    MergeOnBallot,
    MergeReasonTooLong,
    MergeReasonTooShort,
    MergeSettled,
    MergeUndoOver,
    MergeWithItself,
    NotMerging,
    ProposalMerged,
    ProposalTakenAway,
)
from civicvote.domain.proposals.states import MergeState, ProposalState
from civicvote.kernel.markup import clean_text
from civicvote.kernel.personal_data import refuse_personal_numbers
from civicvote.kernel.visibility import Visibility

#: Long enough for an author who looks in once a week, and for a moderator who hears of it from readers.
UNDO_TIME = timedelta(days=14)
#: Characters of a public reason.
REASON = (10, 1000)


class MergeSide(StrEnum):
    LEADING = "leading"
    MERGED = "merged"


class Mergeable(Protocol):
    @property
    def region_id(self) -> int: ...
    @property
    def id(self) -> int: ...
    @property
    def round_id(self) -> int: ...
    @property
    def state(self) -> ProposalState: ...
    @property
    def visibility(self) -> Visibility: ...
    @property
    def submitted_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Party:
    """Those behind a proposal: its author and those who signed it with them."""

    author_id: int
    author_is_gone: bool = False
    co_author_ids: frozenset[int] = frozenset()

    def may_propose(self, person_id: int) -> bool:
        return person_id == self.author_id or person_id in self.co_author_ids

    def speaks(self, person_id: int) -> bool:
        """Whether this person's word is the proposal's: the author's, or a co-author's once that account was closed.

        A merge gives the proposal's own page away, so that one of several signatures is not enough for it."""
        return person_id == self.author_id or (self.author_is_gone and person_id in self.co_author_ids)


Proposed = TypeVar("Proposed", bound=Mergeable)


def in_order(one: Proposed, other: Proposed) -> tuple[Proposed, Proposed]:
    """(leading, merged): the earlier one leads, whoever asks."""
    first, second = sorted((one, other), key=lambda each: (each.submitted_at, each.id))
    return first, second


def require_mergeable(one: Mergeable, other: Mergeable) -> None:
    """Raise what keeps these two from being merged, phases aside.

    ``MergeWithItself``, ``MergeAcrossRounds``, ``ProposalTakenAway``, ``ProposalMerged``, ``MergeSettled``."""
    if (one.region_id, one.id) == (other.region_id, other.id):
        raise MergeWithItself
    if (one.region_id, one.round_id) != (other.region_id, other.round_id):
        raise MergeAcrossRounds
    for each in (one, other):
        if each.visibility is not Visibility.VISIBLE:
            raise ProposalTakenAway
        if each.state is ProposalState.MERGED:
            raise ProposalMerged
        if each.state is not ProposalState.SUBMITTED:
            raise MergeSettled


def is_mergeable(one: Mergeable, other: Mergeable) -> bool:
    """Whether ``require_mergeable`` has nothing against it: a request about others waits for nobody."""
    return one.id != other.id and all(
        each.visibility is Visibility.VISIBLE and each.state is ProposalState.SUBMITTED for each in (one, other)
    )


def clean_reason(text: str) -> str:
    """The public reason. Raises ``MergeReasonTooShort``, ``MergeReasonTooLong`` (characters), ``PersonalNumber``."""
    cleaned = clean_text(text)
    least, most = REASON
    if len(cleaned) < least:
        raise MergeReasonTooShort(least=least)
    if len(cleaned) > most:
        raise MergeReasonTooLong(limit=most)
    refuse_personal_numbers(cleaned, field="reason")
    return cleaned


def consent_sides(person_id: int, leading: Party, merged: Party, *, by_role: bool) -> frozenset[MergeSide]:
    """For which of the two this person can consent. ``by_role``: a moderator, who stands in for a closed account."""
    return frozenset(
        side
        for side, party in ((MergeSide.LEADING, leading), (MergeSide.MERGED, merged))
        if party.speaks(person_id) or (by_role and party.author_is_gone)
    )


@dataclass(frozen=True, slots=True)
class MergeStanding:
    """What decides whether a merge can be undone at a moment."""

    state: MergeState
    undo_until: datetime | None
    leading_state: ProposalState
    leading_visibility: Visibility

    def require_undoable(self, moment: datetime) -> None:
        """Raise ``NotMerging``, ``ProposalMerged``, ``MergeOnBallot`` or ``MergeUndoOver`` unless it can be undone now.

        While the leading proposal was hidden or withdrawn, no time runs out: what was merged would be gone with it.
        """
        if self.state is not MergeState.MERGED or self.undo_until is None:
            raise NotMerging
        if self.leading_state is ProposalState.MERGED:
            raise ProposalMerged
        if self.leading_state is not ProposalState.SUBMITTED:
            raise MergeOnBallot
        if self.leading_visibility is Visibility.VISIBLE and moment >= self.undo_until:
            raise MergeUndoOver(until=self.undo_until)

    def is_undoable(self, moment: datetime) -> bool:
        try:
            self.require_undoable(moment)
        except (NotMerging, ProposalMerged, MergeOnBallot, MergeUndoOver):
            return False
        return True
