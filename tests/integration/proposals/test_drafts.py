"""Drafts with a database: saved again and again, by two pages at once, with files, until they are submitted."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from civicvote.db import db, unit_of_work
from civicvote.domain.lifecycle.services_closing import leave
from civicvote.domain.proposals.drafting import DRAFTS_KEPT, MOST_DRAFTS, TypedDraft
from civicvote.domain.proposals.errors import DraftRoundClosed, TooManyDrafts, UnknownDraft
from civicvote.domain.proposals.models import ProposalDraft
from civicvote.domain.proposals.queries_drafts import drafts_by, files_of_draft, next_taking, own_draft
from civicvote.domain.proposals.services_drafts import (
    discard_draft,
    end_submitted_draft,
    move_draft,
    save_draft,
)
from civicvote.domain.proposals.services_files import place_files
from civicvote.domain.reporting.queries_person import everything_about
from civicvote.domain.retention.services import destroy_overdue
from civicvote.domain.rounds.models import Round
from civicvote.domain.uploads.models import Upload
from civicvote.domain.uploads.rules import Described
from civicvote.domain.uploads.services import keep_upload
from civicvote.domain.uploads.store import Store
from civicvote.domain.uploads.taking import remake
from civicvote.kernel import clock
from civicvote.kernel.phases import Phase
from tests.factories.files import photo
from tests.factories.people import actor_for, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import BODY, SUMMARY, TITLE, make_proposal


@pytest.fixture
def round_(session: Any) -> Round:
    return make_round(make_region())


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store((tmp_path / "uploads").as_uri())


def typed(writer: str = "page-one-of-mine", draft: ProposalDraft | None = None, **values: Any) -> TypedDraft:
    """What an open page sends; with ``draft`` as it was when the page was opened."""
    texts = {"title": "쓰다 만", "summary": "", "body": "", "place": "", **values.pop("texts", {})}
    known = {"draft_id": draft.id, "revision": draft.revision} if draft else {}
    return TypedDraft(texts=texts, field_key="", files=values.pop("files", ()), writer=writer, **{**known, **values})


def saved(person: Any, round_: Round, what: TypedDraft) -> ProposalDraft:
    draft = save_draft(actor=actor_for(person), round=round_, typed=what).draft
    assert draft is not None
    return draft


def count_drafts() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(ProposalDraft)) or 0


def test_a_page_goes_on_with_its_draft_though_an_answer_was_lost(round_: Round) -> None:
    author = make_person()
    first = saved(author, round_, typed())
    again = saved(author, round_, typed(texts={"title": "쓰다 만 제목"}))  # never learned the number of the draft
    assert (again.id, again.revision, again.title) == (first.id, 2, "쓰다 만 제목")
    assert count_drafts() == 1


def test_nothing_typed_makes_no_draft(round_: Round) -> None:
    empty = typed(texts={"title": " "})
    assert save_draft(actor=actor_for(make_person()), round=round_, typed=empty).draft is None
    assert count_drafts() == 0


def test_two_pages_never_overwrite_each_other(round_: Round) -> None:
    author = make_person()
    begun = saved(author, round_, typed("page-one-of-mine"))
    opened = typed("page-two-of-mine", begun, texts={"title": "둘째 창"})
    second = save_draft(actor=actor_for(author), round=round_, typed=opened)
    assert (second.draft, second.is_apart) == (begun, False), "it knew all that was written"
    first = save_draft(actor=actor_for(author), round=round_, typed=typed(draft=None, texts={"title": "첫째 창"}))
    assert first.draft is not None
    assert first.draft.id != begun.id
    stale = typed("page-three-of-mine", draft_id=begun.id, revision=1, texts={"title": "셋째 창"})
    third = save_draft(actor=actor_for(author), round=round_, typed=stale)
    assert third.is_apart
    assert {row.title for row in db.session.query(ProposalDraft)} == {"둘째 창", "첫째 창", "셋째 창"}
    on = save_draft(actor=actor_for(author), round=round_, typed=typed("page-three-of-mine", texts={"title": "셋째"}))
    assert (on.draft, on.is_apart) == (third.draft, False)


def test_a_person_keeps_so_many_drafts_and_not_one_more(round_: Round) -> None:
    author = make_person()
    for number in range(MOST_DRAFTS):
        saved(author, round_, typed(f"page-number-{number}"))
    with pytest.raises(TooManyDrafts):
        saved(author, round_, typed("one-page-too-many"))
    saved(author, round_, typed("page-number-0"))
    saved(make_person(), round_, typed("somebody-elses-page"))


def test_drafts_are_their_authors_alone(round_: Round) -> None:
    author, other = make_person(), make_person()
    mine = saved(author, round_, typed())
    with pytest.raises(UnknownDraft):
        own_draft(actor_for(other), mine.region_id, mine.id)
    foreign = save_draft(actor=actor_for(other), round=round_, typed=typed("another-page-here", mine))
    assert foreign.draft is not None
    assert foreign.draft.id != mine.id
    assert [own.draft.id for own in drafts_by(actor_for(author))] == [mine.id]


def test_drafts_are_saved_in_any_phase_and_the_next_taking_is_known(session: Any) -> None:
    region = make_region()
    closed = make_round(region, Phase.RESULTS)
    author = make_person()
    draft = saved(author, closed, typed())
    assert next_taking(region.id) is None
    with pytest.raises(DraftRoundClosed):
        move_draft(actor=actor_for(author), draft=draft, round=closed)
    opened = make_round(region)
    found = next_taking(region.id)
    assert found is not None
    assert found.round.id == opened.id
    draft.field_key = "elsewhere"
    move_draft(actor=actor_for(author), draft=draft, round=opened)
    assert (draft.round_id, draft.field_key) == (opened.id, "")


def test_submitting_ends_the_draft_unless_another_page_wrote_on(round_: Round) -> None:
    author = make_person()
    begun = saved(author, round_, typed("page-one-of-mine"))
    known = typed("page-one-of-mine", begun)
    saved(author, round_, typed("page-two-of-mine", begun, texts={"title": "더 쓴 글"}))
    end_submitted_draft(actor=actor_for(author), round=round_, typed=known)
    assert count_drafts() == 1, "what the other page wrote stays"
    end_submitted_draft(actor=actor_for(author), round=round_, typed=typed("page-two-of-mine"))
    assert count_drafts() == 0


def test_a_save_that_comes_after_submitting_leaves_no_ghost(round_: Round) -> None:
    author = make_person()
    make_proposal(round_, author)
    late = typed(texts={"title": TITLE, "summary": SUMMARY, "body": BODY})
    assert save_draft(actor=actor_for(author), round=round_, typed=late).draft is None
    assert save_draft(actor=actor_for(make_person()), round=round_, typed=late).draft is not None


@pytest.fixture
def send(round_: Round, store: Store) -> Callable[[Any], Upload]:
    def keep(person: Any) -> Upload:
        file = remake(photo(40, 30), name="사진.jpg")
        return keep_upload(actor=actor_for(person), region_id=round_.region_id, file=file, store=store)

    return keep


def sweep(store: Store, *, after: timedelta) -> None:
    db.session.commit()
    with clock.frozen_at(clock.now() + after):
        destroy_overdue(store=store, unit=unit_of_work)
    db.session.expire_all()


def is_kept(key: Any) -> bool:
    return db.session.get(Upload, key, populate_existing=True) is not None


def test_files_live_as_long_as_their_draft(round_: Round, store: Store, send: Callable[[Any], Upload]) -> None:
    author = make_person()
    held, loose = send(author), send(author)
    keys = [(upload.region_id, upload.id) for upload in (held, loose)]
    draft = saved(author, round_, typed(files=(Described(held.id, "낮 세 시"),)))
    draft_key = (draft.region_id, draft.id)
    sweep(store, after=DRAFTS_KEPT - timedelta(days=1))
    assert [is_kept(key) for key in keys] == [True, False]
    draft = db.session.get_one(ProposalDraft, draft_key)
    ((upload, caption),) = files_of_draft(actor_for(author), draft)
    assert (upload.id, caption) == (keys[0][1], "낮 세 시")
    sweep(store, after=DRAFTS_KEPT + timedelta(days=1))
    assert db.session.get(ProposalDraft, draft_key) is None
    assert not is_kept(keys[0])


def test_discarded_files_go_unless_another_draft_holds_them(
    round_: Round, store: Store, send: Callable[[Any], Upload]
) -> None:
    author = make_person()
    shared, own = send(author), send(author)
    keys = [(upload.region_id, upload.id) for upload in (shared, own)]
    both = (Described(shared.id), Described(own.id))
    first = saved(author, round_, typed("page-one-of-mine", files=both))
    saved(author, round_, typed("page-two-of-mine", files=(Described(shared.id),)))
    discard_draft(draft=first)
    sweep(store, after=timedelta(days=2))
    assert [is_kept(key) for key in keys] == [True, False]


def test_files_of_a_submitted_draft_are_the_proposals(
    round_: Round, store: Store, send: Callable[[Any], Upload]
) -> None:
    author = make_person()
    upload = send(author)
    key = (upload.region_id, upload.id)
    what = typed(files=(Described(upload.id),))
    saved(author, round_, what)
    proposal = make_proposal(round_, author)
    place_files(actor=actor_for(author), proposal=proposal, files=what.files)
    end_submitted_draft(actor=actor_for(author), round=round_, typed=what)
    sweep(store, after=DRAFTS_KEPT * 2)
    assert is_kept(key)
    left = saved(author, round_, typed("a-page-left-open", files=what.files))
    assert files_of_draft(actor_for(author), left) == [], "it stands beside the proposal now"


def test_somebody_elses_file_is_not_held(round_: Round, store: Store, send: Callable[[Any], Upload]) -> None:
    theirs = send(make_person())
    key = (theirs.region_id, theirs.id)
    saved(make_person(), round_, typed(files=(Described(theirs.id),)))
    sweep(store, after=timedelta(days=2))
    assert not is_kept(key)


def test_drafts_are_in_the_download_and_go_with_the_account(
    round_: Round, store: Store, send: Callable[[Any], Upload]
) -> None:
    author = make_person()
    upload = send(author)
    key = (upload.region_id, upload.id)
    saved(author, round_, typed(files=(Described(upload.id),)))
    (row,) = everything_about(author.id)["drafts_of_proposals"]
    assert row["title"] == "쓰다 만"
    assert "writer" not in row
    leave(person_id=author.id)
    assert count_drafts() == 0
    sweep(store, after=timedelta(days=2))
    assert not is_kept(key)
