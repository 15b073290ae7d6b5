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


class StepUp(StrEnum):
    """Which requests ask for a fresh second factor: those that change something, or all."""

    CHANGING = "changing"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may reach an endpoint. ``permissions``: any one of them, held in the region of the address, is enough.

    The exceptions stand here by name: ``records_refusals`` keeps what a recorded refusal wrote (a counter of tries),
    ``writes_safely`` lets a GET write (the identity provider's callback). ``largest_body``: how many bytes a
    request may bring where files are uploaded; everywhere else a mebibyte is enough. ``step_up``: which requests ask
    for a second factor that was shown a moment ago. ``as_role``: permissions whose holders act by their role where
    others act for themselves; what they change asks for the role session's second factor. ``knows_nobody``:
    everybody gets the same answer, so neither session nor region is looked up; ``current_actor`` is nobody there,
    whoever asks.
    """

    audience: Audience
    permissions: tuple[Permission, ...] = ()
    records_refusals: bool = False
    writes_safely: bool = False
    largest_body: int | None = None
    step_up: StepUp | None = None
    as_role: tuple[Permission, ...] = ()
    knows_nobody: bool = False


EVERYBODY = Access(Audience.EVERYBODY)
#: For what pages ask again and again.
ANYBODY = Access(Audience.EVERYBODY, knows_nobody=True)
VISITORS = Access(Audience.VISITORS)
SIGNED_IN = Access(Audience.SIGNED_IN)
DEMO_ONLY = Access(Audience.DEMO)


def permitted(*permissions: Permission) -> Access:
    """Open to whoever holds one of the permissions in the region of the address."""
    return Access(Audience.PERMITTED, permissions)


def or_by_role(access: Access, *permissions: Permission) -> Access:
    """The same door, where holders of the permissions in the region of the address can do more than others.

    They are asked for a second factor even for what is their own: which of the two it is, only the services know."""
    return replace(access, as_role=permissions)


def taking_files(access: Access, *, largest_body: int) -> Access:
    """The same door, through which a file comes in."""
    return replace(access, largest_body=largest_body)


def stepped_up(access: Access, *, reading: bool = False) -> Access:
    """The same door, asking for a second factor of the last five minutes: for what can't be taken back.

    Unsafe requests only, or with ``reading`` the pages too. Behind a ``SIGNED_IN`` door it asks those who have one."""
    return replace(access, step_up=StepUp.ALWAYS if reading else StepUp.CHANGING)
