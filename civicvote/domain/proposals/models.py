"""Proposals, their drafts, versions, authors, supporters and followers; merges, the ladder, imports."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key, LongText, ShortText
from civicvote.domain.proposals.states import CoAuthorState, LadderStep, MergeState, ProposalState
from civicvote.kernel.lots import draw_lot
from civicvote.kernel.visibility import Visibility


class Proposal(Base):
    """``endorsement_count`` is kept with the row and checked against the endorsements by a test.

    ``latitude_e6`` and ``longitude_e6`` in millionths of a degree (WGS 84), both or none; ``lot`` is drawn once, from
    1 to 2**31 - 2, for orders by chance; ``source`` names the round table from which a clerk brought it;
    ``merged_into_id`` is the proposal that leads since a merge; ``withdrawn_at``: when its author took it back."""

    __tablename__ = "proposals"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "round_id"], ["rounds.region_id", "rounds.id"]),
        sa.ForeignKeyConstraint(["region_id", "thread_id"], ["threads.region_id", "threads.id"]),
        sa.Index("ix_proposals_newest", "region_id", "round_id", "visibility", "id"),
        sa.Index("ix_proposals_endorsed", "region_id", "round_id", "visibility", "endorsement_count", "id"),
        sa.Index("ix_proposals_thread", "region_id", "thread_id", unique=True),
        sa.Index(
            "ix_proposals_facets",
            *("region_id", "round_id", "visibility", "state", "field_key", "district_code", "latitude_e6", "lot", "id"),
        ),
        sa.Index("ix_proposals_merged", "region_id", "merged_into_id"),
        sa.Index(None, "author_id"),
    )

    region_id: Mapped[Key]
    id: Mapped[Key]
    round_id: Mapped[int]
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    thread_id: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(120))
    summary: Mapped[ShortText]
    body: Mapped[LongText]
    body_html: Mapped[LongText]
    field_key: Mapped[str] = mapped_column(sa.String(40))
    place: Mapped[str] = mapped_column(sa.String(80), default="")
    district_code: Mapped[str | None] = mapped_column(sa.String(10))
    latitude_e6: Mapped[int | None]
    longitude_e6: Mapped[int | None]
    lot: Mapped[int] = mapped_column(default=draw_lot, server_default="1")
    source: Mapped[ShortText] = mapped_column(default="", server_default="")
    merged_into_id: Mapped[int | None]
    state: Mapped[ProposalState] = mapped_column(default=ProposalState.SUBMITTED)
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.VISIBLE)
    endorsement_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    submitted_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class ProposalVersion(Base):
    """What a proposal said before an edit; public. ``editor_id`` is who replaced it; ``files`` are objects of ``title``
    and ``caption``, in the author's order."""

    __tablename__ = "proposal_versions"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "proposal_id"], ["proposals.region_id", "proposals.id"]),)

    region_id: Mapped[Key]
    proposal_id: Mapped[Key]
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(sa.String(120))
    summary: Mapped[ShortText]
    body: Mapped[LongText]
    field_key: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")
    place: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    files: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list, server_default="[]")
    editor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    replaced_at: Mapped[datetime]


class ProposalFile(Base):
    """A picture or paper that belongs to a proposal, in the author's order. ``caption`` says what there is to see."""

    __tablename__ = "proposal_files"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "proposal_id"], ["proposals.region_id", "proposals.id"]),
        sa.ForeignKeyConstraint(["region_id", "upload_id"], ["uploads.region_id", "uploads.id"]),
    )

    region_id: Mapped[Key]
    proposal_id: Mapped[Key]
    upload_id: Mapped[Key]
    position: Mapped[int]
    caption: Mapped[ShortText] = mapped_column(default="")


class Endorsement(Base):
    """공감: a person likes a proposal. It never decides anything. ``merge_id``: carried over by this merge, None where
    the person endorsed this proposal itself."""

    __tablename__ = "endorsements"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "proposal_id"], ["proposals.region_id", "proposals.id"]),
        sa.Index(None, "person_id"),
    )

    region_id: Mapped[Key]
    proposal_id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    created_at: Mapped[datetime]
    merge_id: Mapped[int | None]


class Follow(Base):
    """A person wants to hear what becomes of a proposal. ``merge_id``: carried over from the proposal merged by it.

    ``seen_at`` and ``seen_comment_count``: when the person last said that they had seen everything (None: never), and
    how many comments there were when they said so or began to follow."""

    __tablename__ = "follows"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "proposal_id"], ["proposals.region_id", "proposals.id"]),
        sa.Index(None, "person_id", "proposal_id"),
    )

    region_id: Mapped[Key]
    proposal_id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    created_at: Mapped[datetime]
    merge_id: Mapped[int | None]
    seen_at: Mapped[datetime | None]
    seen_comment_count: Mapped[int] = mapped_column(default=0, server_default="0")


class CoAuthor(Base):
    """Somebody who signs a proposal together with its author (``accepted``), or did until ``left_at`` (``left``)."""

    __tablename__ = "co_authors"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "proposal_id"], ["proposals.region_id", "proposals.id"]),
        sa.Index(None, "person_id", "proposal_id"),
    )

    region_id: Mapped[Key]
    proposal_id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    state: Mapped[CoAuthorState]
    invited_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]


