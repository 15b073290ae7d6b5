"""The part that all score-based rules share: who takes part, and in which order."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Points, Profile
from civicvote.domain.tally.result import Reason, Verdict


@dataclass(frozen=True, slots=True)
class Ranking:
    """``options`` by score descending, equal scores by the tie-break; ``excluded`` by id, with the reason."""

    scores: dict[str, Points]
    options: tuple[Option, ...]
    excluded: tuple[Verdict, ...]

    def groups(self) -> Iterator[tuple[Points, tuple[Option, ...]]]:
        """Options of equal score, highest score first, each group in the order of the tie-break."""
        for score, group in groupby(self.options, key=lambda option: self.scores[option.id]):
            yield score, tuple(group)


def rank(profile: Profile, parameters: CountingParameters) -> Ranking:
    """A score equal to the threshold is enough; a withdrawn option is out whatever its score."""
    scores = dict(profile.scores)
    eligible: list[Option] = []
    excluded: list[Verdict] = []
    for option in profile.options:
        score = scores[option.id]
        if option.is_withdrawn:
            excluded.append(Verdict(option.id, Reason.WITHDRAWN, score, option.cost))
        elif parameters.threshold is not None and score < parameters.threshold:
            excluded.append(Verdict(option.id, Reason.BELOW_THRESHOLD, score, option.cost))
        else:
            eligible.append(option)
    eligible.sort(key=lambda option: (-scores[option.id], parameters.tie_break.ticket(option.id)))
    excluded.sort(key=lambda verdict: verdict.option_id)
    return Ranking(scores=scores, options=tuple(eligible), excluded=tuple(excluded))
