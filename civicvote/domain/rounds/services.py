"""Acts of those who run a region's rounds: prepare, announce, extend. Each is audited."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from civicvote.db import db
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.rounds.errors import EnvelopeNegative, ReasonMissing, RoundAlreadyAnnounced
from civicvote.domain.rounds.fields import FieldName
from civicvote.domain.rounds.models import Round, RoundExtension, RoundField, RoundPhase
from civicvote.domain.rounds.planning import check_schedule, extended
from civicvote.domain.rounds.readiness import check_ready
from civicvote.domain.rounds.rules import RoundRules
from civicvote.domain.rounds.schedule import ScheduledPhase, span_of
from civicvote.domain.rounds.states import RoundState
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.markup import clean_text
from civicvote.kernel.permissions import Permission
from civicvote.kernel.phases import Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDetails:
    """What an officer decides about a round. ``envelope_amount`` in the currency's smallest unit."""

    year: int
    title_ko: str
    title_en: str
    summary_ko: str
    summary_en: str
    envelope_amount: int
    spans: Sequence[ScheduledPhase]
    fields: Sequence[FieldName]
    rules: RoundRules


def create_round(*, actor: Actor, region_id: int, details: RoundDetails) -> Round:
    """A new draft. Raises ``NotPermitted`` and what ``check_schedule`` and the rules refuse."""
    require(actor, Permission.ROUND_MANAGE, region_id)
    _check(details)
    made = Round(region_id=region_id, id=ids.new_id(), created_at=clock.now(), state=RoundState.DRAFT)
    _write(made, details)
    db.session.add(made)
    db.session.flush()
    record(region_id=region_id, actor_id=actor.person_id, verb=AuditVerb.ROUND_CREATE, subject=f"round:{made.id}")
    return made


def edit_round(*, actor: Actor, round: Round, details: RoundDetails) -> Round:
    """Rewrite a draft. Raises ``RoundAlreadyAnnounced`` afterwards, for then residents rely on it."""
    require(actor, Permission.ROUND_MANAGE, round.region_id)
    db.session.refresh(round, with_for_update=True)
    if round.state is not RoundState.DRAFT:
        raise RoundAlreadyAnnounced
    _check(details)
    round.phases.clear()
    round.fields.clear()
    db.session.flush()
    _write(round, details)
    db.session.flush()
    record(region_id=round.region_id, actor_id=actor.person_id, verb=AuditVerb.ROUND_EDIT, subject=f"round:{round.id}")
    return round


def _check(details: RoundDetails) -> None:
    check_schedule(details.spans)
    if details.envelope_amount < 0:
        raise EnvelopeNegative(field="envelope_amount")
    RoundRules.from_json(details.rules.to_json())


def _write(round: Round, details: RoundDetails) -> None:
    round.year = details.year
    round.title_ko, round.title_en = clean_text(details.title_ko), clean_text(details.title_en)
    round.summary_ko, round.summary_en = clean_text(details.summary_ko), clean_text(details.summary_en)
    round.envelope_amount = details.envelope_amount
    round.rules = details.rules.to_json()
    round.phases = [
        RoundPhase(
            region_id=round.region_id,
            round_id=round.id,
            phase=span.phase,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
        )
        for span in details.spans
    ]
    round.fields = [
        RoundField(
            region_id=round.region_id,
            round_id=round.id,
            key=field.key,
            position=position,
            name_ko=field.name_ko,
            name_en=field.name_en,
        )
        for position, field in enumerate(details.fields)
    ]


def announce_round(*, actor: Actor, round: Round) -> Round:
    """Show the round to everybody and fix it. Raises ``RoundIncomplete``, ``RoundStartsInThePast`` or the above."""
    require(actor, Permission.ROUND_MANAGE, round.region_id)
    db.session.refresh(round, with_for_update=True)
    if round.state is not RoundState.DRAFT:
        raise RoundAlreadyAnnounced
    check_ready(round, clock.now())
    round.state = RoundState.ANNOUNCED
    db.session.flush()
    record(
        region_id=round.region_id,
        actor_id=actor.person_id,
        verb=AuditVerb.ROUND_ANNOUNCE,
        subject=f"round:{round.id}",
        detail={"envelope_amount": round.envelope_amount, "rules": round.rules, "phases": _as_text(round.phases)},
    )
    return round


def extend_phase(*, actor: Actor, round: Round, phase: Phase, ends_at: datetime, reason: str) -> Round:
    """Move the end of a phase to later, and later phases as far as they must, with a reason that residents read.

    Raises ``ReasonMissing``, ``PhaseNotExtended``, ``PhaseAlreadyOver``. Go through ``lifecycle.services``, which
    looks after the polls that a moved phase holds.
    """
    require(actor, Permission.ROUND_MANAGE, round.region_id)
    reason = clean_text(reason)
    if not reason:
        raise ReasonMissing(field="reason")
    db.session.refresh(round, with_for_update=True)
    before = _as_text(round.phases)
    old = span_of(round.phases, phase)
    moved = {span.phase: span for span in extended(round.phases, phase, ends_at, clock.now())}
    assert old is not None, "extended() refuses a phase that the round leaves out"
    extension = RoundExtension(
        region_id=round.region_id,
        round_id=round.id,
        id=ids.new_id(),
        phase=phase,
        old_end_at=old.ends_at,
        new_end_at=ends_at,
        reason=reason,
        officer_id=actor.person_id,
        decided_at=clock.now(),
    )
    for row in round.phases:
        row.starts_at, row.ends_at = moved[row.phase].starts_at, moved[row.phase].ends_at
    db.session.add(extension)
    db.session.flush()
    record(
        region_id=round.region_id,
        actor_id=actor.person_id,
        verb=AuditVerb.ROUND_EXTEND,
        subject=f"round:{round.id}",
        detail={"phase": phase.value, "reason": reason, "before": before, "after": _as_text(round.phases)},
    )
    return round


def _as_text(phases: Iterable[ScheduledPhase]) -> dict[str, list[str]]:
    return {each.phase.value: [each.starts_at.isoformat(), each.ends_at.isoformat()] for each in phases}
