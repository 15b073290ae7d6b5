"""From a draft to a poll that can be voted in: rules, options, then freezing, which fixes all of it."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.audit import services as audit
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.polls import freezing, keys, sealing
from civicvote.domain.polls.errors import OptionKeyTaken, PollAlreadyFrozen, TrialBallotFailed, UnknownPoll
from civicvote.domain.polls.freezing import FrozenOption, FrozenRules
from civicvote.domain.polls.models import Poll, PollOption, RollEntry
from civicvote.domain.polls.planning import PollPlan, require_freezable, require_sound
from civicvote.domain.polls.policy import require_manager
from civicvote.domain.polls.roll_rule import RollRule, rule_of
from civicvote.domain.polls.services_roll import add_eligible_residents
from civicvote.domain.polls.states import PollState
from civicvote.domain.rounds.errors import RoundNotAnnounced
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.states import RoundState
from civicvote.domain.tally.ties import BY_ID
from civicvote.domain.verification.queries import region_rules
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor


def create_poll(*, actor: Actor, round: Round, plan: PollPlan) -> Poll:
    """A draft in the round. Raises ``NotPermitted`` and what ``planning.require_sound`` raises."""
    require_manager(actor, round.region_id)
    require_sound(plan)
    poll = Poll(
        region_id=round.region_id,
        id=ids.new_id(),
        round_id=round.id,
        state=PollState.DRAFT,
        tie_break=str(BY_ID),
        **asdict(plan),
    )
    db.session.add(poll)
    db.session.flush()
    _record(actor, poll, AuditVerb.POLL_CREATE)
    return poll


def edit_poll(*, actor: Actor, poll: Poll, plan: PollPlan) -> None:
    """Change a draft. Raises ``PollAlreadyFrozen`` once voters were promised its rules."""
    poll = draft_for_change(actor, poll)
    require_sound(plan)
    for name, value in asdict(plan).items():
        if name != "kind":
            setattr(poll, name, value)
    db.session.flush()
    _record(actor, poll, AuditVerb.POLL_EDIT)


def add_option(
    *, poll: Poll, key: str, label: str, summary: str = "", cost_amount: int = 0, subject_id: int | None = None
) -> PollOption:
    """Append an option to a draft, for commands; officers use ``replace_options``. Raises ``OptionKeyTaken``."""
    if poll.state is not PollState.DRAFT:
        raise PollAlreadyFrozen
    if any(option.key == key for option in poll.options):
        raise OptionKeyTaken(option=key)
    option = PollOption(
        region_id=poll.region_id,
        poll_id=poll.id,
        key=key,
        position=len(poll.options),
        label=label,
        summary=summary,
        cost_amount=cost_amount,
        subject_id=subject_id,
    )
    poll.options.append(option)
    db.session.flush()
    return option


def replace_options(*, actor: Actor, poll: Poll, options: Sequence[FrozenOption]) -> None:
    """Make these the draft's options, in this order. Raises ``PollAlreadyFrozen``, ``OptionKeyTaken``."""
    poll = draft_for_change(actor, poll)
    poll.options.clear()
    db.session.flush()
    for option in options:
        add_option(poll=poll, **asdict(option))
    _record(actor, poll, AuditVerb.POLL_OPTIONS, options=len(options))


def draft_for_change(actor: Actor, poll: Poll) -> Poll:
    """The poll under its exclusive lock, still a draft. Raises ``NotPermitted``, ``PollAlreadyFrozen``."""
    require_manager(actor, poll.region_id)
    locked = locked_poll(poll.region_id, poll.id)
    if locked.state is not PollState.DRAFT:
        raise PollAlreadyFrozen
    return locked


