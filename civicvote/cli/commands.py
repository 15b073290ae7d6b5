"""The subcommands of ``civicvote``, one file a subject."""

import click

from civicvote.cli.count import count_command

COMMANDS: tuple[click.Command, ...] = (count_command,)
