"""The rules and options of a poll as one canonical text, fixed and hashed before the first ballot.

Anybody can hash the published text and compare. The closing time is not part of it: a phase may be extended with a
public reason, everything else stays.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime

from civicvote.domain.polls import roll_rule
from civicvote.domain.polls.roll_rule import RollRule
from civicvote.domain.polls.states import PollKind
from civicvote.domain.tally.ballot_rules import BallotRule
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option
from civicvote.domain.tally.ties import TieBreak
from civicvote.kernel.voting import BallotType, CountingRule

#: Format 1 named its roll's rule only: whoever is confirmed and valid at freezing, or becomes so until closing.
FORMAT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenOption:
    """``cost_amount`` in the currency's smallest unit; ``subject_id`` is the proposal or project it stands for."""

    key: str
    label: str
    summary: str = ""
    cost_amount: int = 0
    subject_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenRules:
    """Everything that decides about a poll's outcome beside the ballots. Amounts in the currency's smallest unit."""

    poll_id: int
    region_id: int
    kind: PollKind
    ballot_type: BallotType
    min_choices: int
    max_choices: int | None
    ballot_limit_amount: int | None
    counting_rule: CountingRule
    seats: int | None
    threshold: int
    envelope_amount: int | None
    tie_break: str
    opens_at: datetime
    public_key: str
    options: tuple[FrozenOption, ...]
    roll_rule: RollRule = field(default_factory=RollRule)

    @property
    def ballot_rule(self) -> BallotRule:
        return BallotRule(
            type=self.ballot_type,
            min_choices=self.min_choices,
            max_choices=self.max_choices,
            max_sum_cost=self.ballot_limit_amount,
        )

    @property
    def tally_options(self) -> dict[str, Option]:
        return {option.key: Option(option.key, option.cost_amount, option.label) for option in self.options}

    @property
    def counting_parameters(self) -> CountingParameters:
        return CountingParameters(
            tie_break=TieBreak.parse(self.tie_break), threshold=self.threshold or None, seats=self.seats
        )


def write(rules: FrozenRules) -> str:
    """Canonical JSON: keys sorted, no spaces, texts as they are, moments in ISO 8601 UTC."""
    document: dict[str, object] = {"format": FORMAT} | asdict(rules)
    document["opens_at"] = rules.opens_at.isoformat()
    document["roll_rule"] = roll_rule.write(rules.roll_rule)
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(text: str) -> FrozenRules:
    """What ``write`` wrote."""
    document = json.loads(text)
    return FrozenRules(
        **{
            **{key: value for key, value in document.items() if key != "format"},
            "kind": PollKind(document["kind"]),
            "ballot_type": BallotType(document["ballot_type"]),
            "counting_rule": CountingRule(document["counting_rule"]),
            "opens_at": datetime.fromisoformat(document["opens_at"]),
            "roll_rule": roll_rule.read(document["roll_rule"]),
            "options": tuple(FrozenOption(**option) for option in document["options"]),
        }
    )


def digest(text: str) -> str:
    """SHA-256 of the canonical text, hex; ``sha256sum`` of the published file gives the same."""
    return hashlib.sha256(text.encode()).hexdigest()


def roll_digest(voter_ids: Iterable[int]) -> str:
    """SHA-256 of the roll (person ids in ascending order, one a line), for the audit chain, which holds no names."""
    return hashlib.sha256("\n".join(map(str, sorted(voter_ids))).encode()).hexdigest()
