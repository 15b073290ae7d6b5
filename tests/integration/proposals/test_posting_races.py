"""One person's tabs at the same moment, on PostgreSQL, where both really run at once."""

from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from civicvote.db import db, unit_of_work
from civicvote.domain.proposals.drafting import TypedDraft
from civicvote.domain.proposals.errors import AlreadyPosted
from civicvote.domain.proposals.models import Proposal, ProposalDraft
from civicvote.domain.proposals.services import submit_proposal
from civicvote.domain.proposals.services_drafts import end_submitted_draft, save_draft
from civicvote.domain.rounds.models import Round
from civicvote.kernel.actor import Actor
from tests.factories.at_once import at_once
from tests.factories.people import actor_for, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import BODY, SUMMARY, TITLE

pytestmark = pytest.mark.postgres
RACES = 8

Key = tuple[int, int]
TEXTS: dict[str, Any] = {"title": TITLE, "summary": SUMMARY, "body": BODY, "place": "중앙로"}
TYPED = TypedDraft(texts=TEXTS, field_key="safety", files=(), writer="page-one-of-mine")


def _submit(actor: Actor, key: Key) -> None:
    round_ = db.session.get_one(Round, key)
    submit_proposal(actor=actor, round=round_, field_key="safety", **TEXTS)
    end_submitted_draft(actor=actor, round=round_, typed=TYPED)


def _save(actor: Actor, key: Key) -> None:
    save_draft(actor=actor, round=db.session.get_one(Round, key), typed=TYPED)


def _scene(app: Flask) -> tuple[Actor, Key]:
    with app.app_context(), unit_of_work():
        round_ = make_round(make_region())
        return actor_for(make_person()), (round_.region_id, round_.id)


def _count(app: Flask, model: type[Proposal] | type[ProposalDraft], actor: Actor) -> int:
    with app.app_context():
        counted = sa.select(sa.func.count()).select_from(model).where(model.author_id == actor.person_id)
        return db.session.scalar(counted) or 0


def test_a_button_pressed_twice_posts_one_proposal(app_with_connections: Flask) -> None:
    for _ in range(RACES):
        actor, key = _scene(app_with_connections)
        errors = at_once(app_with_connections, *[partial(_submit, actor, key)] * 3)
        assert [type(error) for error in errors] == [AlreadyPosted] * 2
        assert _count(app_with_connections, Proposal, actor) == 1


def test_the_first_saves_of_a_page_at_once_leave_one_draft(app_with_connections: Flask) -> None:
    for _ in range(RACES):
        actor, key = _scene(app_with_connections)
        assert at_once(app_with_connections, *[partial(_save, actor, key)] * 3) == []
        assert _count(app_with_connections, ProposalDraft, actor) == 1


def test_a_save_while_its_proposal_is_submitted_leaves_no_ghost(app_with_connections: Flask) -> None:
    for _ in range(RACES):
        actor, key = _scene(app_with_connections)
        assert at_once(app_with_connections, partial(_submit, actor, key), partial(_save, actor, key)) == []
        assert _count(app_with_connections, ProposalDraft, actor) == 0
