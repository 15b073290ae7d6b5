"""The ballots in a bundle: a Pabulib file for a budget poll, a CSV table for an agenda poll; and back.

The table has the columns ``number`` and ``ballot``: how many ballots say the same, and what, as ``choices`` writes it.
The Pabulib file has a line for each ballot and can be counted elsewhere; it says of the poll what the rules say.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from io import BytesIO, StringIO

from civicvote.domain.polls.ballots import choices as ballot_text
from civicvote.domain.polls.ballots.choices import UnreadableBallot
from civicvote.domain.polls.bundle.differences import Difference, DifferenceCode
from civicvote.domain.polls.freezing import FrozenRules
from civicvote.domain.polls.outcome.format import OutcomeRecord
from civicvote.domain.polls.states import PollKind
from civicvote.domain.tally.ballot_rules import POINTS_BALLOTS
from civicvote.domain.tally.pabulib.model import PabulibElection
from civicvote.domain.tally.pabulib.numbers import is_blank
from civicvote.domain.tally.pabulib.problems import PabulibError
from civicvote.domain.tally.pabulib.read import read_pabulib
from civicvote.domain.tally.pabulib.write import UNKNOWN_RULE, PabulibPoll, write_pabulib
from civicvote.domain.tally.profile import Choices, Profile
from civicvote.kernel.voting import CountingRule

#: Blank ballots, and ballots over a limit, are the poll's rules to judge.
_LIMITS = "ballot_"
_COLUMNS = ["number", "ballot"]
_RULE_NAMES = {CountingRule.GREEDY: "greedy", CountingRule.GREEDY_STOP: "greedy-no-skip"}


class BallotsUnreadable(Exception):
    """The part holds no ballots that could be counted; the argument says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollFacts:
    """What a Pabulib file says of a poll beside its rules. ``country``: ISO name; ``exponent``: of the currency."""

    title: str
    country: str
    unit: str
    instance: str
    currency: str
    exponent: int
    began_on: date
    ended_on: date
    language: str = "ko"


def suffix_of(rules: FrozenRules) -> str:
    return ".pb" if rules.kind is PollKind.BUDGET else ".csv"


def write_ballots(
    rules: FrozenRules, outcome: OutcomeRecord, facts: PollFacts, ballots: Mapping[str, int], *, is_whole: bool
) -> str:
    """``ballots``: text to how many say it. ``is_whole``: whether these are all, so that the outcome is theirs."""
    if rules.kind is not PollKind.BUDGET:
        return _table(ballots)
    counts = {tuple(sorted(ballot_text.read(text).items())): number for text, number in ballots.items()}
    name = _rule_name(rules) if is_whole else UNKNOWN_RULE
    return write_pabulib(
        PabulibPoll(
            description=_told(facts.title),
            country=facts.country,
            unit=_told(facts.unit),
            instance=_told(facts.instance),
            ballot_rule=rules.ballot_rule,
            profile=Profile.of_counts(rules.tally_options.values(), counts, budget=rules.envelope_amount or 0),
            began_on=facts.began_on,
            ended_on=facts.ended_on,
            rule=name,
            language=facts.language,
            currency=facts.currency,
            exponent=facts.exponent,
            threshold=(rules.threshold or None) if name != UNKNOWN_RULE else None,
            comment="" if name != UNKNOWN_RULE else f"counted by {rules.counting_rule}, see rules.json",
            order=tuple(verdict.option for verdict in outcome.verdicts),
            selected=frozenset(outcome.selected),
        )
    )


def _told(words: str) -> str:
    """A title such as "-" or "None" would be read as no title at all, and a file without one can't be read back."""
    return "–" if is_blank(words) else words


