"""Counting the same ballots by the other rules, once, so that no page ever does it while somebody waits."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import structlog

from civicvote.db import db
from civicvote.domain.outcomes import insight_format
from civicvote.domain.outcomes.ballots import electorates
from civicvote.domain.outcomes.comparison import parameters_beside, rules_beside
from civicvote.domain.outcomes.insight_format import Insight
from civicvote.domain.outcomes.models import OutcomeInsight
from civicvote.domain.outcomes.paying import paid_by_group
from civicvote.domain.outcomes.queries_ballots import opened_ballots, polls_to_compare
from civicvote.domain.outcomes.queries_bundle import mark_of_bundle
from civicvote.domain.outcomes.satisfaction import satisfaction
from civicvote.domain.polls import freezing
from civicvote.domain.polls.ballots.choices import UnreadableBallot
from civicvote.domain.polls.errors import NotCounted, UnknownPoll
from civicvote.domain.polls.models import Outcome, Poll
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.polls.roll.strata import Stratum, publishable
from civicvote.domain.tally.counting import count_electorates
from civicvote.domain.tally.electorates import together
from civicvote.domain.tally.profile import Choices
from civicvote.kernel import clock
from civicvote.kernel.errors import Refusal
from civicvote.kernel.voting import CountingRule

Unit: TypeAlias = Callable[[], AbstractContextManager[object]]

_log = structlog.get_logger(__name__)
#: What a stored text that nobody foresaw, or ballots that some rule can't count, may end in. A database that is away is
#: not among them: then nothing can be compared.
_FAULTS = (
    Refusal,
    UnreadableBallot,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class CountedRule:
    """``result`` as ``polls.outcome.format`` writes it, None for the poll's own rule, whose outcome is stored."""

    rule: CountingRule
    result: dict[str, Any] | None
    insight: Insight


@dataclass(frozen=True, slots=True)
class Compared:
    """``failed``: (region, poll) of those that could not be compared; somebody has to look at them."""

    done: int
    failed: tuple[tuple[int, int], ...]


def compare_waiting(*, reading: Unit, unit: Unit) -> Compared:
    """Compare whatever polls were counted and not compared yet, each in a unit of its own; nobody who writes waits for
    the counting. One that can't be compared is logged, and those behind it don't wait for it to be mended."""
    done, failed = 0, []
    after = 0
    while waiting := _waiting(reading, after):
        for region_id, poll_id in waiting:
            try:
                with reading():
                    counted = count_beside(region_id=region_id, poll_id=poll_id)
                with unit():
                    _keep(region_id, poll_id, counted)
            except _FAULTS:
                _log.exception("comparison_failed", region_id=region_id, poll_id=poll_id)
                failed.append((region_id, poll_id))
            else:
                done += 1
        _, after = waiting[-1]
    if failed:
        _log.error("comparisons_waiting", failed=[list(each) for each in failed], done=done)
    return Compared(done, tuple(failed))


def _waiting(reading: Unit, after: int) -> list[tuple[int, int]]:
    with reading():
        return polls_to_compare(after=after)


def compare_rules(*, region_id: int, poll_id: int) -> int:
    """Count the poll's ballots by every rule that is shown beside its own, and say of each how much of their wish
    voters got. How many rules that makes, 0 where it was done before. Raises ``UnknownPoll``, ``NotCounted``."""
    counted = count_beside(region_id=region_id, poll_id=poll_id)
    return _keep(region_id, poll_id, counted)


def count_beside(*, region_id: int, poll_id: int) -> list[CountedRule]:
    """The poll's own rule and those beside it; the own one alone, and without what voters got, where a district has
    options of its own and too few ballots (docs/decisions/0070). Reads only. Raises ``UnknownPoll``, ``NotCounted``."""
    poll = db.session.get(Poll, (region_id, poll_id))
    if poll is None:
        raise UnknownPoll
    own = db.session.get(Outcome, (region_id, poll_id, poll.counting_rule))
    if own is None or poll.frozen_rules is None:
        raise NotCounted
    rules, record = freezing.read(poll.frozen_rules), outcome_format.read(own.result)
    ballots = opened_ballots(region_id, poll_id)
    if rules.ballot.own_district_only and ballots.has_small_district:
        return [CountedRule(rules.counting_rule, None, Insight(None))]
    voting = electorates(ballots, rules)
    whole = together(voting)
    told = Insight(
        satisfaction(whole, record.selected),
        paid_by_group(record.explanation, _large_enough(ballots.by_style)),
        mark_of_bundle(region_id, poll_id),
    )
    counted = [CountedRule(rules.counting_rule, None, told)]
    for rule in rules_beside(rules):
        result = count_electorates(rule, voting, parameters_beside(rule, rules, whole.voters))
        stored = outcome_format.write(replace(result, explanation=None), whole.supporters, {})
        counted.append(CountedRule(rule, stored, Insight(satisfaction(whole, result.selected))))
    return counted


def _keep(region_id: int, poll_id: int, counted: Sequence[CountedRule]) -> int:
    """How many are new: somebody else may have been faster, or an earlier version did all but the bundle's hash."""
    own = counted[0].rule
    if (there := db.session.get(OutcomeInsight, (region_id, poll_id, own), with_for_update=True)) is not None:
        if "bundle" not in there.insight:
            there.insight = {**there.insight, "bundle": insight_format.write(counted[0].insight)["bundle"]}
            db.session.flush()
        return 0
    key = {"region_id": region_id, "poll_id": poll_id}
    for each in counted:
        if each.result is not None:
            db.session.add(Outcome(**key, rule=each.rule, result=each.result, computed_at=clock.now()))
    db.session.flush()
    for each in counted:
        db.session.add(OutcomeInsight(**key, rule=each.rule, insight=insight_format.write(each.insight)))
    db.session.flush()
    return len(counted)


def _large_enough(by_style: Mapping[str, Mapping[Choices, int]]) -> dict[str, Counter[Choices]]:
    """Ballots by the district whose options they offered, small districts together under one key."""
    strata = {style: Stratum("", style) for style in by_style}
    shown_as = publishable({strata[style]: sum(ballots.values()) for style, ballots in by_style.items()})
    groups: dict[str, Counter[Choices]] = {}
    for style, ballots in by_style.items():
        shown = shown_as[strata[style]]
        groups.setdefault(shown.style or shown.electorate, Counter()).update(ballots)
    return groups
