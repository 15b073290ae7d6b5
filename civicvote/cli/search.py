"""``civicvote reindex``: make what search reads anew from what it is made of."""

from collections import Counter

import click
from flask.cli import with_appcontext

from civicvote.db import unit_of_work
from civicvote.domain.search.services import reindex_in_chunks


@click.command("reindex")
@with_appcontext
def reindex_command() -> None:
    """Write the index of search anew, chunk by chunk, while the site runs. Running it again changes nothing."""
    for kind, chunks in Counter(reindex_in_chunks(unit=unit_of_work)).items():
        click.echo(f"{kind.value}: {chunks} chunk{'s' if chunks > 1 else ''}")
