"""What a region asks of residents, marks of identity and their clashes, letters with codes, uploaded rolls."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key, ShortText
from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.domain.verification.kinds import ClashDecision, MarkKind, VerificationChannel


class ResidencyRule(Base):
    """Whether a class of people belongs, how surely it must be known, for how long, and by which clause.

    Without a row the class is admitted at any assurance but ``SELF_DECLARED``, for good.
    """

    __tablename__ = "residency_rules"

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    residency_class: Mapped[ResidencyClass] = mapped_column(primary_key=True)
    is_admitted: Mapped[bool]
    minimum_assurance: Mapped[Assurance]
    valid_months: Mapped[int | None]
    clause_ko: Mapped[ShortText]
    clause_en: Mapped[ShortText]


class ExclusionRule(Base):
    """Whether a group has no ballot, and the clause. ``minimum_age`` (full years) belongs to ``UNDER_AGE``;
    ``consent_below_age``: a minor below it also needs a guardian's consent.

    Without a row the group has no ballot, and ``verification.rules`` has the ages.
    """

    __tablename__ = "exclusion_rules"

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    excluded_group: Mapped[ExcludedGroup] = mapped_column(primary_key=True)
    is_excluded: Mapped[bool] = mapped_column(default=True)
    minimum_age: Mapped[int | None]
    consent_below_age: Mapped[int | None]
    clause_ko: Mapped[ShortText]
    clause_en: Mapped[ShortText]


class GuardianConsent(Base):
    """A guardian's consent that a minor takes part, as a clerk recorded it."""

    __tablename__ = "guardian_consents"

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    guardian_name: Mapped[str] = mapped_column(sa.String(40))
    relation: Mapped[str] = mapped_column(sa.String(40))
    evidence: Mapped[ShortText]
    consented_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    withdrawn_at: Mapped[datetime | None]


class IdentityMark(Base):
    """One natural person in a region: a keyed hash of the identity, and the account that carries it.

    ``ordinal`` tells namesakes apart: 0, and 1, 2 … where an administrator saw that they are different people.
    """

    __tablename__ = "identity_marks"
    __table_args__ = (sa.Index(None, "person_id"),)

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    kind: Mapped[MarkKind] = mapped_column(primary_key=True)
    identity_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=0)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    channel: Mapped[VerificationChannel]
    marked_at: Mapped[datetime]


class IdentityClash(Base):
    """A second account with an identity that another one carries, waiting for an administrator.

    ``claim`` holds what the verification would have stored; it is emptied when the clash is decided.
    """

    __tablename__ = "identity_clashes"
    __table_args__ = (sa.Index(None, "region_id", "decided_at"),)

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    id: Mapped[Key]
    kind: Mapped[MarkKind]
    identity_hash: Mapped[str] = mapped_column(sa.String(64))
    earlier_person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    later_person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    channel: Mapped[VerificationChannel]
    claim: Mapped[dict[str, Any]]
    raised_at: Mapped[datetime]
    raised_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    decision: Mapped[ClashDecision | None]
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))


class LetterBatch(Base):
    """Letters that were made and printed together. Names and addresses were in the printed page only."""

    __tablename__ = "letter_batches"

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    id: Mapped[Key]
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    made_at: Mapped[datetime]
    reason: Mapped[ShortText]
    letter_count: Mapped[int]
    refused_count: Mapped[int]


class LetterCode(Base):
    """A letter: its public number finds it, its code opens it. Only the code's MAC is stored, tied to the number.

    ``identity_hash`` (name and birth date, as the sender's list has them) is what the account will carry.
    """

    __tablename__ = "letter_codes"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "batch_id"], ["letter_batches.region_id", "letter_batches.id"]),
        sa.Index(None, "region_id", "batch_id"),
    )

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    batch_id: Mapped[int]
    code_mac: Mapped[str] = mapped_column(sa.String(64))
    identity_hash: Mapped[str] = mapped_column(sa.String(64))
    residency_class: Mapped[ResidencyClass]
    district_code: Mapped[str | None] = mapped_column(sa.String(10))
    excluded_as: Mapped[ExcludedGroup | None]
    tries_left: Mapped[int]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    withdrawn_at: Mapped[datetime | None]


class RollUpload(Base):
    """An uploaded list of people who belong to the region. ``refusals``: line number and problem code, nothing else."""

    __tablename__ = "roll_uploads"

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    id: Mapped[Key]
    uploaded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    uploaded_at: Mapped[datetime]
    reason: Mapped[ShortText]
    file_sha256: Mapped[str] = mapped_column(sa.String(64))
    accepted_count: Mapped[int]
    refused_count: Mapped[int]
    refusals: Mapped[dict[str, Any]]


class RollPerson(Base):
    """Somebody on an uploaded roll, known by the keyed hash of name and birth date only, until an account claims it."""

    __tablename__ = "roll_people"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "upload_id"], ["roll_uploads.region_id", "roll_uploads.id"]),
        sa.Index(None, "region_id", "upload_id"),
    )

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    identity_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    upload_id: Mapped[int]
    mail_mac: Mapped[str | None] = mapped_column(sa.String(64))
    residency_class: Mapped[ResidencyClass]
    district_code: Mapped[str | None] = mapped_column(sa.String(10))
    excluded_as: Mapped[ExcludedGroup | None]
    claimed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    claimed_at: Mapped[datetime | None]
