"""Put a proposal into its round: what submitting and importing have in common, once both are allowed."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.services_finding import refresh_proposal_in_index
from civicvote.domain.proposals.services_similar import mark_proposal
from civicvote.domain.proposals.spots import NOWHERE, Spot
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.proposals.texts import ProposalTexts
from civicvote.domain.rounds.models import Round
from civicvote.domain.threads.services import open_thread
from civicvote.kernel import clock, ids
from civicvote.kernel.markup import render
from civicvote.kernel.visibility import Visibility


def lock_author(person_id: int) -> None:
    """Let one person's tabs write one after the other: limits are counted, and what stands is seen, by one at a time.
    Rows that refer to the person are not in the way."""
    db.session.execute(sa.select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def post_proposal(
    *,
    author_id: int,
    round: Round,
    texts: ProposalTexts,
    field_key: str,
    spot: Spot = NOWHERE,
    source: str = "",
) -> Proposal:
    """Store a proposal with its thread and let it be found. Everything was checked: nothing is refused here."""
    thread = open_thread(region_id=round.region_id, group_id=round.id)
    proposal = Proposal(
        region_id=round.region_id,
        id=ids.new_id(),
        round_id=round.id,
        author_id=author_id,
        thread_id=thread.id,
        title=texts.title,
        summary=texts.summary,
        body=texts.body,
        body_html=render(texts.body),
        field_key=field_key,
        place=texts.place,
        district_code=spot.district_code,
        latitude_e6=spot.latitude_e6,
        longitude_e6=spot.longitude_e6,
        source=source,
        state=ProposalState.SUBMITTED,
        visibility=Visibility.VISIBLE,
        endorsement_count=0,
        version=1,
        submitted_at=clock.now(),
    )
    db.session.add(proposal)
    db.session.flush()
    mark_proposal(proposal=proposal)
    refresh_proposal_in_index(proposal=proposal)
    return proposal
