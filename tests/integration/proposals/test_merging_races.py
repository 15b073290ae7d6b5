"""Merging at the same moment as something else, on PostgreSQL, where both really run at once."""

from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from civicvote.db import db, unit_of_work
from civicvote.domain.proposals.models import Endorsement, Merge, Proposal
from civicvote.domain.proposals.services import endorse, withdraw_endorsement, withdraw_proposal
from civicvote.domain.proposals.services_following import follow, unfollow
from civicvote.domain.proposals.services_merging import consent_to_merge, undo_merge
from civicvote.domain.proposals.states import MergeState, ProposalState
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Role
from tests.factories.at_once import at_once
from tests.factories.merges import author_of, endorsers, followers, is_counted_right, merge, suggest
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_proposal

pytestmark = pytest.mark.postgres
RACES = 8

Key = tuple[int, int]


def _agree(actor: Actor, key: Key) -> None:
    consent_to_merge(actor=actor, region_id=key[0], merge_id=key[1])


def _undo(actor: Actor, key: Key) -> None:
    undo_merge(actor=actor, region_id=key[0], merge_id=key[1], reason="다른 곳의 이야기였습니다.")


def _do(act: object, actor: Actor, key: Key) -> None:
    act(actor=actor, proposal=db.session.get_one(Proposal, key))  # type: ignore[operator]


def _names(errors: list[Exception]) -> set[str]:
    return {type(error).__name__ for error in errors}


class Scene:
    """Two proposals with an admirer each, one of both, and a suggestion that waits for both authors."""

    def __init__(self) -> None:
        self.round = make_round(make_region())
        self.early, self.late = make_proposal(self.round), make_proposal(self.round)
        self.keys: list[Key] = [(each.region_id, each.id) for each in (self.early, self.late)]
        self.fans = [actor_for(make_person()) for _ in range(3)]
        for fan, proposals in zip(self.fans, ((self.early,), (self.late,), (self.early, self.late)), strict=True):
            for proposal in proposals:
                endorse(actor=fan, proposal=proposal)
                follow(actor=fan, proposal=proposal)
        self.authors = [actor_for(author_of(each)) for each in (self.early, self.late)]
        self.newcomer = actor_for(make_person())


def test_two_consents_at_once_merge_once(app_with_connections: Flask) -> None:
    app = app_with_connections
    for _ in range(RACES):
        with app.app_context(), unit_of_work():
            scene = Scene()
            moderator = make_officer(scene.round.region_id, Role.MODERATOR)
            made = suggest(moderator, scene.early, scene.late)
            key = (made.region_id, made.id)
        errors = at_once(app, *(partial(_agree, author, key) for author in scene.authors * 2))
        assert _names(errors) <= {"MergeAnswered", "MergeNotYours"}
        assert len(errors) == 2, "each author consents once"
        with app.app_context():
            one, two = (db.session.get_one(Proposal, each) for each in scene.keys)
            assert (two.state, two.merged_into_id) == (ProposalState.MERGED, one.id)
            assert len(endorsers(one)) == 3
            assert is_counted_right(one)


def test_two_merges_of_one_proposal_at_once_leave_it_in_one_place(app_with_connections: Flask) -> None:
    app = app_with_connections
    for _ in range(RACES):
        with app.app_context(), unit_of_work():
            scene = Scene()
            third = make_proposal(scene.round)
            author = author_of(third)
            merges = [suggest(author, third, each) for each in (scene.early, scene.late)]
            keys = [(each.region_id, each.id) for each in merges]
            third_key = (third.region_id, third.id)
        errors = at_once(app, *(partial(_agree, who, key) for who, key in zip(scene.authors, keys, strict=True)))
        assert [type(error).__name__ for error in errors] == ["ProposalMerged"]
        with app.app_context():
            holding = db.session.scalars(sa.select(Merge).where(Merge.merged_id == third_key[1])).all()
            assert sorted(each.state for each in holding) == [MergeState.MERGED, MergeState.PROPOSED]
            assert db.session.get_one(Proposal, third_key).state is ProposalState.MERGED


def test_people_who_endorse_and_follow_while_two_become_one_are_all_there_once(app_with_connections: Flask) -> None:
    app = app_with_connections
    for _ in range(RACES):
        with app.app_context(), unit_of_work():
            scene = Scene()
            made = suggest(author_of(scene.late), scene.late, scene.early)
            key = (made.region_id, made.id)
            early, late = scene.keys
        errors = at_once(
            app,
            partial(_agree, scene.authors[0], key),
            partial(_do, endorse, scene.newcomer, late),
            partial(_do, endorse, scene.fans[1], early),  # whom the merge carries over in the same moment
            partial(_do, follow, scene.fans[1], early),
            partial(_do, withdraw_endorsement, scene.fans[2], early),
            partial(_do, unfollow, scene.fans[2], early),
        )
        assert _names(errors) <= {"ProposalMerged", "MergedMeanwhile"}
        with app.app_context():
            one, two = (db.session.get_one(Proposal, each) for each in scene.keys)
            assert two.merged_into_id == one.id
            assert is_counted_right(one)
            assert is_counted_right(two)
            assert endorsers(two) <= endorsers(one)
            assert followers(two) <= followers(one)


def test_an_undo_and_people_at_once_leave_no_mark_behind(app_with_connections: Flask) -> None:
    app = app_with_connections
    for _ in range(RACES):
        with app.app_context(), unit_of_work():
            scene = Scene()
            made = merge(scene.early, scene.late)
            key = (made.region_id, made.id)
            early, _late = scene.keys
        errors = at_once(
            app,
            partial(_undo, scene.authors[1], key),
            partial(_undo, scene.authors[0], key),
            partial(_do, endorse, scene.newcomer, early),
            partial(_do, withdraw_endorsement, scene.fans[1], early),
            partial(_do, withdraw_proposal, scene.authors[0], early),
        )
        assert _names(errors) <= {"NotMerging", "MergedMeanwhile", "ProposalTakenAway"}
        with app.app_context():
            one, two = (db.session.get_one(Proposal, each) for each in scene.keys)
            assert two.state is ProposalState.SUBMITTED
            marks = sa.select(sa.func.count()).where(
                Endorsement.region_id == one.region_id, Endorsement.merge_id.is_not(None)
            )
            assert db.session.scalar(marks) == 0
            assert is_counted_right(one)
            assert is_counted_right(two)
