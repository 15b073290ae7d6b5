"""``civicvote count``: counts a Pabulib file on its own, without a database or a configured application."""

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import click

from civicvote.cli.count_report import outcome, table
from civicvote.domain.tally.counting import count
from civicvote.domain.tally.pabulib.model import PabulibElection
from civicvote.domain.tally.pabulib.numbers import digits_needed, in_smallest_units, plain_decimal, plain_points
from civicvote.domain.tally.pabulib.problems import PabulibError, Problem
from civicvote.domain.tally.pabulib.read import read_pabulib_file
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Points
from civicvote.domain.tally.registry import BUDGET_RULES
from civicvote.domain.tally.ties import BY_ID, TieBreak, TieBreakSeedUnusable, TieBreakUnknown
from civicvote.kernel.voting import Completion, CountingRule, Satisfaction

_WARNINGS_SHOWN = 20
_THRESHOLD_OF_FILE = "file"

#: The options that speak to some rules only, with those rules' completions where it depends on them.
_OF_EQUAL_SHARES = ("satisfaction", "completion", "increment", "most_runs", "compare_greedy")
_OF_GROWING_SHARES = ("increment", "most_runs")
_GROWING = frozenset({Completion.ADD1, Completion.ADD1_FEASIBLE, Completion.ADD1U})


def _tie_break(ctx: click.Context, param: click.Parameter, value: str) -> TieBreak:
    try:
        return TieBreak.parse(value)
    except TieBreakUnknown as error:
        raise click.BadParameter(f"{value!r} is no order that ends in 'id' or 'seed:TEXT'.") from error
    except TieBreakSeedUnusable as error:
        raise click.BadParameter("the seed must be one line of visible text.") from error


def _threshold(ctx: click.Context, param: click.Parameter, value: str | None) -> str | Points | None:
    if value is None or value == _THRESHOLD_OF_FILE:
        return value
    threshold = plain_points(value)
    if threshold is None:
        raise click.BadParameter(f"{value!r} is neither 'file' nor a number.")
    return threshold


def _increment(ctx: click.Context, param: click.Parameter, value: str | None) -> Decimal | None:
    if value is None:
        return None
    amount = plain_decimal(value)
    if amount is None or amount <= 0:
        raise click.BadParameter(f"{value!r} is not an amount above 0.")
    return amount


@click.command("count")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--rule",
    type=click.Choice([rule.value for rule in BUDGET_RULES]),
    default=CountingRule.GREEDY.value,
    show_default=True,
    help="greedy skips a project that no longer fits, greedy-stop ends there.",
)
@click.option(
    "--satisfaction",
    type=click.Choice([each.value for each in Satisfaction]),
    help="Equal Shares: what a voter has of a project. Default: cost.",
)
@click.option(
    "--completion",
    type=click.Choice([each.value for each in Completion]),
    help="Equal Shares: how it goes on where money is left over. Default: none.",
)
@click.option(
    "--increment",
    metavar="AMOUNT",
    callback=_increment,
    help="Equal Shares: by how much each run makes the shares larger, in the file's units. Default: 1.",
)
@click.option("--most-runs", type=click.IntRange(min=1), help="Equal Shares: where the runs end whatever they found.")
@click.option(
    "--compare-greedy",
    is_flag=True,
    help="Equal Shares: where more voters prefer what greedy selects, that stands. Every voter is asked.",
)
@click.option(
    "--support-divisor",
    type=click.IntRange(min=1),
    metavar="N",
    help="Only projects with supporters / voters of at least cost / (N * budget).",
)
@click.option(
    "--threshold",
    metavar="file|N",
    callback=_threshold,
    help="The lowest score that can win: a number, or 'file' for the file's min_project_score_threshold.",
)
@click.option(
    "--tie-break",
    metavar="[cost,][votes,]id|seed:TEXT",
    callback=_tie_break,
    default=str(BY_ID),
    show_default=True,
    help="Ties: lowest cost, most votes, and last the project id as text or a lot from a published seed.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
def count_command(
    *,
    file: Path,
    rule: str,
    satisfaction: str | None,
    completion: str | None,
    increment: Decimal | None,
    most_runs: int | None,
    compare_greedy: bool,
    support_divisor: int | None,
    threshold: str | Points | None,
    tie_break: TieBreak,
    as_json: bool,
) -> None:
    """Count the Pabulib FILE.

    The outcome goes to standard output, what is wrong with the file to standard error, by line.
    Exit status: 0 counted, 1 the file cannot be counted, 2 wrong use.
    """
    given = {
        "satisfaction": satisfaction,
        "completion": completion,
        "increment": increment,
        "most_runs": most_runs,
        "compare_greedy": compare_greedy or None,
    }
    shares = Completion(completion or Completion.NONE)
    _refuse_idle(CountingRule(rule), shares, [name for name, value in given.items() if value is not None])
    election = _read(file)
    parameters = CountingParameters(
        tie_break=tie_break,
        threshold=_threshold_of(election, threshold),
        support_divisor=support_divisor,
        satisfaction=Satisfaction(satisfaction or Satisfaction.COST),
        completion=shares,
        increment=_smallest_units(election, increment or Decimal(1)),
        most_runs=most_runs or CountingParameters().most_runs,
        compares_with_greedy=compare_greedy,
    )
    report(file, election.warnings)
    result = count(CountingRule(rule), election.profile, parameters)
    if as_json:
        click.echo(json.dumps(outcome(election, result), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(map(_visible, table(election, result))))


def _refuse_idle(rule: CountingRule, completion: Completion, given: Sequence[str]) -> None:
    """An option that would change nothing is a misunderstanding; better to say so than to count."""
    for name in given:
        option = "--" + name.replace("_", "-")
        if name in _OF_EQUAL_SHARES and rule is not CountingRule.EQUAL_SHARES:
            raise click.UsageError(f"{option} belongs to --rule equal-shares.")
        if name in _OF_GROWING_SHARES and completion not in _GROWING:
            raise click.UsageError(f"{option} needs a --completion that makes shares larger: {_listed_growing()}.")


def _listed_growing() -> str:
    return ", ".join(completion for completion in Completion if completion in _GROWING)


def _read(file: Path) -> PabulibElection:
    try:
        return read_pabulib_file(file)
    except PabulibError as error:
        report(file, error.problems)
        raise click.exceptions.Exit(1) from error
    except OSError as error:
        click.echo(f"{file}: {error.strerror}", err=True)
        raise click.exceptions.Exit(1) from error


def _threshold_of(election: PabulibElection, threshold: str | Points | None) -> Points | None:
    if not isinstance(threshold, str):
        return threshold
    if election.threshold is None:
        raise click.UsageError("--threshold file: the file sets no min_project_score_threshold.")
    return election.threshold


def _smallest_units(election: PabulibElection, amount: Decimal) -> int:
    if digits_needed(amount) > election.exponent:
        raise click.UsageError(
            f"--increment {amount}: the file's money has {election.exponent} digits behind the point."
        )
    return in_smallest_units(amount, election.exponent)


def report(file: Path, problems: Sequence[Problem]) -> None:
    """Tell on standard error what is wrong with the file, by line; the first problems only."""
    for problem in problems[:_WARNINGS_SHOWN]:
        click.echo(_visible(f"{file}: {problem}"), err=True)
    if (more := len(problems) - _WARNINGS_SHOWN) > 0:
        click.echo(f"{file}: and {more} more", err=True)


def _visible(line: str) -> str:
    """A file's own text may hold line separators or sequences that command a terminal."""
    return "".join(character if character.isprintable() else " " for character in line)
