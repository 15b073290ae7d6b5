"""How the voters of the example choose: by chance, and the same way every time."""

import random
from collections.abc import Mapping


class Chooser:
    """Ballots of one poll, one after the other. Options go by their keys; a heavier one is chosen more often."""

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(seed)  # noqa: S311  (ballots of a story)

    def some(self, weights: Mapping[str, int], most: int) -> list[str]:
        """One to ``most`` different options, the one wanted most first."""
        return self._drawn(weights, self._chance.randint(1, most))

    def within(self, weights: Mapping[str, int], most: int, *, costs: Mapping[str, int], limit: int) -> list[str]:
        """The same, without what no longer fits into ``limit``."""
        chosen: list[str] = []
        for key in self.some(weights, most):
            if costs[key] <= limit:
                chosen.append(key)
                limit -= costs[key]
        return chosen

    def for_a_cause(self, weights: Mapping[str, int], most: int, *, fields: Mapping[str, str]) -> list[str]:
        """Everything of the field that the voter cares for, and now and then something else. So there are groups of
        voters who want the same, of different sizes, as in a city."""
        causes = list(dict.fromkeys(fields.values()))
        sizes = [sum(weights[key] for key in weights if fields[key] == cause) for cause in causes]
        (cause,) = self._chance.choices(causes, sizes)
        own = [key for key in weights if fields[key] == cause]
        others = {key: weight for key, weight in weights.items() if fields[key] != cause}
        return (own + self._drawn(others, self._chance.randint(0, 2)))[:most]

    def _drawn(self, weights: Mapping[str, int], count: int) -> list[str]:
        left = dict(weights)
        drawn: list[str] = []
        for _ in range(min(count, len(left))):
            (key,) = self._chance.choices(list(left), list(left.values()))
            drawn.append(key)
            del left[key]
        return drawn
