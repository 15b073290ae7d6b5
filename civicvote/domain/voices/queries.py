"""Reads of voices: what stands beside a proposal, one voice with its versions."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.voices.errors import UnknownVoice
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.domain.voices.models import Voice, VoiceVersion
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor

PAGE_SIZE = 20
#: So many of each kind stand on the proposal's page itself, the upheld ones first.
SHOWN = 3
#: Each edit is compared word by word, so a page holds few.
EDITS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class VoiceView:
    """A voice with the names of those who sign it. ``editor_name``: who changed it last, if it was somebody else."""

    voice: Voice
    author_name: str
    editor_name: str | None

    @property
    def is_upheld(self) -> bool:
        return self.voice.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class Voices:
    """What stands beside a proposal, by kind, the newest first; those no longer upheld come last.

    ``has_more``: there are others, on the page of all voices."""

    answers: list[VoiceView] = field(default_factory=list)
    summaries: list[VoiceView] = field(default_factory=list)
    opinions: list[VoiceView] = field(default_factory=list)
    budgets: list[VoiceView] = field(default_factory=list)
    has_more: bool = False

    @property
    def pinned(self) -> list[VoiceView]:
        """What stands above the thread: the official answers, then the newest summary."""
        return [*self.answers, *self.summaries[:1]]

    @property
    def beside(self) -> list[VoiceView]:
        """What stands with the text: expert opinions and what it would cost."""
        return [*self.opinions, *self.budgets]

    def __bool__(self) -> bool:
        return bool(self.pinned or self.beside)


_Author, _Editor = aliased(Person), aliased(Person)
_SIGNED = (
    sa.select(Voice, _Author.display_name, _Editor.display_name)
    .join(_Author, _Author.id == Voice.author_id)
    .outerjoin(_Editor, _Editor.id == Voice.editor_id)
)
_RANKED = (
    sa.select(
        Voice.id,
        sa.func.row_number()
        .over(partition_by=Voice.kind, order_by=(Voice.withdrawn_at.is_not(None), Voice.id.desc()))
        .label("place"),
    )
    .where(Voice.region_id == sa.bindparam("region_id"), Voice.proposal_id == sa.bindparam("proposal_id"))
    .subquery()
)
_BESIDE = (
    _SIGNED.join(_RANKED, _RANKED.c.id == Voice.id)
    .where(Voice.region_id == sa.bindparam("region_id"), _RANKED.c.place <= SHOWN + 1)
    .order_by(Voice.kind, _RANKED.c.place)
)


def voices_beside(region_id: int, proposal_id: int) -> Voices:
    """What stands on the proposal's page. The caller decides who reads the proposal. One statement."""
    rows = [
        VoiceView(*row) for row in db.session.execute(_BESIDE, {"region_id": region_id, "proposal_id": proposal_id})
    ]
    by_kind = {kind: [view for view in rows if view.voice.kind is kind] for kind in VoiceKind}
    shown = {kind: found[:SHOWN] for kind, found in by_kind.items()}
    return Voices(
        answers=shown[VoiceKind.OFFICIAL_ANSWER],
        summaries=shown[VoiceKind.SUMMARY],
        opinions=shown[VoiceKind.EXPERT_OPINION],
        budgets=shown[VoiceKind.BUDGET_INFORMATION],
        has_more=any(len(found) > SHOWN for found in by_kind.values()) or len(by_kind[VoiceKind.SUMMARY]) > 1,
    )


_PINNED = sa.select(
    sa.exists().where(
        Voice.region_id == sa.bindparam("region_id"),
        Voice.proposal_id == sa.bindparam("proposal_id"),
        Voice.kind.in_([VoiceKind.OFFICIAL_ANSWER, VoiceKind.SUMMARY]),
    )
)


def has_pinned(region_id: int, proposal_id: int) -> bool:
    """Whether an answer or a summary stands above the thread on the proposal's page. One statement."""
    return bool(db.session.scalar(_PINNED, {"region_id": region_id, "proposal_id": proposal_id}))


def all_voices(region_id: int, proposal_id: int, *, cursor: str | None = None) -> Page[VoiceView]:
    """Everything that was said about a proposal by role, upheld or not, the newest first. One statement."""
    query = _SIGNED.where(Voice.region_id == region_id, Voice.proposal_id == proposal_id)
    if after := read_cursor(cursor, 1):
        query = query.where(Voice.id < after[0])
    rows = [VoiceView(*row) for row in db.session.execute(query.order_by(Voice.id.desc()).limit(PAGE_SIZE + 1))]
    return page_of(rows, PAGE_SIZE, cursor=lambda view: write_cursor(view.voice.id))


def voice_view(region_id: int, voice_id: int) -> VoiceView:
    """One voice, upheld or not. The caller decides who reads its proposal. Raises ``UnknownVoice``."""
    row = db.session.execute(_SIGNED.where(Voice.region_id == region_id, Voice.id == voice_id)).first()
    if row is None:
        raise UnknownVoice
    return VoiceView(*row)


@dataclass(frozen=True, slots=True)
class EarlierVoice:
    """What a voice said before somebody (``editor_name``) replaced it."""

    number: int
    office: str
    estimate: str
    interests: str
    body: str
    editor_name: str
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class VoiceEdit:
    """What a voice said before an edit and after it."""

    before: EarlierVoice
    after: EarlierVoice | Voice


def edits_of_voice(voice: Voice, *, cursor: str | None = None, size: int = EDITS_SHOWN) -> Page[VoiceEdit]:
    """The edits of a voice, the newest first. The cursor is the version that the last edit changed. One statement."""
    query = (
        sa.select(
            VoiceVersion.number,
            VoiceVersion.office,
            VoiceVersion.estimate,
            VoiceVersion.interests,
            VoiceVersion.body,
            Person.display_name,
            VoiceVersion.replaced_at,
        )
        .join(Person, Person.id == VoiceVersion.editor_id)
        .where(VoiceVersion.region_id == voice.region_id, VoiceVersion.voice_id == voice.id)
        .order_by(VoiceVersion.number.desc())
        .limit(size + 2)
    )
    if seen := read_cursor(cursor, 1):
        query = query.where(VoiceVersion.number <= seen[0])
    earlier = [EarlierVoice(*row) for row in db.session.execute(query)]
    said: list[EarlierVoice | Voice] = [*earlier] if seen else [voice, *earlier[: size + 1]]
    edits = [VoiceEdit(before, after) for after, before in pairwise(said) if isinstance(before, EarlierVoice)]
    return page_of(edits, size, cursor=lambda edit: write_cursor(edit.before.number))


def answers_that_stand(region_id: int, proposal_id: int) -> list[bool]:
    """For each official answer that is upheld, whether it is the mayor's own."""
    return list(
        db.session.scalars(
            sa.select(Voice.is_mayors)
            .where(
                Voice.region_id == region_id,
                Voice.proposal_id == proposal_id,
                Voice.kind == VoiceKind.OFFICIAL_ANSWER,
                Voice.withdrawn_at.is_(None),
            )
            .order_by(Voice.id)
        )
    )
