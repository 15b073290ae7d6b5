"""What the ledger refuses. Amounts in ``params`` are ``Money``, which a sentence prints as people say it."""

from civicvote.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class UnknownTransfer(NotFound):
    code = "unknown_transfer"


class UnknownDisbursement(NotFound):
    code = "unknown_disbursement"


class AmountNotPositive(Invalid):
    code = "amount_not_positive"
    field = "amount"


class AmountTooLarge(Invalid):
    code = "amount_too_large"
    field = "amount"


class DetailMissing(Invalid):
    """``field`` says which: a reason, a payee, the evidence, the source."""

    code = "ledger_detail_missing"


class DetailTooLong(Invalid):
    """``field`` may hold at most ``longest`` characters."""

    code = "ledger_detail_too_long"


class KeyUnusable(Invalid):
    """An idempotency key has 1 to 48 characters."""

    code = "ledger_key_unusable"


class KeyUsedOtherwise(Conflict):
    """The idempotency key belongs to another request."""

    code = "ledger_key_used"


class NotEnoughLeft(Invalid):
    """The account holds ``left``, less than ``amount``."""

    code = "not_enough_left"
    field = "amount"


class PaymentsWaiting(Invalid):
    """``left`` is there, but ``waiting`` of it is asked for by payments that wait, so ``free`` can be used."""

    code = "payments_waiting"
    field = "amount"


class ProjectNotSelected(Conflict):
    """Only projects that residents selected receive money."""

    code = "project_not_selected"


class AboveTheCost(Invalid):
    """The project would have received more than the ``cost`` that stood on the ballot; ``room`` is what still fits."""

    code = "above_the_cost"
    field = "amount"


class AlreadyDecided(Conflict):
    """``name`` decided about the payment, as ``state`` says, at ``decided_at``."""

    code = "disbursement_already_decided"


class SecondPersonNeeded(Forbidden):
    """Whoever entered a payment or posted a transfer neither approves nor reverses it."""

    code = "second_person_needed"


class NotReversible(Conflict):
    """A reversal is final."""

    code = "transfer_not_reversible"


class AlreadyReversed(Conflict):
    code = "transfer_already_reversed"
