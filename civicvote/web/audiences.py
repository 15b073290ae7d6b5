"""The words of the access table: who may reach an endpoint."""

from dataclasses import dataclass
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
    ``writes_safely`` lets a GET write (the identity provider's callback).
    """

    audience: Audience
    permissions: tuple[Permission, ...] = ()
    records_refusals: bool = False
    writes_safely: bool = False


EVERYBODY = Access(Audience.EVERYBODY)
VISITORS = Access(Audience.VISITORS)
SIGNED_IN = Access(Audience.SIGNED_IN)
DEMO_ONLY = Access(Audience.DEMO)


def permitted(*permissions: Permission) -> Access:
    """Open to whoever holds one of the permissions in the region of the address."""
    return Access(Audience.PERMITTED, permissions)