def read_ballots(rules: FrozenRules, content: bytes) -> tuple[Mapping[Choices, int], PabulibElection | None]:
    """Choices to how many made them, and the Pabulib file where it is one. Raises ``BallotsUnreadable``."""
    if rules.kind is not PollKind.BUDGET:
        return _from_table(content), None
    try:
        election = read_pabulib(BytesIO(content))
    except PabulibError as error:
        raise BallotsUnreadable(str(error.problems[0])) from error
    for problem in election.warnings:
        if not problem.code.startswith(_LIMITS):
            raise BallotsUnreadable(str(problem))
    return {group.choices: group.count for group in election.profile.ballots}, election


def rewritten(
    rules: FrozenRules,
    outcome: OutcomeRecord,
    counts: Mapping[Choices, int],
    election: PabulibElection | None,
    *,
    exponent: int,
    is_whole: bool,
) -> bytes:
    """A part as ``write_ballots`` writes what was read of it: the words for title, place and days, which stand nowhere
    else, are the file's own. ``is_whole`` as there. Raises ``BallotsUnreadable``, ``BallotForUnknownOption``."""
    texts = {ballot_text.write(dict(choices), rules.ballot_type): number for choices, number in counts.items()}
    if election is None:
        return _table(texts).encode()
    if election.began_on is None or election.ended_on is None:
        raise BallotsUnreadable("the file does not say when the vote was")
    said = election.meta
    facts = PollFacts(
        title=said.get("description", ""),
        country=said.get("country", ""),
        unit=said.get("unit", ""),
        instance=said.get("instance", ""),
        currency=said.get("currency", ""),
        language=said.get("language", ""),
        exponent=exponent,
        began_on=election.began_on,
        ended_on=election.ended_on,
    )
    return write_ballots(rules, outcome, facts, texts, is_whole=is_whole).encode()


def disagreements(rules: FrozenRules, election: PabulibElection, *, name: str, exponent: int) -> Iterator[Difference]:
    """Where the Pabulib file says something else than the rules, so that a count elsewhere would be another."""
    scale = Fraction(10**exponent, 10**election.exponent)
    costs = {option.id: option.cost * scale for option in election.profile.options}
    compared = {
        "budget": (election.profile.budget * scale, rules.envelope_amount or 0),
        "list of costs": (costs, {option.key: option.cost_amount for option in rules.options}),
        "kind of ballot": (election.ballot_rule.type, rules.ballot_type),
    }
    for what, (found, expected) in compared.items():
        if found != expected:
            yield Difference(DifferenceCode.FILE_DISAGREES, {"part": name, "what": what})


def _rule_name(rules: FrozenRules) -> str:
    """Pabulib's own name where the count is what it stands for."""
    chosen = rules.counting
    name = _RULE_NAMES.get(rules.counting_rule)
    if name is None or chosen.support_divisor or chosen.incompatible or chosen.envelopes_by:
        return UNKNOWN_RULE
    if not rules.threshold:
        return name
    if rules.threshold > 1 and rules.ballot_type in POINTS_BALLOTS:
        return UNKNOWN_RULE  # ours speaks of people, Pabulib's of points
    return "greedy-threshold" if rules.counting_rule is CountingRule.GREEDY else UNKNOWN_RULE


def _table(ballots: Mapping[str, int]) -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows((number, text) for text, number in sorted(ballots.items()))
    return out.getvalue()


def _from_table(content: bytes) -> Mapping[Choices, int]:
    counts: Counter[Choices] = Counter()
    try:
        header, *rows = csv.reader(StringIO(content.decode(), newline=""))
        if header != _COLUMNS:
            raise BallotsUnreadable("the columns are not number, ballot")
        for line, (number, text) in enumerate(rows, start=2):
            if not number.isascii() or not number.isdecimal() or int(number) < 1:
                raise BallotsUnreadable(f"line {line}: {number!r} is no number of ballots")
            counts[tuple(sorted(ballot_text.read(text).items()))] += int(number)
    except (ValueError, csv.Error, UnreadableBallot) as error:
        raise BallotsUnreadable("a line holds no ballot") from error
    return counts
