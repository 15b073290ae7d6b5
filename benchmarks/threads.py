"""``python -m benchmarks.threads``: one thread of 100, 1,000, 10,000 and 100,000 comments, and what reading and writing
in it costs. Writes ``benchmarks/THREADS.md``; fails where time does not stay flat.

The sizes take turns within each repetition, in one process: a machine that slows down slows all of them.
"""

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import click
from flask import Flask
from lxml import html
from werkzeug.test import EnvironBuilder, run_wsgi_app

from benchmarks.costs import cost_of
from benchmarks.load import Shot
from benchmarks.long_threads import Talk, site

_RESULTS = Path(__file__).parent / "THREADS.md"
SIZES = (100, 1_000, 10_000, 100_000)
#: The most that a request may take in the longest thread, by what it takes in the shortest.
FLAT = 1.5
LARGEST_VIEW = 120 * 1024
REPETITIONS = 60

_RESULTS = Path(__file__).parent / "THREADS.md"


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one request in one thread: milliseconds (median), SQL statements, bytes of the answer."""

    milliseconds: float
    statements: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Growth:
    """Of one request: by the length of the thread. ``grown``: the median of the ratios within each repetition."""

    name: str
    by_size: dict[int, Measured]
    grown: float

    @property
    def is_flat(self) -> bool:
        same = len({each.statements for each in self.by_size.values()}) == 1
        return same and self.grown <= FLAT


def _read(app: Flask, shot: Shot) -> tuple[float, int, bytes, str]:
    """One request through WSGI: seconds, status, body, the cookie that was set."""
    builder = EnvironBuilder(
        path=shot.path,
        method=shot.method,
        headers=list(shot.headers),
        data=shot.body or None,
        content_type="application/x-www-form-urlencoded" if shot.body else None,
    )
    environ = builder.get_environ()
    begun = time.perf_counter()
    body, status, headers = run_wsgi_app(app, environ, buffered=True)
    spent = time.perf_counter() - begun
    return spent, int(status.split()[0]), b"".join(body), headers.get("Set-Cookie", "")


def _shots(app: Flask, talk: Talk, cookies: Sequence[str]) -> dict[str, list[Shot]]:
    """What is asked of one thread, by name; posting as each of those who write in turn."""
    first = _page(app, talk.page, "")
    more = html.document_fromstring(first).xpath("//li[@class='thread__more']/a[@rel='next']/@href")
    return {
        "first page": [Shot("GET", talk.page)],
        "second page": [Shot("GET", str(more[0]))],
        "page in the middle": [Shot("GET", f"{talk.address}?order=newest&around={talk.middle}")],
        "permalink": [Shot("GET", f"{talk.address}/comments/{talk.middle}")],
        "posting": [_posting(app, talk, cookie) for cookie in cookies],
    }


def _page(app: Flask, path: str, cookie: str) -> str:
    return _read(app, Shot("GET", path, (("Cookie", cookie),) if cookie else ()))[2].decode()


def _posting(app: Flask, talk: Talk, value: str) -> Shot:
    name = app.config["SESSION_COOKIE_NAME"]
    _spent, _status, body, renewed = _read(app, Shot("GET", talk.page, (("Cookie", f"{name}={value}"),)))
    token = html.document_fromstring(body.decode()).xpath("//form[@id='write-box']//input[@name='csrf_token']/@value")
    cookie = renewed.partition(";")[0] or f"{name}={value}"
    data = urlencode({"csrf_token": str(token[0]), "body": "저도 매일 지나는 길이라 반갑습니다.", "stance": "for"})
    return Shot("POST", f"{talk.address}/comments", (("Cookie", cookie),), data)


def measure(system: str, sizes: Sequence[int], repetitions: int) -> tuple[str, list[Growth]]:
    """The database's version, and how each request grew with the length of the thread."""
    with site(system, sizes) as (app, talks, cookies, version):
        shots = {size: _shots(app, talk, cookies) for size, talk in talks.items()}
        names = list(shots[sizes[0]])
        spent: dict[tuple[str, int], list[float]] = {(name, size): [] for name in names for size in sizes}
        for turn in range(-5, repetitions):  # the first ones only warm up
            for name in names:
                for size in sizes if turn % 2 else reversed(sizes):
                    own = shots[size][name]
                    seconds, status, _body, _cookie = _read(app, own[turn % len(own)])
                    assert status in {200, 303}, f"{name}: {status}"
                    if turn >= 0:
                        spent[name, size].append(seconds)
        costs = {key: cost_of(app, shots[key[1]][key[0]][0]) for key in spent}
        found = []
        for name in names:
            ratios = [large / small for small, large in zip(spent[name, sizes[0]], spent[name, sizes[-1]], strict=True)]
            by_size = {
                size: Measured(median(spent[name, size]) * 1000, costs[name, size].statements, costs[name, size].bytes)
                for size in sizes
            }
            found.append(Growth(name, by_size, median(ratios)))
        return version, found


