"""A Pabulib file as a value: what its city voted on, and the ballots, counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from civicvote.domain.tally.ballot_rules import BallotRule
from civicvote.domain.tally.pabulib.numbers import amount_text
from civicvote.domain.tally.pabulib.problems import Problem
from civicvote.domain.tally.profile import Option, Points, Profile


@dataclass(frozen=True, slots=True)
class PabulibProject:
    """``option`` is what is counted, its cost in the smallest unit; ``fields`` are all columns as written."""

    line: int
    option: Option
    fields: Mapping[str, str]


@dataclass(frozen=True)
class PabulibElection:
    """One election.

    Amounts are in the smallest unit, of which ``10 ** exponent`` make one unit of the file. ``meta`` has
    every field that says something, as written. ``channels`` counts the ballots read by how they were cast
    (internet, paper, unknown) and is empty where the file does not say. ``ballot_lines`` are all ballots of
    the file, ``profile.voters`` those that could be read. ``began_on`` and ``ended_on`` are the first and
    last day of the year where the file gives a year only. ``warnings`` are in the order of the lines.
    """

    meta: Mapping[str, str]
    currency: str | None
    exponent: int
    has_decimals: bool
    projects: tuple[PabulibProject, ...]
    ballot_rule: BallotRule
    threshold: Points | None
    began_on: date | None
    ended_on: date | None
    profile: Profile
    ballot_lines: int
    channels: Mapping[str, int]
    warnings: tuple[Problem, ...]

    def amount(self, units: int) -> int | str:
        """In the file's own units: an int if no amount of the file has decimals, else a decimal text."""
        if self.has_decimals:
            return amount_text(units, self.exponent)
        return int(Decimal(units).scaleb(-self.exponent))
