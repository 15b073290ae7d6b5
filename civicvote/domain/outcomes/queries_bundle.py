"""A published vote as files to take home: the ballots alone, or the bundle that ``civicvote recount`` reads."""

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.outcomes import insight_format
from civicvote.domain.outcomes.insight_format import BundleMark
from civicvote.domain.outcomes.keeping import Kept
from civicvote.domain.outcomes.models import OutcomeInsight
from civicvote.domain.outcomes.queries_ballots import ballots_can_be_shown
from civicvote.domain.outcomes.queries_simulating import rules_of_trial
from civicvote.domain.polls import freezing
from civicvote.domain.polls.bundle.archive import read_bundle
from civicvote.domain.polls.bundle.ballots import PollFacts, suffix_of, write_ballots
from civicvote.domain.polls.bundle.making import CastBallots, make_bundle
from civicvote.domain.polls.models import Outcome, Poll, UnsealedBallot
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.polls.queries import PollView
from civicvote.domain.polls.queries_receipts import all_receipts
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.domain.tally.pabulib.write import Unwritable
from civicvote.kernel.actor import Actor
from civicvote.kernel.clock import CIVIC_ZONE
from civicvote.kernel.money import NO_CURRENCY

_COUNTRY, _ELSEWHERE = "South Korea", "Worldwide"
#: A published vote changes no more, so its bundle is made once; on a results night many take it home. Bytes.
#: The hash of its manifest, empty until it is known, is part of the name.
_BUNDLES: Kept[tuple[int, int, str], bytes] = Kept(64 * 1024**2, len)


@dataclass(frozen=True, slots=True)
class BallotsFile:
    """``suffix``: ``.pb`` or ``.csv``."""

    suffix: str
    text: str


def recount_bundle(actor: Actor | None, poll: PollView) -> bytes:
    """The ZIP file, a part for each electorate.

    Raises ``OutcomeNotPublished``, ``BallotsNotPublished``, ``BallotsTooFew``, ``tally.pabulib.write.Unwritable`` and
    ``CountingBusy``.
    """
    rules_of_trial(actor, poll)
    stored = db.session.get(OutcomeInsight, (poll.region_id, poll.id, poll.counting_rule))
    mark = insight_format.read(stored.insight).bundle if stored else None
    key = poll.region_id, poll.id, mark.manifest_hash if mark else ""
    return _BUNDLES.get_or_make(key, lambda: _bundle(poll.region_id, poll.id))


def mark_of_bundle(region_id: int, poll_id: int) -> BundleMark | None:
    """What the bundle of the counted poll is known by for good; None where single ballots may not be shown, or have no
    place in a Pabulib file. Makes the bundle, so it is for a job."""
    poll = db.session.get_one(Poll, (region_id, poll_id))
    if not poll.source and not ballots_can_be_shown(region_id, poll_id, poll.counting_rule):
        return None
    facts = _facts_of(poll)
    try:
        content = _bundle(region_id, poll_id, facts)
    except Unwritable:
        return None
    return BundleMark(read_bundle(content).manifest_hash, facts)


def _bundle(region_id: int, poll_id: int, facts: PollFacts | None = None) -> bytes:
    poll = db.session.get_one(Poll, (region_id, poll_id))
    cast = _cast(region_id, poll_id)
    return make_bundle(
        rules=poll.frozen_rules or "",
        outcome=db.session.get_one(Outcome, (region_id, poll_id, poll.counting_rule)).result,
        ballots=[CastBallots(key, counts) for key, counts in sorted(cast.items())],
        facts=facts or _known_facts(poll),
        receipts=all_receipts(region_id, poll_id),
        receipts_root=poll.receipts_root or "",
    )


def forget_bundles() -> None:
    """Give the memory back."""
    _BUNDLES.clear()


def ballots_file(actor: Actor | None, poll: PollView) -> BallotsFile:
    """All ballots in one Pabulib file or table, whoever cast them. Raises what ``recount_bundle`` raises."""
    rules = rules_of_trial(actor, poll)
    counts: Counter[str] = Counter()
    for part in _cast(poll.region_id, poll.id).values():
        counts.update(part)
    stored = db.session.get_one(Outcome, (poll.region_id, poll.id, poll.counting_rule)).result
    facts = _known_facts(db.session.get_one(Poll, (poll.region_id, poll.id)))
    is_whole = not rules.ballot.electorates
    text = write_ballots(rules, outcome_format.read(stored), facts, counts, is_whole=is_whole)
    return BallotsFile(suffix_of(rules), text)


def _cast(region_id: int, poll_id: int) -> dict[str, Counter[str]]:
    """Electorate to its ballots. One statement: equal ballots come together."""
    said = (UnsealedBallot.electorate, UnsealedBallot.choices)
    rows = db.session.execute(
        sa.select(*said, sa.func.count())
        .where(UnsealedBallot.region_id == region_id, UnsealedBallot.poll_id == poll_id)
        .group_by(*said)
        .order_by(*said)
    )
    cast: dict[str, Counter[str]] = {}
    for electorate, text, number in rows:
        cast.setdefault(electorate, Counter())[text] = number
    return cast


def _known_facts(poll: Poll) -> PollFacts:
    """Those of the bundle whose hash is published; until there is one, what stands there at this moment."""
    stored = db.session.get(OutcomeInsight, (poll.region_id, poll.id, poll.counting_rule))
    mark = insight_format.read(stored.insight).bundle if stored else None
    return mark.facts if mark else _facts_of(poll)


def _facts_of(poll: Poll) -> PollFacts:
    region = db.session.get_one(Region, poll.region_id)
    round_title = db.session.scalars(
        sa.select(Round.title_ko).where(Round.region_id == poll.region_id, Round.id == poll.round_id)
    ).one()
    opens_at = freezing.read(poll.frozen_rules).opens_at if poll.frozen_rules else poll.opens_at
    return PollFacts(
        title=poll.title_ko,
        country=_ELSEWHERE if poll.source else _COUNTRY,
        unit=region.name_ko,
        instance=round_title,
        currency="" if region.currency == NO_CURRENCY else region.currency,
        exponent=region.currency_exponent,
        began_on=opens_at.astimezone(CIVIC_ZONE).date(),
        ended_on=(poll.closed_at or poll.closes_at).astimezone(CIVIC_ZONE).date(),
        language="" if poll.source else "ko",
    )
