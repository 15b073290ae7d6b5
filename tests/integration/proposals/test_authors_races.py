"""Answering, leaving and taking back at the same moment, on PostgreSQL, where all of them really run at once."""

import pytest
import sqlalchemy as sa
from flask import Flask

from civicvote.db import db, unit_of_work
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.models import Notification
from civicvote.domain.proposals.models import CoAuthor, CoAuthorInvitation, Proposal
from civicvote.domain.proposals.services_authors import (
    accept_invitation,
    decline_invitation,
    invite_co_author,
    leave_proposal,
    remove_co_author,
    take_back_invitation,
)
from civicvote.domain.proposals.states import CoAuthorState
from tests.factories.at_once import at_once
from tests.factories.people import actor_for, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_proposal

pytestmark = pytest.mark.postgres
RACES = 8
SLUG = "testville"


class Scene:
    """A proposal, and somebody who was asked to sign it."""

    def __init__(self, *, signs: bool = False) -> None:
        author, friend = make_person(), make_person()
        proposal = make_proposal(make_round(make_region()), author)
        self.author, self.friend = actor_for(author), actor_for(friend)
        self.key = (proposal.region_id, proposal.id)
        self.invitation_id = invite_co_author(
            actor=self.author, slug=SLUG, proposal=proposal, email=friend.email or ""
        ).id
        if signs:
            self.accept()

    @property
    def _proposal(self) -> Proposal:
        return db.session.get_one(Proposal, self.key)

    def accept(self) -> None:
        accept_invitation(actor=self.friend, slug=SLUG, proposal=self._proposal)

    def decline(self) -> None:
        decline_invitation(actor=self.friend, proposal=self._proposal)

    def take_back(self) -> None:
        take_back_invitation(actor=self.author, proposal=self._proposal, invitation_id=self.invitation_id)

    def leave(self) -> None:
        leave_proposal(actor=self.friend, slug=SLUG, proposal=self._proposal)

    def remove(self) -> None:
        remove_co_author(actor=self.author, slug=SLUG, proposal=self._proposal, person_id=self.friend.person_id)

    def states(self) -> tuple[list[CoAuthorState], list[CoAuthorState]]:
        """Of those who sign or signed, and of the invitations."""
        return tuple(  # type: ignore[return-value]
            list(db.session.scalars(sa.select(table.state).where(table.proposal_id == self.key[1])))
            for table in (CoAuthor, CoAuthorInvitation)
        )

    def told(self) -> int:
        """How many messages of answers the author got."""
        own = (
            Notification.person_id == self.author.person_id,
            Notification.kind == NotificationKind.CO_AUTHOR_ANSWERED,
        )
        return db.session.scalar(sa.select(sa.func.count()).where(*own)) or 0


def _scene(app: Flask, *, signs: bool = False) -> Scene:
    with app.app_context(), unit_of_work():
        return Scene(signs=signs)


def _names(errors: list[Exception]) -> list[str]:
    return sorted(type(error).__name__ for error in errors)


def test_an_invitation_is_answered_once(app_with_connections: Flask) -> None:
    for _ in range(RACES):
        scene = _scene(app_with_connections)
        errors = at_once(app_with_connections, scene.accept, scene.accept, scene.decline)
        assert _names(errors) == ["UnknownInvitation"] * 2
        with app_with_connections.app_context():
            signing, invited = scene.states()
            assert (signing, invited) in [([CoAuthorState.ACCEPTED], []), ([], [CoAuthorState.DECLINED])]
            assert scene.told() == len(signing)


def test_it_is_accepted_or_taken_back_and_nothing_between(app_with_connections: Flask) -> None:
    for _ in range(RACES):
        scene = _scene(app_with_connections)
        errors = at_once(app_with_connections, scene.accept, scene.take_back)
        with app_with_connections.app_context():
            signing, invited = scene.states()
            assert invited == []
            assert signing == ([] if errors else [CoAuthorState.ACCEPTED])
            assert _names(errors) in [[], ["UnknownInvitation"]]
            assert scene.told() == len(signing)


def test_whoever_leaves_and_is_removed_at_once_is_gone_once(app_with_connections: Flask) -> None:
    for _ in range(RACES):
        scene = _scene(app_with_connections, signs=True)
        errors = at_once(app_with_connections, scene.leave, scene.leave, scene.remove)
        assert _names(errors) == ["NoCoAuthor"] * 2
        with app_with_connections.app_context():
            assert scene.states() == ([CoAuthorState.LEFT], [])
            assert scene.told() in {1, 2}, "of accepting, and of leaving unless the author was faster"
