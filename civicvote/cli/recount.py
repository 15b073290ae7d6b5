"""``civicvote recount BUNDLE``: counts a published vote again, without a database, a network or a configuration."""

from pathlib import Path

import click

from civicvote.domain.polls.bundle.archive import BundleUnusable, read_bundle
from civicvote.domain.polls.bundle.recounting import recount

_DIFFERS = 1


@click.command("recount")
@click.argument("bundle", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--manifest",
    "expected",
    metavar="SHA256",
    default="",
    help="The manifest's SHA-256 in a copy that you trust; a bundle with another one differs.",
)
def recount_command(bundle: Path, expected: str) -> None:
    """Count the BUNDLE again and say whether the outcome is the published one.

    Exit status: 0 it is, 1 something differs, 2 wrong use.
    """
    try:
        opened = read_bundle(bundle.read_bytes())
        found = recount(opened, expected_manifest=expected)
    except OSError as error:
        click.echo(f"{bundle}: {error.strerror}", err=True)
        raise click.exceptions.Exit(_DIFFERS) from error
    except BundleUnusable as error:
        click.echo(f"{bundle}: this is no bundle that could be counted.", err=True)
        raise click.exceptions.Exit(_DIFFERS) from error
    click.echo(f"manifest SHA-256 {opened.manifest_hash}")
    click.echo(f"rules    SHA-256 {opened.rules_hash}")
    click.echo(f"receipts Merkle root {opened.receipts_root or 'none'}")
    click.echo(f"{found.ballots} ballots, {found.receipts} receipts")
    click.echo(f"counted by {found.result.rule}: {', '.join(found.result.selected) or 'nothing'} selected")
    for difference in found.differences:
        click.echo(f"differs: {difference}")
    if found.agrees:
        click.echo("The outcome is the published one.")
        click.echo("The outcome page and the protocol show these hashes: compare them, and --manifest does it for you.")
        return
    click.echo("The outcome is NOT confirmed.")
    raise click.exceptions.Exit(_DIFFERS)
