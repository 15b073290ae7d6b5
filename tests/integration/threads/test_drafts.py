"""What somebody began to write: kept for them alone, gone when posted, emptied or when they leave."""

from typing import Any

import pytest

from civicvote.db import db
from civicvote.domain.lifecycle.services_closing import leave
from civicvote.domain.reporting.queries_person import everything_about
from civicvote.domain.threads.errors import CommentTooLong
from civicvote.domain.threads.models import CommentDraft, Thread
from civicvote.domain.threads.queries_drafts import draft_of
from civicvote.domain.threads.services import open_thread, post_comment
from civicvote.domain.threads.services_drafts import MOST_KEPT, DraftPlace, keep_draft
from civicvote.domain.threads.stance import Stance
from civicvote.kernel.actor import Actor
from civicvote.kernel.markup import ControlCharacters
from civicvote.kernel.personal_data import PersonalNumber
from tests.factories.people import actor_for, make_person
from tests.factories.places import make_region


@pytest.fixture
def thread(session: Any) -> Thread:
    return open_thread(region_id=make_region().id, group_id=None)


@pytest.fixture
def actor(session: Any) -> Actor:
    return actor_for(make_person())


def _kept(actor: Actor, thread: Thread, parent_id: int = 0) -> tuple[str, Stance] | None:
    db.session.expire_all()
    draft = draft_of(actor, thread.region_id, thread.id, parent_id)
    return (draft.body, draft.stance) if draft else None


def test_the_last_text_of_each_place_is_kept(thread: Thread, actor: Actor) -> None:
    root = post_comment(actor=actor_for(make_person()), thread=thread, body="말")
    box, below = DraftPlace(thread), DraftPlace(thread, root.id)
    assert keep_draft(actor=actor, place=box, body="처음")
    assert keep_draft(actor=actor, place=box, body="다시 쓴 글", stance=Stance.AGAINST)
    assert keep_draft(actor=actor, place=below, body="답하려던 말")
    assert _kept(actor, thread) == ("다시 쓴 글", Stance.AGAINST)
    assert _kept(actor, thread, root.id) == ("답하려던 말", Stance.NEUTRAL)
    assert _kept(actor_for(make_person()), thread) is None


def test_posting_ends_the_draft_of_that_place_only(thread: Thread, actor: Actor) -> None:
    root = post_comment(actor=actor, thread=thread, body="말")
    for parent_id in (0, root.id):
        keep_draft(actor=actor, place=DraftPlace(thread, parent_id), body="쓰는 중")
    post_comment(actor=actor, thread=thread, body="답", parent_id=root.id)
    assert _kept(actor, thread, root.id) is None
    assert _kept(actor, thread) is not None
    post_comment(actor=actor, thread=thread, body="다 썼습니다")
    assert _kept(actor, thread) is None


def test_an_emptied_text_is_forgotten(thread: Thread, actor: Actor) -> None:
    place = DraftPlace(thread)
    keep_draft(actor=actor, place=place, body="쓰는 중")
    assert not keep_draft(actor=actor, place=place, body="  \n ")
    assert _kept(actor, thread) is None


@pytest.mark.parametrize(
    ("body", "refusal"),
    [("가" * (MOST_KEPT + 1), CommentTooLong), ("가\x07", ControlCharacters), ("850101-1234567", PersonalNumber)],
)
def test_what_may_not_be_stored_is_not_kept_either(
    thread: Thread, actor: Actor, body: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        keep_draft(actor=actor, place=DraftPlace(thread), body=body)
    assert _kept(actor, thread) is None


def test_drafts_are_in_the_download_and_go_with_the_account(thread: Thread) -> None:
    person = make_person()
    keep_draft(actor=actor_for(person), place=DraftPlace(thread), body="아직 올리지 않은 말")
    assert everything_about(person.id)["comment_drafts"][0]["body"] == "아직 올리지 않은 말"
    leave(person_id=person.id)
    assert db.session.query(CommentDraft).count() == 0
