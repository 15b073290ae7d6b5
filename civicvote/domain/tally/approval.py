"""Approval, k of n: the options with the most approvals take the seats. Used for agenda polls.

How many options a ballot may name is a rule of the ballot (:mod:`.ballot_rules`); the number of seats is a
parameter of the count.
"""

from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Profile
from civicvote.domain.tally.ranking import rank
from civicvote.domain.tally.result import Reason, TallyResult, Tie, Verdict
from civicvote.kernel.errors import Invalid
from civicvote.kernel.voting import CountingRule


class SeatsMissing(Invalid):
    """An approval count needs a number of seats of at least 1."""

    code = "tally_seats_missing"


def count(profile: Profile, parameters: CountingParameters) -> TallyResult:
    """Raises :class:`SeatsMissing`. Fewer options than seats leave seats empty."""
    if parameters.seats is None or parameters.seats < 1:
        raise SeatsMissing(field="seats")
    ranking = rank(profile, parameters)
    left = parameters.seats
    verdicts: list[Verdict] = []
    ties: list[Tie] = []
    for score, group in ranking.groups():
        changed_winners = 0 < left < len(group)
        if len(group) > 1 and left > 0:
            ties.append(Tie(score, tuple(option.id for option in group), changed_winners))
        for option in group:
            reason = Reason.SELECTED if left else Reason.BEYOND_THE_SEATS
            verdicts.append(Verdict(option.id, reason, score, option.cost, len(verdicts) + 1, left))
            left -= reason is Reason.SELECTED
    return TallyResult(
        rule=CountingRule.APPROVAL,
        parameters=parameters,
        budget=profile.budget,
        voters=profile.voters,
        valid_ballots=profile.valid_ballots,
        verdicts=(*verdicts, *ranking.excluded),
        ties=tuple(ties),
    )
