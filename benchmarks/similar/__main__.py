"""``python -m benchmarks.similar``: recall on the stored pairs, cost at 10,000 proposals; writes ``SIMILAR.md``."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from benchmarks.commands import fresh_databases, sized
from benchmarks.similar.cost import MOST_TIMES
from benchmarks.similar.report import Result, report
from benchmarks.similar.run import FULL, measure

_RESULTS = Path(__file__).parents[1] / "SIMILAR.md"
LEAST_RECALL = 0.85


@click.command()
@sized(least=400, proposals=FULL.proposals, repetitions=FULL.repetitions, output=_RESULTS)
def main(systems: tuple[str, ...], proposals: int, repetitions: int, output: Path) -> None:
    """Fails where recall at 5 or the cost is not what it must be."""
    plan = replace(FULL, proposals=proposals, repetitions=repetitions)
    results: list[Result] = []
    for system, address, folder in fresh_databases(systems, "similar"):
        click.echo(f"{system}: {plan.proposals:,} proposals")
        results.append(measure(system, address, folder, plan))
    output.write_text(report(results, plan.proposals))
    click.echo(f"written: {output}")
    failures = [
        *(
            f"{each.system}: recall {part}"
            for each in results
            for part, recall in each.judged.items()
            if recall.share < LEAST_RECALL
        ),
        *(f"{each.system}: {each.cost.times:.1f} pages" for each in results if each.cost.times > MOST_TIMES),
    ]
    if failures:
        click.echo("\n".join(failures), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
