"""Runs in turn: every repetition goes once through all measurements, back and forth, so that a machine that slows down
slows yardstick and operation alike."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import client, wrk
from benchmarks.load import Sample, Target

#: Yardsticks belong to no size.
NO_SIZE = ""
Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Measurement:
    """``name`` of a yardstick or an operation, at a size (or ``NO_SIZE``)."""

    name: str
    size: str
    target: Target

    @property
    def is_reading(self) -> bool:
        return all(shot.method == "GET" for shot in self.target.shots)


@dataclass(slots=True)
class Runs:
    """Samples by (name, size, clients), one a repetition in order; commits per second, one a repetition;
    ``warm_up`` holds what was answered before anything was measured, by name."""

    samples: dict[Key, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    commits: list[float] = field(default_factory=list)
    warm_up: Counter[str] = field(default_factory=Counter)

    def of(self, name: str, size: str, clients: int) -> list[Sample]:
        return self.samples[(name, size, clients)]

    def ratios(self, over: Key, under: Key) -> list[float]:
        """Requests per second of one by another's, repetition by repetition."""
        return [
            above.per_second / below.per_second
            for above, below in zip(self.samples[over], self.samples[under], strict=True)
            if below.per_second
        ]

    def answered(self, name: str) -> int:
        """How many right answers came, in all runs and at all sizes."""
        return self.warm_up[name] + sum(
            sample.answered for (each, _, _), samples in self.samples.items() if each == name for sample in samples
        )

    @property
    def wrong(self) -> dict[Key, int]:
        """Where answers were wrong or missing, and how many."""
        found = {key: sum(sample.wrong for sample in samples) for key, samples in self.samples.items()}
        return {key: number for key, number in found.items() if number}

    def statuses(self, key: Key) -> list[int]:
        """Which wrong answers came, 0 for none at all; empty where the generator does not say."""
        return sorted({status for sample in self.samples[key] for status in sample.statuses})


def run(
    measurements: Sequence[Measurement],
    *,
    clients: Sequence[int],
    repetitions: int,
    seconds: float,
    commits: Callable[[], float],
    folder: Path,
    say: Callable[[str], None],
) -> Runs:
    """Measure everything ``repetitions`` times with each number of clients, after a short run that is not counted."""
    runs = Runs()
    for each in measurements:
        runs.warm_up[each.name] += _shoot(each, max(clients), min(1.0, seconds), folder).answered
    for repetition in range(repetitions):
        order = measurements if repetition % 2 == 0 else list(reversed(measurements))
        runs.commits.append(commits())
        for number in clients:
            say(f"repetition {repetition + 1} of {repetitions}, {number} clients")
            for each in order:
                runs.samples[(each.name, each.size, number)].append(_shoot(each, number, seconds, folder))
    return runs


def _shoot(each: Measurement, clients: int, seconds: float, folder: Path) -> Sample:
    if each.is_reading and wrk.path():
        return wrk.shoot(each.target, clients, seconds, folder)
    return client.shoot(each.target, clients, seconds)
