"""After the vote: unseal, shuffle, reconcile, count, publish, and be rid of the key."""

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from civicvote.db import db
from civicvote.domain.audit import services as audit
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.monitor.services import end_watch
from civicvote.domain.polls import freezing
from civicvote.domain.polls.ballots import choices as ballot_text
from civicvote.domain.polls.box import box_files, keys, sealing
from civicvote.domain.polls.box.opening import open_envelope
from civicvote.domain.polls.box.sealed_ballot import SealedBallot
from civicvote.domain.polls.errors import AlreadyPublished, NotClosed, NotCounted, PollNotFrozen
from civicvote.domain.polls.errors_sealing import KeyholdersNeeded, NoKeyholders
from civicvote.domain.polls.freezing import FrozenRules
from civicvote.domain.polls.models import Envelope, Outcome, Poll, Turnout, UnsealedBallot
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.polls.outcome.reconciling import require_equal_by
from civicvote.domain.polls.policy import require_manager
from civicvote.domain.polls.queries_counting import (
    by_channel,
    count_stored,
    marks_by_electorate,
    of_poll,
    require_as_counted,
    stored_hash,
)
from civicvote.domain.polls.roll.strata import counted_as
from civicvote.domain.polls.services_closing import close_poll
from civicvote.domain.polls.services_finding import refresh_poll_in_index
from civicvote.domain.polls.services_keys import JoinedKey, Opening, forget_shares, joined_key, verify_key_of
from civicvote.domain.polls.services_preparing import locked_poll
from civicvote.domain.polls.services_turns import wait_for_casts
from civicvote.domain.polls.states import KeyFate, OpenedAt, PollState
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor

_BATCH = 5_000
_KEYS_TO_DESTROY = "civicvote.polls.keys_to_destroy"

BallotText = tuple[str, str, str]
"""A ballot between envelope and table: canonical choices, electorate, style."""


def count_poll(*, actor: Actor | None, region_id: int, poll_id: int, key_folder: Path) -> Outcome:
    """Unseal every envelope with the key file, store the ballots under random keys in random order, reconcile, count.

    ``actor`` None: the schedule counts. The key file is destroyed once the count is committed, not before: until then
    it is the only way to the ballots. Raises ``NotPermitted``, ``UnknownPoll``, ``NotClosed``, ``KeyholdersNeeded``,
    ``KeyMissing``, ``SealBroken``, ``CountsDoNotAddUp``; then nothing is stored and the poll stays closed.
    """
    poll, rules = _closed_poll(actor, region_id, poll_id)
    if rules.keyholders_needed:
        raise KeyholdersNeeded(needed=rules.keyholders_needed)
    ballots = _unseal(poll, rules, keys.load(key_folder, poll.id))
    outcome = _count(actor, poll, rules, ballots, key=KeyFate.FILE_DESTROYED)
    db.session.info.setdefault(_KEYS_TO_DESTROY, []).append((key_folder, poll.id))
    return outcome


def count_with_shares(*, actor: Actor, region_id: int, poll_id: int, openings: Sequence[Opening]) -> Outcome:
    """The same with the keyholders' files. Raises what the two below raise."""
    opened = key_for_counting(actor=actor, region_id=region_id, poll_id=poll_id, openings=openings)
    return count_with_key(actor=actor, region_id=region_id, poll_id=poll_id, opened=opened)


def key_for_counting(*, actor: Actor, region_id: int, poll_id: int, openings: Sequence[Opening]) -> JoinedKey:
    """The closed poll's key, for the memory of the caller alone.

    Raises ``NotPermitted``, ``UnknownPoll``, ``NotClosed``, ``NoKeyholders`` and what ``services_keys.joined_key``
    raises."""
    poll, _ = _closed_poll(actor, region_id, poll_id)
    return joined_key(poll, openings)


def count_with_key(*, actor: Actor, region_id: int, poll_id: int, opened: JoinedKey) -> Outcome:
    """Count with the key that keyholders joined. The sealed shares are deleted in the same transaction.

    Raises what ``count_poll`` raises but ``KeyMissing``."""
    poll, rules = _closed_poll(actor, region_id, poll_id)
    outcome = _count(
        actor,
        poll,
        rules,
        _unseal(poll, rules, opened.private_key),
        key=KeyFate.SHARES_DELETED,
        opened_at=OpenedAt.SERVER,
        keyholders=opened.keyholders,
    )
    forget_shares(poll)
    return outcome


