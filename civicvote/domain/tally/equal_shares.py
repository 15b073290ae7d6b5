"""The Method of Equal Shares: every voter gets the same share of the budget, and those who want an option pay for it.

Again and again the option is bought that gives its supporters a unit of satisfaction for the least money, as long as
they have what it costs; they pay evenly for it, and whoever has too little pays all that is left. Source: Peters,
Pierczyński, Skowron 2021, "Proportional Participatory Budgeting with Additive Utilities" (NeurIPS 2021,
arXiv:2008.13276), where a group that agrees and has the money is shown to get what it agrees on, up to one option (EJR
up to one). What a voter has of an option is its cost (cost satisfaction), one (cardinality) or the ballot's points.
Whoever gives an option more than 0 points supports it, whatever the kind of ballot; on ordinal ballots points are what
the places are worth.

Shares leave money over, for what some voters want is not bought. How the count goes on then (``completion``): ``add1``
counts again with shares larger by ``increment``, run after run, up to the first outcome to which nothing that anybody
supports can be added, or else the last that the budget pays; ``add1-feasible`` goes on to the last that the budget
pays, or up to one that leaves nothing to buy but rivals of what was bought; ``add1u`` adds greedily by votes to add1's
outcome, ``greedy`` to that of the first run. Every run is made: outcomes do not grow with the shares, so no search may
leave one out. A ``start`` above budget / voters counts as that: otherwise the first run might overspend.

Options of equal price are taken in the declared order, the same in all runs. A tie changed the winners if some other of
the tied options, taken first in the run whose outcome stands, leads to another set.
"""

from collections.abc import Sequence
from fractions import Fraction

from civicvote.domain.tally.eligibility import eligibility
from civicvote.domain.tally.equal_shares_explained import not_paid, purchases
from civicvote.domain.tally.equal_shares_run import Market, Run
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Profile
from civicvote.domain.tally.result import Reason, TallyResult, Verdict
from civicvote.domain.tally.shares_completion import complete
from civicvote.domain.tally.shares_explained import Runs, RunsEnded, SharesExplained
from civicvote.domain.tally.shares_supports import Supports
from civicvote.domain.tally.shares_ties import ties
from civicvote.kernel.voting import Completion, CountingRule, Satisfaction

_TO_THE_FIRST_EXHAUSTIVE = frozenset({Completion.ADD1, Completion.ADD1U})
_ONE_RUN = frozenset({Completion.NONE, Completion.GREEDY})


def count(profile: Profile, parameters: CountingParameters) -> TallyResult:
    """Costs and budget in the currency's smallest unit; never overspends.

    The explanation is a :class:`.SharesExplained`. A tie's score is the price of a unit of satisfaction, or the votes
    where it was one of the completion.
    """
    taking_part = eligibility(profile, parameters)
    counts_points = parameters.satisfaction is Satisfaction.POINTS
    supports = Supports.of(profile, taking_part.options, counts_points=counts_points)
    market = Market(
        supports,
        budget=profile.budget,
        by_cost=parameters.satisfaction is Satisfaction.COST,
        rivals=supports.rivals(parameters.rivals),
    )
    runs, run = _runs(profile, parameters, market)
    verdicts, ties_after = complete(profile, parameters, taking_part.options, run.options)
    selected = _selected(verdicts)

    def wins_alike(at: int, place: int) -> bool:
        other = market.run(run.share, {at: place})
        if other.spent > profile.budget:
            return False
        return _selected(complete(profile, parameters, taking_part.options, other.options)[0]) == selected

    bought = [(column.place, market.price(column, offer)) for column, offer in run.bought]

    return TallyResult(
        rule=CountingRule.EQUAL_SHARES,
        parameters=parameters,
        budget=profile.budget,
        voters=profile.voters,
        valid_ballots=profile.valid_ballots,
        verdicts=(*verdicts, *taking_part.excluded),
        ties=(*ties(run.tied, bought, taking_part.options, wins_alike), *ties_after),
        explanation=SharesExplained(
            runs=runs,
            purchases=tuple(purchases(market, run)),
            added_after=tuple(each.option_id for each in verdicts[len(run.bought) :] if each.reason is Reason.SELECTED),
            not_paid=tuple(not_paid(market, run)),
            counts_points=counts_points,
        ),
    )


def _selected(verdicts: Sequence[Verdict]) -> set[str]:
    return {verdict.option_id for verdict in verdicts if verdict.reason is Reason.SELECTED}


def _runs(profile: Profile, parameters: CountingParameters, market: Market) -> tuple[Runs, Run]:
    """All runs, and the one whose outcome stands."""
    most = Fraction(profile.budget, profile.voters) if profile.voters else Fraction(0)
    first = most if parameters.start is None else min(parameters.start, most)
    standing = market.run(first)
    number = 1
    while (ended := _end(parameters, market, standing, number)) is None:
        run = market.run(first + number * parameters.increment)
        number += 1
        if run.spent > profile.budget:
            ended = RunsEnded.NEXT_OVERSPENDS
            break
        standing = run
    return Runs(number, first, standing.share, ended), standing


def _end(parameters: CountingParameters, market: Market, run: Run, number: int) -> RunsEnded | None:
    """Why no run may follow this one, the last of ``number``; None where one may."""
    if parameters.completion in _ONE_RUN:
        return RunsEnded.ONE_RUN
    costs = market.costs_of_unbought(run)
    if not costs:
        return RunsEnded.ALL_BOUGHT
    if parameters.completion in _TO_THE_FIRST_EXHAUSTIVE and min(costs) > market.budget - run.spent:
        return RunsEnded.EXHAUSTIVE
    return RunsEnded.MOST_RUNS if number >= parameters.most_runs else None
