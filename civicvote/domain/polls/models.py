"""Polls, their options, rolls, sealed envelopes, unsealed ballots and outcomes.

``Envelope`` knows the voter but not the choice; ``UnsealedBallot`` knows the choice but not the voter, and carries
neither a time nor anything else by which the two could be joined (TRUST.md, "Votes").
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicvote.db import Base, Key, LongText, ShortText
from civicvote.domain.polls.ballots.shape import RESIDENTS
from civicvote.domain.polls.states import Channel, PollKind, PollState, Reminder
from civicvote.kernel.voting import BallotType, CountingRule


class Poll(Base):
    """Amounts in the currency's smallest unit. ``frozen_rules`` is the canonical text of rules and options that holds
    from freezing on, as ``polls.freezing`` writes it, and ``frozen_hash`` its SHA-256; a trigger guards both.

    ``counting`` and ``ballot`` are what ``planning.counting_choice`` and ``ballots.shape`` read.
    ``keyholders_needed``: how many key shares open the ballots, 0 where the machine's key file does.
    ``publishes_ballots``: whether everybody may take the unsealed ballots home, or observers alone.
    ``receipts_root``: the Merkle root of the list of receipts. ``counting_since``: a count that an officer asked for is
    under way; ``count_refusal``: the code and the params of what the last one was refused for.
    """

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
    counting: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    ballot: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    keyholders_needed: Mapped[int] = mapped_column(default=0, server_default="0")
    publishes_ballots: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    tie_break: Mapped[str] = mapped_column(sa.String(120))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    state: Mapped[PollState] = mapped_column(default=PollState.DRAFT)
    frozen_at: Mapped[datetime | None]
    frozen_hash: Mapped[str | None] = mapped_column(sa.String(64))
    frozen_rules: Mapped[str | None] = mapped_column(sa.Text)
    public_key: Mapped[str | None] = mapped_column(sa.String(64))
    trial_unsealed_at: Mapped[datetime | None]
    closing_reason: Mapped[LongText] = mapped_column(default="", server_default="")
    receipts_root: Mapped[str | None] = mapped_column(sa.String(64))
    counting_since: Mapped[datetime | None]
    count_refusal: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
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
    field_key: Mapped[str | None] = mapped_column(sa.String(60))
    district_code: Mapped[str | None] = mapped_column(sa.String(10))
    is_withdrawn: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class PollElector(Base):
    """Somebody named for an electorate of a draft. At freezing they go on the roll with it; then the roll is what
    holds, and these rows are of no further effect."""

    __tablename__ = "poll_electors"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "poll_id"], ["polls.region_id", "polls.id"]),
        sa.Index(None, "person_id"),
    )

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    electorate: Mapped[str] = mapped_column(sa.String(60))
    named_at: Mapped[datetime]


class BallotDraft(Base):
    """A ballot that somebody began: choices sealed under a key that the session's own cookie yields alone.

    It ends with the session. ``sealed`` has one length for all ballots of a poll. ``reminded``: the last reminder that
    was sent."""

    __tablename__ = "ballot_drafts"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "poll_id"], ["polls.region_id", "polls.id"]),
        sa.Index(None, "person_id"),
        sa.Index(None, "session_hash"),
    )

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    session_hash: Mapped[str] = mapped_column(
        sa.String(64), sa.ForeignKey("account_sessions.token_hash", ondelete="CASCADE")
    )
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    begun_at: Mapped[datetime]
    reminded: Mapped[Reminder | None]


class RollEntry(Base):
    """A person who may vote in a poll. ``channel`` is the mark that the ballot was cast, and how.

    ``electorate``: one of the poll's electorates (``ballots.shape``); nobody is in two."""

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
    electorate: Mapped[str] = mapped_column(sa.String(60), default=RESIDENTS, server_default=RESIDENTS)


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

    ``choices`` is canonical JSON: a list of option keys, or an object of option key → points. ``electorate`` and
    ``style`` (the district whose options the ballot offered, or empty) were sealed with it."""

    __tablename__ = "unsealed_ballots"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "poll_id"], ["polls.region_id", "polls.id"]),)

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    key: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    choices: Mapped[LongText]
    electorate: Mapped[str] = mapped_column(sa.String(60), default=RESIDENTS, server_default=RESIDENTS)
    style: Mapped[str] = mapped_column(sa.String(10), default="", server_default="")


class BallotReceipt(Base):
    """One line of the list of receipts that a closing publishes: sorted, without voter, choice or time.

    ``position`` from 0. ``subtree``: of every ``merkle.BLOCK``-th, the tree hash (hex) of the receipts of its block;
    the others have none."""

    __tablename__ = "ballot_receipts"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "poll_id"], ["polls.region_id", "polls.id"]),
        sa.UniqueConstraint("region_id", "poll_id", "code"),
    )

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    position: Mapped[Key]
    code: Mapped[str] = mapped_column(sa.String(64))
    subtree: Mapped[str | None] = mapped_column(sa.String(64))


class PollExtension(Base):
    """A closing time that was moved to later before it came, with the reason that everybody reads."""

    __tablename__ = "poll_extensions"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "poll_id"], ["polls.region_id", "polls.id"]),
        sa.Index(None, "region_id", "poll_id"),
        sa.CheckConstraint("old_closes_at < new_closes_at", name="closes_later"),
    )

    region_id: Mapped[Key]
    id: Mapped[Key]
    poll_id: Mapped[int]
    old_closes_at: Mapped[datetime]
    new_closes_at: Mapped[datetime]
    reason: Mapped[LongText]
    officer_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    extended_at: Mapped[datetime]


class Keyholder(Base):
    """One of the people whose shares open the ballots together; ``number`` from 1.

    ``public_key`` (hex) is the public half of the key pair in the holder's key file, made once the holder chose a
    passphrase. ``sealed_share``: the share of the poll's key, sealed to it; nothing here opens it, and it is gone once
    the ballots are counted. ``share_proof``: what only who opened it can tell (``keyholder_files.proof_of``);
    ``proved_at``: when the holder's file was shown to open it."""

    __tablename__ = "poll_keyholders"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "poll_id"], ["polls.region_id", "polls.id"]),
        sa.UniqueConstraint("region_id", "poll_id", "person_id"),
    )

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    number: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    public_key: Mapped[str | None] = mapped_column(sa.String(64))
    key_made_at: Mapped[datetime | None]
    sealed_share: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    share_proof: Mapped[str | None] = mapped_column(sa.String(64))
    proved_at: Mapped[datetime | None]