def count_unsealed(*, actor: Actor, region_id: int, poll_id: int, content: BinaryIO) -> Outcome:
    """The same with the file of ballots that ``civicvote unseal`` wrote on a machine of the keyholders.

    The file is signed with the poll's own key, so only who had enough shares can have written it. That it says what the
    envelopes hold this server can't see; other keyholders can: the same box gives the same file. It is read line by
    line. Raises what ``count_poll`` raises, ``NoKeyholders``, ``BallotsFileUnusable``."""
    poll, rules = _closed_poll(actor, region_id, poll_id)
    signed = require_ballots_file(actor=actor, region_id=region_id, poll_id=poll_id, content=content)
    ballots = _as_texts(rules, box_files.ballots_in(content, rules=rules, number=signed))
    outcome = _count(actor, poll, rules, ballots, key=KeyFate.SHARES_DELETED, opened_at=OpenedAt.ELSEWHERE)
    forget_shares(poll)
    return outcome


def require_ballots_file(*, actor: Actor, region_id: int, poll_id: int, content: BinaryIO) -> int:
    """Whether the file is of this poll's box and signed by its keyholders; how many ballots it holds.

    What the ballots say is not looked at. Raises ``NotPermitted``, ``UnknownPoll``, ``NotClosed``, ``NoKeyholders``,
    ``BallotsFileUnusable``."""
    poll, rules = _closed_poll(actor, region_id, poll_id)
    if not rules.keyholders_needed:
        raise NoKeyholders
    assert poll.frozen_hash is not None
    assert poll.receipts_root is not None
    return box_files.signed_ballots(
        content,
        rules_hash=poll.frozen_hash,
        receipts_root=poll.receipts_root,
        verify_key=verify_key_of(poll),
    )


def _closed_poll(actor: Actor | None, region_id: int, poll_id: int) -> tuple[Poll, FrozenRules]:
    if actor is not None:
        require_manager(actor, region_id)
    poll = locked_poll(region_id, poll_id)
    if poll.state is not PollState.CLOSED:
        raise NotClosed
    return poll, rules_of(poll)


def _count(actor: Actor | None, poll: Poll, rules: FrozenRules, ballots: list[BallotText], **how: object) -> Outcome:
    marks = marks_by_electorate(poll)
    require_equal_by("electorate", marks, Counter(electorate for _, electorate, _ in ballots))
    into = counted_as(marks)
    secrets.SystemRandom().shuffle(ballots)
    store_ballots(poll, ((text, into[electorate], style) for text, electorate, style in ballots))
    for channel, number in by_channel(Envelope, poll).items():
        db.session.add(Turnout(region_id=poll.region_id, poll_id=poll.id, channel=channel, ballots=number))
    poll.state = PollState.COUNTED
    poll.counted_at = clock.now()
    poll.counting_since = poll.count_refusal = None
    db.session.flush()

    counted = count_stored(poll, rules)
    outcome = Outcome(
        region_id=poll.region_id,
        poll_id=poll.id,
        rule=rules.counting_rule,
        result=counted.to_json(),
        computed_at=clock.now(),
    )
    db.session.add(outcome)
    _record(
        actor,
        poll,
        AuditVerb.POLL_COUNT,
        ballots=counted.counts.unsealed_ballots,
        stored_hash=stored_hash(poll, outcome.result),
        **how,
    )
    return outcome


def close_and_count(
    *, actor: Actor | None, region_id: int, poll_id: int, key_folder: Path, reason: str = ""
) -> Outcome | None:
    """Close where that is not done yet, then count, unless that takes keyholders (None: it waits for them).

    Raises what the two raise; the caller then rolls both back."""
    if actor is not None:
        require_manager(actor, region_id)
    wait_for_casts(poll_id)
    poll = locked_poll(region_id, poll_id)
    if poll.state is not PollState.CLOSED:
        close_poll(actor=actor, region_id=region_id, poll_id=poll_id, reason=reason)
        if poll.keyholders_needed:
            return None
    return count_poll(actor=actor, region_id=region_id, poll_id=poll_id, key_folder=key_folder)


