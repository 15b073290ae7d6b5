"""What drafts take, as plain values."""

from datetime import timedelta

from civicvote.domain.proposals.drafting import DRAFTS_KEPT, TypedDraft, clean_draft
from civicvote.domain.proposals.signing import INVITATIONS_WAIT
from civicvote.domain.retention.periods import RETENTION, Kept
from civicvote.domain.uploads.rules import Described
from civicvote.kernel.markup import ControlCharacters
from civicvote.kernel.personal_data import PersonalNumber

NUMBER = "850101-1234567"


def typed(files: tuple[Described, ...] = (), **texts: str) -> TypedDraft:
    return TypedDraft(texts=texts, field_key="", files=files, writer="a-page-of-mine")


def test_unfinished_and_too_long_texts_are_taken_as_they_are() -> None:
    clean = clean_draft(typed(title="가", body="나" * 20_000), stored={}, keys={})
    assert (clean.texts["title"], len(clean.texts["body"]), clean.refused) == ("가", 20_000, {})


def test_of_a_field_that_must_not_be_stored_what_was_stored_before_stays() -> None:
    clean = clean_draft(typed(title="새 제목", body=f"제 번호는 {NUMBER}"), stored={"body": "전에 쓴 글"}, keys={})
    assert (clean.texts["title"], clean.texts["body"]) == ("새 제목", "전에 쓴 글")
    assert {name: type(refusal) for name, refusal in clean.refused.items()} == {"body": PersonalNumber}
    assert isinstance(clean_draft(typed(title="\x07"), stored={}, keys={}).refused["title"], ControlCharacters)


def test_a_file_stays_though_its_words_are_refused() -> None:
    clean = clean_draft(typed((Described(7, NUMBER),)), stored={}, keys={7: "seven"})
    assert clean.files == [{"upload_id": "seven", "caption": ""}]
    assert set(clean.refused) == {"files"}


def test_the_retention_table_says_what_drafts_and_invitations_live_by() -> None:
    periods: dict[Kept, timedelta] = {line.kept: line.period for line in RETENTION}
    assert periods[Kept.PROPOSAL_DRAFTS] == DRAFTS_KEPT
    assert periods[Kept.CO_AUTHOR_INVITATIONS] == INVITATIONS_WAIT
