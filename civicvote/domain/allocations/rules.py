"""What may move: limits of amounts and texts, and what is left of a project's and a round's money.

All amounts are integers of the currency's smallest unit.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from civicvote.domain.allocations.errors import (
    AboveTheCost,
    AmountNotPositive,
    AmountTooLarge,
    DetailMissing,
    DetailTooLong,
    KeyUnusable,
    NotEnoughLeft,
    PaymentsWaiting,
)
from civicvote.kernel.markup import clean_text
from civicvote.kernel.money import Money

#: Some twenty times the yearly budget of Seoul in won: more is a typing error, and sums stay far below 2**63.
MAX_AMOUNT = 10**15
MAX_KEY_LENGTH = 48
#: A payment that waits longer than a working week holds up whoever did the work.
LATE_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Currency:
    """In which currency a refusal prints its amounts."""

    code: str = "KRW"
    exponent: int = 0

    def money(self, amount: int) -> Money:
        return Money(amount, self.code, self.exponent)


@dataclass(frozen=True, slots=True)
class ProjectMoney:
    """A project's money: ``left`` on its account, ``disbursed``, ``returned``. ``waiting`` is a part of ``left``."""

    cost: int
    left: int = 0
    disbursed: int = 0
    returned: int = 0
    waiting: int = 0

    @property
    def allocated(self) -> int:
        """All that the project received and that was not taken back by a reversal."""
        return self.left + self.disbursed + self.returned

    @property
    def free(self) -> int:
        """What can still be asked for; below zero when payments wait for money that went elsewhere meanwhile."""
        return self.left - self.waiting

    @property
    def room(self) -> int:
        """What can still be allocated below the cost that stood on the ballot."""
        return self.cost - self.allocated

    @property
    def execution_percent(self) -> int:
        """집행률: how much of what it received and kept was paid out, in whole percent, rounded down."""
        kept = self.allocated - self.returned
        return 100 * self.disbursed // kept if kept else 0

    @property
    def runs_over(self) -> bool:
        """Whether more waits for approval than is left, so that not all of it can be approved."""
        return self.free < 0

    @property
    def nearly_used_up(self) -> bool:
        """Whether less than a tenth of what was allocated can still be asked for."""
        return not self.runs_over and self.allocated > 0 and 10 * self.free < self.allocated - self.returned


@dataclass(frozen=True, slots=True)
class RoundMoney:
    """A round's money: ``funded`` came in; the rest says where it stands. ``waiting`` is a part of ``left``."""

    funded: int = 0
    in_envelope: int = 0
    left: int = 0
    disbursed: int = 0
    returned: int = 0
    waiting: int = 0

    @property
    def allocated(self) -> int:
        return self.left + self.disbursed + self.returned

    @property
    def drift(self) -> int:
        """What came in less what is there; always 0."""
        return self.funded - self.in_envelope - self.allocated


def require_amount(amount: int) -> None:
    """Raise ``AmountNotPositive`` or ``AmountTooLarge``."""
    if amount <= 0:
        raise AmountNotPositive
    if amount > MAX_AMOUNT:
        raise AmountTooLarge


def required_text(text: str, *, field: str, longest: int) -> str:
    """``text`` cleaned. Raises ``DetailMissing``, ``DetailTooLong``, ``ControlCharacters``."""
    cleaned = optional_text(text, field=field, longest=longest)
    if not cleaned:
        raise DetailMissing(field=field)
    return cleaned


def optional_text(text: str, *, field: str, longest: int) -> str:
    """``text`` cleaned, possibly empty. Raises ``DetailTooLong``, ``ControlCharacters``."""
    cleaned = clean_text(text)
    if len(cleaned) > longest:
        raise DetailTooLong(field=field, longest=longest)
    return cleaned


def stored_key(key: str) -> str:
    """The key of a person's request as it is stored. Raises ``KeyUnusable``.

    The prefix keeps people's keys apart from ``approval_key``, so that nobody can occupy the key of an approval."""
    if not 0 < len(key) <= MAX_KEY_LENGTH:
        raise KeyUnusable
    return f"request:{key}"


def approval_key(disbursement_id: int) -> str:
    """The key of the one transfer that an approved payment becomes."""
    return f"disbursement:{disbursement_id}"


def require_below_cost(money: ProjectMoney, amount: int, currency: Currency) -> None:
    """Raise ``AboveTheCost``: residents voted for the cost on the ballot, nobody may raise it afterwards."""
    if amount > money.room:
        raise AboveTheCost(cost=currency.money(money.cost), room=currency.money(max(0, money.room)))


def require_free(money: ProjectMoney, amount: int, currency: Currency) -> None:
    """Raise ``NotEnoughLeft``, or ``PaymentsWaiting`` where only what waits stands in the way."""
    if amount > money.left:
        raise NotEnoughLeft(left=currency.money(money.left), amount=currency.money(amount))
    if amount > money.free:
        raise PaymentsWaiting(
            left=currency.money(money.left),
            waiting=currency.money(money.waiting),
            free=currency.money(max(0, money.free)),
        )


def is_late(entered_at: datetime, moment: datetime) -> bool:
    """Whether a payment that still waits at ``moment`` has waited too long."""
    return moment - entered_at > LATE_AFTER
