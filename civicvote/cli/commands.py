"""The subcommands of ``civicvote``, one file a subject."""

import click

from civicvote.cli.count import count_command
from civicvote.cli.seed import seed_command

COMMANDS: tuple[click.Command, ...] = (count_command, seed_command)
