"""``civicvote audit``: walk the chains of the audit, publish the heads of days that are over."""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path

import click
from flask.cli import with_appcontext

from civicvote.db import reading, unit_of_work
from civicvote.domain.audit.errors import HeadsUnreadable
from civicvote.domain.audit.faults import BrokenLink, Fault
from civicvote.domain.audit.heads import Head, read_heads
from civicvote.domain.audit.queries_chain import ChainWalk, missing_guards, regions_with_a_chain
from civicvote.domain.audit.services_heads import publish_heads
from civicvote.domain.regions.queries import UnknownRegion, region_scope, slugs_of

_WHAT_IS_WRONG = {
    Fault.CONTENT: "is not what was recorded",
    Fault.PLACE: "does not follow the entry before it",
    Fault.DAY_HEAD: "is not the one whose hash was published for {day}",
    Fault.END: "is not where the chain should end",
    Fault.UNREADABLE: "is the last that can be read: the database is damaged behind it",
}


@click.group("audit")
def audit_command() -> None:
    """Check the audit's chains and publish their heads."""


@dataclass(slots=True)
class _Chain:
    """What the walk through one region's chain found."""

    region: str
    entries: int = 0
    head: str = ""
    broken: list[BrokenLink] = field(default_factory=list)


@audit_command.command("verify")
@click.argument("region", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
@click.option(
    "--heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Heads that somebody kept outside of this site, as the page of heads gives them.",
)
@with_appcontext
def verify_command(region: str | None, as_json: bool, heads: Path | None) -> None:
    """Walk the chain of every REGION (or of one) and name each entry that is not what was recorded.

    Exit status: 0 whole, 1 broken or unguarded, 2 wrongly called.
    """
    kept = _kept_heads(heads)
    begun = time.perf_counter()
    with reading():
        unguarded = missing_guards()
        chains = [_walk(slug, region_id, kept.get(slug, [])) for region_id, slug in _wanted(region).items()]
    seconds = time.perf_counter() - begun
    is_whole = not unguarded and not any(chain.broken for chain in chains)
    if as_json:
        _tell_machines(chains, unguarded, is_whole, seconds)
    else:
        _tell_people(chains, unguarded, is_whole, seconds)
    if not is_whole:
        raise click.exceptions.Exit(1)


def _kept_heads(path: Path | None) -> dict[str, list[Head]]:
    if path is None:
        return {}
    try:
        return read_heads(path.read_text("utf-8"))
    except (HeadsUnreadable, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path} is no list of heads") from error


def _wanted(region: str | None) -> dict[int, str]:
    if region is None:
        return slugs_of(regions_with_a_chain())
    try:
        return {region_scope(region).id: region}
    except UnknownRegion as error:
        raise click.UsageError(f"there is no region {region!r}") from error


def _walk(slug: str, region_id: int, kept: list[Head]) -> _Chain:
    walk = ChainWalk(region_id, kept=kept)
    found = _Chain(slug, broken=list(walk))
    found.entries, found.head = walk.entries, walk.head
    return found


def _tell_people(chains: list[_Chain], unguarded: list[str], is_whole: bool, seconds: float) -> None:
    for chain in chains:
        state = "broken" if chain.broken else "whole"
        click.echo(f"{chain.region}: {chain.entries:,} entries, {state}, ends with {chain.head}")
        for link in chain.broken:
            act = f" ({link.at} {link.verb})" if link.at else ""
            click.echo(
                f"{chain.region}: entry {link.sequence}{act} {_WHAT_IS_WRONG[link.fault].format(day=link.day_on)}"
            )
    for name in unguarded:
        click.echo(f"the database lacks the guard {name}: what was recorded could be changed")
    entries = sum(chain.entries for chain in chains)
    verdict = "all whole" if is_whole else "NOT whole"
    click.echo(f"{entries:,} entries of {len(chains)} chains verified in {seconds:.2f} s: {verdict}")


def _tell_machines(chains: list[_Chain], unguarded: list[str], is_whole: bool, seconds: float) -> None:
    report = {
        "whole": is_whole,
        "seconds": round(seconds, 3),
        "missing_guards": unguarded,
        "chains": [
            {
                "region": chain.region,
                "entries": chain.entries,
                "head": chain.head,
                "broken": [
                    {
                        "sequence": link.sequence,
                        "fault": link.fault.value,
                        "at": link.at,
                        "verb": link.verb,
                        "day": link.day_on.isoformat() if link.day_on else None,
                    }
                    for link in chain.broken
                ],
            }
            for chain in chains
        ],
    }
    click.echo(json.dumps(report, ensure_ascii=False, indent=2))


@audit_command.command("publish-heads")
@with_appcontext
def publish_heads_command() -> None:
    """Publish the last hash of every chain for each day that is over. Safe to run as often as one likes."""
    with reading():
        regions = slugs_of(regions_with_a_chain())
    for region_id, slug in regions.items():
        with unit_of_work():
            published = publish_heads(region_id=region_id)
        if published:
            click.echo(f"{slug}: {published} days")
