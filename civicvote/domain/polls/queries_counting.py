"""Counting what lies in the database, compared from every side, and whether it is what was counted: reads only."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.polls.ballots import choices as ballot_text
from civicvote.domain.polls.ballots.shape import RESIDENTS
from civicvote.domain.polls.errors import RecountDiffers
from civicvote.domain.polls.freezing import FrozenRules
from civicvote.domain.polls.models import Envelope, Poll, RollEntry, UnsealedBallot
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.polls.outcome.reconciling import Counts, require_equal, require_equal_by
from civicvote.domain.polls.roll.strata import counted_as, too_small
from civicvote.domain.polls.states import Channel
from civicvote.domain.tally import counting
from civicvote.domain.tally import electorates as weighing
from civicvote.domain.tally.electorates import Electorate
from civicvote.domain.tally.profile import Points, Profile
from civicvote.domain.tally.result import TallyResult
from civicvote.kernel import ids

_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class CountedBallots:
    result: TallyResult
    supporters: Mapping[str, int]
    counts: Counts
    withheld: frozenset[str]

    def to_json(self) -> dict[str, Any]:
        return outcome_format.write(self.result, self.supporters, self.counts.to_json(), withheld=self.withheld)


def count_stored(poll: Poll, rules: FrozenRules) -> CountedBallots:
    """Count what lies in the database, after comparing it from every side. Raises ``CountsDoNotAddUp``.

    Electorates of fewer than ten ballots were put together with others before the ballots were stored."""
    texts = _stored_texts(poll)
    electorates: dict[str, Counter[tuple[tuple[str, Points], ...]]] = {}
    styles: Counter[str] = Counter()
    for (choices, electorate, style), number in texts.items():
        styles[style] += number
        electorates.setdefault(electorate, Counter())[tuple(ballot_text.read(choices).items())] += number
    parts = [
        Electorate(key, weight, _profile(rules, electorates.get(key, Counter())))
        for key, weight in _weights(rules, electorates).items()
    ]
    whole = weighing.together(parts)
    envelopes, marks = by_channel(Envelope, poll), by_channel(RollEntry, poll)
    counts = Counts(
        envelopes=sum(envelopes.values()),
        roll_marks=sum(marks.values()),
        unsealed_ballots=sum(texts.values()),
        choices=sum(whole.supporters.values()),
        ballot_sizes=sum(ballot_text.size(choices) * number for (choices, *_), number in texts.items()),
    )
    require_equal(
        counts,
        envelopes_by_channel=envelopes,
        marks_by_channel=marks,
        ballots_by_electorate={key: sum(cast.values()) for key, cast in electorates.items()},
        marks_by_electorate=together_as_counted(marks_by_electorate(poll)),
    )
    result = counting.count_electorates(rules.counting_rule, parts, rules.counting_parameters)
    return CountedBallots(result, whole.supporters, counts, _withheld(rules, styles))


def stored_hash(poll: Poll, result: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the stored ballots and of the outcome that they gave.

    It stands in the audit, where many read it. The ballots' random keys are hashed with them, so that nobody can try
    out what a few ballots may have said."""
    told = hashlib.sha256(_line(result))
    for batch in db.session.execute(
        sa.select(UnsealedBallot.key, UnsealedBallot.choices, UnsealedBallot.electorate, UnsealedBallot.style)
        .where(*of_poll(UnsealedBallot, poll))
        .order_by(UnsealedBallot.key)
        .execution_options(yield_per=_BATCH)
    ).partitions():
        told.update(b"".join(_line(list(row)) for row in batch))
    return told.hexdigest()


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def require_as_counted(poll: Poll, rules: FrozenRules, result: Mapping[str, Any]) -> None:
    """Whether envelopes, marks and ballots still add up, and ballots and outcome are those of the count.

    The same ballots under the same fixed rules give the same outcome, so nothing is counted again where the hash of
    the count's audit entry fits. Where it does not, or was not recorded, counting again says what is wrong. Raises
    ``CountsDoNotAddUp``, ``RecountDiffers``."""
    require_equal_by("channel", by_channel(Envelope, poll), by_channel(RollEntry, poll))
    require_equal_by("electorate", together_as_counted(marks_by_electorate(poll)), _ballots_by_electorate(poll))
    recorded = _hash_of_count(poll)
    if recorded is not None and recorded == stored_hash(poll, result):
        return
    counted = count_stored(poll, rules)
    if recorded is not None or result != counted.to_json():
        raise RecountDiffers


