"""Passwords: argon2id, and the few rules that keep out what everybody guesses first.

Hashing takes some 30 ms on purpose: callers do it before their transaction begins.
"""

import re
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from civicvote.kernel.errors import Invalid

MIN_LENGTH = 10
MAX_LENGTH = 200

#: OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_HASH_OF_NOBODY = _hasher.hash("nobody has this password")

_COMMON_STEMS = (
    "password",
    "passw0rd",
    "qwertyuiop",
    "qwerty",
    "asdfghjkl",
    "zxcvbnm",
    "iloveyou",
    "letmein",
    "welcome",
    "admin",
    "administrator",
    "civicvote",
    "비밀번호",
)
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1q2w3e4r5t6y7u8i9o0p")
_FEWEST_DIFFERENT = 5


class PasswordTooShort(Invalid):
    code = "password_too_short"
    field = "password"


class PasswordTooLong(Invalid):
    code = "password_too_long"
    field = "password"


class PasswordTooEasy(Invalid):
    """One of the passwords that are tried first: a common word with digits, a run of keys, few characters repeated."""

    code = "password_too_easy"
    field = "password"


class PasswordNamesItsOwner(Invalid):
    """The password is made of the person's own name or address."""

    code = "password_names_its_owner"
    field = "password"


def check_password(password: str, *, email: str, display_name: str) -> None:
    """Raise the first rule that a new password breaks. No rule asks for kinds of characters (NIST SP 800-63B)."""
    normal = _normal(password)
    if len(normal) < MIN_LENGTH:
        raise PasswordTooShort(minimum=MIN_LENGTH)
    if len(normal) > MAX_LENGTH:
        raise PasswordTooLong(maximum=MAX_LENGTH)
    folded = normal.casefold()
    core = re.sub(r"[\W\d_]+", "", folded)
    runs = any(folded in run or folded[::-1] in run for run in _RUNS)
    if runs or core in _COMMON_STEMS or len(set(folded)) < _FEWEST_DIFFERENT:
        raise PasswordTooEasy
    own = {email.casefold(), email.casefold().partition("@")[0], display_name.casefold().replace(" ", "")}
    if any(len(part) >= 3 and (folded == part or core == re.sub(r"[\W\d_]+", "", part) != "") for part in own):
        raise PasswordNamesItsOwner


def hash_password(password: str) -> str:
    """The argon2id hash, with its salt and costs."""
    return _hasher.hash(_normal(password))


def password_fits(password: str, password_hash: str | None) -> bool:
    """Whether the password belongs to the hash. Without one (no such account, or none set) it takes as long: no."""
    if len(password) > 4 * MAX_LENGTH:
        return False
    has_hash = password_hash is not None and password_hash.startswith("$argon2id$")
    try:
        fits = _hasher.verify(password_hash if password_hash and has_hash else _HASH_OF_NOBODY, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return fits and has_hash


def _normal(password: str) -> str:
    """The same characters give the same password whichever keyboard composed them."""
    return unicodedata.normalize("NFKC", password)
