"""Reads a Pabulib ``.pb`` file (pabulib.org/format; Faliszewski et al. 2023, arXiv:2305.11035).

What can be read is read, and what could not be is said by line: see :class:`.PabulibError` for files of which
nothing is usable, and ``PabulibElection.warnings`` for the others.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import product
from os import PathLike

from civicvote.domain.tally.ballot_rules import BallotRule
from civicvote.domain.tally.pabulib.ballots import BallotReading, read_ballots
from civicvote.domain.tally.pabulib.meta import Meta, read_meta
from civicvote.domain.tally.pabulib.model import PabulibElection, PabulibProject
from civicvote.domain.tally.pabulib.numbers import (
    LARGEST_AMOUNT,
    digits_needed,
    in_smallest_units,
    plain_points,
    unit_exponent,
)
from civicvote.domain.tally.pabulib.problems import PabulibError, Problem, ProblemCode
from civicvote.domain.tally.pabulib.projects import ProjectRow, read_projects
from civicvote.domain.tally.pabulib.rows import Progress, read_rows
from civicvote.domain.tally.pabulib.sections import Sections
from civicvote.domain.tally.profile import Option, Points, Profile
from civicvote.kernel.voting import BallotType


def read_pabulib_file(path: str | PathLike[str], *, progress: Progress | None = None) -> PabulibElection:
    """As :func:`read_pabulib`; raises ``OSError`` too."""
    with open(path, "rb") as stream:
        return read_pabulib(stream, progress=progress)


def read_pabulib(stream: Iterable[bytes], *, progress: Progress | None = None) -> PabulibElection:
    """Reads lines of bytes, such as an open binary file or an upload. Raises :class:`.PabulibError`.

    The stream is gone through once; kept are the projects and one copy of each different ballot, never a
    voter's age, sex or place.
    """
    sections = Sections(read_rows(stream, progress))
    meta = read_meta(sections)
    warnings = meta.warnings
    rows = read_projects(sections, warnings)

    currency = meta.currency()
    limits = {key: meta.amount(key) for key in ("min_sum_cost", "max_sum_cost")}
    amounts = [meta.budget, *(row.cost for row in rows), *(a for a in limits.values() if a is not None)]
    exponent = unit_exponent(currency, amounts)
    _refuse_too_large(meta, limits, rows, exponent)
    projects = tuple(_project(row, exponent) for row in rows)
    options = {project.option.id: project.option for project in projects}
    rule = _ballot_rule(meta, limits, exponent)
    default_points = _default_points(meta)
    reading = BallotReading(rule, options, exponent, default_points)

    ballots = read_ballots(sections, reading, warnings)
    sections.close()
    meta.check_count("num_projects", len(projects))
    meta.check_count("num_votes", ballots.lines)
    profile = Profile.of_counts(options.values(), ballots.counts, budget=in_smallest_units(meta.budget, exponent))
    columns = ("score",) if default_points else ("votes", "score")
    warnings.extend(_official_figures(projects, profile, columns))
    return PabulibElection(
        meta=meta.values,
        currency=currency,
        exponent=exponent,
        has_decimals=any(digits_needed(amount) for amount in amounts),
        projects=projects,
        ballot_rule=rule,
        threshold=meta.points("min_project_score_threshold"),
        began_on=meta.day("date_begin", month_of_year=1, day_of_year=1),
        ended_on=meta.day("date_end", month_of_year=12, day_of_year=31),
        profile=profile,
        ballot_lines=ballots.lines,
        channels=dict(ballots.channels),
        warnings=tuple(sorted(warnings, key=lambda problem: problem.line)),
    )


def _refuse_too_large(
    meta: Meta, limits: Mapping[str, Decimal | None], rows: Iterable[ProjectRow], exponent: int
) -> None:
    amounts = {"budget": meta.budget, **limits}
    by_line = [(meta.lines[key], amount) for key, amount in amounts.items() if amount is not None]
    by_line += [(row.line, row.cost) for row in rows]
    too_large = [
        Problem(line, ProblemCode.AMOUNT_TOO_LARGE, {"value": amount, "decimals": exponent})
        for line, amount in by_line
        if in_smallest_units(amount, exponent) > LARGEST_AMOUNT
    ]
    if too_large:
        raise PabulibError(too_large)


def _project(row: ProjectRow, exponent: int) -> PabulibProject:
    option = Option(
        id=row.id,
        cost=in_smallest_units(row.cost, exponent),
        name=row.fields.get("name", ""),
        is_withdrawn=row.is_withdrawn,
    )
    return PabulibProject(line=row.line, option=option, fields=row.fields)


def _ballot_rule(meta: Meta, limits: Mapping[str, Decimal | None], exponent: int) -> BallotRule:
    sum_cost = {key: in_smallest_units(amount, exponent) for key, amount in limits.items() if amount is not None}
    least = meta.whole("min_length")
    return BallotRule(
        type=meta.ballot_type,
        min_choices=1 if least is None else least,
        max_choices=1 if meta.ballot_type is BallotType.CHOOSE_1 else meta.whole("max_length"),
        min_sum_cost=sum_cost.get("min_sum_cost"),
        max_sum_cost=sum_cost.get("max_sum_cost"),
        min_points=meta.points("min_points"),
        max_points=meta.points("max_points"),
        min_sum_points=meta.points("min_sum_points"),
        max_sum_points=meta.points("max_sum_points"),
    )


def _default_points(meta: Meta) -> Points:
    """What a scoring ballot gives to projects that it does not list; on other ballots that is nothing."""
    return (meta.points("default_score") or 0) if meta.ballot_type is BallotType.SCORING else 0


def _official_figures(
    projects: Iterable[PabulibProject], profile: Profile, columns: Iterable[str]
) -> Iterator[Problem]:
    """Where the file's own ``votes`` and ``score`` of a project are not what its ballots add up to."""
    counted: dict[str, Mapping[str, Points]] = {"votes": profile.supporters, "score": profile.scores}
    for project, column in product(projects, columns):
        stated = plain_points(project.fields.get(column, ""))
        found = counted[column][project.option.id]
        if stated is not None and stated != found:
            params = {"project": project.option.id, "column": column, "stated": stated, "found": found}
            yield Problem(project.line, ProblemCode.OFFICIAL_FIGURE_DISAGREES, params)
