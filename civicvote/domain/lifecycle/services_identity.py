"""An administrator decides about two accounts with one identity. It stands here because open votes have a say in it."""

from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.lifecycle.errors import EarlierAccountMayVote
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.polls.models import Poll, RollEntry
from civicvote.domain.polls.states import PollState
from civicvote.domain.regions.queries import RegionScope
from civicvote.domain.verification.kinds import ClashDecision
from civicvote.domain.verification.services import tell
from civicvote.domain.verification.services_clashes import close_clash, open_clash
from civicvote.domain.verification.services_deciding import let_both_stand, move_identity
from civicvote.kernel import ids
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.permissions import Permission


def decide_clash(*, actor: Actor, region: RegionScope, clash_id: int, decision: ClashDecision, reason: str) -> None:
    """Let the later account take the earlier one's place, refuse it, or let both stand as namesakes; tell both people.

    Raises ``UnknownClash``, ``ClashAlreadyDecided``, ``OwnClash``, ``ClashReasonMissing``, ``NamesakeImpossible``,
    ``EarlierAccountMayVote``, ``PersonalNumber``, ``NotPermitted``, and what ``verify_residency`` raises.
    """
    require(actor, Permission.IDENTITY_DECIDE, region.id)
    polls = _hold_open_polls(region.id) if decision is ClashDecision.TRANSFER else []
    clash = open_clash(actor=actor, region_id=region.id, clash_id=clash_id)
    _require_not_on_a_roll(polls, clash.earlier_person_id)
    claim = close_clash(clash, decision=decision, reason=reason, decided_by_id=actor.person_id)
    if decision is ClashDecision.TRANSFER:
        move_identity(region=region, clash=clash, claim=claim)
    elif decision is ClashDecision.NAMESAKE:
        let_both_stand(region=region, clash=clash, claim=claim)
    record(
        region_id=region.id,
        actor_id=actor.person_id,
        verb=AuditVerb.IDENTITY_DECIDE,
        subject=f"clash:{ids.encode(clash.id)}",
        detail={
            "decision": decision.value,
            "earlier": clash.earlier_person_id,
            "later": clash.later_person_id,
        },
    )
    told: dict[str, Any] = {"decision": decision.value, "note": clash.reason}
    for account, person_id in (("earlier", clash.earlier_person_id), ("later", clash.later_person_id)):
        person = db.session.get_one(Person, person_id)
        tell(region=region, person=person, kind=NotificationKind.IDENTITY_DECIDED, account=account, **told)


def _hold_open_polls(region_id: int) -> list[Poll]:
    """The region's open polls under the lock that waits for running casts: nobody joins a roll meanwhile, and a cast
    that waits for us reads the residency after us. Drafts too: one that is being frozen has a roll in a moment."""
    return list(
        db.session.scalars(
            sa.select(Poll)
            .where(Poll.region_id == region_id, Poll.state.in_((PollState.DRAFT, PollState.FROZEN)))
            .order_by(Poll.id)
            .with_for_update()
        )
    )


def _require_not_on_a_roll(polls: list[Poll], person_id: int) -> None:
    for poll in polls:
        if db.session.get(RollEntry, (poll.region_id, poll.id, person_id)) is not None:
            raise EarlierAccountMayVote(poll=poll.title_ko)
