"""Condorcet by Schulze's method: an option is better than another if the strongest chain of majorities says so.

Source: Schulze 2011, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner
election method", Social Choice and Welfare 36:267-303, with winning votes: where more ballots put x above y than y
above x, the link from x to y is as strong as the number of those that do. A chain is as strong as its weakest link.
A ballot puts every option it names above every option it leaves off and says nothing among those.

The seats go to the head of the ranking. It is built in steps: whatever no remaining option is better than stands
together, so the first step has exactly Schulze's potential winners. Ties within a step are taken in the declared
order. The score of an option is how many stand in later steps.
"""

from dataclasses import replace

from civicvote.domain.tally import seats
from civicvote.domain.tally.eligibility import eligibility
from civicvote.domain.tally.pairwise import compare
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Points, Profile
from civicvote.domain.tally.ranking import rank
from civicvote.domain.tally.result import TallyResult
from civicvote.kernel.voting import CountingRule


def count(profile: Profile, parameters: CountingParameters) -> TallyResult:
    """The head of the ranking takes the seats. Raises :class:`~.seats.SeatsMissing`.

    A threshold is asked of an option's points, as the ballots give them, before anything is compared.
    """
    comparison = compare(profile, [option.id for option in eligibility(profile, parameters).options])
    standing: dict[str, Points] = {}
    below = len(comparison.option_ids)
    for step in comparison.steps():
        below -= len(step)
        standing.update(dict.fromkeys(step, below))
    ranking = rank(profile, parameters, worth=lambda option, _points: (False, standing[option.id]))
    by_standing = replace(ranking, scores={**profile.scores, **standing})
    result = seats.fill(profile, parameters, CountingRule.SCHULZE, by_standing)
    return replace(result, explanation=comparison)
