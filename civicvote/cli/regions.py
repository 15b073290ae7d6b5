"""``civicvote load-regions``: the facts about regions, institutions and published figures."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from civicvote.db import unit_of_work
from civicvote.domain.regions.facts import BadFacts, read_facts
from civicvote.domain.regions.services import load_facts

FACTS = Path(__file__).parents[1] / "seed" / "regions.json"


@click.command("load-regions")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=FACTS,
    help="Another facts file of the same form.",
)
@with_appcontext
def load_regions_command(file: Path) -> None:
    """Store the regions, their platforms, figures and institutions; safe to repeat."""
    try:
        facts = read_facts(file.read_text("utf-8"))
    except (BadFacts, KeyError, TypeError, ValueError) as error:
        raise click.ClickException(f"{file}: {error}") from error
    with unit_of_work():
        loaded = load_facts(facts)
    click.echo(
        f"{loaded.regions} regions, {loaded.figures} figures, "
        f"{loaded.institutions} institutions in {loaded.memberships} places"
    )
