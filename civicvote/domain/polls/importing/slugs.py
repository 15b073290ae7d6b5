"""Names of places as they stand in addresses: Łódź → lodz, Mierzęcice → mierzecice."""

import hashlib
import re
import unicodedata

LONGEST = 50
_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


def slug_of(name: str) -> str:
    """Lower-case Latin letters, digits and hyphens, at most ``LONGEST``.

    A name in another script becomes ``place-`` and eight digits of its SHA-256: always the same for the same name."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_UNDECOMPOSED)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-")
    has_other_letters = any(letter.isalpha() and not _latin(letter) for letter in name)
    if not slug or has_other_letters:
        return f"place-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return slug


def _latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")
