"""Delivery of the outbox: at least once, and never while a transaction is open.

A mail is taken in one short unit of work (for ``LEASE``, so that parallel workers take different ones), handed over
outside of any transaction, and marked in another. A worker that dies in between leaves it to be tried again.
"""

import smtplib
from dataclasses import dataclass
from email.errors import MessageError

import structlog

from civicvote.config import Settings
from civicvote.db import unit_of_work
from civicvote.domain.notifications.services import Mail, mark_failed, mark_sent, take_mail
from civicvote.jobs.transports import Transport, transport_of
from civicvote.kernel import clock
from civicvote.web.mail import compose

log = structlog.get_logger("civicvote.mail")

#: Whatever one mail may end in, the address that can't be written into a header (the last three) included: it waits or
#: is given up, and the others leave.
_FAULTS = (OSError, smtplib.SMTPException, MessageError, ValueError, IndexError)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How many mails left and how many wait for another try."""

    sent: int
    failed: int


def deliver_mail(settings: Settings, *, most: int = 500, transport: Transport | None = None) -> Delivery:
    """Hand over what is due, at most ``most`` mails. Needs an application context."""
    hand_over = transport or transport_of(settings)
    sent = failed = 0
    while sent + failed < most:
        with unit_of_work():
            mail = take_mail()
        if mail is None:
            break
        if _deliver(mail, settings, hand_over):
            sent += 1
        else:
            failed += 1
    return Delivery(sent, failed)


def _deliver(mail: Mail, settings: Settings, hand_over: Transport) -> bool:
    try:
        hand_over(mail.id, compose(mail, settings, at=clock.now()))
    except _FAULTS as error:
        log.warning("not delivered", kind=mail.kind.value, attempts=mail.attempts, error=type(error).__name__)
        with unit_of_work():
            mark_failed(mail_id=mail.id, error=f"{type(error).__name__}: {error}")
        return False
    with unit_of_work():
        mark_sent(mail_id=mail.id)
    return True
