"""Merges of a test, through the services."""

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.proposals.models import Endorsement, Follow, Merge, Proposal
from civicvote.domain.proposals.queries_parties import parties_of
from civicvote.domain.proposals.services_merging import consent_to_merge, propose_merge
from tests.factories.people import actor_for

REASON = "같은 횡단보도를 말하는 제안입니다."


def suggest(person: Person, one: Proposal, other: Proposal, *, reason: str = REASON) -> Merge:
    return propose_merge(
        actor=actor_for(person), region_id=one.region_id, proposal_id=one.id, other_id=other.id, reason=reason
    )


def merge(one: Proposal, other: Proposal) -> Merge:
    """Merge the two with the consent of both authors."""
    made = suggest(author_of(one), one, other)
    for person_id in sorted({party.author_id for party in parties_of(one.region_id, (one.id, other.id)).values()}):
        if made.merged_at is None and person_id != one.author_id:
            consent_to_merge(
                actor=actor_for(db.session.get_one(Person, person_id)), region_id=one.region_id, merge_id=made.id
            )
    return made


def author_of(proposal: Proposal) -> Person:
    return db.session.get_one(Person, proposal.author_id)


def endorsers(proposal: Proposal) -> set[int]:
    rows = db.session.query(Endorsement.person_id).filter_by(region_id=proposal.region_id, proposal_id=proposal.id)
    return {row.person_id for row in rows}


def followers(proposal: Proposal) -> set[int]:
    rows = db.session.query(Follow.person_id).filter_by(region_id=proposal.region_id, proposal_id=proposal.id)
    return {row.person_id for row in rows}


def is_counted_right(proposal: Proposal) -> bool:
    """Whether the number on the proposal is the number of the people behind it."""
    db.session.refresh(proposal)
    return proposal.endorsement_count == len(endorsers(proposal))
