"""Where a typed password is checked: at the sign-in, and again before what can't be undone.

Both read the credential in a short read of its own and hash outside of any transaction; on SQLite the first statement
after that takes the lock for writing.
"""

import structlog

from civicvote.db import reading
from civicvote.domain.accounts.addresses import normal_address
from civicvote.domain.accounts.errors import WrongCredentials, WrongPassword
from civicvote.domain.accounts.passwords import password_fits
from civicvote.domain.accounts.queries import Credential, credential_of
from civicvote.domain.accounts.queries_account import own_account, require_fresh_sign_in
from civicvote.web import auth, throttle
from civicvote.web.known_devices import known_device
from civicvote.web.throttle import Limit, client_network

log = structlog.get_logger("civicvote.sign_in")


def person_of_credentials(email: str, password: str) -> int:
    """The person whose address and password these are. The answer takes as long where there is no such account.

    Strangers are limited by account and network together, and each for itself; a device on which the person signed in
    before has a limit of its own. Raises ``WrongCredentials``, ``TooManyTries``.
    """
    account, network = normal_address(email), client_network()
    with reading():
        credential = credential_of(account)
    device = known_device(credential.person_id) if credential else None
    if device:
        throttle.spend(Limit.SIGN_IN_DEVICE, account, device)
    else:
        throttle.check(Limit.SIGN_IN_NETWORK, network)
        throttle.check(Limit.SIGN_IN_ACCOUNT, account)
        throttle.spend(Limit.SIGN_IN_HERE, account, network)
    if not _fits(password, credential):
        if not device:
            throttle.count(Limit.SIGN_IN_NETWORK, network)
            throttle.count(Limit.SIGN_IN_ACCOUNT, account)
        log.info("sign-in refused", known_device=bool(device))
        raise WrongCredentials
    assert credential is not None, "no password fits an account that does not exist"
    if device:
        throttle.forget(Limit.SIGN_IN_DEVICE, account, device)
    else:
        throttle.forget(Limit.SIGN_IN_HERE, account, network)
    return credential.person_id


def _fits(password: str, credential: Credential | None) -> bool:
    return password_fits(password, credential.password_hash if credential else None)


def prove_again(password: str | None) -> None:
    """Make sure that it is still the person who signed in: by the password, or without one by a fresh sign-in.

    Raises ``WrongPassword``, ``SignInNotFresh``, ``TooManyTries``."""
    actor, token = auth.signed_in_actor(), auth.session_token()
    assert token is not None, "the access table lets only signed-in people in"
    with reading():
        account = own_account(actor)
        if not account.has_password:
            require_fresh_sign_in(token)
            return
    throttle.spend(Limit.PASSWORD_AGAIN, actor.person_id)
    if not password_fits(password or "", account.password_hash):
        raise WrongPassword
    throttle.forget(Limit.PASSWORD_AGAIN, actor.person_id)
