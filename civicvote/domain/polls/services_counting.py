"""After the vote: close, unseal, shuffle, reconcile, count, publish, and be rid of the key."""

import secrets
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from civicvote.db import database_now, db
from civicvote.domain.audit import services as audit
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.polls import choices as ballot_text
from civicvote.domain.polls import freezing, keys, outcome_format, sealing, window
from civicvote.domain.polls.errors import (
    AlreadyPublished,
    NotClosed,
    NotCounted,
    PollClosed,
    PollNotFrozen,
    RecountDiffers,
    SealBroken,
    StillOpen,
)
from civicvote.domain.polls.freezing import FrozenRules
from civicvote.domain.polls.models import Envelope, Outcome, Poll, RollEntry, Turnout, UnsealedBallot
from civicvote.domain.polls.policy import require_manager
from civicvote.domain.polls.reconciling import Counts, require_equal
from civicvote.domain.polls.services_preparing import locked_poll
from civicvote.domain.polls.services_roll import add_eligible_residents
from civicvote.domain.polls.services_turns import wait_for_casts
from civicvote.domain.polls.states import Channel, PollState
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.schedule import phase_end
from civicvote.domain.tally.ballot_rules import BrokenBallotRule, check_choices
from civicvote.domain.tally.profile import Points, Profile
from civicvote.domain.tally.registry import TALLY_RULES
from civicvote.domain.tally.result import TallyResult
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor

_BATCH = 5_000
_KEYS_TO_DESTROY = "civicvote.polls.keys_to_destroy"


def close_poll(*, actor: Actor | None, region_id: int, poll_id: int, reason: str = "") -> Poll:
    """No more ballots. ``actor`` None: the schedule closes, and only what is over.

    An officer may close earlier, with a reason for the public record. Waits for running casts; those that come after
    find it closed. Raises ``NotPermitted``, ``UnknownPoll``, ``PollNotFrozen``, ``PollClosed``, ``StillOpen``.
    """
    if actor is not None:
        require_manager(actor, region_id)
    wait_for_casts(poll_id)
    poll = locked_poll(region_id, poll_id)
    if poll.state is PollState.DRAFT:
        raise PollNotFrozen
    now = database_now()
    if poll.state is not PollState.FROZEN:
        raise PollClosed(closed_at=poll.closed_at or now)
    closes_at = _closing_time(poll)
    if now < closes_at and (actor is None or not reason.strip()):
        raise StillOpen(closes_at=closes_at)
    add_eligible_residents(poll)
    poll.state = PollState.CLOSED
    poll.closed_at = min(now, closes_at)
    db.session.flush()
    voters = list(db.session.scalars(sa.select(RollEntry.voter_id).where(*_of(RollEntry, poll))))
    receipts = db.session.scalars(sa.select(Envelope.receipt).where(*_of(Envelope, poll)).order_by(Envelope.receipt))
    _record(
        actor,
        poll,
        AuditVerb.POLL_CLOSE,
        reason=reason.strip(),
        roll_size=len(voters),
        roll_hash=freezing.roll_digest(voters),
        receipts_hash=freezing.digest("\n".join(receipts)),
    )
    return poll


def count_poll(*, actor: Actor | None, region_id: int, poll_id: int, key_folder: Path) -> Outcome:
    """Unseal every envelope, store the ballots under random keys in random order, reconcile and count.

    ``actor`` None: the schedule counts. The key file is destroyed once the count is committed, not before: until then
    it is the only way to the ballots. Raises ``NotPermitted``, ``UnknownPoll``, ``NotClosed``, ``KeyMissing``,
    ``SealBroken``, ``CountsDoNotAddUp``; then nothing is stored and the poll stays closed.
    """
    if actor is not None:
        require_manager(actor, region_id)
    poll = locked_poll(region_id, poll_id)
    if poll.state is not PollState.CLOSED:
        raise NotClosed
    rules = rules_of(poll)
    ballots = _unseal(poll, rules, keys.load(key_folder, poll.id))
    secrets.SystemRandom().shuffle(ballots)
    store_ballots(poll, (ballot_text.write(ballot, rules.ballot_type) for ballot in ballots))
    for channel, number in _by_channel(Envelope, poll).items():
        db.session.add(Turnout(region_id=poll.region_id, poll_id=poll.id, channel=channel, ballots=number))
    poll.state = PollState.COUNTED
    poll.counted_at = clock.now()
    db.session.flush()

    result, profile, counts = _count_stored(poll, rules)
    outcome = Outcome(
        region_id=poll.region_id,
        poll_id=poll.id,
        rule=rules.counting_rule,
        result=outcome_format.write(result, profile.supporters, counts.to_json()),
        computed_at=clock.now(),
    )
    db.session.add(outcome)
    _record(
        actor, poll, AuditVerb.POLL_COUNT, ballots=counts.unsealed_ballots, key="destroyed with this entry's commit"
    )
    db.session.info.setdefault(_KEYS_TO_DESTROY, []).append((key_folder, poll.id))
    return outcome


def close_and_count(
    *, actor: Actor | None, region_id: int, poll_id: int, key_folder: Path, reason: str = ""
) -> Outcome:
    """Close where that is not done yet, then count. Raises what the two raise; the caller then rolls both back."""
    if actor is not None:
        require_manager(actor, region_id)
    wait_for_casts(poll_id)
    if locked_poll(region_id, poll_id).state is not PollState.CLOSED:
        close_poll(actor=actor, region_id=region_id, poll_id=poll_id, reason=reason)
    return count_poll(actor=actor, region_id=region_id, poll_id=poll_id, key_folder=key_folder)


