"""What becomes of the options that no shares paid for: some are added greedily, each of the others gets its reason."""

from collections.abc import Sequence
from dataclasses import replace

from civicvote.domain.tally.greedy import fill
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Profile
from civicvote.domain.tally.ranking import Ranking
from civicvote.domain.tally.result import Reason, Tie, Verdict
from civicvote.domain.tally.rivals import beaten_by
from civicvote.kernel.voting import Completion

_GREEDY_AFTER = frozenset({Completion.ADD1U, Completion.GREEDY})


def complete(
    profile: Profile, parameters: CountingParameters, options: Sequence[Option], bought: Sequence[Option]
) -> tuple[list[Verdict], tuple[Tie, ...]]:
    """The verdicts on ``options``, those that could win, in the order of the tie-break, and the ties of the completion.

    First come the bought ones by step, then those that the completion looked at by step, then the others by id.
    Threshold and minimum support were asked before, by the whole budget; no ballot is looked at again.
    """
    verdicts: list[Verdict] = []
    left = profile.budget
    for step, option in enumerate(bought, start=1):
        verdicts.append(Verdict(option.id, Reason.SELECTED, profile.scores[option.id], option.cost, step, left))
        left -= option.cost
    winners = {option.id for option in bought}
    others: list[Verdict] = []
    free: list[Option] = []
    for option in options:
        is_beaten = beaten_by(option.id, winners, parameters.rivals)
        if not is_beaten and option.id not in winners:
            free.append(option)
        if option.id not in winners:
            reason = Reason.RIVAL_WON if is_beaten else Reason.SUPPORTERS_CANNOT_PAY
            others.append(Verdict(option.id, reason, profile.scores[option.id], option.cost))
    ties: list[Tie] = []
    if parameters.completion in _GREEDY_AFTER:
        by_score = sorted(free, key=lambda option: profile.scores[option.id], reverse=True)
        worths = {option.id: (False, profile.scores[option.id]) for option in by_score}
        added, ties = fill(Ranking(profile.scores, worths, tuple(by_score), ()), left, parameters.rivals)
        verdicts += [replace(verdict, step=len(bought) + number) for number, verdict in enumerate(added, start=1)]
        others = [verdict for verdict in others if verdict.reason is Reason.RIVAL_WON]
    return [*verdicts, *sorted(others, key=lambda verdict: verdict.option_id)], tuple(ties)
