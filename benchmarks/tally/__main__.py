"""``python -m benchmarks.tally``: count beside pabutools and write ``benchmarks/TALLY.md``."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from benchmarks.tally.crowd import write_election
from benchmarks.tally.floors import checks_of
from benchmarks.tally.processes import run
from benchmarks.tally.report import Comparison, Large, report

_PROJECT = Path(__file__).parents[2]
_ENVIRONMENT = _PROJECT / ".venv-pabutools"
_PABUTOOLS = "pabutools==1.2"
_THEIRS = Path(__file__).with_name("theirs.py")
_RESULTS = _PROJECT / "benchmarks" / "TALLY.md"


@click.command()
@click.option(
    "--repetitions", type=click.IntRange(min=1), default=3, show_default=True, help="Of the counts without add1."
)
@click.option("--cap", type=float, default=900.0, show_default=True, help="Seconds after which a count is stopped.")
@click.option("--only", "stems", multiple=True, help="Only these files, by name without .pb.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), default=_RESULTS, help="Where results go.")
def main(repetitions: int, cap: float, stems: tuple[str, ...], output: Path) -> None:
    """Every approval file in turn, ours and theirs. Fails where outcomes differ or a floor that must hold does not."""
    _install_pabutools()
    load = os.getloadavg()[0]
    comparisons = []
    for path in _files(stems):
        for completion in ("none", "add1"):
            comparison = _compare(path, completion, repetitions, cap)
            click.echo(comparison.line())
            comparisons.append(comparison)
    with tempfile.TemporaryDirectory(prefix="civicvote-tally-") as folder:
        crowd = Path(folder) / "crowd.pb"
        write_election(crowd)
        large = Large([run(_command(crowd, "add1"), cap) for _ in range(repetitions)])
        click.echo(large.line())
    checks = checks_of(comparisons, large)
    output.write_text(report(comparisons, large, checks, repetitions=repetitions, cap=cap, load=load))
    click.echo(f"written: {output}")
    click.echo("\n".join(check.line() for check in checks))
    differing = [f"{each.name}, {each.completion}: outcomes differ" for each in comparisons if not each.all_agree]
    click.echo("\n".join(differing), err=True)
    if differing or any(check.must_hold and not check.holds for check in checks):
        sys.exit(1)


def _install_pabutools() -> None:
    """Into an environment of its own, once."""
    python = _ENVIRONMENT / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", _ENVIRONMENT], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", _PABUTOOLS], check=True)


def _files(stems: tuple[str, ...]) -> list[Path]:
    """Approval and choose-1 files: points are not comparable as pabutools reads them."""
    folder = _PROJECT / os.environ.get("CIVICVOTE_REAL_DATA", "../shared/data") / "pabulib"
    found = [
        path
        for path in sorted(folder.glob("*.pb"), key=lambda path: path.stat().st_size)
        if "vote_type;approval" in path.read_text("utf-8") or "vote_type;choose-1" in path.read_text("utf-8")
    ]
    return [path for path in found if not stems or path.stem in stems]


def _command(path: Path, completion: str) -> list[str]:
    return [
        *(sys.executable, "-m", "civicvote", "count", str(path), "--json"),
        *("--rule", "equal-shares", "--satisfaction", "cost", "--completion", completion),
    ]


def _compare(path: Path, completion: str, repetitions: int, cap: float) -> Comparison:
    """In turn, so that whatever else the machine does falls on all of them. What takes long is counted once."""
    theirs = [str(_ENVIRONMENT / "bin" / "python"), str(_THEIRS), str(path), "cost", completion]
    alone = [sys.executable, "-m", "benchmarks.tally.ours", str(path), "cost", completion]
    found = Comparison(path.stem, completion)
    for _ in range(repetitions if completion == "none" else 1):
        found.ours.append(run(_command(path, completion), cap))
        found.alone.append(run(alone, cap))
        found.documented.append(run([*theirs, "documented"], cap))
        found.grouped.append(run([*theirs, "grouped"], cap))
        found.ours.append(run(_command(path, completion), cap))
        found.alone.append(run(alone, cap))
    return found


if __name__ == "__main__":
    main()
