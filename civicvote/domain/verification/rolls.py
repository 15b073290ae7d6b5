"""Uploaded rolls: what a list may hold, and what refuses it or somebody who says to stand on it."""

from enum import StrEnum

from civicvote.domain.accounts.addresses import normal_address
from civicvote.domain.verification.list_errors import ListRefused
from civicvote.domain.verification.rows import ListColumn, ListShape
from civicvote.kernel.errors import Conflict, Invalid, NotFound
from civicvote.kernel.keys import KeyRing

ROLL_LIST = ListShape(
    required=frozenset({ListColumn.NAME, ListColumn.BIRTH_DATE}),
    optional=frozenset({ListColumn.CLASS, ListColumn.DISTRICT, ListColumn.EXCLUDED, ListColumn.EMAIL}),
    most_rows=200_000,
)


class RollMode(StrEnum):
    """``ADD``: the rows come to those that are there. ``REPLACE``: whoever is not in the new list and has not used the
    old one can't use it any more."""

    ADD = "add"
    REPLACE = "replace"


class RollWithoutRows(ListRefused):
    """Not one row of the list can be used."""

    code = "roll_without_rows"


class UnknownRollUpload(NotFound):
    code = "unknown_roll_upload"


class RollNotWithdrawable(Conflict):
    """Every row of the upload was used or withdrawn already."""

    code = "roll_not_withdrawable"


class RollNotMatched(Invalid):
    """Name, birth date and the account's mail address do not stand on one row of the roll. Whether the name does is
    told to nobody."""

    code = "roll_not_matched"


def mail_mark(keys: KeyRing, *, region_id: int, address: str) -> str:
    """The only trace of a mail address on a roll: a keyed hash. It is marked like an identity, so that a new signing
    key leaves rolls usable."""
    return keys.identity_hash("roll mail", f"{region_id}\n{normal_address(address)}")
