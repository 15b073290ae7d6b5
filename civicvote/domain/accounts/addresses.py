"""Mail addresses as the house compares them."""

import unicodedata


def normal_address(address: str) -> str:
    """Trimmed, NFKC, lower case: two ways of typing one address are one account. NUL, which no database takes, goes."""
    return unicodedata.normalize("NFKC", address).replace("\0", "").strip().lower()


def masked_address(address: str) -> str:
    """``ha…@example.org``: enough for who knows the person, of no use to who does not."""
    name, _, host = address.partition("@")
    return f"{name[:2]}…@{host}"
