"""``python -m benchmarks.opinions``: measure maps of two sizes and write ``benchmarks/OPINIONS.md``."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

import click
import numpy as np

_RESULTS = Path(__file__).parents[1] / "OPINIONS.md"
#: People, statements, the longest that the whole map may take (seconds).
SIZES = ((2_000, 900, 3.0), (20_000, 1_000, 30.0))
#: How much of the statements each person saw: as in large real conversations, and everything.
DENSITIES = (0.2, 1.0)


@click.command()
@click.option("--repetitions", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), default=_RESULTS, help="Where results go.")
def main(repetitions: int, output: Path) -> None:
    """Time the whole opinion map, gate included. Fails where a limit does not hold in the median."""
    load = os.getloadavg()[0]
    rows, late = [], []
    for people, statements, limit in SIZES:
        for density in DENSITIES:
            runs = [_run(people, statements, density) for _ in range(repetitions)]
            whole = median(run["whole_seconds"] for run in runs)
            click.echo(f"{people} × {statements}, {density:.0%} seen: {whole:.2f} s (limit {limit:.0f})")
            rows.append(_row(people, statements, density, limit, runs))
            if whole > limit:
                late.append(f"{people} × {statements} at {density:.0%}: {whole:.2f} s, limit {limit:.0f} s")
    output.write_text(_report(rows, repetitions, load))
    click.echo(f"written: {output}")
    if late:
        click.echo("\n".join(late), err=True)
        sys.exit(1)


def _run(people: int, statements: int, density: float) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.opinions.one", str(people), str(statements), str(density)]
    answer: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return answer


def _row(people: int, statements: int, density: float, limit: float, runs: list[dict[str, Any]]) -> str:
    def spread(name: str) -> str:
        values = sorted(run[name] for run in runs)
        return f"{median(values):.2f} ({values[0]:.2f} to {values[-1]:.2f})"

    last = runs[-1]
    verdict = "groups shown" if last["verdict"]["reason"] is None else f"no groups: {last['verdict']['reason']}"
    memory = median(run["peak_mebibytes"] for run in runs)
    before = median(run["before_mebibytes"] for run in runs)
    return (
        f"| {people:,} × {statements:,} | {density:.0%} | {last['votes']:,} | {spread('map_seconds')} | "
        f"{spread('whole_seconds')} | {limit:.0f} | {spread('cpu_seconds')} | {memory:.0f} ({before:.0f}) | {verdict} |"
    )


def _report(rows: list[str], repetitions: int, load: float) -> str:
    return "\n".join(
        [
            "# Opinion maps",
            "",
            "Written by `python -m benchmarks.opinions`. Made-up conversations of three minds; each measurement in a "
            f"process of its own, median of {repetitions} (with range).",
            "",
            f"{os.cpu_count()} processors ({platform.machine()}), Python {platform.python_version()}, numpy "
            f"{np.__version__}, load {load:.1f} before the first run.",
            "",
            "*map*: means, principal components over everyone (all eigenvectors, double precision), positions, base "
            "clusters, groups for every k with silhouettes, representative statements, consensus. *whole*: the map and "
            "the gate, that is 20 shuffled matrices and 10 runs with a tenth of the votes left out. Reading votes from "
            "the database and writing the snapshot are not in it. *seen*: the share of statements each person saw; "
            "*processor*: what all cores spent on the whole. "
            "Memory is the process's at its peak (before the map, made-up votes included), in MiB.",
            "",
            "| size | seen | votes | map, s | whole, s | limit, s | processor, s | memory | verdict |",
            "|---|---|---|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    main()