def locked_poll(region_id: int, poll_id: int) -> Poll:
    """The poll as it is now, under the lock that waits for running casts and keeps new ones waiting."""
    poll = db.session.scalars(
        sa.select(Poll)
        .where(Poll.region_id == region_id, Poll.id == poll_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if poll is None:
        raise UnknownPoll
    return poll


def plan_of(poll: Poll) -> PollPlan:
    """The draft's rules as an officer laid them down."""
    return PollPlan(**{name: getattr(poll, name) for name in PollPlan.__dataclass_fields__})


def options_of(poll: Poll) -> tuple[FrozenOption, ...]:
    return tuple(
        FrozenOption(
            key=option.key,
            label=option.label,
            summary=option.summary,
            cost_amount=option.cost_amount,
            subject_id=option.subject_id,
        )
        for option in poll.options
    )


def freeze_poll(*, actor: Actor, poll: Poll, key_folder: Path) -> Poll:
    """Fix rules, options, roll and the draw for ties; from ``opens_at`` on the poll takes ballots by the clock.

    The key pair is made here, the private half goes to ``key_folder`` only, and a trial ballot must come back through
    it. Raises ``NotPermitted``, ``PollAlreadyFrozen``, ``RoundNotAnnounced``, what ``planning.require_freezable``
    raises, ``KeyFolderUnusable``, ``TrialBallotFailed``.
    """
    poll = draft_for_change(actor, poll)
    round_ = db.session.get_one(Round, (poll.region_id, poll.round_id))
    if round_.state is not RoundState.ANNOUNCED:
        raise RoundNotAnnounced
    options = options_of(poll)
    require_freezable(plan_of(poll), options, round_.phases, clock.now())

    public_key = _make_keys(key_folder, poll.id, [option.key for option in options])
    poll.tie_break = f"seed:{secrets.token_hex(16)}"
    poll.frozen_rules = freezing.write(
        rules_of(poll, options, public_key, rule_of(region_rules(poll.region_id), poll.minimum_age))
    )
    poll.frozen_hash = freezing.digest(poll.frozen_rules)
    poll.public_key = public_key
    poll.frozen_at = clock.now()
    poll.state = PollState.FROZEN
    db.session.flush()
    add_eligible_residents(poll)
    voters = db.session.scalars(
        sa.select(RollEntry.voter_id).where(RollEntry.region_id == poll.region_id, RollEntry.poll_id == poll.id)
    ).all()
    _record(
        actor,
        poll,
        AuditVerb.POLL_FREEZE,
        rules_hash=poll.frozen_hash,
        public_key=public_key,
        roll_size=len(voters),
        roll_hash=freezing.roll_digest(voters),
    )
    return poll


def rules_of(poll: Poll, options: tuple[FrozenOption, ...], public_key: str, roll_rule: RollRule) -> FrozenRules:
    return FrozenRules(
        poll_id=poll.id,
        region_id=poll.region_id,
        kind=poll.kind,
        ballot_type=poll.ballot_type,
        min_choices=poll.min_choices,
        max_choices=poll.max_choices,
        ballot_limit_amount=poll.ballot_limit_amount,
        counting_rule=poll.counting_rule,
        seats=poll.seats,
        threshold=poll.threshold,
        envelope_amount=poll.envelope_amount,
        tie_break=poll.tie_break,
        opens_at=poll.opens_at,
        public_key=public_key,
        options=options,
        roll_rule=roll_rule,
    )


def _make_keys(folder: Path, poll_id: int, option_keys: list[str]) -> str:
    """A key pair whose private half lies in the folder, tried with a ballot. The public half.

    A file that is there already is left from a freezing that was rolled back: the poll is a draft under its exclusive
    lock, so nothing was ever sealed to it."""
    keys.destroy(folder, poll_id)
    pair = sealing.new_key_pair()
    keys.store(folder, poll_id, pair.private)
    size = sealing.content_size(option_keys)
    trial = sealing.seal("[]", public_key=pair.public, size=size)
    try:
        came_back = sealing.Opener(keys.load(folder, poll_id)).unseal(trial)
    except sealing.Unopenable as error:
        raise TrialBallotFailed from error
    if came_back != "[]":
        raise TrialBallotFailed
    return pair.public


def _record(actor: Actor, poll: Poll, verb: AuditVerb, **detail: object) -> None:
    audit.record(
        region_id=poll.region_id,
        actor_id=actor.person_id,
        verb=verb,
        subject=f"poll:{ids.encode(poll.id)}",
        detail=detail,
    )
