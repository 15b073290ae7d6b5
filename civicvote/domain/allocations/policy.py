"""Who may act on the ledger. Time is decided by ``rounds.policy``, money by ``rules``."""

from civicvote.domain.allocations.errors import SecondPersonNeeded
from civicvote.domain.allocations.states import TransferKind
from civicvote.kernel.actor import Actor, can, require
from civicvote.kernel.permissions import Permission


def can_second(actor: Actor | None, *, region_id: int, first_person_id: int) -> bool:
    """Whether the actor may approve, refuse or reverse what ``first_person_id`` wrote: an approver, not the writer."""
    return actor is not None and can(actor, Permission.LEDGER_APPROVE, region_id) and actor.person_id != first_person_id


def require_second(actor: Actor, *, region_id: int, first_person_id: int) -> None:
    """Raise ``NotPermitted`` or ``SecondPersonNeeded`` unless ``can_second``."""
    require(actor, Permission.LEDGER_APPROVE, region_id)
    if not can_second(actor, region_id=region_id, first_person_id=first_person_id):
        raise SecondPersonNeeded


def can_reverse(actor: Actor | None, *, region_id: int, author_id: int, kind: TransferKind, is_reversed: bool) -> bool:
    """Whether the actor may reverse a transfer: once, never a reversal, and never one's own entry."""
    reversible = kind is not TransferKind.REVERSAL and not is_reversed
    return reversible and can_second(actor, region_id=region_id, first_person_id=author_id)
