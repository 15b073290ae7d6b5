"""The subcommands of ``civicvote``, one file a subject."""

import click

from civicvote.cli.audit import audit_command
from civicvote.cli.count import count_command
from civicvote.cli.doors import access_table_command
from civicvote.cli.elections import import_command
from civicvote.cli.mail import deliver_mail_command, worker_command
from civicvote.cli.opinions import import_conversation_command, opinion_map_command, opinions_command
from civicvote.cli.people import grant_role_command, reset_second_factor_command
from civicvote.cli.phases import advance_phases_command
from civicvote.cli.recount import recount_command
from civicvote.cli.regions import load_regions_command
from civicvote.cli.retention import retention_command
from civicvote.cli.search import reindex_command
from civicvote.cli.seed import seed_command
from civicvote.cli.serve import demo_command, serve_command
from civicvote.cli.unseal import unseal_command

COMMANDS: tuple[click.Command, ...] = (
    access_table_command,
    advance_phases_command,
    audit_command,
    count_command,
    demo_command,
    deliver_mail_command,
    grant_role_command,
    reset_second_factor_command,
    reindex_command,
    import_command,
    load_regions_command,
    recount_command,
    import_conversation_command,
    opinion_map_command,
    opinions_command,
    retention_command,
    seed_command,
    serve_command,
    unseal_command,
    worker_command,
)
