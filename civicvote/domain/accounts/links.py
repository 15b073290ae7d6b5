"""Links in mails: each works once and for a while, and the database holds nothing that opens one."""

from datetime import timedelta
from enum import StrEnum


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
