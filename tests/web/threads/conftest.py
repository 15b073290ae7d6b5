"""A region, a proposal in it that is being discussed, and the addresses of its thread."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.services import comment_on_proposal
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import RoundPhase
from civicvote.domain.threads.models import Comment, Thread
from civicvote.domain.threads.stance import Stance
from civicvote.kernel import ids
from tests.factories.people import actor_for, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_proposal, thread_of


@dataclass(frozen=True)
class Talk:
    """Addresses of one discussion."""

    region: Region
    proposal: Proposal

    @property
    def thread(self) -> Thread:
        return thread_of(self.proposal)

    @property
    def page(self) -> str:
        return f"/regions/{self.region.slug}/proposals/{ids.encode(self.proposal.id)}"

    @property
    def address(self) -> str:
        return f"/regions/{self.region.slug}/threads/{ids.encode(self.proposal.thread_id)}"

    def end_round(self) -> None:
        """All phases are over."""
        for phase in db.session.query(RoundPhase).filter_by(round_id=self.proposal.round_id):
            phase.starts_at -= timedelta(days=400)
            phase.ends_at -= timedelta(days=400)
        db.session.commit()

    def news(self, since: Comment | None = None) -> str:
        key = ids.encode(since.id) if since else "0"
        return f"/threads/{ids.encode(self.region.id)}/{ids.encode(self.proposal.thread_id)}/new?since={key}"

    def link(self, comment: Comment, action: str = "") -> str:
        return f"{self.address}/comments/{ids.encode(comment.id)}{'/' + action if action else ''}"


@pytest.fixture
def talk(session: Any) -> Talk:
    region = make_region()
    proposal = make_proposal(make_round(region), make_person("제안자"))
    db.session.commit()
    return Talk(region, proposal)


@pytest.fixture
def say(talk: Talk) -> Callable[..., Comment]:
    """``say(body, author=…, parent=…)`` posts a comment."""

    def said(
        body: str,
        *,
        author: Person | None = None,
        parent: Comment | None = None,
        stance: Stance = Stance.NEUTRAL,
    ) -> Comment:
        made = comment_on_proposal(
            actor=actor_for(author or make_person()),
            slug=talk.region.slug,
            proposal=talk.proposal,
            thread=talk.thread,
            body=body,
            stance=stance,
            parent_id=parent.id if parent else None,
        )
        db.session.commit()
        return made

    return said