class CoAuthorInvitation(Base):
    """The author asked whoever has this address to sign with them: ``invited``, or ``declined`` by that person.

    By address, so that nothing tells whether it has an account; it goes once it is accepted, taken back or too old;
    a declined one stays."""

    __tablename__ = "co_author_invitations"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "proposal_id"], ["proposals.region_id", "proposals.id"]),
        sa.Index("ix_co_author_invitations_once", "region_id", "proposal_id", "email", unique=True),
        sa.Index(None, "email"),
    )

    region_id: Mapped[Key]
    id: Mapped[Key]
    proposal_id: Mapped[int]
    email: Mapped[str] = mapped_column(sa.String(254))
    state: Mapped[CoAuthorState]
    invited_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class ProposalDraft(Base):
    """What somebody is writing; nobody else sees it. ``files`` are objects of ``upload_id`` (text) and ``caption``.

    ``revision`` counts its saves; ``writer`` is the random name of the open page (a tab) that saved it last."""

    __tablename__ = "proposal_drafts"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "round_id"], ["rounds.region_id", "rounds.id"]),
        sa.Index(None, "author_id", "id"),
    )

    region_id: Mapped[Key]
    id: Mapped[Key]
    round_id: Mapped[int]
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    title: Mapped[LongText] = mapped_column(default="")
    summary: Mapped[LongText] = mapped_column(default="")
    body: Mapped[LongText] = mapped_column(default="")
    field_key: Mapped[str] = mapped_column(sa.String(40), default="")
    place: Mapped[LongText] = mapped_column(default="")
    district_code: Mapped[str | None] = mapped_column(sa.String(10))
    latitude_e6: Mapped[int | None]
    longitude_e6: Mapped[int | None]
    files: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    revision: Mapped[int] = mapped_column(default=1)
    writer: Mapped[str] = mapped_column(sa.String(32), default="")
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]


class Merge(Base):
    """Two proposals that say the same: the earlier one leads. It holds once both authors consented.

    ``consent_reason``: why somebody consented in place of an author whose account is closed. Until ``undo_until`` it
    can be undone; ``ended_at``, ``ended_by_id`` and ``ended_as`` say when, by whom and by which role (empty for the
    authors) it was refused, taken back or undone."""

    __tablename__ = "merges"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "leading_id"], ["proposals.region_id", "proposals.id"]),
        sa.ForeignKeyConstraint(["region_id", "merged_id"], ["proposals.region_id", "proposals.id"]),
        sa.Index("ix_merges_leading", "region_id", "leading_id", "id"),
        sa.Index("ix_merges_merged", "region_id", "merged_id", "id"),
    )

    region_id: Mapped[Key]
    id: Mapped[Key]
    leading_id: Mapped[int]
    merged_id: Mapped[int]
    state: Mapped[MergeState]
    reason: Mapped[LongText]
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    proposed_as: Mapped[str] = mapped_column(sa.String(32), default="")
    proposed_at: Mapped[datetime]
    leading_consent_at: Mapped[datetime | None]
    leading_consent_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    merged_consent_at: Mapped[datetime | None]
    merged_consent_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    consent_reason: Mapped[LongText] = mapped_column(default="")
    merged_at: Mapped[datetime | None]
    undo_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    ended_as: Mapped[str] = mapped_column(sa.String(32), default="")
    end_reason: Mapped[LongText] = mapped_column(default="")


class ReachedStep(Base):
    """A proposal reached a step of the round's endorsement ladder; it stays reached.

    ``id`` counts up in the order of reaching. ``fulfilled_at``: when those who owe something for it did it. Of a forum
    ``held_on``, ``place`` and ``note`` (Markdown, rendered in ``note_html``) say when, where and what."""

    __tablename__ = "reached_steps"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "proposal_id"], ["proposals.region_id", "proposals.id"]),
        sa.Index(
            "ix_reached_steps_owed",
            "region_id",
            "id",
            sqlite_where=sa.text("fulfilled_at IS NULL"),
            postgresql_where=sa.text("fulfilled_at IS NULL"),
        ),
    )

    region_id: Mapped[Key]
    proposal_id: Mapped[Key]
    step: Mapped[LadderStep] = mapped_column(primary_key=True)
    id: Mapped[int]
    endorsement_count: Mapped[int]
    reached_at: Mapped[datetime]
    fulfilled_at: Mapped[datetime | None]
    held_on: Mapped[date | None]
    place: Mapped[ShortText] = mapped_column(default="")
    note: Mapped[LongText] = mapped_column(default="")
    note_html: Mapped[LongText] = mapped_column(default="")


class ProposalMark(Base):
    """What ``similarity`` compares a proposal by: ``weight`` in hundredths of each mark."""

    __tablename__ = "proposal_marks"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "proposal_id"], ["proposals.region_id", "proposals.id"]),
        sa.Index(None, "region_id", "proposal_id"),
    )

    region_id: Mapped[Key]
    mark: Mapped[str] = mapped_column(sa.String(41), primary_key=True)
    proposal_id: Mapped[Key]
    weight: Mapped[int]


class ProposalImport(Base):
    """A table of proposals that a clerk brought from a round table: checked first, then taken in.

    ``rows`` wait to be taken and go when they are; ``refused`` are those left out; see ``import_rows`` for both."""

    __tablename__ = "proposal_imports"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "round_id"], ["rounds.region_id", "rounds.id"]),)

    region_id: Mapped[Key]
    id: Mapped[Key]
    round_id: Mapped[int]
    clerk_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    file_name: Mapped[ShortText]
    source: Mapped[ShortText]
    rows: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    refused: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    accepted_count: Mapped[int]
    refused_count: Mapped[int]
    checked_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