def complaints(growths: Sequence[Growth]) -> list[str]:
    """What does not hold: flat times, equal statements, the size of a first view."""
    found = [f"{each.name}: {each.grown:.2f} ×, statements {_statements(each)}" for each in growths if not each.is_flat]
    first = growths[0]
    most = max(each.bytes for each in first.by_size.values())
    return found + ([f"{first.name}: {most:,} bytes"] if most > LARGEST_VIEW else [])


def _statements(growth: Growth) -> str:
    return ", ".join(str(each.statements) for each in growth.by_size.values())


def report(results: dict[str, list[Growth]], load: float, repetitions: int) -> str:
    lines = [
        "# Long threads: results of `python -m benchmarks.threads`",
        "",
        "Milliseconds of one request through WSGI, medians; the sizes took turns in one process, so only the ratios",
        f"mean anything. The last column is the median of {repetitions} ratios of the longest to the shortest thread,",
        f"each within one repetition; it must stay within {FLAT} ×. Load of the machine before the run: {load:.1f}.",
    ]
    for version, growths in results.items():
        sizes = list(growths[0].by_size)
        lines += [
            "",
            f"## {version}",
            "",
            f"| Request | {' | '.join(f'{size:,} comments' for size in sizes)} | Statements | Bytes | Ratio |",
            f"|---|{'--:|' * len(sizes)}--:|--:|--:|",
        ]
        for each in growths:
            times = " | ".join(f"{each.by_size[size].milliseconds:.1f}" for size in sizes)
            most = max(found.bytes for found in each.by_size.values())
            held = "" if each.is_flat else " **no**"
            lines.append(f"| {each.name} | {times} | {_statements(each)} | {most:,} | {each.grown:.2f} ×{held} |")
    return "\n".join(lines) + "\n"


@click.command()
@click.option("--database", "systems", type=click.Choice(["postgresql", "sqlite"]), multiple=True,
              default=["postgresql", "sqlite"], show_default=True, help="One of them instead of both.")  # fmt: skip
@click.option("--largest", type=click.IntRange(min=1_000), default=SIZES[-1], show_default=True)
@click.option("--repetitions", type=click.IntRange(min=1), default=REPETITIONS, show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), default=_RESULTS)
def main(systems: tuple[str, ...], largest: int, repetitions: int, output: Path) -> None:
    """Measure threads of 100 comments and more, each ten times as long as the one before."""
    load, results, failures = os.getloadavg()[0], {}, []
    for system in systems:
        click.echo(f"{system}: filling threads and measuring")
        version, results_here = measure(system, [size for size in SIZES if size <= largest], repetitions)
        results[version] = results_here
        failures += [f"{system}: {each}" for each in complaints(results_here)]
    output.write_text(report(results, load, repetitions))
    click.echo(f"written: {output}")
    if failures:
        click.echo("\n".join(failures), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
