"""Polls, their options, rolls, sealed envelopes, unsealed ballots and outcomes.

``Envelope`` knows the voter but not the choice; ``UnsealedBallot`` knows the choice but not the voter, and carries
neither a time nor anything else by which the two could be joined (TRUST.md, "Votes").
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicvote.db import Base, Key, LongText, ShortText
from civicvote.domain.polls.states import Channel, PollKind, PollState
from civicvote.kernel.voting import BallotType, CountingRule


class Poll(Base):
    """Amounts in the currency's smallest unit. ``frozen_rules`` is the canonical text of rules and options that holds
    from freezing on, as ``polls.freezing`` writes it, and ``frozen_hash`` its SHA-256; a trigger guards both."""

    __tablename__ = "polls"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "round_id"], ["rounds.region_id", "rounds.id"]),
        sa.Index(None, "region_id", "round_id"),
        sa.CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
    )

    region_id: Mapped[Key]
    id: Mapped[Key]
    round_id: Mapped[int]
    kind: Mapped[PollKind]
    title_ko: Mapped[ShortText]
    title_en: Mapped[ShortText]
    description_ko: Mapped[LongText] = mapped_column(default="")
    description_en: Mapped[LongText] = mapped_column(default="")
    ballot_type: Mapped[BallotType]
    min_choices: Mapped[int] = mapped_column(default=1)
    max_choices: Mapped[int | None]
    ballot_limit_amount: Mapped[int | None]
    counting_rule: Mapped[CountingRule]
    seats: Mapped[int | None]
    threshold: Mapped[int] = mapped_column(default=0)
    envelope_amount: Mapped[int | None]
    minimum_age: Mapped[int] = mapped_column(default=18, server_default="18")
    tie_break: Mapped[str] = mapped_column(sa.String(120))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    state: Mapped[PollState] = mapped_column(default=PollState.DRAFT)
    frozen_at: Mapped[datetime | None]
    frozen_hash: Mapped[str | None] = mapped_column(sa.String(64))
    frozen_rules: Mapped[str | None] = mapped_column(sa.Text)
    public_key: Mapped[str | None] = mapped_column(sa.String(64))
    closed_at: Mapped[datetime | None]
    counted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    source: Mapped[ShortText] = mapped_column(default="")

    options: Mapped[list["PollOption"]] = relationship(
        order_by="PollOption.position", cascade="all, delete-orphan", lazy="select"
    )


class PollOption(Base):
    """What can be chosen. ``subject_id`` is the proposal (agenda poll) or project (budget poll) it stands for."""

    __tablename__ = "poll_options"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "poll_id"], ["polls.region_id", "polls.id"]),)

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    key: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    position: Mapped[int]
    label: Mapped[str] = mapped_column(sa.Text)
    summary: Mapped[LongText] = mapped_column(default="")
    cost_amount: Mapped[int] = mapped_column(default=0)
    subject_id: Mapped[int | None]


class RollEntry(Base):
    """A person who may vote in a poll. ``channel`` is the mark that the ballot was cast, and how."""

    __tablename__ = "roll_entries"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "poll_id"], ["polls.region_id", "polls.id"]),
        sa.Index(None, "voter_id"),
    )

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    voter_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    added_at: Mapped[datetime]
    channel: Mapped[Channel | None]


class Envelope(Base):
    """A voter's sealed ballot; a later one replaces it until the poll closes. ``receipt`` is its SHA-256 (hex)."""

    __tablename__ = "envelopes"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["region_id", "poll_id", "voter_id"],
            ["roll_entries.region_id", "roll_entries.poll_id", "roll_entries.voter_id"],
        ),
    )

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    voter_id: Mapped[Key]
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    receipt: Mapped[str] = mapped_column(sa.String(64))
    channel: Mapped[Channel]
    cast_at: Mapped[datetime]


class CastRecord(Base):
    """Idempotency: SHA-256 of the key and an HMAC of (key, request), never the request (choices are guessable)."""

    __tablename__ = "cast_records"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "poll_id"], ["polls.region_id", "polls.id"]),)

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    voter_id: Mapped[Key]
    key_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    request_mac: Mapped[str] = mapped_column(sa.String(64))
    receipt: Mapped[str] = mapped_column(sa.String(64))


class UnsealedBallot(Base):
    """A ballot after closing, under a random key, in no order that tells when it was cast.

    ``choices`` is canonical JSON: a list of option keys, or an object of option key → points."""

    __tablename__ = "unsealed_ballots"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "poll_id"], ["polls.region_id", "polls.id"]),)

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    key: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    choices: Mapped[LongText]


class Turnout(Base):
    """How many ballots came by which channel; for imported polls too, whose voters nobody knows."""

    __tablename__ = "turnouts"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "poll_id"], ["polls.region_id", "polls.id"]),)

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    channel: Mapped[Channel] = mapped_column(primary_key=True)
    ballots: Mapped[int]


class Outcome(Base):
    """What a counting rule made of the ballots, with its reasons, as ``polls.outcome_format`` writes it."""

    __tablename__ = "outcomes"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "poll_id"], ["polls.region_id", "polls.id"]),)

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    rule: Mapped[CountingRule] = mapped_column(primary_key=True)
    result: Mapped[dict[str, Any]]
    computed_at: Mapped[datetime]
