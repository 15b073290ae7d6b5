"""What a draft takes: whatever was typed, unfinished or too long, but nothing that must never be stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from civicvote.domain.uploads.rules import Described, clean_caption
from civicvote.kernel.errors import Invalid
from civicvote.kernel.markup import clean_text
from civicvote.kernel.personal_data import refuse_personal_numbers

#: From the last save. The next round may be half a year away. ``retention.periods`` says the same.
DRAFTS_KEPT = timedelta(days=180)
#: So many drafts a person: more than anybody has ideas at a time, few enough for a list without pages.
MOST_DRAFTS = 20

TEXTS = ("title", "summary", "place", "body")


@dataclass(frozen=True, slots=True)
class TypedDraft:
    """The form as it stands. ``writer`` is the random name of the open page; ``draft_id`` and ``revision`` say which
    draft it shows, and how far it knows it (None and 0: none yet)."""

    texts: Mapping[str, str]
    field_key: str
    files: tuple[Described, ...]
    writer: str
    draft_id: int | None = None
    revision: int = 0
    district_code: str | None = None
    latitude_e6: int | None = None
    longitude_e6: int | None = None


@dataclass(frozen=True, slots=True)
class CleanDraft:
    """What can be stored, and by field what can't be, with its refusal: there stays what was stored before."""

    texts: dict[str, str]
    files: list[dict[str, str]]
    refused: dict[str, Invalid] = field(default_factory=dict)


def clean_draft(typed: TypedDraft, *, stored: Mapping[str, str], keys: Mapping[int, str]) -> CleanDraft:
    """The parts that may be stored; ``stored`` are the texts of the last save, ``keys`` the uploads' ids as text."""
    texts, refused = {}, {}
    for name in TEXTS:
        try:
            texts[name] = _clean(typed.texts.get(name, ""), name)
        except Invalid as refusal:
            texts[name], refused[name] = stored.get(name, ""), refusal
    files = []
    for each in typed.files:
        try:
            caption = clean_caption(each.caption)
        except Invalid as refusal:
            caption, refused["files"] = "", refusal
        files.append({"upload_id": keys[each.upload_id], "caption": caption})
    return CleanDraft(texts, files, refused)


def _clean(text: str, name: str) -> str:
    cleaned = clean_text(text)
    refuse_personal_numbers(cleaned, field=name)
    return cleaned
