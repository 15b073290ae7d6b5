"""Greedy by votes: what most cities with a participatory budget do.

Options are looked at by score (votes or points) from the highest. ``count`` skips an option that no longer
fits into what is left of the budget and goes on; ``count_with_stop`` ends there. Source: Pabulib's rules
"greedy" and "greedy-no-skip" (Faliszewski et al. 2023, arXiv:2305.11035); "greedy-threshold" is ``count``
with a threshold. An option that nobody chose is looked at too: a city that does not want it sets a threshold.
"""

from collections.abc import Sequence

from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Profile
from civicvote.domain.tally.ranking import rank
from civicvote.domain.tally.result import Reason, TallyResult, Tie, Verdict
from civicvote.kernel.voting import CountingRule


def count(profile: Profile, parameters: CountingParameters) -> TallyResult:
    """Skips what does not fit. Costs and budget in the currency's smallest unit; never overspends."""
    return _count(profile, parameters, CountingRule.GREEDY)


def count_with_stop(profile: Profile, parameters: CountingParameters) -> TallyResult:
    """Stops at the first option that does not fit, so the winners are the head of the ranking."""
    return _count(profile, parameters, CountingRule.GREEDY_STOP)


def _count(profile: Profile, parameters: CountingParameters, rule: CountingRule) -> TallyResult:
    ranking = rank(profile, parameters)
    stops = rule is CountingRule.GREEDY_STOP
    left = profile.budget
    has_stopped = False
    verdicts: list[Verdict] = []
    ties: list[Tie] = []
    for score, group in ranking.groups():
        changed_winners = not has_stopped and _order_decides(group, left, stops=stops)
        selected_in_group = 0
        for option in group:
            if has_stopped:
                reason = Reason.AFTER_THE_STOP
            elif option.cost <= left:
                reason = Reason.SELECTED
            else:
                reason = Reason.DOES_NOT_FIT
            verdicts.append(Verdict(option.id, reason, score, option.cost, len(verdicts) + 1, left))
            if reason is Reason.SELECTED:
                left -= option.cost
                selected_in_group += 1
            elif stops:
                has_stopped = True
        if changed_winners or selected_in_group > 1:
            ties.append(Tie(score, tuple(option.id for option in group), changed_winners))
    return TallyResult(
        rule=rule,
        parameters=parameters,
        budget=profile.budget,
        voters=profile.voters,
        valid_ballots=profile.valid_ballots,
        verdicts=(*verdicts, *ranking.excluded),
        ties=tuple(ties),
    )


def _order_decides(tied: Sequence[Option], left: int, *, stops: bool) -> bool:
    """Would some order of the tied options select another set than some other order?

    Only this group needs a look: if every order selects the same of it, what is left afterwards is the same.

    When skipping, an order selects a set to which nothing more of the group can be added, and each such set
    comes of an order that puts it first. Every option that fits alone is in one of them; so there is only one
    such set if, and only if, all that fit alone fit together.

    When stopping, the order does not matter if all fit together, nor if none fits alone. Otherwise someone is
    left out: an order that puts that one first selects it, or stops at once with nothing, where an order that
    begins with one that fits selects something.
    """
    fit_alone = [option.cost for option in tied if option.cost <= left]
    contested = [option.cost for option in tied] if stops else fit_alone
    return bool(fit_alone) and sum(contested) > left
