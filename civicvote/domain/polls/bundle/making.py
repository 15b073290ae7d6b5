"""Puts a bundle together from plain values; who may have it, and when, is for the caller to say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civicvote.domain.polls import freezing
from civicvote.domain.polls.bundle.archive import BallotPart, write_bundle
from civicvote.domain.polls.bundle.ballots import PollFacts, suffix_of, write_ballots
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.kernel.errors import Forbidden


class BallotsTooFew(Forbidden):
    """So few people voted that their ballots would tell who chose what; they are shown to nobody."""

    code = "ballots_too_few"


@dataclass(frozen=True, slots=True)
class CastBallots:
    """``counts``: a ballot as ``choices`` writes it to how many say it. ``electorate``: whose they are."""

    electorate: str
    counts: Mapping[str, int]


def make_bundle(
    *,
    rules: str,
    outcome: Mapping[str, Any],
    ballots: Sequence[CastBallots],
    facts: PollFacts,
    receipts: Sequence[str] = (),
    receipts_root: str = "",
) -> bytes:
    """The ZIP file. ``rules``: the fixed text; ``outcome``: as stored and published; ``receipts``: in ascending order.

    Raises ``tally.pabulib.write.Unwritable`` for option keys that have no place in a Pabulib file.
    """
    frozen = freezing.read(rules)
    record = outcome_format.read(outcome)
    parts = []
    for number, cast in enumerate(ballots, start=1):
        part = BallotPart(f"ballots/{number}{suffix_of(frozen)}", cast.electorate, sum(cast.counts.values()))
        is_whole = len(ballots) == 1 and not frozen.ballot.electorates
        parts.append((part, write_ballots(frozen, record, facts, cast.counts, is_whole=is_whole)))
    return write_bundle(
        rules=rules,
        outcome=outcome,
        ballots=parts,
        receipts=receipts,
        receipts_root=receipts_root,
        exponent=facts.exponent,
    )
