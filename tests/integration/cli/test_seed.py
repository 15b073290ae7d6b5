"""``civicvote seed``: the numbers asked for, counters that are right, and the same again for the same random seed."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import argon2
import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from civicvote.cli.seed import seed_command
from civicvote.config import Environment
from civicvote.domain.accounts.models import Person, Residency
from civicvote.domain.audit.queries_chain import broken_links
from civicvote.domain.findable.models import Findable
from civicvote.domain.proposals.models import Endorsement, Proposal
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.policy import is_open
from civicvote.domain.search.services import reindex
from civicvote.domain.threads.comment_paths import ancestors, position
from civicvote.domain.threads.models import Comment, Thread
from civicvote.domain.threads.stance import Stance
from civicvote.kernel import clock, ids, markup
from civicvote.kernel.permissions import Permission
from civicvote.kernel.phases import Phase
from civicvote.web import settings as web_settings
from tests.factories.places import make_region, make_round

A_FEW = ("--proposals", "30", "--comments", "80", "--people", "12")


def seed(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(seed_command, arguments)


def region_id_of(session: Session, slug: str) -> int:
    return session.scalars(sa.select(Region.id).where(Region.slug == slug)).one()


def count(session: Session, model: Any, region_id: int) -> int:
    found = session.scalar(sa.select(sa.func.count()).select_from(model).where(model.region_id == region_id))
    assert found is not None
    return found


def test_makes_the_numbers_asked_for_in_a_round_that_is_open(app: Flask, session: Session) -> None:
    result = seed(app, *A_FEW, "--region", "new-town")

    assert result.exit_code == 0, result.output
    region_id = region_id_of(session, "new-town")
    assert count(session, Proposal, region_id) == 30
    assert count(session, Residency, region_id) == 12
    round_ = session.scalars(sa.select(Round).where(Round.region_id == region_id)).one()
    assert is_open(round_, Permission.PROPOSAL_SUBMIT)
    first = session.scalars(sa.select(Proposal).where(Proposal.region_id == region_id).order_by(Proposal.id)).first()
    assert first is not None
    in_first = sa.select(sa.func.count()).where(Comment.region_id == region_id, Comment.thread_id == first.thread_id)
    assert session.scalar(in_first) == 80
    assert f"/regions/new-town/rounds/{ids.encode(round_.id)}/proposals" in result.output
    assert f"/regions/new-town/proposals/{ids.encode(first.id)}" in result.output
    assert not list(broken_links(region_id))


def test_counters_agree_with_what_they_count(app: Flask, session: Session) -> None:
    seed(app, *A_FEW, "--region", "new-town", "--random-seed", "5")
    region_id = region_id_of(session, "new-town")

    endorsed = Counter(
        session.scalars(sa.select(Endorsement.proposal_id).where(Endorsement.region_id == region_id)).all()
    )
    proposals = session.scalars(sa.select(Proposal).where(Proposal.region_id == region_id)).all()
    assert {each.id: each.endorsement_count for each in proposals} == {each.id: endorsed[each.id] for each in proposals}
    assert endorsed, "none was endorsed, so nothing was compared"

    comments = session.scalars(sa.select(Comment).where(Comment.region_id == region_id)).all()
    replies = Counter(above for each in comments for above in ancestors(each.path))
    assert {each.id: each.reply_count for each in comments} == {each.id: replies[each.id] for each in comments}
    for thread in session.scalars(sa.select(Thread).where(Thread.region_id == region_id)):
        stances = Counter(each.stance for each in comments if each.thread_id == thread.id)
        assert thread.comment_count == stances.total()
        assert (thread.for_count, thread.against_count) == (stances[Stance.FOR], stances[Stance.AGAINST])


def test_comments_form_trees_of_depth_three(app: Flask, session: Session) -> None:
    seed(app, *A_FEW, "--region", "new-town", "--random-seed", "5")
    region_id = region_id_of(session, "new-town")

    comments = {each.id: each for each in session.scalars(sa.select(Comment).where(Comment.region_id == region_id))}
    for comment in comments.values():
        parent = comments[comment.parent_id] if comment.parent_id else None
        place = position(comment.id, parent.path if parent else "")
        assert (comment.parent_id, comment.depth, comment.path) == (place.parent_id, place.depth, place.path)
        assert parent is None or (parent.thread_id == comment.thread_id and parent.created_at <= comment.created_at)
    assert {each.depth for each in comments.values()} == {0, 1, 2, 3}


def test_stored_html_is_what_the_text_renders_to(app: Flask, session: Session) -> None:
    seed(app, *A_FEW, "--region", "new-town")
    region_id = region_id_of(session, "new-town")

    written: list[Proposal | Comment] = [
        *session.scalars(sa.select(Proposal).where(Proposal.region_id == region_id)),
        *session.scalars(sa.select(Comment).where(Comment.region_id == region_id)),
    ]
    assert [each.body_html for each in written] == [markup.render(each.body) for each in written]
    assert not any("○" in each.body for each in written)


def test_the_same_random_seed_makes_the_same_words_and_shapes(app: Flask, session: Session) -> None:
    def shape(slug: str, random_seed: str) -> list[Any]:
        assert seed(app, *A_FEW, "--region", slug, "--random-seed", random_seed).exit_code == 0
        region_id = region_id_of(session, slug)
        proposals = session.scalars(sa.select(Proposal).where(Proposal.region_id == region_id).order_by(Proposal.id))
        comments = session.scalars(
            sa.select(Comment).where(Comment.region_id == region_id).order_by(Comment.thread_id, Comment.id)
        )
        return [
            *((each.title, each.body, each.endorsement_count) for each in proposals),
            *((each.body, each.stance, each.depth) for each in comments),
        ]

    with clock.frozen_at(clock.now()):
        first = shape("one", "7")
    with clock.frozen_at(clock.now() + timedelta(hours=1)):
        assert shape("two", "7") == first
    with clock.frozen_at(clock.now() + timedelta(hours=2)):
        assert shape("three", "8") != first


def test_fills_the_round_that_is_already_collecting_proposals(app: Flask, session: Session) -> None:
    region = make_region("old-town")
    make_round(region, Phase.BUDGET_VOTE)
    collecting = make_round(region, Phase.DISCOVERY)
    session.commit()

    assert seed(app, *A_FEW, "--region", "old-town").exit_code == 0

    assert count(session, Round, region.id) == 2
    proposals = session.scalars(sa.select(Proposal).where(Proposal.region_id == region.id)).all()
    assert {each.round_id for each in proposals} == {collecting.id}
    assert {each.field_key for each in proposals} <= {each.key for each in collecting.fields}


def test_nobody_made_here_can_sign_in(app: Flask, session: Session) -> None:
    seed(app, *A_FEW)

    people = session.scalars(sa.select(Person)).all()
    assert len(people) == 13
    for person in people:
        with pytest.raises(argon2.exceptions.InvalidHashError):
            argon2.PasswordHasher().verify(person.password_hash, person.password_hash)


def test_a_run_that_fails_leaves_nothing_behind(app: Flask, session: Session) -> None:
    with clock.frozen_at(clock.now()):
        assert seed(app, *A_FEW, "--region", "one", "--random-seed", "7").exit_code == 0
        people = len(session.scalars(sa.select(Person.id)).all())

        again = seed(app, *A_FEW, "--region", "two", "--random-seed", "7")

    assert isinstance(again.exception, sa.exc.IntegrityError)
    assert session.scalar(sa.select(Region.id).where(Region.slug == "two")) is None
    assert len(session.scalars(sa.select(Person.id)).all()) == people


def test_production_refuses(app: Flask, session: Session) -> None:
    usual = web_settings.settings()
    web_settings.store(app, replace(usual, environment=Environment.PRODUCTION))
    try:
        result = seed(app, *A_FEW, "--region", "new-town")
    finally:
        web_settings.store(app, usual)

    assert result.exit_code == 1
    assert "does not run in production" in result.output
    assert session.scalar(sa.select(Region.id).where(Region.slug == "new-town")) is None


def test_what_is_seeded_is_found_and_making_the_index_anew_changes_nothing(app: Flask, session: Session) -> None:
    seed(app, *A_FEW, "--region", "found-town")
    region_id = region_id_of(session, "found-town")
    kept = sa.select(Findable.kind, Findable.subject_id, Findable.host_id, Findable.round_id, Findable.tokens).where(
        Findable.region_id == region_id
    )
    before = session.execute(kept.order_by(Findable.subject_id)).all()
    assert len(before) > 30 + 80, "proposals, comments of the first and of some others"
    reindex()
    assert session.execute(kept.order_by(Findable.subject_id)).all() == before
