"""Greedy: what most cities with a participatory budget do.

Options are looked at one by one, and taken where they fit into what is left of the budget. ``count`` goes by score
(votes or points) from the highest, skips what no longer fits and goes on; ``count_with_stop`` ends there. Source:
Pabulib's rules "greedy" and "greedy-no-skip" (Faliszewski et al. 2023, arXiv:2305.11035); "greedy-threshold" is
``count`` with a threshold. ``count_per_cost`` skips too and goes by score per unit of cost, which serves as many
votes as the money can (Talmon and Faliszewski 2019, "A Framework for Approval-Based Budgeting Methods", AAAI; the
greedy rule for knapsack of Dantzig 1957); what costs nothing comes first, by score.

An option that nobody chose is looked at too: a city that does not want it sets a threshold. An option of which a rival
has won is out and neither stops the count nor spends anything. Ties, of equal score or of equal score per unit of
cost, are taken in the declared order.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from civicvote.domain.tally import rivals
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Points, Profile
from civicvote.domain.tally.ranking import Ranking, Worth, rank
from civicvote.domain.tally.result import Reason, TallyResult, Tie, Verdict
from civicvote.kernel.voting import CountingRule

Scores = Mapping[str, Points] | None


def count(profile: Profile, parameters: CountingParameters, scores: Scores = None) -> TallyResult:
    """Skips what does not fit. Costs and budget in the currency's smallest unit; never overspends.

    ``scores`` where they are other than the profile's, as weighted electorates have them.
    """
    return _count(profile, parameters, CountingRule.GREEDY, rank(profile, parameters, scores=scores))


def count_with_stop(profile: Profile, parameters: CountingParameters, scores: Scores = None) -> TallyResult:
    """Stops at the first option that does not fit, so the winners are the head of the ranking."""
    return _count(profile, parameters, CountingRule.GREEDY_STOP, rank(profile, parameters, scores=scores))


def count_per_cost(profile: Profile, parameters: CountingParameters, scores: Scores = None) -> TallyResult:
    """By score per unit of cost, exactly; skips what does not fit. A tie's score is that quotient."""
    ranking = rank(profile, parameters, scores=scores, worth=_per_cost)
    return _count(profile, parameters, CountingRule.GREEDY_PER_COST, ranking)


def _per_cost(option: Option, score: Points) -> Worth:
    return (False, Fraction(score, option.cost)) if option.cost else (True, score)


def _count(profile: Profile, parameters: CountingParameters, rule: CountingRule, ranking: Ranking) -> TallyResult:
    stops = rule is CountingRule.GREEDY_STOP
    verdicts, ties = fill(ranking, profile.budget, parameters.rivals, stops=stops)
    return TallyResult(
        rule=rule,
        parameters=parameters,
        budget=profile.budget,
        voters=profile.voters,
        valid_ballots=profile.valid_ballots,
        verdicts=(*verdicts, *ranking.excluded),
        ties=tuple(ties),
    )


def fill(
    ranking: Ranking, budget: int, exclusive: Mapping[str, frozenset[str]], *, stops: bool = False
) -> tuple[list[Verdict], list[Tie]]:
    """The verdicts on the ranked options in their order, and the ties; no ballot is looked at.

    ``exclusive`` as ``CountingParameters.rivals``. ``stops``: at the first option that does not fit."""
    left = budget
    has_stopped = False
    winners: set[str] = set()
    verdicts: list[Verdict] = []
    ties: list[Tie] = []
    for worth, group in ranking.groups():
        free = [option for option in group if not rivals.beaten_by(option.id, winners, exclusive)]
        changed_winners = not has_stopped and _order_decides(free, left, exclusive, stops=stops)
        selected_before = len(winners)
        for option in group:
            if has_stopped:
                reason = Reason.AFTER_THE_STOP
            elif rivals.beaten_by(option.id, winners, exclusive):
                reason = Reason.RIVAL_WON
            elif option.cost <= left:
                reason = Reason.SELECTED
            else:
                reason = Reason.DOES_NOT_FIT
                has_stopped = stops
            score = ranking.scores[option.id]
            verdicts.append(Verdict(option.id, reason, score, option.cost, len(verdicts) + 1, left))
            if reason is Reason.SELECTED:
                left -= option.cost
                winners.add(option.id)
        if changed_winners or len(winners) - selected_before > 1:
            ties.append(Tie(worth, tuple(option.id for option in group), changed_winners))
    return verdicts, ties


def _order_decides(tied: Sequence[Option], left: int, exclusive: Mapping[str, frozenset[str]], *, stops: bool) -> bool:
    """Would some order of the tied options select another set than some other order?

    ``tied`` are those of which no rival has won before. Only this group needs a look: if every order selects the same
    of it, what is left afterwards, and who is out by a rival, is the same.

    When skipping, an order selects a set to which nothing more of the group can be added, and each such set comes of
    an order that puts it first. Every option that fits alone is in one of them; so there is only one such set if, and
    only if, all that fit alone fit together and no two of them are rivals.

    When stopping, the order does not matter if all fit together and none are rivals, nor if none fits alone. Otherwise
    someone is left out. Where it is one of two rivals that both fit, putting the other first selects the other. In all
    other cases there is an option that does not fit where it is left out: an order that puts it first selects it, or
    stops at once with nothing, where an order that begins with one that fits selects something.
    """
    fit_alone = [option for option in tied if option.cost <= left]
    contested = tied if stops else fit_alone
    if not fit_alone:
        return False
    together = sum(option.cost for option in contested)
    return together > left or rivals.any_among([option.id for option in contested], exclusive)
