"""From a draft to a poll that can be voted in: rules, options, then freezing, which fixes all of it."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.audit import services as audit
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.monitor.services import begin_watch
from civicvote.domain.polls import freezing
from civicvote.domain.polls.ballots import shape as ballot_shape
from civicvote.domain.polls.errors import OptionGone, OptionKeyTaken, PollAlreadyFrozen, UnknownPoll
from civicvote.domain.polls.freezing import FrozenOption, FrozenRules
from civicvote.domain.polls.models import Poll, PollOption
from civicvote.domain.polls.planning import counting_choice
from civicvote.domain.polls.planning.poll_plan import PollPlan
from civicvote.domain.polls.planning.soundness import require_freezable, require_sound
from civicvote.domain.polls.planning.suggestions import require_runs_that_end
from civicvote.domain.polls.policy import require_manager
from civicvote.domain.polls.roll.rule import RollRule, rule_of
from civicvote.domain.polls.services_finding import refresh_poll_in_index
from civicvote.domain.polls.services_keys import public_key_for
from civicvote.domain.polls.services_roll import add_electors, add_eligible_residents, on_roll, require_large_enough
from civicvote.domain.polls.states import PollKind, PollState
from civicvote.domain.proposals.services_uniting import lock_proposals
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.rounds.errors import RoundNotAnnounced
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.states import RoundState
from civicvote.domain.tally.ties import BY_ID, TieBreak, TieBreakKind
from civicvote.domain.verification.queries import region_rules
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.visibility import Visibility

_WRITTEN = ("counting", "ballot", "tie_steps")
"""Parts of a plan that are kept in another form than they have."""


def create_poll(*, actor: Actor, round: Round, plan: PollPlan) -> Poll:
    """A draft in the round. Raises ``NotPermitted`` and what ``planning.require_sound`` raises."""
    require_manager(actor, round.region_id)
    require_sound(plan)
    poll = Poll(
        region_id=round.region_id,
        id=ids.new_id(),
        round_id=round.id,
        state=PollState.DRAFT,
        **_columns(plan),
    )
    db.session.add(poll)
    db.session.flush()
    _record(actor, poll, AuditVerb.POLL_CREATE)
    return poll


def edit_poll(*, actor: Actor, poll: Poll, plan: PollPlan) -> None:
    """Change a draft. Raises ``PollAlreadyFrozen`` once voters were promised its rules."""
    poll = draft_for_change(actor, poll)
    require_sound(plan)
    for name, value in _columns(plan).items():
        if name != "kind":
            setattr(poll, name, value)
    db.session.flush()
    _record(actor, poll, AuditVerb.POLL_EDIT)


def add_option(
    *,
    poll: Poll,
    key: str,
    label: str,
    summary: str = "",
    cost_amount: int = 0,
    subject_id: int | None = None,
    field_key: str | None = None,
    district_code: str | None = None,
    is_withdrawn: bool = False,
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
        field_key=field_key,
        district_code=district_code,
        is_withdrawn=is_withdrawn,
    )
    poll.options.append(option)
    db.session.flush()
    return option


def replace_options(
    *,
    actor: Actor,
    poll: Poll,
    options: Sequence[FrozenOption],
    incompatible: Sequence[tuple[str, ...]] = (),
) -> None:
    """Make these the draft's options, in this order. ``incompatible``: groups of keys of which at most one can win.

    Raises ``PollAlreadyFrozen``, ``OptionKeyTaken``."""
    poll = draft_for_change(actor, poll)
    chosen = counting_choice.read(poll.counting)
    poll.counting = counting_choice.write(replace(chosen, incompatible=tuple(incompatible)))
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
    return PollPlan(
        **{name: getattr(poll, name) for name in PollPlan.__dataclass_fields__ if name not in _WRITTEN},
        counting=counting_choice.read(poll.counting),
        ballot=ballot_shape.read(poll.ballot),
        tie_steps=TieBreak.parse(poll.tie_break).steps,
    )


def _columns(plan: PollPlan) -> dict[str, Any]:
    """The plan as the poll's row holds it; the seed of the lot comes with freezing, so that nobody can choose it."""
    plain = {name: getattr(plan, name) for name in PollPlan.__dataclass_fields__ if name not in _WRITTEN}
    return plain | {
        "counting": counting_choice.write(plan.counting),
        "ballot": ballot_shape.write(plan.ballot),
        "tie_break": str(replace(BY_ID, steps=plan.tie_steps)),
    }


