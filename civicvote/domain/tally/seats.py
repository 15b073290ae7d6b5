"""Seats of an agenda poll, filled from the head of a ranking: what approval, Borda and Schulze have in common."""

from civicvote.domain.tally import rivals
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Profile
from civicvote.domain.tally.ranking import Ranking
from civicvote.domain.tally.result import Reason, TallyResult, Tie, Verdict
from civicvote.kernel.errors import Invalid
from civicvote.kernel.voting import CountingRule


class SeatsMissing(Invalid):
    """A count for seats needs a number of them of at least 1."""

    code = "tally_seats_missing"


def fill(profile: Profile, parameters: CountingParameters, rule: CountingRule, ranking: Ranking) -> TallyResult:
    """Raises :class:`SeatsMissing`. Fewer options than seats leave seats empty; a rival of a winner takes none."""
    if parameters.seats is None or parameters.seats < 1:
        raise SeatsMissing(field="seats")
    exclusive = parameters.rivals
    left = parameters.seats
    winners: set[str] = set()
    verdicts: list[Verdict] = []
    ties: list[Tie] = []
    for worth, group in ranking.groups():
        free = [option.id for option in group if not rivals.beaten_by(option.id, winners, exclusive)]
        # As in greedy: every order selects the same if, and only if, all that could have a seat alone can together.
        changed_winners = left > 0 and (left < len(free) or rivals.any_among(free, exclusive))
        if len(free) > 1 and left > 0:
            ties.append(Tie(worth, tuple(option.id for option in group), changed_winners))
        for option in group:
            if rivals.beaten_by(option.id, winners, exclusive):
                reason = Reason.RIVAL_WON
            elif left:
                reason = Reason.SELECTED
            else:
                reason = Reason.BEYOND_THE_SEATS
            score = ranking.scores[option.id]
            verdicts.append(Verdict(option.id, reason, score, option.cost, len(verdicts) + 1, left))
            if reason is Reason.SELECTED:
                left -= 1
                winners.add(option.id)
    return TallyResult(
        rule=rule,
        parameters=parameters,
        budget=profile.budget,
        voters=profile.voters,
        valid_ballots=profile.valid_ballots,
        verdicts=(*verdicts, *ranking.excluded),
        ties=tuple(ties),
    )
