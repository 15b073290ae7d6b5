"""Voices: what people say about a proposal by their role, signed, with every earlier version."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key, LongText, ShortText
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.kernel.permissions import Role


class Voice(Base):
    """``office``: the department or institution that speaks; ``is_mayors``: the answer is the mayor's own;
    ``interests``: what an expert declares to have at stake (empty means: declared to have none); ``estimate``: what it
    would cost, as people say it. ``editor_id``: who signs with the author since the last edit, if it was somebody else.
    ``withdrawn_at``: no longer upheld, still readable."""

    __tablename__ = "voices"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "proposal_id"], ["proposals.region_id", "proposals.id"]),
        sa.Index("ix_voices_proposal", "region_id", "proposal_id", "kind", "id"),
        sa.Index(None, "author_id"),
        sa.Index(None, "editor_id"),
        sa.Index(None, "withdrawn_by_id"),
    )

    region_id: Mapped[Key]
    id: Mapped[Key]
    proposal_id: Mapped[int]
    kind: Mapped[VoiceKind]
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    author_role: Mapped[Role]
    office: Mapped[ShortText] = mapped_column(default="")
    is_mayors: Mapped[bool] = mapped_column(default=False)
    estimate: Mapped[ShortText] = mapped_column(default="")
    interests: Mapped[LongText] = mapped_column(default="")
    body: Mapped[LongText]
    body_html: Mapped[LongText]
    version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    editor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    withdrawal_reason: Mapped[LongText] = mapped_column(default="")


class VoiceVersion(Base):
    """What a voice said before an edit; public."""

    __tablename__ = "voice_versions"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "voice_id"], ["voices.region_id", "voices.id"]),)

    region_id: Mapped[Key]
    voice_id: Mapped[Key]
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    office: Mapped[ShortText]
    estimate: Mapped[ShortText] = mapped_column(default="")
    interests: Mapped[LongText]
    body: Mapped[LongText]
    editor_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    replaced_at: Mapped[datetime]
