"""``civicvote load-regions``: the facts about regions, institutions and published figures, and the districts."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from civicvote.db import unit_of_work
from civicvote.domain.regions.districts import BadDistricts, read_districts
from civicvote.domain.regions.facts import BadFacts, read_facts
from civicvote.domain.regions.services import load_facts
from civicvote.domain.regions.services_districts import load_districts

SEED = Path(__file__).parents[1] / "seed"
FACTS = SEED / "regions.json"
DISTRICTS = SEED / "districts.csv"


@click.command("load-regions")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=FACTS,
    help="Another facts file of the same form.",
)
@click.option(
    "--districts",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=DISTRICTS,
    help="Another file of administrative districts: code, name, created, abolished.",
)
@with_appcontext
def load_regions_command(file: Path, districts: Path) -> None:
    """Store the regions, their platforms, figures, institutions and districts; safe to repeat."""
    try:
        facts = read_facts(file.read_text("utf-8"))
    except (BadFacts, KeyError, TypeError, ValueError) as error:
        raise click.ClickException(f"{file}: {error}") from error
    try:
        standing = read_districts(districts.read_text("utf-8").splitlines())
    except (BadDistricts, KeyError, ValueError) as error:
        raise click.ClickException(f"{districts}: {error}") from error
    with unit_of_work():
        loaded = load_facts(facts)
        load_districts(standing)
    click.echo(
        f"{loaded.regions} regions, {loaded.figures} figures, "
        f"{loaded.institutions} institutions in {loaded.memberships} places, {len(standing)} districts"
    )
