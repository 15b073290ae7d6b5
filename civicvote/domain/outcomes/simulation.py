"""A poll that is over under other rules: what may be changed, and what comes of it. Decides nothing, stores nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from civicvote.domain.outcomes import trial_cost
from civicvote.domain.outcomes.ballots import Ballots, electorates
from civicvote.domain.outcomes.comparison import (
    BUDGET_COMPARED,
    RANKING_COMPARED,
    Selection,
    has_own_steps,
    steps_beside,
)
from civicvote.domain.outcomes.errors import (
    TrialEnvelopeUnusable,
    TrialNumberUnusable,
    TrialRivalsUnusable,
    TrialRuleUnusable,
    TrialTooLarge,
    TrialWeightUnusable,
)
from civicvote.domain.outcomes.satisfaction import Satisfaction, satisfaction
from civicvote.domain.polls.freezing import FrozenRules
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.polls.outcome.view import OutcomeView, view
from civicvote.domain.polls.planning.suggestions import GROWING
from civicvote.domain.polls.states import PollKind
from civicvote.domain.tally.counting import count_electorates
from civicvote.domain.tally.electorates import RULES_BY_SCORES, together
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Profile
from civicvote.domain.tally.registry import TALLY_RULES
from civicvote.kernel.voting import BallotType, Completion, CountingRule
from civicvote.kernel.voting import Satisfaction as Worth

LARGEST_GROWTH = 10
"""An envelope to try is at most so many times the one that was divided."""
LARGEST_WEIGHT = 1000
LARGEST_DIVISOR = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """Everything that a trial can change. Amounts in the currency's smallest unit.

    ``threshold`` 0 and ``support_divisor`` None: no such rule. ``weights``: electorate and weight, empty where the poll
    declares none. ``rivals``: two options that exclude each other beyond those that do already."""

    rule: CountingRule
    worth: Worth
    completion: Completion
    envelope_amount: int
    seats: int | None
    threshold: int
    support_divisor: int | None
    weights: tuple[tuple[str, int], ...]
    keeps_envelopes: bool
    rivals: tuple[str, str] | None = None


def as_it_was(rules: FrozenRules) -> WhatIf:
    """The trial that changes nothing."""
    return WhatIf(
        rule=rules.counting_rule,
        worth=rules.counting.satisfaction,
        completion=rules.counting.completion,
        envelope_amount=rules.envelope_amount or 0,
        seats=rules.seats,
        threshold=rules.threshold,
        support_divisor=rules.counting.support_divisor,
        weights=tuple((each.key, each.weight) for each in rules.ballot.electorates),
        keeps_envelopes=True,
    )


def rules_to_try(rules: FrozenRules) -> tuple[CountingRule, ...]:
    """By which the poll's ballots can be counted, its own first."""
    if rules.kind is PollKind.BUDGET:
        family: Sequence[CountingRule] = (*BUDGET_COMPARED, CountingRule.GREEDY_STOP)
    elif rules.ballot_type is BallotType.ORDINAL:
        family = (CountingRule.APPROVAL, *RANKING_COMPARED)
    else:
        family = (CountingRule.APPROVAL,)
    usable = RULES_BY_SCORES if len(rules.ballot.electorates) > 1 else TALLY_RULES
    return (rules.counting_rule, *(rule for rule in family if rule in usable and rule is not rules.counting_rule))


def require_countable(rules: FrozenRules, trial: WhatIf) -> None:
    """Raises the first of ``outcomes.errors`` that holds."""
    if trial.rule not in rules_to_try(rules):
        raise TrialRuleUnusable
    largest = LARGEST_GROWTH * (rules.envelope_amount or 0)
    if rules.kind is PollKind.BUDGET and not 1 <= trial.envelope_amount <= largest:
        raise TrialEnvelopeUnusable(largest=largest)
    if rules.kind is PollKind.AGENDA and not 1 <= (trial.seats or 0) <= len(rules.options):
        raise TrialNumberUnusable(field="seats", least=1, largest=len(rules.options))
    if not 0 <= trial.threshold <= 10**9:
        raise TrialNumberUnusable(field="threshold", least=0, largest=10**9)
    if trial.support_divisor is not None and not 1 <= trial.support_divisor <= LARGEST_DIVISOR:
        raise TrialNumberUnusable(field="support_divisor", least=1, largest=LARGEST_DIVISOR)
    for key, weight in trial.weights:
        if not 1 <= weight <= LARGEST_WEIGHT:
            raise TrialWeightUnusable(field=f"weight_{key}", largest=LARGEST_WEIGHT)
    if trial.rivals is not None and len({*trial.rivals} & {option.key for option in rules.options}) < 2:
        raise TrialRivalsUnusable


@dataclass(frozen=True, slots=True)
class Simulated:
    """``view`` as of an outcome that holds, with the reasons. ``has_own_steps``: whether shares grew as the poll's
    rules say, or as nobody chose."""

    view: OutcomeView
    satisfaction: Satisfaction
    has_own_steps: bool

    @property
    def has_steps(self) -> bool:
        """Whether shares could grow at all."""
        parameters = self.view.record.parameters
        return self.view.record.rule is CountingRule.EQUAL_SHARES and parameters.completion in GROWING

    @property
    def selection(self) -> Selection:
        record = self.view.record
        return Selection(record.rule, record.selected, record.total_cost, self.satisfaction)


def simulate(rules: FrozenRules, ballots: Ballots, trial: WhatIf) -> Simulated:
    """Raises what ``require_countable`` and the counting rules raise, and ``TrialTooLarge``."""
    require_countable(rules, trial)
    voting = electorates(ballots, rules, budget=trial.envelope_amount, weights=dict(trial.weights))
    profile = together(voting)
    parameters = _parameters(rules, trial, profile)
    bounded = replace(parameters, most_runs=min(parameters.most_runs, trial_cost.runs_while_waiting(profile)))
    result = count_electorates(trial.rule, voting, bounded)
    if bounded.most_runs < parameters.most_runs and trial_cost.needed_more_runs(result.explanation):
        raise TrialTooLarge(runs=bounded.most_runs)
    told = replace(result, parameters=parameters)
    record = outcome_format.read(outcome_format.write(told, profile.supporters, {}))
    return Simulated(view(record, rules.options), satisfaction(profile, result.selected), has_own_steps(rules))


def _parameters(rules: FrozenRules, trial: WhatIf, profile: Profile) -> CountingParameters:
    """Envelopes by field or district shrink and grow with the whole, rounded down. Shares grow as the poll's rules say,
    so that nothing differs but what is tried; else as beside another rule."""
    own = rules.counting_parameters
    envelopes = own.envelopes if trial.keeps_envelopes else None
    if envelopes is not None and rules.envelope_amount:
        scaled = {key: part * trial.envelope_amount // rules.envelope_amount for key, part in envelopes.amounts.items()}
        envelopes = replace(envelopes, amounts=scaled)
    steps_are_chosen = has_own_steps(rules) or trial.completion not in GROWING
    return replace(
        own if steps_are_chosen else steps_beside(own, trial.envelope_amount, profile.voters),
        threshold=trial.threshold or None,
        seats=trial.seats,
        support_divisor=trial.support_divisor,
        incompatible=(*own.incompatible, trial.rivals) if trial.rivals else own.incompatible,
        satisfaction=trial.worth,
        completion=trial.completion,
        envelopes=envelopes,
    )
