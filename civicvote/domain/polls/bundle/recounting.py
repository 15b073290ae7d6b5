"""Counts a bundle again, with nothing but what is in it, and compares."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from civicvote.domain.polls import freezing
from civicvote.domain.polls.ballots.shape import RESIDENTS
from civicvote.domain.polls.box import merkle
from civicvote.domain.polls.bundle.archive import (
    OUTCOME,
    READMES,
    RECEIPTS,
    RULES,
    BallotPart,
    Bundle,
    BundleUnusable,
    sha256,
)
from civicvote.domain.polls.bundle.ballots import BallotsUnreadable, disagreements, read_ballots, rewritten
from civicvote.domain.polls.bundle.differences import Difference, DifferenceCode
from civicvote.domain.polls.freezing import FrozenRules
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.polls.outcome.reconciling import Counts
from civicvote.domain.tally import electorates as weighing
from civicvote.domain.tally.ballot_rules import POINTS_BALLOTS, BrokenBallotRule, check_choices
from civicvote.domain.tally.counting import count_electorates
from civicvote.domain.tally.electorates import Electorate
from civicvote.domain.tally.pabulib.model import PabulibElection
from civicvote.domain.tally.profile import Choices, Profile
from civicvote.domain.tally.result import TallyResult
from civicvote.kernel.errors import Invalid
from civicvote.kernel.voting import BallotType


@dataclass(frozen=True, slots=True)
class Recount:
    result: TallyResult
    ballots: int
    receipts: int
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        return not self.differences


def recount(bundle: Bundle, *, expected_manifest: str = "") -> Recount:
    """Everything that the ballots and the rules give is computed anew, nothing is taken over from the outcome.

    ``expected_manifest``: SHA-256 of the manifest in a copy that the caller trusts, if there is one. Raises
    ``BundleUnusable`` where rules or outcome are missing or can't be read.
    """
    differences = list(_parts_differ(bundle, expected_manifest))
    rules, published = _rules(bundle), _outcome(bundle)
    cast: dict[str, Counter[Choices]] = {}
    files = [_file(bundle, rules, part) for part in bundle.ballots]
    for file in files:
        cast.setdefault(file.part.electorate, Counter()).update(file.known(rules))
        differences += file.faults
    ballots = sum(sum(counts.values()) for counts in cast.values())
    receipts = bundle.parts.get(RECEIPTS, b"").decode("ascii", "replace").split()
    differences += _receipts_differ(bundle, rules, receipts, ballots)
    electorates = _electorates(rules, cast)
    try:
        result = count_electorates(rules.counting_rule, electorates, rules.counting_parameters)
    except Invalid as error:  # rules that nobody could have fixed
        raise BundleUnusable from error
    counts = _counts(rules, cast, ballots)
    counted = outcome_format.write(result, weighing.together(electorates).supporters, counts)
    differences += _outcome_differs(published, counted)
    differences += _files_differ(bundle, rules, files, counted)
    return Recount(result, ballots, len(receipts), tuple(differences))


def _parts_differ(bundle: Bundle, expected_manifest: str) -> Iterator[Difference]:
    if expected_manifest and bundle.manifest_hash != expected_manifest.lower():
        yield Difference(DifferenceCode.MANIFEST_HASH, {"found": bundle.manifest_hash})
    for name, expected in bundle.hashes.items():
        if name not in bundle.parts:
            yield Difference(DifferenceCode.PART_MISSING, {"part": name})
        elif (found := sha256(bundle.parts[name])) != expected:
            yield Difference(DifferenceCode.PART_CHANGED, {"part": name, "found": found})
    for name in sorted(set(bundle.parts) - set(bundle.hashes) - READMES):
        yield Difference(DifferenceCode.PART_UNLISTED, {"part": name})
    if (found := sha256(bundle.parts.get(RULES, b""))) != bundle.rules_hash:
        yield Difference(DifferenceCode.RULES_HASH, {"found": found})


def _rules(bundle: Bundle) -> FrozenRules:
    try:
        return freezing.read(bundle.parts[RULES].decode())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BundleUnusable from error


def _outcome(bundle: Bundle) -> Mapping[str, Any]:
    try:
        stored = json.loads(bundle.parts[OUTCOME])
        outcome_format.read(stored)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BundleUnusable from error
    return dict(stored)


@dataclass(frozen=True, slots=True)
class _File:
    """A part with what was read of it. ``is_readable``: whether that is anything."""

    part: BallotPart
    counts: Mapping[Choices, int]
    election: PabulibElection | None
    faults: tuple[Difference, ...]
    is_readable: bool = True

    def known(self, rules: FrozenRules) -> Mapping[Choices, int]:
        """The ballots that can be counted; of the others the faults speak."""
        options = rules.tally_options
        return {choices: n for choices, n in self.counts.items() if all(key in options for key, _ in choices)}


def _file(bundle: Bundle, rules: FrozenRules, part: BallotPart) -> _File:
    try:
        counts, election = read_ballots(rules, bundle.parts.get(part.name, b""))
    except BallotsUnreadable as error:
        fault = Difference(DifferenceCode.BALLOT_UNREADABLE, {"part": part.name, "what": str(error)})
        return _File(part, {}, None, (fault,), is_readable=False)
    # A poll without a key was held elsewhere: its ballots stand as they were cast there, over a limit or not.
    faults = list(_against_rules(rules, part, counts)) if rules.was_held_here else []
    if rules.ballot.electorates and part.electorate not in rules.electorate_keys:
        faults.append(Difference(DifferenceCode.ELECTORATE_UNKNOWN, {"part": part.name, "electorate": part.electorate}))
    found = sum(counts.values())
    if found != part.ballots:
        params = {"part": part.name, "found": found, "stated": part.ballots}
        faults.append(Difference(DifferenceCode.BALLOTS_NUMBER, params))
    if election is not None:
        faults += disagreements(rules, election, name=part.name, exponent=bundle.exponent)
    return _File(part, counts, election, tuple(faults))


def _against_rules(rules: FrozenRules, part: BallotPart, counts: Mapping[Choices, int]) -> Iterator[Difference]:
    """Whether every ballot could have been cast; of which district it was is not in the bundle."""
    rule, options = replace(rules.ballot_rule, own_district_only=False), rules.tally_options
    broken: Counter[str] = Counter()
    for choices, number in counts.items():
        ordered = sorted(choices, key=lambda choice: -choice[1])
        chosen = [key for key, _ in ordered]
        points = [given for _, given in ordered] if rules.ballot_type in POINTS_BALLOTS else []
        try:
            worth = check_choices(rule, options, chosen, points)
        except BrokenBallotRule as error:
            broken[error.code] += number
        else:
            if rules.ballot_type is not BallotType.ORDINAL and worth != dict(choices):
                broken[BrokenBallotRule.code] += number
    for code, number in sorted(broken.items()):
        yield Difference(DifferenceCode.BALLOT_AGAINST_RULES, {"part": part.name, "number": number, "code": code})


def _receipts_differ(bundle: Bundle, rules: FrozenRules, receipts: Sequence[str], ballots: int) -> Iterator[Difference]:
    """A vote that was held here has a receipt for each ballot; one held elsewhere has none."""
    if not rules.was_held_here and not receipts and not bundle.receipts_root:
        return
    if len(receipts) != ballots:
        yield Difference(DifferenceCode.RECEIPTS_NUMBER, {"receipts": len(receipts), "ballots": ballots})
    try:
        root = merkle.root(merkle.block_roots(receipts)).hex()
    except ValueError:
        root = "none"
    if root != bundle.receipts_root:
        yield Difference(DifferenceCode.RECEIPTS_ROOT, {"found": root})


def _electorates(rules: FrozenRules, cast: Mapping[str, Counter[Choices]]) -> list[Electorate]:
    options, budget = tuple(rules.tally_options.values()), rules.envelope_amount or 0
    declared = {electorate.key: electorate.weight for electorate in rules.ballot.electorates}
    if not declared:
        everybody: Counter[Choices] = Counter()
        for counts in cast.values():
            everybody.update(counts)
        return [Electorate(RESIDENTS, 1, Profile.of_counts(options, everybody, budget=budget))]
    return [
        Electorate(key, weight, Profile.of_counts(options, cast.get(key, Counter()), budget=budget))
        for key, weight in declared.items()
    ]


def _counts(rules: FrozenRules, cast: Mapping[str, Counter[Choices]], ballots: int) -> Mapping[str, int]:
    """What must have been equal before the outcome could be published. Envelopes and marks on the roll are not in the
    bundle; they were as many as the ballots, or there would be no outcome."""
    if not rules.was_held_here:
        return {}
    by_ballot = sum(len(choices) * number for counts in cast.values() for choices, number in counts.items())
    by_option: Counter[str] = Counter()
    for counts in cast.values():
        for choices, number in counts.items():
            by_option.update({option: number for option, _ in choices})
    return Counts(
        envelopes=ballots,
        roll_marks=ballots,
        unsealed_ballots=ballots,
        choices=sum(by_option.values()),
        ballot_sizes=by_ballot,
    ).to_json()


def _outcome_differs(published: Mapping[str, Any], counted: Mapping[str, Any]) -> Iterator[Difference]:
    """Field by field, those that only one of the two has included."""
    expected = dict(counted)
    if published.get("format") == outcome_format.FIRST_FORMAT:
        expected = {name: value for name, value in counted.items() if name not in outcome_format.SINCE_SECOND}
        expected["format"] = outcome_format.FIRST_FORMAT
    for what in sorted({*expected, *published}):
        if what not in published or what not in expected or published[what] != expected[what]:
            yield Difference(DifferenceCode.OUTCOME, {"what": what.replace("_", " ")})


def _files_differ(
    bundle: Bundle, rules: FrozenRules, files: Sequence[_File], counted: Mapping[str, Any]
) -> Iterator[Difference]:
    """A file of ballots is what this programme writes of the ballots, the rules and this count."""
    record = outcome_format.read(counted)
    is_whole = len(files) == 1 and not rules.ballot.electorates
    for file in files:
        if not file.is_readable:
            continue
        try:
            written = rewritten(rules, record, file.counts, file.election, exponent=bundle.exponent, is_whole=is_whole)
        except (BallotsUnreadable, Invalid):
            written = b""
        if written != bundle.parts.get(file.part.name):
            yield Difference(DifferenceCode.FILE_NOT_WRITTEN_SO, {"part": file.part.name})
