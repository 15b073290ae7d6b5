"""What the worker does on its own each minute. Every task may run late, twice or not at all and harms nothing."""

from flask import Flask
from huey import Huey, crontab

from civicvote.config import Settings
from civicvote.db import unit_of_work
from civicvote.domain.lifecycle.services import advance_phases
from civicvote.jobs.mail import deliver_mail


def register_tasks(queue: Huey, app: Flask, settings: Settings) -> None:
    """Put the periodic tasks into the queue; each runs inside a context of the application."""

    def deliver_waiting_mail() -> None:
        with app.app_context():
            deliver_mail(settings)

    def move_rounds_along() -> None:
        with app.app_context():
            advance_phases(key_folder=settings.key_path, unit=unit_of_work)

    for name, work in (("deliver-mail", deliver_waiting_mail), ("advance-phases", move_rounds_along)):
        queue.periodic_task(crontab(minute="*"), name=name)(queue.lock_task(name)(work))
