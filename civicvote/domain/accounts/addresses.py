"""Mail addresses as the house compares them."""

import unicodedata


def normal_address(address: str) -> str:
    """Trimmed, NFKC, lower case: two ways of typing one address are one account."""
    return unicodedata.normalize("NFKC", address).strip().lower()
