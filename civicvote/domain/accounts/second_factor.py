"""Second factors: codes of an authenticator (RFC 6238), recovery codes on paper, and how long a showing lasts.

A factor is shown once for each session and again after half a day; acts that can't be taken back ask anew after five
minutes. Passkeys stand in ``passkeys``.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

import pyotp

from civicvote.kernel.errors import Conflict, Invalid
from civicvote.kernel.keys import KeyRing

#: How long a session may work at desks after it showed a second factor: a working day.
ROLE_SESSION = timedelta(hours=12)
#: How long before an act that can't be taken back: enough to read the page once more.
STEP_UP = timedelta(minutes=5)
#: How long a secret that was shown waits for its first code.
SET_UP = timedelta(hours=1)

STEP_SECONDS = 30
#: A phone's clock may be one step off, either way.
_STEPS_OFF = (0, -1, 1)

RECOVERY_CODES = 10
#: Without 0, 1, i, l, o and u, which paper makes look alike.
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
_RECOVERY_LENGTH = 12


class FactorChange(StrEnum):
    """What happened to a person's second factors: told by mail, and entered in the audit where they hold roles."""

    AUTHENTICATOR_ADDED = "authenticator_added"
    AUTHENTICATOR_REPLACED = "authenticator_replaced"
    AUTHENTICATOR_REMOVED = "authenticator_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    RESET = "reset"


class WrongCode(Invalid):
    """The code is none of the authenticator's, now."""

    code = "wrong_second_factor_code"
    field = "code"


class CodeUsed(Invalid):
    """The code was right, and was used before: whoever saw it being typed gets nothing from it."""

    code = "second_factor_code_used"
    field = "code"


class WrongRecoveryCode(Invalid):
    """No unused recovery code of this person."""

    code = "wrong_recovery_code"
    field = "recovery_code"


class NothingShown(Invalid):
    """The form came without any second factor."""

    code = "no_second_factor_shown"


class SetUpOver(Conflict):
    """The secret on the page has waited too long, or another window made a newer one."""

    code = "authenticator_set_up_over"


class NotHeld(Conflict):
    """The second factor to be removed is not there any more."""

    code = "second_factor_not_held"


class LastSecondFactor(Conflict):
    """Whoever holds a role keeps a second factor."""

    code = "last_second_factor"


def is_shown(shown_at: datetime | None, now: datetime, within: timedelta) -> bool:
    """Whether a second factor that was shown then still counts."""
    return shown_at is not None and now - shown_at <= within


def new_secret() -> str:
    """160 random bits as base32, what authenticator apps expect."""
    return pyotp.random_base32()


def secret_in_groups(secret: str) -> str:
    """The secret as people copy it by hand."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def setup_address(secret: str, *, account: str, site: str) -> str:
    """The ``otpauth:`` address that the picture holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=site)


def accepted_step(secret: str, code: str, *, now: datetime, last_step: int) -> int:
    """The time step that ``code`` belongs to, later than ``last_step``. Raises ``WrongCode``, ``CodeUsed``."""
    typed = "".join(code.split())
    fitting = [step for step in _steps(now) if hmac.compare_digest(_code(secret, step).encode(), typed.encode())]
    if not fitting:
        raise WrongCode
    if unused := [step for step in fitting if step > last_step]:
        return unused[0]
    raise CodeUsed


def unused_code(secret: str, *, now: datetime, last_step: int) -> str | None:
    """A code that would be accepted now, for demonstrations and tests; None until the next step begins."""
    return next((_code(secret, step) for step in _steps(now) if step > last_step), None)


def _steps(now: datetime) -> list[int]:
    current = int(now.timestamp()) // STEP_SECONDS
    return [current + off for off in _STEPS_OFF]


def _code(secret: str, step: int) -> str:
    return pyotp.TOTP(secret).generate_otp(step)


def new_recovery_codes() -> list[str]:
    """Ten codes for paper: three groups of four, 58 bits each."""
    return [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(_RECOVERY_LENGTH // 4))
        for _ in range(RECOVERY_CODES)
    ]


def recovery_mac(keys: KeyRing, person_id: int, code: str) -> str:
    """What is stored of a recovery code. The person is inside: a row copied to somebody else opens nothing."""
    typed = "".join(each for each in code.lower() if each in _ALPHABET)
    return keys.mac("recovery code", f"{person_id} {typed}")


def sealing_purpose(person_id: int) -> str:
    """The key that an authenticator's secret is sealed under is the person's own, for the same reason."""
    return f"authenticator of {person_id}"


def waiting_purpose(person_id: int, session_mark: str) -> str:
    """The key of a secret that waits for its first code is its session's too: no other browser is shown it."""
    return f"{sealing_purpose(person_id)}, waiting in {session_mark}"