def _hash_of_count(poll: Poll) -> str | None:
    """As the audit has it; None of counts before it was recorded."""
    detail = db.session.scalar(
        sa.select(AuditEntry.detail)
        .where(
            AuditEntry.region_id == poll.region_id,
            AuditEntry.subject == f"poll:{ids.encode(poll.id)}",
            AuditEntry.verb == AuditVerb.POLL_COUNT,
        )
        .order_by(AuditEntry.sequence.desc())
        .limit(1)
    )
    found: str | None = json.loads(detail).get("stored_hash") if detail else None
    return found


def _withheld(rules: FrozenRules, ballots_by_style: Mapping[str, int]) -> frozenset[str]:
    """The options that were offered on a handful of ballots only."""
    small = too_small(ballots_by_style)
    return frozenset(option.key for option in rules.options if option.district_code in small and rules.styles)


def _stored_texts(poll: Poll) -> Counter[tuple[str, str, str]]:
    """Choices, electorate and style of the unsealed ballots, equal ones counted together."""
    texts: Counter[tuple[str, str, str]] = Counter()
    for batch in db.session.execute(
        sa.select(UnsealedBallot.choices, UnsealedBallot.electorate, UnsealedBallot.style)
        .where(*of_poll(UnsealedBallot, poll))
        .order_by(UnsealedBallot.key)
        .execution_options(yield_per=_BATCH)
    ).partitions():
        texts.update((row.choices, row.electorate, row.style) for row in batch)
    return texts


def _weights(rules: FrozenRules, found: Iterable[str]) -> dict[str, int]:
    """Electorate to weight, as declared; where none are, everybody is counted together."""
    declared = {electorate.key: electorate.weight for electorate in rules.ballot.electorates}
    return declared or dict.fromkeys(found, 1) or {RESIDENTS: 1}


def _profile(rules: FrozenRules, groups: Counter[tuple[tuple[str, Points], ...]]) -> Profile:
    return Profile.of_counts(rules.tally_options.values(), groups, budget=rules.envelope_amount or 0)


def marks_by_electorate(poll: Poll) -> dict[str, int]:
    """Electorate, as on the roll, to how many of it cast a ballot."""
    rows = db.session.execute(
        sa.select(RollEntry.electorate, sa.func.count().label("marks"))
        .where(*of_poll(RollEntry, poll), RollEntry.channel.is_not(None))
        .group_by(RollEntry.electorate)
        .order_by(RollEntry.electorate)
    )
    return {row.electorate: row.marks for row in rows}


def _ballots_by_electorate(poll: Poll) -> dict[str, int]:
    """Electorate, as it is counted, to its stored ballots."""
    rows = db.session.execute(
        sa.select(UnsealedBallot.electorate, sa.func.count().label("ballots"))
        .where(*of_poll(UnsealedBallot, poll))
        .group_by(UnsealedBallot.electorate)
        .order_by(UnsealedBallot.electorate)
    )
    return {row.electorate: row.ballots for row in rows}


def together_as_counted(marks: Mapping[str, int]) -> dict[str, int]:
    """The same numbers by the electorates as they are counted."""
    together: Counter[str] = Counter()
    for electorate, into in counted_as(marks).items():
        together[into] += marks[electorate]
    return dict(together)


def by_channel(model: type[Envelope] | type[RollEntry], poll: Poll) -> dict[Channel, int]:
    rows = db.session.execute(
        sa.select(model.channel, sa.func.count())
        .where(*of_poll(model, poll), model.channel.is_not(None))
        .group_by(model.channel)
        .order_by(model.channel)
    )
    return {channel: number for channel, number in rows if channel is not None}


def of_poll(
    model: type[Envelope] | type[RollEntry] | type[UnsealedBallot], poll: Poll
) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return model.region_id == poll.region_id, model.poll_id == poll.id
