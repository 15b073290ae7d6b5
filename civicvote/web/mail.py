"""Mails: composed in the recipient's language from ``templates/email/<kind>.txt``, whose first line is the subject."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import render_template

from civicvote.config import Settings
from civicvote.domain.accounts.links import LinkPurpose, link_path
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.kernel import ids
from civicvote.web.i18n import DEFAULT_LOCALE, speaking
from civicvote.web.notices import notice, notice_detail, readable

#: What links of mails begin with when no address is configured; ``/demo/mail`` puts the visited one in its place.
LOCAL_ADDRESS = "http://127.0.0.1:5000"


class Posted(Protocol):
    """What a mail is made of: a row of the outbox as a value."""

    @property
    def id(self) -> int: ...
    @property
    def address(self) -> str: ...
    @property
    def locale(self) -> str: ...
    @property
    def kind(self) -> NotificationKind: ...
    @property
    def params(self) -> dict[str, Any]: ...
    @property
    def path(self) -> str: ...


def path_of(mail: Posted, settings: Settings) -> str:
    """Where the mail leads. A link that opens something exists from here on only: the row held its id."""
    if "link_id" not in mail.params:
        return mail.path
    return link_path(settings.key_ring, LinkPurpose(mail.params["link_purpose"]), mail.params["link_id"])


def compose(mail: Posted, settings: Settings, *, at: datetime) -> EmailMessage:
    """The mail as it leaves. The same row gives the same Message-ID, so that a second delivery is known as one."""
    site = settings.public_url or LOCAL_ADDRESS
    prefix = "" if mail.locale == DEFAULT_LOCALE else f"/{mail.locale}"
    with speaking(mail.locale):
        text = render_template(
            f"email/{mail.kind.value}.txt",
            sentence=notice(mail.kind, mail.params),
            detail=notice_detail(mail.kind, mail.params),
            link=f"{site}{prefix}{path}" if (path := path_of(mail, settings)) else "",
            site_name=settings.name,
            site_url=f"{site}{prefix}/",
            **readable(mail.params),
        )
    subject, _, body = text.strip().partition("\n")
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"] = Address(settings.name, addr_spec=settings.mail_from)
    message["To"] = Address(addr_spec=mail.address)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{ids.encode(mail.id)}@{urlsplit(site).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.strip() + "\n", cte="base64")
    return message
