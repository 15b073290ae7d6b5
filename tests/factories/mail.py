"""What a mailbox holds: mails as they leave, for a person of a test who opens the last one."""

import re
from types import SimpleNamespace

import sqlalchemy as sa
from flask import Flask

from civicvote.db import db
from civicvote.domain.notifications.models import OutboxMessage
from civicvote.kernel import clock
from civicvote.web.mail import compose
from civicvote.web.settings import settings


def last_mail_to(app: Flask, address: str) -> str:
    """The text of the newest mail to the address, composed as the worker would. Subject first."""
    with app.app_context():
        row = db.session.scalars(
            sa.select(OutboxMessage).where(OutboxMessage.address == address).order_by(OutboxMessage.id.desc()).limit(1)
        ).one()
        kept = ("id", "address", "locale", "kind", "params", "path")
        posted = SimpleNamespace(**{name: getattr(row, name) for name in kept})
        db.session.rollback()
        mail = compose(posted, settings(), at=clock.now())
        return f"{mail['Subject']}\n\n{mail.get_content()}"


def link_in_last_mail(app: Flask, address: str) -> str:
    """The path (with the language's prefix) to which the newest mail to the address leads."""
    body = last_mail_to(app, address).partition("\n\n-- \n")[0]
    found = re.search(r"^https?://[^/\s]+(/\S*)$", body, flags=re.M)
    assert found, f"no link in the mail: {body}"
    return found[1]
