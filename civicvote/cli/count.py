"""``civicvote count``: counts a Pabulib file on its own, without a database or a configured application."""

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import click

from civicvote.domain.tally.pabulib.model import PabulibElection
from civicvote.domain.tally.pabulib.numbers import plain_points
from civicvote.domain.tally.pabulib.problems import PabulibError, Problem
from civicvote.domain.tally.pabulib.read import read_pabulib_file
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Points
from civicvote.domain.tally.registry import BUDGET_RULES, TALLY_RULES
from civicvote.domain.tally.result import Reason, TallyResult, Verdict
from civicvote.domain.tally.ties import BY_ID, TieBreak, TieBreakSeedUnusable, TieBreakUnknown
from civicvote.kernel.voting import CountingRule

_WARNINGS_SHOWN = 20
_THRESHOLD_OF_FILE = "file"

_REASON_WORDS = {
    Reason.SELECTED: "selected",
    Reason.DOES_NOT_FIT: "does not fit",
    Reason.AFTER_THE_STOP: "after the stop",
    Reason.BEYOND_THE_SEATS: "beyond the seats",
    Reason.BELOW_THRESHOLD: "below the threshold",
    Reason.WITHDRAWN: "withdrawn",
}


def _tie_break(ctx: click.Context, param: click.Parameter, value: str) -> TieBreak:
    try:
        return TieBreak.parse(value)
    except TieBreakUnknown as error:
        raise click.BadParameter(f"{value!r} is neither 'id' nor 'seed:TEXT'.") from error
    except TieBreakSeedUnusable as error:
        raise click.BadParameter("the seed must be one line of visible text.") from error


def _threshold(ctx: click.Context, param: click.Parameter, value: str | None) -> str | Points | None:
    if value is None or value == _THRESHOLD_OF_FILE:
        return value
    threshold = plain_points(value)
    if threshold is None:
        raise click.BadParameter(f"{value!r} is neither 'file' nor a number.")
    return threshold


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
    "--threshold",
    metavar="file|N",
    callback=_threshold,
    help="The lowest score that can win: a number, or 'file' for the file's min_project_score_threshold.",
)
@click.option(
    "--tie-break",
    metavar="id|seed:TEXT",
    callback=_tie_break,
    default=str(BY_ID),
    show_default=True,
    help="Equal scores: project id as text, or a lot from a published seed.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
def count_command(file: Path, rule: str, threshold: str | Points | None, tie_break: TieBreak, as_json: bool) -> None:
    """Count the Pabulib FILE.

    The outcome goes to standard output, what is wrong with the file to standard error, by line.
    Exit status: 0 counted, 1 the file cannot be counted, 2 wrong use.
    """
    try:
        election = read_pabulib_file(file)
    except PabulibError as error:
        report(file, error.problems)
        raise click.exceptions.Exit(1) from error
    except OSError as error:
        click.echo(f"{file}: {error.strerror}", err=True)
        raise click.exceptions.Exit(1) from error
    if isinstance(threshold, str):
        threshold = election.threshold
        if threshold is None:
            raise click.UsageError("--threshold file: the file sets no min_project_score_threshold.")
    report(file, election.warnings)
    result = TALLY_RULES[CountingRule(rule)](election.profile, CountingParameters(tie_break, threshold))
    if as_json:
        click.echo(json.dumps(outcome(election, result), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(map(_visible, _table(election, result))))


def outcome(election: PabulibElection, result: TallyResult) -> dict[str, object]:
    """What ``--json`` prints. Amounts are in the file's units, as :meth:`.PabulibElection.amount` gives them.

    A score that is not whole is a text such as "7/2". ``selected`` is in order of selection; ``ties`` are the
    groups of equal score in which the tie-break decided, ids in the order used.
    """
    threshold = result.parameters.threshold
    return {
        "rule": result.rule.value,
        "tie_break": str(result.parameters.tie_break),
        "threshold": None if threshold is None else _score(threshold),
        "selected": list(result.selected),
        "total_cost": election.amount(result.total_cost),
        "budget": election.amount(result.budget),
        "currency": election.currency,
        "voters": result.voters,
        "valid_ballots": result.valid_ballots,
        "ties": [
            {
                "score": _score(tie.score),
                "projects": list(tie.option_ids),
                "changed_winners": tie.changed_winners,
            }
            for tie in result.ties
        ],
        "projects": [_verdict(election, verdict) for verdict in result.verdicts],
        "warnings": len(election.warnings),
    }


def _verdict(election: PabulibElection, verdict: Verdict) -> dict[str, object]:
    return {
        "id": verdict.option_id,
        "reason": verdict.reason.value,
        "score": _score(verdict.score),
        "cost": election.amount(verdict.cost),
        "step": verdict.step,
        "left": None if verdict.left is None else election.amount(verdict.left),
    }


def _score(score: Points) -> int | str:
    return int(score) if Fraction(score).denominator == 1 else str(score)


def report(file: Path, problems: Sequence[Problem]) -> None:
    """Tell on standard error what is wrong with the file, by line; the first problems only."""
    for problem in problems[:_WARNINGS_SHOWN]:
        click.echo(_visible(f"{file}: {problem}"), err=True)
    if (more := len(problems) - _WARNINGS_SHOWN) > 0:
        click.echo(f"{file}: and {more} more", err=True)


def _visible(line: str) -> str:
    """A file's own text may hold line separators or sequences that command a terminal."""
    return "".join(character if character.isprintable() else " " for character in line)


def _table(election: PabulibElection, result: TallyResult) -> Iterator[str]:
    currency = election.currency or ""
    yield f"rule {result.rule}, ties by {result.parameters.tie_break}"
    yield f"{result.voters} ballots, {result.valid_ballots} of them with a choice"
    yield ""
    names = {project.option.id: project.option.name for project in election.projects}
    rows = [
        (
            "" if verdict.step is None else str(verdict.step),
            verdict.option_id,
            str(_score(verdict.score)),
            str(election.amount(verdict.cost)),
            "" if verdict.left is None else str(election.amount(verdict.left)),
            _REASON_WORDS[verdict.reason],
            names[verdict.option_id],
        )
        for verdict in result.verdicts
    ]
    heads = ("step", "project", "score", "cost", "left", "why", "name")
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        cells = [
            cell.ljust(width) if head in ("project", "why", "name") else cell.rjust(width)
            for head, cell, width in zip(heads, row, widths, strict=True)
        ]
        yield "  ".join(cells).rstrip()
    yield ""
    for tie in result.ties:
        effect = "the order decided who wins" if tie.changed_winners else "the winners do not depend on it"
        yield f"tie at {_score(tie.score)}: {', '.join(tie.option_ids)}; {effect}"
    spent, budget = election.amount(result.total_cost), election.amount(result.budget)
    yield f"selected {len(result.selected)}, cost {spent} of {budget} {currency}".rstrip()