class KeyCeremony(Base):
    """The key pair that was made for the keyholders of a draft: its public half, and a sealed trial ballot.

    ``trial_hash``: SHA-256 (hex) of the code within ``trial_sealed``; who tells the code has opened the ballot.
    ``verify_key`` (hex): of the signature under a file of unsealed ballots (``ballots_signing``)."""

    __tablename__ = "poll_key_ceremonies"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "poll_id"], ["polls.region_id", "polls.id"]),)

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    public_key: Mapped[str] = mapped_column(sa.String(64))
    verify_key: Mapped[str] = mapped_column(sa.String(64))
    trial_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    trial_hash: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime]


class Turnout(Base):
    """How many ballots came by which channel; for imported polls too, whose voters nobody knows."""

    __tablename__ = "turnouts"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "poll_id"], ["polls.region_id", "polls.id"]),)

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    channel: Mapped[Channel] = mapped_column(primary_key=True)
    ballots: Mapped[int]


class Outcome(Base):
    """What a counting rule made of the ballots, with its reasons, as ``polls.outcome.format`` writes it."""

    __tablename__ = "outcomes"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "poll_id"], ["polls.region_id", "polls.id"]),)

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    rule: Mapped[CountingRule] = mapped_column(primary_key=True)
    result: Mapped[dict[str, Any]]
    computed_at: Mapped[datetime]
