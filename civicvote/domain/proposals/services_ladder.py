"""The endorsement ladder at work: a step is reached in the transaction that counts the endorsement, and stays reached.

The proposal's row is locked by whoever counts, so that two endorsements at once reach a step once.
"""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.queries_roles import holders_of, officers_with
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import enqueue_mail, notify_all
from civicvote.domain.proposals.errors import ForumDateUnlikely, ForumDetailUnusable, StepNotReached
from civicvote.domain.proposals.forum import NOTE_LENGTH, PLACE_LENGTH, is_likely
from civicvote.domain.proposals.ladder import Rung, reached_with, rungs_of
from civicvote.domain.proposals.models import Proposal, ReachedStep
from civicvote.domain.proposals.news import OF_STEP, News
from civicvote.domain.proposals.paths import proposal_path
from civicvote.domain.proposals.services_following import slug_of, tell_news
from civicvote.domain.proposals.services_uniting import lock_for_support
from civicvote.domain.proposals.states import LadderStep
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.rules import RoundRules
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.markup import clean_text, render
from civicvote.kernel.permissions import Permission
from civicvote.kernel.personal_data import refuse_personal_numbers


def reach_by_one(*, proposal: Proposal, round: Round) -> None:
    """After one endorsement more: only the one that fills a step looks any further."""
    if any(rung.needed == proposal.endorsement_count for rung in rungs_of(RoundRules.from_json(round.rules))):
        reach_steps(proposal=proposal, round=round)


def reach_steps(*, proposal: Proposal, round: Round) -> list[LadderStep]:
    """Write down which steps the proposal's endorsements reach by now; those that are new, the lowest first.

    Its row must be locked and ``endorsement_count`` be loaded anew. Those who owe something for a step hear of it by
    message and mail; the author and followers by message."""
    reached = reached_with(rungs_of(RoundRules.from_json(round.rules)), proposal.endorsement_count)
    if not reached:
        return []
    known = set(db.session.scalars(_steps(proposal.region_id, proposal.id, [rung.step for rung in reached])))
    new = [rung for rung in reached if rung.step not in known]
    for rung in new:
        db.session.add(_row(proposal, rung))
    db.session.flush()
    for rung in new:
        _tell(proposal, rung)
    return [rung.step for rung in new]


def _steps(region_id: int, proposal_id: int, steps: Collection[LadderStep]) -> sa.Select[LadderStep]:
    return (
        sa.select(ReachedStep.step)
        .where(ReachedStep.region_id == region_id, ReachedStep.proposal_id == proposal_id, ReachedStep.step.in_(steps))
        .order_by(ReachedStep.id)
    )


def _row(proposal: Proposal, rung: Rung) -> ReachedStep:
    return ReachedStep(
        region_id=proposal.region_id,
        proposal_id=proposal.id,
        step=rung.step,
        id=ids.new_id(),
        endorsement_count=proposal.endorsement_count,
        reached_at=clock.now(),
    )


def _tell(proposal: Proposal, rung: Rung) -> None:
    officers = officers_with(Permission.VOICE_ANSWER, proposal.region_id)
    path = proposal_path(slug_of(proposal.region_id), proposal.id)
    params = {"title": proposal.title, "step": rung.step.value, "needed": rung.needed}
    kind = NotificationKind.ANSWER_OWED
    notify_all(people=holders_of(Permission.VOICE_ANSWER, proposal.region_id), kind=kind, params=params, path=path)
    for officer in officers:
        enqueue_mail(address=officer.email, locale=officer.locale, kind=kind, params=params, path=path)
    tell_news(
        proposal=proposal,
        news=OF_STEP[rung.step],
        path=path,
        params={"needed": rung.needed},
        except_person_ids=[officer.id for officer in officers],
    )


def fulfil_steps(*, region_id: int, proposal_id: int, steps: Collection[LadderStep]) -> None:
    """What was owed for these steps was done, for the area that did it. What was fulfilled keeps its day."""
    db.session.execute(
        sa.update(ReachedStep)
        .where(
            ReachedStep.region_id == region_id,
            ReachedStep.proposal_id == proposal_id,
            ReachedStep.step.in_(steps),
            ReachedStep.fulfilled_at.is_(None),
        )
        .values(fulfilled_at=clock.now())
        .execution_options(synchronize_session="fetch")
    )


def owe_again(*, region_id: int, proposal_id: int, steps: Collection[LadderStep]) -> None:
    """What fulfilled these steps is no longer upheld: they are owed once more, since the day they were reached."""
    db.session.execute(
        sa.update(ReachedStep)
        .where(ReachedStep.region_id == region_id, ReachedStep.proposal_id == proposal_id, ReachedStep.step.in_(steps))
        .values(fulfilled_at=None)
        .execution_options(synchronize_session="fetch")
    )


def fix_forum(*, actor: Actor, proposal: Proposal, held_on: date | None, place: str, note: str) -> ReachedStep:
    """Say when and where people meet about the proposal; again, when it is moved. ``note``: Markdown, may be empty.

    Raises ``NotPermitted``, ``StepNotReached``, ``ForumDateUnlikely``, ``ForumDetailUnusable``, ``PersonalNumber`` and
    what ``lock_for_support`` refuses."""
    require(actor, Permission.VOICE_ANSWER, proposal.region_id)
    lock_for_support(proposal)
    step = db.session.get(
        ReachedStep, (proposal.region_id, proposal.id, LadderStep.FORUM), with_for_update=True, populate_existing=True
    )
    if step is None:
        raise StepNotReached
    if held_on is None or not is_likely(held_on, clock.today()):
        raise ForumDateUnlikely(field="held_on")
    step.held_on, step.place = held_on, _cleaned("place", place, 1, PLACE_LENGTH)
    step.note = _cleaned("note", note, 0, NOTE_LENGTH)
    step.note_html = render(step.note)
    step.fulfilled_at = step.fulfilled_at or clock.now()
    db.session.flush()
    record(
        region_id=proposal.region_id,
        actor_id=actor.person_id,
        verb=AuditVerb.VOICE_FORUM,
        subject=f"proposal:{proposal.id}",
        detail={"held_on": held_on.isoformat(), "place": step.place},
    )
    tell_news(
        proposal=proposal,
        news=News.FORUM_FIXED,
        params={"held_on": held_on.isoformat(), "place": step.place},
        except_person_ids=[actor.person_id],
    )
    return step


def _cleaned(field: str, text: str, least: int, most: int) -> str:
    clean = clean_text(text)
    if not least <= len(clean) <= most:
        raise ForumDetailUnusable(field=field, limit=most)
    refuse_personal_numbers(clean, field=field)
    return clean
