"""Who may win at all, asked before any rule looks at money or seats."""

from collections.abc import Mapping
from dataclasses import dataclass

from civicvote.domain.tally.parameters import CountingParameters, ThresholdOf
from civicvote.domain.tally.profile import Option, Points, Profile
from civicvote.domain.tally.result import Reason, Verdict


@dataclass(frozen=True, slots=True)
class Eligibility:
    """``options`` may win, in the order of the tie-break; ``excluded`` may not, by id, each with the reason."""

    options: tuple[Option, ...]
    excluded: tuple[Verdict, ...]


def eligibility(
    profile: Profile, parameters: CountingParameters, scores: Mapping[str, Points] | None = None
) -> Eligibility:
    """A withdrawn option is out whatever its score; then the threshold is asked, then the support.

    What equals the threshold is enough. ``scores`` are what the verdicts speak of, and a threshold of scores: those of
    the profile where a rule has none of its own.
    """
    scores = profile.scores if scores is None else scores
    eligible: list[Option] = []
    excluded: list[Verdict] = []
    for option in profile.options:
        score = scores[option.id]
        if reason := _obstacle(option, score, profile, parameters):
            excluded.append(Verdict(option.id, reason, score, option.cost))
        else:
            eligible.append(option)
    order = parameters.tie_break
    eligible.sort(key=lambda option: order.key(option, profile.backers))
    excluded.sort(key=lambda verdict: verdict.option_id)
    return Eligibility(tuple(eligible), tuple(excluded))


def _obstacle(option: Option, score: Points, profile: Profile, parameters: CountingParameters) -> Reason | None:
    if option.is_withdrawn:
        return Reason.WITHDRAWN
    reached = score if parameters.threshold_of is ThresholdOf.SCORE else profile.backers[option.id]
    if parameters.threshold is not None and reached < parameters.threshold:
        return Reason.BELOW_THRESHOLD
    if not _is_supported(option, profile, parameters.support_divisor):
        return Reason.TOO_LITTLE_SUPPORT
    return None


def _is_supported(option: Option, profile: Profile, divisor: int | None) -> bool:
    """``backers / voters >= cost / (divisor * budget)``, multiplied out: exact, and defined without a budget.

    Świecie 2023 asked for it with 3 before it counted by Equal Shares. Backers are all who give it more than 0 points.
    """
    if divisor is None:
        return True
    return profile.backers[option.id] * divisor * profile.budget >= option.cost * profile.voters