def publish_poll(*, actor: Actor, region_id: int, poll_id: int, key_folder: Path) -> Poll:
    """Show the outcome to everybody, if the stored ballots are those that were counted and all counts still add up.

    The sealed contents of all envelopes are deleted, since keyholders could open them again; receipts stay. What the
    winners become is the business of whoever calls this. Raises ``NotPermitted``, ``UnknownPoll``,
    ``NotCounted``, ``AlreadyPublished``, ``CountsDoNotAddUp``, ``RecountDiffers``.
    """
    require_manager(actor, region_id)
    poll = locked_poll(region_id, poll_id)
    if poll.state is PollState.PUBLISHED:
        raise AlreadyPublished
    if poll.state is not PollState.COUNTED:
        raise NotCounted
    rules = rules_of(poll)
    stored = db.session.get_one(Outcome, (poll.region_id, poll.id, rules.counting_rule))
    require_as_counted(poll, rules, stored.result)
    poll.state = PollState.PUBLISHED
    poll.published_at = clock.now()
    end_watch(region_id=region_id, poll_id=poll_id)
    db.session.flush()
    _empty_envelopes(poll)
    refresh_poll_in_index(poll=poll)
    _record(
        actor,
        poll,
        AuditVerb.POLL_PUBLISH,
        rules_hash=poll.frozen_hash,
        selected=list(outcome_format.read(stored.result).selected),
        envelopes_emptied=True,
        **({} if rules.keyholders_needed else {"key_is_gone": not keys.exists(key_folder, poll.id)}),
    )
    return poll


def _empty_envelopes(poll: Poll) -> None:
    """They are counted and compared for the last time: what nobody needs can't be opened by anybody. Receipts stay."""
    db.session.execute(
        sa.update(Envelope)
        .where(*of_poll(Envelope, poll))
        .values(sealed=b"")
        .execution_options(synchronize_session=False)
    )


def destroy_leftover_keys(*, key_folder: Path) -> int:
    """Destroy key files of polls whose count is committed, for a process that died right after it. How many."""
    counted = db.session.execute(
        sa.select(Poll.region_id, Poll.id)
        .where(Poll.state.in_([PollState.COUNTED, PollState.PUBLISHED]), Poll.public_key.is_not(None))
        .order_by(Poll.id)
    ).all()
    return sum(keys.destroy(key_folder, poll_id) for _, poll_id in counted)


@event.listens_for(Session, "after_commit")
def _destroy_keys(session: Session) -> None:
    """Only now is the count safe; a savepoint's end is no commit."""
    if session.in_nested_transaction():
        return
    for folder, poll_id in session.info.pop(_KEYS_TO_DESTROY, []):
        keys.destroy(folder, poll_id)


@event.listens_for(Session, "after_rollback")
def _keep_keys(session: Session) -> None:
    session.info.pop(_KEYS_TO_DESTROY, None)


def rules_of(poll: Poll) -> FrozenRules:
    """The rules as they were frozen. Raises ``PollNotFrozen``."""
    if poll.frozen_rules is None:
        raise PollNotFrozen
    return freezing.read(poll.frozen_rules)


def store_ballots(poll: Poll, ballots: Iterator[tuple[str, str, str]]) -> None:
    """Store canonical choices, electorate and style under random keys that tell neither when nor by whom they were
    cast."""
    batch: list[dict[str, object]] = []
    for text, electorate, style in ballots:
        batch.append(
            {
                "region_id": poll.region_id,
                "poll_id": poll.id,
                "key": secrets.token_hex(16),
                "choices": text,
                "electorate": electorate,
                "style": style,
            },
        )
        if len(batch) == _BATCH:
            db.session.execute(sa.insert(UnsealedBallot), batch)
            batch = []
    if batch:
        db.session.execute(sa.insert(UnsealedBallot), batch)


def _unseal(poll: Poll, rules: FrozenRules, private_key: str) -> list[BallotText]:
    statement = (
        sa.select(Envelope.sealed, Envelope.receipt)
        .where(*of_poll(Envelope, poll))
        .order_by(Envelope.receipt)
        .execution_options(yield_per=_BATCH)
    )
    opener = sealing.Opener(private_key)
    with db.session.execute(statement) as envelopes:
        return _as_texts(rules, (open_envelope(opener, rules, sealed, receipt) for sealed, receipt in envelopes))


def _as_texts(rules: FrozenRules, ballots: Iterable[SealedBallot]) -> list[BallotText]:
    """As they are stored; equal texts are one object, since many people choose alike."""
    seen: dict[str, str] = {}
    found = []
    for ballot in ballots:
        text = ballot_text.write(ballot.choices, rules.ballot_type)
        found.append((seen.setdefault(text, text), ballot.electorate, ballot.style))
    return found


def _record(actor: Actor | None, poll: Poll, verb: AuditVerb, **detail: object) -> None:
    audit.record(
        region_id=poll.region_id,
        actor_id=actor.person_id if actor else None,
        verb=verb,
        subject=f"poll:{ids.encode(poll.id)}",
        detail=detail,
    )
