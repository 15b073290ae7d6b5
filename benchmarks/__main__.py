"""``python -m benchmarks``: measure against the yardsticks and write ``benchmarks/RESULTS.md``."""

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import click

from benchmarks.bench import bench
from benchmarks.operations import OPERATIONS
from benchmarks.report import report
from benchmarks.settings import FULL, QUICK
from benchmarks.verdicts import complaints

_RESULTS = Path(__file__).parent / "RESULTS.md"


@click.command()
@click.option("--quick", is_flag=True, help="Small and short, to see that everything works; floors are not judged.")
@click.option(
    "--database",
    "systems",
    type=click.Choice(["postgresql", "sqlite"]),
    multiple=True,
    default=["postgresql"],
    show_default=True,
    help="Give it twice for both.",
)
@click.option("--only", multiple=True, type=click.Choice([each.name for each in OPERATIONS]), help="Some operations.")
@click.option("--repetitions", type=click.IntRange(min=1), help="Instead of the plan's.")
@click.option("--seconds", type=click.FloatRange(min=1), help="How long each run lasts, instead of the plan's.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), default=_RESULTS, help="Where results go.")
def main(  # noqa: PLR0917
    quick: bool,
    systems: tuple[str, ...],
    only: tuple[str, ...],
    repetitions: int | None,
    seconds: float | None,
    output: Path,
) -> None:
    """Measure CivicVote against bare Flask views on this machine. Fails when a floor that must hold does not."""
    plan = QUICK if quick else FULL
    plan = replace(plan, repetitions=repetitions or plan.repetitions, seconds=seconds or plan.seconds)
    load_before = os.getloadavg()[0]
    results, failures = [], []
    for system in systems:
        with tempfile.TemporaryDirectory(prefix="civicvote-bench-") as folder:
            result = bench(system, plan, Path(folder), only=only, say=click.echo)
        results.append(result)
        # Floors are set for PostgreSQL; SQLite stands beside it.
        judged = plan if system == "postgresql" else replace(plan, must_hold=False)
        failures += [f"{system}: {each}" for each in complaints(result, judged)]
    output.write_text(report(results, plan, load_before))
    click.echo(f"written: {output}")
    if failures:
        click.echo("\n".join(failures), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