def publish_poll(*, actor: Actor, region_id: int, poll_id: int, key_folder: Path) -> Poll:
    """Show the outcome to everybody, if counting the stored ballots again gives it and all counts still add up.

    What the winners become is the business of whoever calls this. Raises ``NotPermitted``, ``UnknownPoll``,
    ``NotCounted``, ``AlreadyPublished``, ``CountsDoNotAddUp``, ``RecountDiffers``.
    """
    require_manager(actor, region_id)
    poll = locked_poll(region_id, poll_id)
    if poll.state is PollState.PUBLISHED:
        raise AlreadyPublished
    if poll.state is not PollState.COUNTED:
        raise NotCounted
    rules = rules_of(poll)
    result, profile, counts = _count_stored(poll, rules)
    stored = db.session.get_one(Outcome, (poll.region_id, poll.id, rules.counting_rule))
    if stored.result != outcome_format.write(result, profile.supporters, counts.to_json()):
        raise RecountDiffers
    poll.state = PollState.PUBLISHED
    poll.published_at = clock.now()
    db.session.flush()
    _record(
        actor,
        poll,
        AuditVerb.POLL_PUBLISH,
        rules_hash=poll.frozen_hash,
        selected=list(result.selected),
        key_is_gone=not keys.exists(key_folder, poll.id),
    )
    return poll


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


def store_ballots(poll: Poll, ballots: Iterator[str]) -> None:
    """Store canonical ballots under random keys that tell neither when nor by whom they were cast."""
    batch: list[dict[str, object]] = []
    for text in ballots:
        batch.append(
            {"region_id": poll.region_id, "poll_id": poll.id, "key": secrets.token_hex(16), "choices": text},
        )
        if len(batch) == _BATCH:
            db.session.execute(sa.insert(UnsealedBallot), batch)
            batch = []
    if batch:
        db.session.execute(sa.insert(UnsealedBallot), batch)


def _unseal(poll: Poll, rules: FrozenRules, private_key: str) -> list[dict[str, Points]]:
    opener = sealing.Opener(private_key)
    statement = (
        sa.select(Envelope.sealed, Envelope.receipt)
        .where(*_of(Envelope, poll))
        .order_by(Envelope.receipt)
        .execution_options(yield_per=_BATCH)
    )
    with db.session.execute(statement) as envelopes:
        return [_open(opener, rules, sealed, receipt) for sealed, receipt in envelopes]


def _open(opener: sealing.Opener, rules: FrozenRules, sealed: bytes, receipt: str) -> dict[str, Points]:
    if sealing.receipt_of(sealed) != receipt:
        raise SealBroken
    try:
        ballot = ballot_text.read(opener.unseal(sealed))
        return check_choices(rules.ballot_rule, rules.tally_options, list(ballot))
    except (sealing.Unopenable, ballot_text.UnreadableBallot, BrokenBallotRule) as error:
        raise SealBroken from error


def _count_stored(poll: Poll, rules: FrozenRules) -> tuple[TallyResult, Profile, Counts]:
    """Count what lies in the database, after comparing it from every side. Raises ``CountsDoNotAddUp``."""
    texts: Counter[str] = Counter()
    for batch in db.session.scalars(
        sa.select(UnsealedBallot.choices)
        .where(*_of(UnsealedBallot, poll))
        .order_by(UnsealedBallot.key)
        .execution_options(yield_per=_BATCH)
    ).partitions():
        texts.update(batch)
    groups = {tuple(ballot_text.read(text).items()): number for text, number in texts.items()}
    profile = Profile.of_counts(rules.tally_options.values(), groups, budget=rules.envelope_amount or 0)
    envelopes, marks = _by_channel(Envelope, poll), _by_channel(RollEntry, poll)
    counts = Counts(
        envelopes=sum(envelopes.values()),
        roll_marks=sum(marks.values()),
        unsealed_ballots=sum(texts.values()),
        choices=sum(profile.supporters.values()),
        ballot_sizes=sum(ballot_text.size(text) * number for text, number in texts.items()),
    )
    require_equal(counts, envelopes_by_channel=envelopes, marks_by_channel=marks)
    return TALLY_RULES[rules.counting_rule](profile, rules.counting_parameters), profile, counts


def _by_channel(model: type[Envelope] | type[RollEntry], poll: Poll) -> dict[Channel, int]:
    rows = db.session.execute(
        sa.select(model.channel, sa.func.count())
        .where(*_of(model, poll), model.channel.is_not(None))
        .group_by(model.channel)
        .order_by(model.channel)
    )
    return {channel: number for channel, number in rows if channel is not None}


def _of(
    model: type[Envelope] | type[RollEntry] | type[UnsealedBallot], poll: Poll
) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return model.region_id == poll.region_id, model.poll_id == poll.id


def _closing_time(poll: Poll) -> datetime:
    phases = db.session.get_one(Round, (poll.region_id, poll.round_id)).phases
    return window.effective_closing(poll.closes_at, phase_end(phases, window.PHASE_OF_KIND[poll.kind]))


def _record(actor: Actor | None, poll: Poll, verb: AuditVerb, **detail: object) -> None:
    audit.record(
        region_id=poll.region_id,
        actor_id=actor.person_id if actor else None,
        verb=verb,
        subject=f"poll:{ids.encode(poll.id)}",
        detail=detail,
    )