def options_of(poll: Poll) -> tuple[FrozenOption, ...]:
    return tuple(
        FrozenOption(
            key=option.key,
            label=option.label,
            summary=option.summary,
            cost_amount=option.cost_amount,
            subject_id=option.subject_id,
            field_key=option.field_key,
            district_code=option.district_code,
            is_withdrawn=option.is_withdrawn,
        )
        for option in poll.options
    )


def freeze_poll(*, actor: Actor, poll: Poll, key_folder: Path) -> Poll:
    """Fix rules, options, roll and the draw for ties; from ``opens_at`` on the poll takes ballots by the clock.

    The key pair is made here, the private half goes to ``key_folder`` only, and a trial ballot must come back through
    it; or it was made for keyholders, who opened a trial ballot. Raises ``NotPermitted``, ``PollAlreadyFrozen``,
    ``RoundNotAnnounced``, what ``planning.require_freezable`` and
    ``require_runs_that_end`` raise, ``OptionGone``, ``ElectorateTooSmall``,
    ``DistrictTooSmall`` and what ``services_keys.public_key_for`` raises.
    """
    poll = draft_for_change(actor, poll)
    round_ = db.session.get_one(Round, (poll.region_id, poll.round_id))
    if round_.state is not RoundState.ANNOUNCED:
        raise RoundNotAnnounced
    options = options_of(poll)
    require_freezable(plan_of(poll), options, round_.phases, clock.now())
    if poll.kind is PollKind.AGENDA:
        _require_standing(poll.region_id, options)

    public_key = public_key_for(poll, key_folder)
    poll.tie_break = str(replace(TieBreak.parse(poll.tie_break), kind=TieBreakKind.SEEDED_LOT, seed=_new_seed()))
    poll.frozen_rules = freezing.write(
        rules_of(poll, options, public_key, rule_of(region_rules(poll.region_id), poll.minimum_age))
    )
    poll.frozen_hash = freezing.digest(poll.frozen_rules)
    poll.public_key = public_key
    poll.frozen_at = clock.now()
    poll.state = PollState.FROZEN
    db.session.flush()
    refresh_poll_in_index(poll=poll)
    add_electors(poll)
    add_eligible_residents(poll)
    require_large_enough(poll)
    begin_watch(region_id=poll.region_id, poll_id=poll.id)
    voters = on_roll(poll)
    require_runs_that_end(plan_of(poll), len(voters))
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


def _require_standing(region_id: int, options: Sequence[FrozenOption]) -> None:
    """Raise ``OptionGone`` unless every proposal on the ballot still stands by itself; none is merged from here on."""
    labels = {option.subject_id: option.label for option in options if option.subject_id is not None}
    for proposal in lock_proposals(region_id, labels).values():
        if proposal.state is not ProposalState.SUBMITTED or proposal.visibility is not Visibility.VISIBLE:
            raise OptionGone(option=labels[proposal.id])


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
        counting=counting_choice.read(poll.counting),
        ballot=ballot_shape.read(poll.ballot),
        keyholders_needed=poll.keyholders_needed,
        publishes_ballots=poll.publishes_ballots,
    )


def _new_seed() -> str:
    return secrets.token_hex(16)


def _record(actor: Actor, poll: Poll, verb: AuditVerb, **detail: object) -> None:
    audit.record(
        region_id=poll.region_id,
        actor_id=actor.person_id,
        verb=verb,
        subject=f"poll:{ids.encode(poll.id)}",
        detail=detail,
    )
