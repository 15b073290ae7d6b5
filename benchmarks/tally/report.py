"""What the counts say, as a page."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Protocol

from benchmarks.tally.processes import Run


@dataclass(slots=True)
class Comparison:
    """Whole processes that counted one file: ``ours`` by ``civicvote count``, ``alone`` with the parts timed, theirs as
    documented and with equal ballots ``grouped``. Judged by processor time, which other work on the machine changes
    less than the clock; all of them use one thread."""

    name: str
    completion: str
    ours: list[Run] = field(default_factory=list)
    alone: list[Run] = field(default_factory=list)
    documented: list[Run] = field(default_factory=list)
    grouped: list[Run] = field(default_factory=list)

    @property
    def all_agree(self) -> bool:
        answers = [run.answer for run in (*self.ours, *self.alone, *self.documented, *self.grouped)]
        return len({tuple(sorted(answer["selected"])) for answer in answers if answer}) == 1

    @property
    def was_stopped(self) -> bool:
        return any(run.answer is None for run in (*self.documented, *self.grouped))

    @property
    def times_whole(self) -> float:
        return cpu(self.documented) / cpu(self.ours)

    @property
    def times_whole_grouped(self) -> float:
        return cpu(self.grouped) / cpu(self.ours)

    @property
    def times_rule(self) -> float:
        return self._rule(self.documented) / self._rule(self.alone)

    @property
    def times_rule_grouped(self) -> float:
        return self._rule(self.grouped) / self._rule(self.alone)

    def _rule(self, runs: Sequence[Run]) -> float:
        """Seconds of the rule alone; of what was stopped, all that it took and no more."""
        return median(run.answer["rule"] if run.answer else run.cpu for run in runs)

    def line(self) -> str:
        return (
            f"{self.name}, {self.completion}: {cpu(self.ours):.2f} s, pabutools {_theirs(self.documented)}, "
            f"grouped {_theirs(self.grouped)}; {self.times_whole:.0f} and {self.times_whole_grouped:.0f} times, "
            f"the rule {self.times_rule:,.0f} and {self.times_rule_grouped:,.0f}"
            f"{'' if self.all_agree else '; OUTCOMES DIFFER'}"
        )

    def row(self) -> str:
        least = "at least " if self.was_stopped else ""
        return (
            f"| {self.name} | {self.completion} | {cpu(self.ours):.2f} | {1_000 * self._rule(self.alone):,.0f} "
            f"| {_theirs(self.documented)} | {_theirs(self.grouped)} "
            f"| {least}{self.times_whole:,.0f} / {self.times_whole_grouped:,.0f} "
            f"| {least}{self.times_rule:,.0f} / {self.times_rule_grouped:,.0f} | {'yes' if self.all_agree else 'NO'} |"
        )


@dataclass(slots=True)
class Large:
    """Whole processes that counted 100,000 voters × 200 projects with add1."""

    runs: list[Run]

    @property
    def cpu(self) -> float:
        return cpu(self.runs)

    @property
    def mebibytes(self) -> float:
        return max(run.mebibytes for run in self.runs)

    def line(self) -> str:
        clock = median(run.seconds for run in self.runs)
        return f"100,000 × 200, add1: {self.cpu:.2f} s of processor time, {clock:.2f} s, {self.mebibytes:.0f} MiB"


def cpu(runs: Sequence[Run]) -> float:
    return median(run.cpu for run in runs)


def _theirs(runs: Sequence[Run]) -> str:
    return f"{cpu(runs):.1f}" if all(run.answer for run in runs) else f"stopped at {cpu(runs):.0f}"


class Row(Protocol):
    """A line of a table."""

    def row(self) -> str: ...


def report(
    comparisons: Sequence[Comparison],
    large: Large,
    checks: Sequence[Row],
    *,
    repetitions: int,
    cap: float,
    load: float,
) -> str:
    held = "\n".join(each.row() for each in checks)
    rows = "\n".join(each.row() for each in comparisons)
    return f"""# Counting by Equal Shares

`python -m benchmarks.tally` measures and writes this page; `make bench` runs it.

Cost satisfaction, ties by id. Whole processes, loading included: `civicvote count FILE.pb --rule equal-shares --json`,
and pabutools 1.2 in an environment of its own, as its documentation counts a file and with equal ballots grouped
(`as_multiprofile`). All take turns. Processor time, user and system: medians of {repetitions} without completion, one
count of theirs with add1, stopped after {cap:.0f} s by the clock. "The rule" is the part after loading; times are how
many times longer theirs takes, as documented / grouped.

## Against the floors

Beside pabutools as documented. Why one of them fails nothing is said in decision 0084.

| What | Measured | Asked | Held |
|---|--:|--:|---|
{held}

## All files

| File | Completion | Ours, s | Our rule, ms | pabutools, s | grouped, s | Times, whole | Times, rule | Same outcome |
|---|---|--:|--:|--:|--:|--:|--:|---|
{rows}

{large.line()} at the peak: an invented election (`benchmarks/tally/crowd.py`).

Python {platform.python_version()} on {platform.machine()}; load average at the start: {load:.1f}.
"""
