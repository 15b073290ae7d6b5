"""Where money can stand, how it moves, and what an approval can say."""

from enum import StrEnum


class AccountKind(StrEnum):
    """``SOURCE`` is outside money (it may go below zero: what came in); the rest are inside and never below zero."""

    SOURCE = "source"
    ENVELOPE = "envelope"
    ALLOCATED = "allocated"
    DISBURSED = "disbursed"
    RETURNED = "returned"


class TransferKind(StrEnum):
    FUNDING = "funding"
    ALLOCATION = "allocation"
    DISBURSEMENT = "disbursement"
    RETURN = "return"
    REVERSAL = "reversal"


class DisbursementState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
