"""Money: whole numbers of a currency's smallest unit. No float ever decides about it."""

from dataclasses import dataclass
from decimal import Decimal

#: ISO 4217 for "no currency": amounts whose currency nobody told, in some imported elections.
NO_CURRENCY = "XXX"

#: Digits behind the point, by ISO 4217; currencies that are not named have two.
EXPONENTS = (
    dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    )
    | dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3)
    | dict.fromkeys(["CLF", "UYW"], 4)
)


def exponent_of(currency: str) -> int:
    """How many digits the currency has behind the point."""
    return EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    """``amount`` smallest units of ``currency`` (ISO 4217), of which 10**exponent make one main unit."""

    amount: int
    currency: str = "KRW"
    exponent: int = 0

    @property
    def main_units(self) -> Decimal:
        """The exact amount in main units (won, złoty, euro)."""
        return Decimal(self.amount).scaleb(-self.exponent)
