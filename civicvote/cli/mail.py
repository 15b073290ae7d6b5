"""``civicvote deliver-mail`` and ``civicvote worker``."""

import logging

import click
from flask import current_app
from flask.cli import with_appcontext

from civicvote.jobs.mail import deliver_mail
from civicvote.jobs.queue import make_queue
from civicvote.jobs.tasks import register_tasks
from civicvote.web.settings import settings


@click.command("deliver-mail")
@with_appcontext
def deliver_mail_command() -> None:
    """Hand over the mail that waits in the outbox, once."""
    delivery = deliver_mail(settings())
    click.echo(f"{delivery.sent} sent, {delivery.failed} to be tried again")


@click.command("worker")
@click.option("--quiet", is_flag=True, help="Say nothing unless something goes wrong.")
@with_appcontext
def worker_command(quiet: bool) -> None:
    """Do what has to be done each minute: deliver mail, move rounds along. Runs until it is stopped."""
    if not quiet:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    queue = make_queue(settings())
    register_tasks(queue, current_app._get_current_object(), settings())  # type: ignore[attr-defined]
    queue.create_consumer(workers=1, worker_type="thread", flush_locks=True).run()
