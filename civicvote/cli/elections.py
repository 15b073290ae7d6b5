"""``civicvote import-election FILE.pb``: an election that another place held, as a closed poll with its outcome."""

import hashlib
import sys
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import with_appcontext

from civicvote.cli.count import report
from civicvote.db import unit_of_work
from civicvote.domain.outcomes.services import compare_rules
from civicvote.domain.polls.errors import ElectionAlreadyImported, ElectionUnusable
from civicvote.domain.polls.services import ImportedElection, import_election
from civicvote.domain.regions.queries import region_scope
from civicvote.domain.tally.pabulib.model import PabulibElection
from civicvote.domain.tally.pabulib.problems import PabulibError
from civicvote.domain.tally.pabulib.read import read_pabulib_file
from civicvote.web.settings import settings


@click.command("import-election")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def import_command(file: Path) -> None:
    """Import the Pabulib FILE as a closed budget poll and print its page's address.

    Ballots and turnout come along, people are not invented. What is wrong with the file goes to standard error, by
    line. Exit status: 0 imported, 1 nothing was stored, 2 wrong use.
    """
    try:
        election = _read(file)
        report(file, election.warnings)
        imported = _store(file, election)
        _compare(imported)
    except PabulibError as error:
        report(file, error.problems)
        raise click.exceptions.Exit(1) from error
    except OSError as error:
        _refuse(f"{file}: {error.strerror}", error)
    except ElectionUnusable as error:
        place = f"line {error.params['line']}: " if error.params["line"] else ""
        _refuse(f"{file}: {place}{error.params['what']}", error)
    except ElectionAlreadyImported as error:
        there = _address(str(error.params["slug"]), str(error.params["poll_id"]))
        _refuse(f"{file}: this file was imported already, see {there}", error)
    if not imported.counted_as_stated:
        click.echo(
            f"The file's rule is {imported.stated_rule or 'not named'}, which is not among ours: "
            f"the outcome is that of {imported.counted_rule}.",
            err=True,
        )
    if imported.has_official_winners is False:
        click.echo("The file names other winners than this count has: ties, or a rule of the city's own.", err=True)
    click.echo(f"{imported.ballots} ballots, {imported.selected} projects selected by {imported.counted_rule}")
    click.echo(_address(imported.slug, imported.poll_key))


def _read(file: Path) -> PabulibElection:
    with file.open("rb") as stream:
        lines = sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b""))
    with click.progressbar(length=lines, label="reading", file=sys.stderr) as bar:
        return read_pabulib_file(file, progress=lambda line: bar.update(line - bar.pos))


def _store(file: Path, election: PabulibElection) -> ImportedElection:
    with (
        click.progressbar(length=election.profile.voters, label="storing", file=sys.stderr) as bar,
        unit_of_work(),
    ):
        return import_election(
            election=election,
            file_name=file.name,
            file_hash=hashlib.sha256(file.read_bytes()).hexdigest(),
            stored=bar.update,
        )


def _compare(imported: ImportedElection) -> None:
    """The ballots by the other rules too: a page that is opened right away has them."""
    with unit_of_work():
        compare_rules(region_id=region_scope(imported.slug).id, poll_id=imported.poll_id)


def _address(slug: str, poll_key: str) -> str:
    return f"{settings().public_url or 'http://127.0.0.1:5000'}/regions/{slug}/polls/{poll_key}/outcome"


def _refuse(text: str, error: Exception) -> NoReturn:
    click.echo(text, err=True)
    raise click.exceptions.Exit(1) from error
