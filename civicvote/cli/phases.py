"""``civicvote advance-phases``: what the schedule asks for now. Made for a timer, once a minute."""

import click
from flask.cli import with_appcontext

from civicvote.db import unit_of_work
from civicvote.domain.lifecycle.services import advance_phases
from civicvote.web.settings import settings


@click.command("advance-phases")
@with_appcontext
def advance_phases_command() -> None:
    """Close and count votes whose time is over, and enter the phases that have begun.

    Safe to run as often as one likes. Exit status: 0 done, 1 something was refused and is tried again next time.
    """
    steps = advance_phases(key_folder=settings().key_path, unit=unit_of_work)
    for step in steps:
        outcome = f"refused: {step.refused}" if step.refused else "done"
        click.echo(f"{step.verb} {step.subject} {outcome}")
    if any(step.refused for step in steps):
        raise click.exceptions.Exit(1)
