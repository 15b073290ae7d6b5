"""The ledger: accounts, transfers between them (one row each, append-only), and disbursements that wait."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key, LongText, ShortText
from civicvote.domain.allocations.states import AccountKind, DisbursementState, TransferKind


class Account(Base):
    """``balance`` in the currency's smallest unit, kept with the row; inside accounts never fall below zero.

    ``project_id`` is 0 for the accounts of the round itself, so that the key is whole."""

    __tablename__ = "ledger_accounts"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "round_id"], ["rounds.region_id", "rounds.id"]),
        sa.UniqueConstraint("region_id", "round_id", "project_id", "kind", "name", name="uq_ledger_accounts_place"),
        sa.CheckConstraint("balance >= 0 OR kind = 'source'", name="never_below_zero"),
    )

    region_id: Mapped[Key]
    id: Mapped[Key]
    round_id: Mapped[int]
    project_id: Mapped[int] = mapped_column(default=0)
    kind: Mapped[AccountKind]
    name: Mapped[str] = mapped_column(sa.String(80), default="")
    balance: Mapped[int] = mapped_column(default=0)


class Transfer(Base):
    """``amount`` > 0 leaves the debit account and reaches the credit account. Never edited, never deleted (trigger)."""

    __tablename__ = "ledger_transfers"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["region_id", "debit_account_id"],
            ["ledger_accounts.region_id", "ledger_accounts.id"],
            name="fk_ledger_transfers_debit_account",
        ),
        sa.ForeignKeyConstraint(
            ["region_id", "credit_account_id"],
            ["ledger_accounts.region_id", "ledger_accounts.id"],
            name="fk_ledger_transfers_credit_account",
        ),
        sa.UniqueConstraint("region_id", "idempotency_key"),
        sa.UniqueConstraint("region_id", "reverses_id"),
        sa.CheckConstraint("amount > 0", name="moves_something"),
        sa.CheckConstraint("debit_account_id <> credit_account_id", name="moves_somewhere"),
        sa.Index(None, "region_id", "debit_account_id", "id"),
        sa.Index(None, "region_id", "credit_account_id", "id"),
    )

    region_id: Mapped[Key]
    id: Mapped[Key]
    debit_account_id: Mapped[int]
    credit_account_id: Mapped[int]
    amount: Mapped[int]
    kind: Mapped[TransferKind]
    reason: Mapped[LongText]
    evidence: Mapped[str] = mapped_column(sa.String(300), default="")
    idempotency_key: Mapped[str] = mapped_column(sa.String(64))
    reverses_id: Mapped[int | None]
    author_id: Mapped[int]
    approver_id: Mapped[int | None]
    posted_at: Mapped[datetime]


class Disbursement(Base):
    """A payment that one officer entered and another decides. Only an approved one becomes a transfer."""

    __tablename__ = "disbursements"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "project_id"], ["projects.region_id", "projects.id"]),
        sa.Index("ix_disbursements_queue", "region_id", "state", "id"),
        sa.Index(None, "region_id", "project_id", "id"),
        sa.UniqueConstraint("region_id", "idempotency_key"),
        sa.CheckConstraint("amount > 0", name="pays_something"),
        sa.CheckConstraint("decided_by_id IS NULL OR decided_by_id <> entered_by_id", name="two_persons"),
    )

    region_id: Mapped[Key]
    id: Mapped[Key]
    project_id: Mapped[int]
    amount: Mapped[int]
    payee: Mapped[ShortText]
    reason: Mapped[LongText]
    evidence: Mapped[str] = mapped_column(sa.String(300))
    idempotency_key: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[DisbursementState] = mapped_column(default=DisbursementState.WAITING)
    entered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    entered_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[LongText] = mapped_column(default="")
    transfer_id: Mapped[int | None]


class DisbursementFile(Base):
    """The paper that proves a payment."""

    __tablename__ = "disbursement_files"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "disbursement_id"], ["disbursements.region_id", "disbursements.id"]),
        sa.ForeignKeyConstraint(["region_id", "upload_id"], ["uploads.region_id", "uploads.id"]),
    )

    region_id: Mapped[Key]
    disbursement_id: Mapped[Key]
    upload_id: Mapped[Key]
