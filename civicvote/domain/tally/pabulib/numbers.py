"""Numbers as Pabulib files write them, read exactly."""

import re
from decimal import Decimal
from fractions import Fraction

from civicvote.domain.tally.profile import Points
from civicvote.kernel.money import exponent_of

LARGEST_AMOUNT = 2**63 - 1
"""In the smallest unit: what a database column holds."""

# The bounds keep int() away from megabytes of digits.
_PLAIN = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?", re.ASCII)
_BLANKS = frozenset({"", "-", "n/a", "na", "nan", "none", "null"})


def is_blank(text: str) -> bool:
    """Whether a field says that it says nothing: empty, N/A, None and the like."""
    return text.strip().lower() in _BLANKS


def plain_decimal(text: str) -> Decimal | None:
    """``-12.50`` and the like, exactly; None for all else: exponents, separators, more than 15 digits."""
    text = text.strip()
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def plain_points(text: str) -> Points | None:
    """An int where the number is whole, a Fraction where it is not; None where it is not a plain number."""
    number = plain_decimal(text)
    if number is None:
        return None
    fraction = Fraction(number)
    return fraction.numerator if fraction.denominator == 1 else fraction


def digits_needed(amount: Decimal) -> int:
    """Digits behind the point that carry something: 2 for 1.250, 0 for 1.00."""
    exponent = amount.normalize().as_tuple().exponent
    assert isinstance(exponent, int)  # plain_decimal lets neither NaN nor infinity through
    return max(0, -exponent)


def unit_exponent(currency: str | None, amounts: list[Decimal]) -> int:
    """How many digits behind the point the smallest unit has.

    That is the currency's own number (ISO 4217), or more where an amount needs more; without a currency, what
    the amounts need.
    """
    needed = max(map(digits_needed, amounts), default=0)
    return max(needed, exponent_of(currency)) if currency else needed


def in_smallest_units(amount: Decimal, exponent: int) -> int:
    """``amount`` must need no more digits than ``exponent``."""
    return int(amount.scaleb(exponent))


def amount_text(units: int, exponent: int) -> str:
    """Smallest units as a plain number with ``exponent`` digits behind the point: 1250, 2 -> 12.50."""
    return f"{Decimal(units).scaleb(-exponent):f}"
