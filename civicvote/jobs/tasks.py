"""What the worker does on its own each minute. Every task may run late, twice or not at all and harms nothing."""

from flask import Flask
from huey import Huey, crontab

from civicvote.config import Settings
from civicvote.jobs.mail import deliver_mail


def register_tasks(queue: Huey, app: Flask, settings: Settings) -> None:
    """Put the periodic tasks into the queue; each runs inside a context of the application."""

    def deliver_waiting_mail() -> None:
        with app.app_context():
            deliver_mail(settings)

    for name, work in (("deliver-mail", deliver_waiting_mail),):
        queue.periodic_task(crontab(minute="*"), name=name)(queue.lock_task(name)(work))
