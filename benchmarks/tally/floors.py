"""What is asked of counting, and whether it held."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.tally.report import Comparison, Large

_LODZ = "Poland_Lodz_2022"
#: How many times faster on Łódź 2022: the whole process without completion and with add1, the rule without completion.
_WHOLE, _ADD1, _RULE = 30, 300, 1_000
#: 100,000 voters × 200 projects with add1, the whole process.
_MOST_SECONDS, _MOST_MEBIBYTES = 3.0, 300.0


@dataclass(frozen=True, slots=True)
class Check:
    """``must_hold``: whether the run fails where it does not (decision 0084 says of which one it does not)."""

    what: str
    measured: str
    asked: str
    holds: bool
    must_hold: bool = True

    def line(self) -> str:
        return f"{self.what}: {self.measured}, asked {self.asked}: {'yes' if self.holds else 'no'}"

    def row(self) -> str:
        return f"| {self.what} | {self.measured} | {self.asked} | {'yes' if self.holds else '**no**'} |"


def checks_of(comparisons: Sequence[Comparison], large: Large) -> list[Check]:
    """Those of the files that were counted, then those of the large election."""
    found = []
    for each in comparisons:
        if each.name != _LODZ:
            continue
        is_one_run = each.completion == "none"
        floor = _WHOLE if is_one_run else _ADD1
        what = f"Łódź 2022, {each.completion}, whole process"
        found.append(
            Check(what, f"{each.times_whole:,.0f} ×", f"≥ {floor} ×", each.times_whole >= floor, must_hold=is_one_run)
        )
        if is_one_run:
            times = each.times_rule
            found.append(Check("Łódź 2022, none, the rule", f"{times:,.0f} ×", f"≥ {_RULE:,} ×", times >= _RULE))
    return [
        *found,
        Check("100,000 × 200, add1, s", f"{large.cpu:.2f}", f"≤ {_MOST_SECONDS:.0f}", large.cpu <= _MOST_SECONDS),
        Check(
            "100,000 × 200, add1, MiB",
            f"{large.mebibytes:.0f}",
            f"≤ {_MOST_MEBIBYTES:.0f}",
            large.mebibytes <= _MOST_MEBIBYTES,
        ),
    ]
