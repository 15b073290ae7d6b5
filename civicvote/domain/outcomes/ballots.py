"""The opened ballots of a poll, equal ones together, as the counting rules take them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from civicvote.domain.polls.ballots import choices as ballot_text
from civicvote.domain.polls.ballots.shape import RESIDENTS
from civicvote.domain.polls.freezing import FrozenRules
from civicvote.domain.polls.roll.strata import FEWEST
from civicvote.domain.tally.electorates import Electorate
from civicvote.domain.tally.profile import Choices, Profile


@dataclass(frozen=True, slots=True)
class BallotGroup:
    """``number`` ballots of one electorate and one style that say the same; ``text`` as ``polls.choices`` writes it."""

    electorate: str
    style: str
    text: str
    number: int


@dataclass(frozen=True, slots=True)
class Ballots:
    """``by_electorate`` and ``by_style``: key to ballots and how many there are of each."""

    by_electorate: Mapping[str, Mapping[Choices, int]]
    by_style: Mapping[str, Mapping[Choices, int]]

    @property
    def distinct(self) -> int:
        return sum(map(len, self.by_electorate.values()))

    @property
    def has_small_district(self) -> bool:
        """Whether ballots of their own options came from a district, but too few to tell anything by their sums."""
        sizes = (sum(cast.values()) for style, cast in self.by_style.items() if style)
        return any(0 < size < FEWEST for size in sizes)


def gather(groups: Iterable[BallotGroup]) -> Ballots:
    """Groups in any order; the same text may come several times."""
    by_electorate: dict[str, Counter[Choices]] = {}
    by_style: dict[str, Counter[Choices]] = {}
    read: dict[str, Choices] = {}
    for group in groups:
        if group.text not in read:
            read[group.text] = tuple(sorted(ballot_text.read(group.text).items()))
        choices = read[group.text]
        by_electorate.setdefault(group.electorate, Counter())[choices] += group.number
        by_style.setdefault(group.style, Counter())[choices] += group.number
    return Ballots(by_electorate, by_style)


def electorates(
    ballots: Ballots, rules: FrozenRules, *, budget: int | None = None, weights: Mapping[str, int] | None = None
) -> list[Electorate]:
    """As declared in the rules; one of weight 1 where they declare none. ``budget`` and ``weights`` stand in for the
    declared ones."""
    amount = (rules.envelope_amount or 0) if budget is None else budget
    declared = {each.key: each.weight for each in rules.ballot.electorates} or {RESIDENTS: 1}
    options = tuple(rules.tally_options.values())
    return [
        Electorate(key, weight, Profile.of_counts(options, ballots.by_electorate.get(key, {}), budget=amount))
        for key, weight in (declared | dict(weights or {})).items()
    ]
