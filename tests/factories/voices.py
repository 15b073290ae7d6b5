"""Support and voices of a test."""

from datetime import timedelta

from sqlalchemy import insert

from civicvote.db import db
from civicvote.domain.proposals.models import Endorsement, Follow, Proposal, ReachedStep
from civicvote.domain.proposals.states import LadderStep
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.domain.voices.models import Voice
from civicvote.domain.voices.services import publish_voice
from civicvote.domain.voices.texts import VoiceTexts
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Role
from tests.factories.people import actor_for, make_officer, make_person

ANSWER = "시는 내년 3월까지 **횡단보도**를 놓겠습니다. 경찰서와 협의를 마쳤습니다."

SPEAKERS = {
    VoiceKind.OFFICIAL_ANSWER: Role.REVIEWER,
    VoiceKind.SUMMARY: Role.MODERATOR,
    VoiceKind.EXPERT_OPINION: Role.EXPERT,
    VoiceKind.BUDGET_INFORMATION: Role.BUDGET_ENTRY,
}


def speaker(region_id: int, kind: VoiceKind = VoiceKind.OFFICIAL_ANSWER, name: str | None = None) -> Actor:
    """Somebody whose role speaks so."""
    return actor_for(make_officer(region_id, SPEAKERS[kind], name=name))


def texts_of(kind: VoiceKind, body: str = ANSWER, **changes: object) -> VoiceTexts:
    """Everything that a voice of the kind needs."""
    given: dict[str, object] = {"body": body}
    if kind is not VoiceKind.SUMMARY:
        given["office"] = "교통정책과"
    if kind is VoiceKind.EXPERT_OPINION:
        given["has_interests"] = False
    if kind is VoiceKind.BUDGET_INFORMATION:
        given["estimate"] = "약 3억 2,000만 원"
    return VoiceTexts(**(given | changes))  # type: ignore[arg-type]


def make_voice(
    proposal: Proposal,
    kind: VoiceKind = VoiceKind.OFFICIAL_ANSWER,
    *,
    actor: Actor | None = None,
    is_mayors: bool = False,
    **changes: object,
) -> Voice:
    return publish_voice(
        actor=actor or speaker(proposal.region_id, kind),
        proposal=proposal,
        kind=kind,
        texts=texts_of(kind, **changes),  # type: ignore[arg-type]
        is_mayors=is_mayors,
    )


def make_endorsements(proposal: Proposal, count: int) -> None:
    """So many people who endorsed before, past the service."""
    people = [make_person() for _ in range(count)]
    db.session.execute(
        insert(Endorsement),
        [
            {
                "region_id": proposal.region_id,
                "proposal_id": proposal.id,
                "person_id": person.id,
                "created_at": clock.now(),
            }
            for person in people
        ],
    )
    proposal.endorsement_count += count
    db.session.flush()


def make_followers(proposal: Proposal, person_ids: list[int]) -> None:
    db.session.execute(
        insert(Follow),
        [
            {
                "region_id": proposal.region_id,
                "proposal_id": proposal.id,
                "person_id": person_id,
                "created_at": clock.now(),
                "seen_comment_count": 0,
            }
            for person_id in person_ids
        ],
    )
    db.session.flush()


def make_owed(proposal: Proposal, step: LadderStep = LadderStep.DEPARTMENT_ANSWERS, *, days: int = 0) -> ReachedStep:
    """A step that the proposal reached so many days ago."""
    row = ReachedStep(
        region_id=proposal.region_id,
        proposal_id=proposal.id,
        step=step,
        id=ids.new_id(),
        endorsement_count=50,
        reached_at=clock.now() - timedelta(days=days),
    )
    db.session.add(row)
    db.session.flush()
    return row
