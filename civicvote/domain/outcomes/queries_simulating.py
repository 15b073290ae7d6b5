"""Trying other rules on a poll that is over. Ballots and results are kept in this process (docs/decisions/0067)."""

from typing import TypeAlias

from civicvote.domain.outcomes.ballots import Ballots
from civicvote.domain.outcomes.errors import BallotsNotPublished, SmallDistrictWithheld, TrialTooLarge
from civicvote.domain.outcomes.keeping import Kept
from civicvote.domain.outcomes.queries_ballots import ballots_can_be_shown, opened_ballots
from civicvote.domain.outcomes.simulation import Simulated, WhatIf, require_countable, simulate
from civicvote.domain.polls import freezing
from civicvote.domain.polls.bundle.making import BallotsTooFew
from civicvote.domain.polls.errors import OutcomeNotPublished, PollNotFrozen
from civicvote.domain.polls.freezing import FrozenRules
from civicvote.domain.polls.queries import PollView
from civicvote.domain.polls.states import PollState
from civicvote.kernel.actor import Actor, can
from civicvote.kernel.permissions import Permission

MOST_DISTINCT = 150_000
"""Different ballots kept in memory, of all polls together; one that has more is read anew for each trial."""
MOST_TRIALS = 128

_Poll: TypeAlias = tuple[int, int]

_BALLOTS: Kept[_Poll, Ballots] = Kept(MOST_DISTINCT, lambda ballots: ballots.distinct)
_TRIALS: Kept[tuple[_Poll, WhatIf], Simulated | TrialTooLarge] = Kept(MOST_TRIALS)
"""That a trial is too large took as long to find out as an outcome, so it is kept too."""


def rules_of_trial(actor: Actor | None, poll: PollView) -> FrozenRules:
    """The rules of a poll on which this reader may try others.

    Raises ``OutcomeNotPublished``, ``PollNotFrozen``, ``BallotsNotPublished`` where only observers and officers may,
    and ``BallotsTooFew``. At most one statement."""
    if poll.state is not PollState.PUBLISHED:
        raise OutcomeNotPublished
    if poll.frozen_rules is None:
        raise PollNotFrozen
    may_count = any(can(actor, each, poll.region_id) for each in (Permission.AUDIT_READ, Permission.POLL_MANAGE))
    if not (poll.publishes_ballots or may_count):
        raise BallotsNotPublished
    # Ballots of a vote held elsewhere are public there.
    if not poll.source and not ballots_can_be_shown(poll.region_id, poll.id, poll.counting_rule):
        raise BallotsTooFew
    return freezing.read(poll.frozen_rules)


def is_kept(poll: PollView, trial: WhatIf) -> bool:
    """Whether the trial costs nothing any more."""
    return _TRIALS.get(((poll.region_id, poll.id), trial)) is not None


def try_rules(poll: PollView, rules: FrozenRules, trial: WhatIf) -> Simulated:
    """At most one statement; none where the ballots are kept. Raises what
    ``simulation.simulate`` raises, and ``SmallDistrictWithheld``."""
    require_countable(rules, trial)
    key = poll.region_id, poll.id

    def count() -> Simulated | TrialTooLarge:
        ballots = _BALLOTS.get_or_make(key, lambda: opened_ballots(*key))
        if rules.ballot.own_district_only and ballots.has_small_district:
            raise SmallDistrictWithheld
        try:
            return simulate(rules, ballots, trial)
        except TrialTooLarge as refusal:
            return refusal

    found = _TRIALS.get_or_make((key, trial), count)
    if isinstance(found, TrialTooLarge):
        raise TrialTooLarge(runs=found.params["runs"])
    return found


def forget_all() -> None:
    """Give the memory back."""
    _BALLOTS.clear()
    _TRIALS.clear()
