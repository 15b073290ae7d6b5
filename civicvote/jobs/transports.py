"""Where mail goes: to the SMTP server of the settings, or into a folder where there is none."""

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from civicvote.config import Settings
from civicvote.web.mail_folder import store

#: Hands over one mail with the id of its row; raises ``OSError`` or ``smtplib.SMTPException`` where that fails.
Transport = Callable[[int, EmailMessage], None]

_SECONDS = 20


def transport_of(settings: Settings) -> Transport:
    """The transport of these settings.

    ``smtps://user:password@host`` speaks TLS from the start, ``smtp+starttls://`` after the greeting, ``smtp://``
    never.
    """
    if not settings.smtp_url:
        return lambda mail_id, message: store(settings.mail_path, mail_id, message)
    return lambda _mail_id, message: _send(settings.smtp_url, message)


def _send(smtp_url: str, message: EmailMessage) -> None:
    with _connect(smtp_url) as server:
        server.send_message(message)


def _connect(smtp_url: str) -> smtplib.SMTP:
    parts = urlsplit(smtp_url)
    host = parts.hostname or "localhost"
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=_SECONDS, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, parts.port or (587 if parts.scheme == "smtp+starttls" else 25), timeout=_SECONDS)
    try:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server
