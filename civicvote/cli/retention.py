"""``civicvote retention``: destroy personal data whose time is over."""

import click
from flask.cli import with_appcontext

from civicvote.db import unit_of_work
from civicvote.domain.retention.services import destroy_overdue
from civicvote.web.uploads import store


@click.group("retention")
def retention_command() -> None:
    """Destroy personal data whose time is over."""


@retention_command.command("run")
@with_appcontext
def run_command() -> None:
    """Carry out every line of the retention table once. Safe to run as often as one likes."""
    for destroyed in destroy_overdue(store=store(), unit=unit_of_work):
        click.echo(f"{destroyed.kept}: {destroyed.count}")
