"""Where an imported poll comes from, as one line: file name, the rule the file states, SHA-256 of the file."""

import re
from dataclasses import dataclass
from typing import Self

from civicvote.kernel.voting import Completion, CountingRule

_LINE = re.compile(r"(?P<file_name>.*); rule=(?P<stated_rule>.*); sha256=(?P<sha256>[0-9a-f]{64})")
_LONGEST_NAME, _LONGEST_RULE = 80, 30


@dataclass(frozen=True, slots=True)
class CountedAs:
    """``completion``: of Equal Shares, whose shares then grow by one unit of the file's money."""

    rule: CountingRule
    completion: Completion = Completion.NONE
    compares_with_greedy: bool = False


#: Pabulib's names of the rules that are ours too. Its "add1" goes on while the budget pays, as the cities did whose
#: outcomes we have. "comparison" asks afterwards whether more voters like the greedy outcome better.
PABULIB_RULES = {
    "greedy": CountedAs(CountingRule.GREEDY),
    "greedy-no-skip": CountedAs(CountingRule.GREEDY_STOP),
    "greedy-threshold": CountedAs(CountingRule.GREEDY),
    "equalshares": CountedAs(CountingRule.EQUAL_SHARES),
    "equalshares-comparison": CountedAs(CountingRule.EQUAL_SHARES, compares_with_greedy=True),
    "equalshares/add1": CountedAs(CountingRule.EQUAL_SHARES, Completion.ADD1_FEASIBLE),
    "equalshares/add1-comparison": CountedAs(
        CountingRule.EQUAL_SHARES, Completion.ADD1_FEASIBLE, compares_with_greedy=True
    ),
}
OTHERWISE = CountedAs(CountingRule.GREEDY)
"""How a file is counted whose rule is none of ours."""


@dataclass(frozen=True, slots=True)
class ImportSource:
    file_name: str
    stated_rule: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.file_name[-_LONGEST_NAME:]}; rule={self.stated_rule[:_LONGEST_RULE]}; {self.mark(self.sha256)}"

    @staticmethod
    def mark(sha256: str) -> str:
        """What the line of a file with this hash ends with."""
        return f"sha256={sha256}"

    @classmethod
    def read(cls, line: str) -> Self | None:
        """What ``str`` wrote; None for a poll that was held here."""
        match = _LINE.fullmatch(line)
        return cls(**match.groupdict()) if match else None

    @property
    def is_counted_as_stated(self) -> bool:
        return self.stated_rule in PABULIB_RULES
