"""``python -m benchmarks.search``: recall on the stored queries, time at 100,000 proposals; writes ``SEARCH.md``."""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import click

from benchmarks.databases import fresh_database
from benchmarks.search.report import complaints, report
from benchmarks.search.run import FULL, Result, measure

_RESULTS = Path(__file__).parents[1] / "SEARCH.md"


@click.command()
@click.option(
    "--database",
    "systems",
    type=click.Choice(["sqlite", "postgresql"]),
    multiple=True,
    default=["sqlite", "postgresql"],
    show_default=True,
)
@click.option("--proposals", type=click.IntRange(min=300), default=FULL.proposals, show_default=True)
@click.option("--repetitions", type=click.IntRange(min=10), default=FULL.repetitions, show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), default=_RESULTS)
def main(systems: tuple[str, ...], proposals: int, repetitions: int, output: Path) -> None:
    """Fails where recall or time is not what it must be."""
    plan = replace(FULL, proposals=proposals, repetitions=repetitions)
    results: list[Result] = []
    for system in systems:
        with (
            tempfile.TemporaryDirectory(prefix="civicvote-search-") as folder,
            fresh_database(system, Path(folder), "search") as address,
        ):
            click.echo(f"{system}: filling with {plan.proposals:,} proposals")
            results.append(measure(system, address, Path(folder), plan))
    output.write_text(report(results, plan))
    click.echo(f"written: {output}")
    if failures := [each for result in results for each in complaints(result)]:
        click.echo("\n".join(failures), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
