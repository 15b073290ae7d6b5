"""The words of the access table: who may reach an endpoint."""

from dataclasses import dataclass, replace
from enum import StrEnum

from civicvote.kernel.permissions import Permission


class Audience(StrEnum):
    EVERYBODY = "everybody"
    VISITORS = "visitors"
    SIGNED_IN = "signed_in"
    PERMITTED = "permitted"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may reach an endpoint. ``permissions``: any one of them, held in the region of the address, is enough.

    The exceptions stand here by name: ``records_refusals`` keeps what a recorded refusal wrote (a counter of tries),
    ``writes_safely`` lets a GET write (the identity provider's callback). ``largest_body``: the bytes that a request may
    bring where files are uploaded; everywhere else a mebibyte is enough.
    """

    audience: Audience
    permissions: tuple[Permission, ...] = ()
    records_refusals: bool = False
    writes_safely: bool = False
    largest_body: int | None = None


EVERYBODY = Access(Audience.EVERYBODY)
VISITORS = Access(Audience.VISITORS)
SIGNED_IN = Access(Audience.SIGNED_IN)
DEMO_ONLY = Access(Audience.DEMO)


def permitted(*permissions: Permission) -> Access:
    """Open to whoever holds one of the permissions in the region of the address."""
    return Access(Audience.PERMITTED, permissions)


def taking_files(access: Access, *, largest_body: int) -> Access:
    """The same door, through which a file comes in."""
    return replace(access, largest_body=largest_body)
