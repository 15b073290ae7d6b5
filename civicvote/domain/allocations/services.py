"""The verbs of the ledger, for whoever spends public money and whoever checks it.

Money comes in and is set aside for projects (``services_funding``), is paid out by two persons
(``services_disbursing``), and goes back (``services_corrections``). How it moves safely: ``services_posting``.
None of them commits.
"""

from civicvote.domain.allocations.services_corrections import return_money, reverse_transfer
from civicvote.domain.allocations.services_disbursing import (
    approve_disbursement,
    enter_disbursement,
    refuse_disbursement,
)
from civicvote.domain.allocations.services_funding import allocate, fund_envelope

__all__ = [
    "allocate",
    "approve_disbursement",
    "enter_disbursement",
    "fund_envelope",
    "refuse_disbursement",
    "return_money",
    "reverse_transfer",
]
