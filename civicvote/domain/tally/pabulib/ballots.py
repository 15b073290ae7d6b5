"""The VOTES section, streamed: equal ballots are counted, never kept one by one, nor is who cast them.

A ballot is kept as far as it can be read. Unknown project ids are dropped and the rest of the ballot counts:
Pabulib defines a vote as a subset of the projects, and its checker measures a file by the votes that its
projects got. A ballot over a limit of META counts, as it did where it was cast. Left out is only what can't
be attributed: a second ballot of one voter id ("unique identifier", of which Pabulib's checker also reads the
first), a line that ends before the vote, points that don't belong to the projects one by one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from civicvote.domain.tally.ballot_rules import (
    POINTS_BALLOTS,
    BallotRule,
    BrokenBallotRule,
    check_limits,
    points_of,
)
from civicvote.domain.tally.pabulib.numbers import amount_text, is_blank, plain_points
from civicvote.domain.tally.pabulib.problems import Problem, ProblemCode
from civicvote.domain.tally.pabulib.sections import Section, Sections
from civicvote.domain.tally.profile import Choices, Option, Points
from civicvote.kernel.voting import BallotType

UNKNOWN_CHANNEL = "unknown"

_ONE_EACH = frozenset({BallotType.APPROVAL, BallotType.CHOOSE_1})

_Fault = tuple[ProblemCode, Mapping[str, object]]


@dataclass(frozen=True)
class BallotReading:
    """How ballots are to be read: the limits, the options by id, and what an unlisted project gets."""

    rule: BallotRule
    options: Mapping[str, Option]
    exponent: int
    default_points: Points = 0

    @cached_property
    def one_each(self) -> Mapping[str, tuple[str, Points]]:
        """The choice of each option on a ballot without points, the same object on all of them: a large election has
        hundreds of thousands."""
        return {option_id: (option_id, 1) for option_id in self.options}


@dataclass(slots=True)
class BallotCounts:
    """``lines`` are all ballots of the file, ``counts`` those read, ``channels`` how those were cast."""

    lines: int = 0
    counts: Counter[Choices] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)


def read_ballots(sections: Sections, reading: BallotReading, warnings: list[Problem]) -> BallotCounts:
    """Adds to ``warnings`` what is wrong with single ballots, in the order of the lines."""
    has_points = reading.rule.type in POINTS_BALLOTS
    header = sections.open(
        Section.VOTES, required=("voter_id", "vote", "points") if has_points else ("voter_id", "vote")
    )
    # Every line of a large file comes through here: places are looked up once, not by name and row.
    voter_at, vote_at = header.index["voter_id"], header.index["vote"]
    points_at = header.index["points"] if has_points else vote_at
    method_at = header.index.get("voting_method")
    needed_width, width = 1 + max(vote_at, points_at), len(header.columns)
    counted = BallotCounts()
    voters: set[str] = set()
    # A file has far fewer different ballots than voters; each text is understood once.
    understood: dict[tuple[str, str], tuple[Choices | None, tuple[_Fault, ...]]] = {}
    times: Counter[tuple[str, str]] = Counter()
    methods: Counter[str] = Counter()
    for row in sections.body():
        line, cells = row
        counted.lines += 1
        voter_id = cells[voter_at] if voter_at < len(cells) else ""
        if voter_id in voters:
            warnings.append(Problem(line, ProblemCode.VOTER_REPEATED, {"voter": voter_id}))
            continue
        if len(cells) < needed_width:
            warnings.append(Problem(line, ProblemCode.VOTE_MISSING))
            continue
        if len(cells) != width and (width_problem := header.width_problem(row)):
            warnings.append(width_problem)
        has_id = not is_blank(voter_id)
        if not has_id:
            warnings.append(Problem(line, ProblemCode.VOTER_ID_MISSING))
        text = (cells[vote_at], cells[points_at] if has_points else "")
        known = understood.get(text)
        if known is None:
            known = understood[text] = _understand(text[0], text[1], reading)
        choices, faults = known
        for code, params in faults:
            warnings.append(Problem(line, code, params))
        if choices is None:
            continue
        if has_id:
            voters.add(voter_id)
        times[text] += 1
        if method_at is not None:
            methods[cells[method_at] if method_at < len(cells) else ""] += 1
    for text, number in times.items():
        choices, _ = understood[text]
        assert choices is not None  # only such are counted
        counted.counts[choices] += number
    for method, number in methods.items():
        counted.channels[UNKNOWN_CHANNEL if is_blank(method) else method.lower()] += number
    return counted


def _understand(vote: str, points_text: str, reading: BallotReading) -> tuple[Choices | None, tuple[_Fault, ...]]:
    """The ballot's choices, None where it must be left out, and what is wrong with it."""
    written = _listed(vote, reading.options)
    points = _points(written, points_text, reading.rule.type)
    if isinstance(points, tuple):
        return None, (points,)
    faults: list[_Fault] = []
    given: dict[str, Points] = {}
    unknown: list[str] = []
    repeated: list[str] = []
    for place, project_id in enumerate(written):
        if project_id not in reading.options:
            unknown.append(project_id)
        elif project_id in given:
            repeated.append(project_id)
        else:
            given[project_id] = points[place] if points else 1
    if unknown:
        faults.append((ProblemCode.UNKNOWN_PROJECTS, {"projects": ", ".join(unknown)}))
    if repeated:
        faults.append((ProblemCode.REPEATED_PROJECTS, {"projects": ", ".join(repeated)}))
    choices = list(given)
    choice_points = list(given.values()) if points else []
    if not written:
        faults.append((ProblemCode.BALLOT_EMPTY, {}))
    elif not faults:
        faults.extend(_limit_faults(reading, choices, choice_points))
    if reading.rule.type in _ONE_EACH:
        return tuple(map(reading.one_each.__getitem__, sorted(choices))), tuple(faults)
    worth = points_of(reading.rule, reading.options, choices, choice_points)
    if reading.default_points:
        worth = dict.fromkeys(reading.options, reading.default_points) | worth
    return tuple(sorted(worth.items())), tuple(faults)


def _listed(text: str, options: Mapping[str, Option]) -> list[str]:
    if is_blank(text) and text not in options:
        return []
    return [item for item in map(str.strip, text.split(",")) if item]


def _points(written: Sequence[str], text: str, ballot_type: BallotType) -> list[Points] | _Fault:
    """Points in the order of the projects as written; an empty list on ballots without points."""
    if ballot_type not in POINTS_BALLOTS:
        return []
    parts = [] if is_blank(text) else [item for item in (part.strip() for part in text.split(",")) if item]
    if len(parts) != len(written):
        return ProblemCode.POINTS_MISMATCH, {"choices": len(written), "points": len(parts)}
    points: list[Points] = []
    for part in parts:
        number = plain_points(part)
        if number is None or (number < 0 and ballot_type is BallotType.CUMULATIVE):
            return ProblemCode.POINTS_UNREADABLE, {"value": part}
        points.append(number)
    return points


def _limit_faults(reading: BallotReading, choices: Sequence[str], points: Sequence[Points]) -> list[_Fault]:
    try:
        check_limits(reading.rule, reading.options, choices, points)
    except BrokenBallotRule as broken:
        params = broken.params
        if broken.code in (ProblemCode.COST_SUM_TOO_LOW, ProblemCode.COST_SUM_TOO_HIGH):
            params = {
                name: amount_text(units, reading.exponent) for name, units in params.items() if isinstance(units, int)
            }
        return [(ProblemCode(broken.code), params)]
    return []
