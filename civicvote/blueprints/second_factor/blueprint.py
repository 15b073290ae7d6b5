"""The blueprint, and what its views need at hand."""

from urllib.parse import urlsplit

from flask import Blueprint, request

from civicvote.domain.accounts.passkeys import RelyingParty
from civicvote.web.auth import session_token
from civicvote.web.settings import settings

second_factor = Blueprint("second_factor", __name__, url_prefix="/account/second-factor")


def token() -> str:
    """The session's token, in which a factor is shown."""
    found = session_token()
    assert found is not None, "the access table lets only signed-in people in"
    return found


def site() -> RelyingParty:
    """This site as browsers know it: by its public address, or while developing by the one that was asked."""
    address = urlsplit(settings().public_url or request.host_url)
    assert address.hostname, "an address of a site has a host"
    return RelyingParty(id=address.hostname, name=settings().name, origin=f"{address.scheme}://{address.netloc}")
