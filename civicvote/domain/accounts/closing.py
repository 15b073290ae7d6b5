"""What stays of an account that was closed: a name that tells nothing."""

import secrets

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_NAMES = {"ko": "탈퇴한 주민 {}", "en": "Former member {}"}


def new_pseudonym(locale: str) -> str:
    """A random name, so that what one person wrote still reads as one person's: ``탈퇴한 주민 3K7Q``."""
    return _NAMES.get(locale, _NAMES["ko"]).format("".join(secrets.choice(_LETTERS) for _ in range(4)))
