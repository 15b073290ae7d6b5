"""What the commands that fill a database of their own for each system share."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

import click

from benchmarks.databases import fresh_database

Command = Callable[..., Any]
_SYSTEMS = ["sqlite", "postgresql"]


def sized(*, least: int, proposals: int, repetitions: int, output: Path) -> Callable[[Command], Command]:
    """Options ``--database`` (``systems``), ``--proposals`` (``least`` at least), ``--repetitions``, ``--output``."""
    options = (
        click.option(
            "--database",
            "systems",
            type=click.Choice(_SYSTEMS),
            multiple=True,
            default=_SYSTEMS,
            show_default=True,
        ),
        click.option("--proposals", type=click.IntRange(min=least), default=proposals, show_default=True),
        click.option("--repetitions", type=click.IntRange(min=10), default=repetitions, show_default=True),
        click.option("--output", type=click.Path(dir_okay=False, path_type=Path), default=output),
    )
    return lambda command: reduce(lambda wrapped, option: option(wrapped), reversed(options), command)


def fresh_databases(systems: Sequence[str], name: str) -> Iterator[tuple[str, str, Path]]:
    """One after the other, each gone when the next is asked for: the system, its address, a folder for files."""
    for system in systems:
        with (
            tempfile.TemporaryDirectory(prefix=f"civicvote-{name}-") as folder,
            fresh_database(system, Path(folder), name) as address,
        ):
            yield system, address, Path(folder)
