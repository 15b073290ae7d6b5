"""Links in mails: each works once and for a while, and the database holds nothing that opens one.

The address carries the link's id and a MAC of it under the installation's key. The mail is written from the id when it
leaves, so neither the table of links nor the outbox, nor a backup of them, holds an address that works.
"""

from datetime import timedelta
from enum import StrEnum

from civicvote.domain.accounts.errors import LinkUnusable
from civicvote.kernel import ids
from civicvote.kernel.keys import KeyRing


class LinkPurpose(StrEnum):
    SIGN_UP = "sign_up"
    RESET_PASSWORD = "reset_password"  # noqa: S105 – the name of a purpose
    CHANGE_MAIL = "change_mail"


#: How long a link of each purpose works.
LIFETIMES = {
    LinkPurpose.SIGN_UP: timedelta(days=2),
    LinkPurpose.RESET_PASSWORD: timedelta(hours=1),
    LinkPurpose.CHANGE_MAIL: timedelta(hours=24),
}

_PATHS = {
    LinkPurpose.SIGN_UP: "/account/begin",
    LinkPurpose.RESET_PASSWORD: "/account/new-password",
    LinkPurpose.CHANGE_MAIL: "/account/new-address",
}
_KEY = "link"


def link_path(keys: KeyRing, purpose: LinkPurpose, link_id: int) -> str:
    """The path that opens the link: the last part is its id and the MAC of purpose and id."""
    return f"{_PATHS[purpose]}/{ids.encode(link_id)}-{keys.mac(_KEY, _marked(purpose, link_id))}"


def link_id_of(keys: KeyRing, purpose: LinkPurpose, token: str) -> int:
    """The id in the last part of a link's path. Raises ``LinkUnusable`` where the MAC is not ours."""
    name, _, mac = token.partition("-")
    try:
        link_id = ids.decode(name)
    except ValueError:
        raise LinkUnusable from None
    if not keys.mac_fits(_KEY, _marked(purpose, link_id), mac):
        raise LinkUnusable
    return link_id


def _marked(purpose: LinkPurpose, link_id: int) -> str:
    return f"{purpose.value} {link_id}"
