"""``python -m benchmarks.search``: recall on the stored queries, time at 100,000 proposals; writes ``SEARCH.md``."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from benchmarks.commands import fresh_databases, sized
from benchmarks.search.report import complaints, report
from benchmarks.search.run import FULL, Result, measure

_RESULTS = Path(__file__).parents[1] / "SEARCH.md"


@click.command()
@sized(least=300, proposals=FULL.proposals, repetitions=FULL.repetitions, output=_RESULTS)
def main(systems: tuple[str, ...], proposals: int, repetitions: int, output: Path) -> None:
    """Fails where recall or time is not what it must be."""
    plan = replace(FULL, proposals=proposals, repetitions=repetitions)
    results: list[Result] = []
    for system, address, folder in fresh_databases(systems, "search"):
        click.echo(f"{system}: filling with {plan.proposals:,} proposals")
        results.append(measure(system, address, folder, plan))
    output.write_text(report(results, plan))
    click.echo(f"written: {output}")
    if failures := [each for result in results for each in complaints(result)]:
        click.echo("\n".join(failures), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
